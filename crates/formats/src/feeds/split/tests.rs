use super::*;
use crate::feeds::fault::MAX_RECORD;

fn pieces(text: &str, records: &'static [&'static str]) -> Result<Vec<String>, Fault> {
    // One byte at a time: every state is left and entered between two reads.
    let mut split = Splitter::new(OneByOne(text.as_bytes()), records);
    let mut told = Vec::new();
    while let Some(piece) = split.next()? {
        told.push(match piece {
            Piece::Member(name, value) => format!("{name}={}", String::from_utf8_lossy(value)),
            Piece::Record(value, line, _) => {
                format!("{line}:{}", String::from_utf8_lossy(value))
            }
        });
    }
    Ok(told)
}

struct OneByOne<'t>(&'t [u8]);

impl Read for OneByOne<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = buffer.len().min(1);
        self.0.read(&mut buffer[..count])
    }
}

#[test]
fn records_of_a_member_are_handed_out_one_by_one() {
    let text = "{\"a\": 1,\n\"v\": [{\"x\":\"]}\\\"\\\\\"} ,\n [2]],\"b\":\"c\"}\n";
    let told = pieces(text, &["v"]).unwrap();
    assert_eq!(told, ["a=1", "2:{\"x\":\"]}\\\"\\\\\"}", "3:[2]", "b=\"c\""]);
    assert_eq!(pieces("{\"v\":[]}", &["v"]).unwrap(), [""; 0]);
}

#[test]
fn records_may_lie_deeper() {
    let text = r#"{"a":[{"x":1},7,{"b":[1,2],"y":2},{"b":3}],"z":{}}"#;
    let told = pieces(text, &["a", "b"]).unwrap();
    assert_eq!(told, ["x=1", "1:1", "1:2", "y=2", "b=3", "z={}"]);
    assert_eq!(pieces(r#"{"a":{"b":[]}}"#, &["a", "b"]).unwrap(), [""; 0]);
    assert_eq!(pieces(r#"{"a":[{"b":[1]}"#, &["a", "b"]), Err(Fault::Cut(1)));
    assert_eq!(pieces(r#"{"a":[{"b":[1]},]}"#, &["a", "b"]), Err(Fault::Syntax(1)));
}

#[test]
fn a_document_is_one_record_or_an_array_or_lines() {
    assert_eq!(pieces(" {\"a\":\n1}\n", &[]).unwrap(), ["1:{\"a\":\n1}"]);
    assert_eq!(pieces("[{},{}]", &[]).unwrap(), ["1:{}", "1:{}"]);
    assert_eq!(pieces("{}\n\n{}\nbroken {", &[]).unwrap(), ["1:{}", "3:{}", "4:broken {"]);
}

#[test]
fn what_is_not_well_formed_outside_the_records_is_told_with_its_line() {
    const V: &[&str] = &["v"];
    const NONE: &[&str] = &[];
    for (text, records, fault) in [
        ("{\"v\":[{}", V, Fault::Cut(1)),
        ("{\"v\":[{}]", V, Fault::Cut(1)),
        ("{\"v\":[{}\n,]}", V, Fault::Syntax(2)),
        ("{\"v\":[{} {}]}", V, Fault::Syntax(1)),
        ("{\"v\":[{]}]}", V, Fault::Syntax(1)),
        ("{\"v\":[]} x", V, Fault::Syntax(1)),
        ("{\"a\":nul}", V, Fault::Syntax(1)),
        ("{\"a\" 1}", V, Fault::Syntax(1)),
        ("{,}", V, Fault::Syntax(1)),
        ("{\"a\":1,}", V, Fault::Syntax(1)),
        ("{} {}", NONE, Fault::Syntax(1)),
        ("{\"a\":\"\\", NONE, Fault::Cut(1)),
        ("", NONE, Fault::Cut(1)),
        ("1", NONE, Fault::Syntax(1)),
    ] {
        assert_eq!(pieces(text, records), Err(fault), "{text}");
    }
}

#[test]
fn depth_and_length_are_bounded() {
    let deep = "[".repeat(300);
    assert_eq!(pieces(&format!("[{deep}"), &[]), Err(Fault::TooDeep(1)));
    let many = format!("[[{}]]", "[],".repeat((1 << 20) + 1));
    assert_eq!(Splitter::new(many.as_bytes(), &[]).next(), Err(Fault::TooMany(1)));
    let long = format!("[\"{}\"]", "a".repeat(MAX_RECORD));
    let mut split = Splitter::new(long.as_bytes(), &[]);
    assert_eq!(split.next(), Err(Fault::TooLong(1)));
}
