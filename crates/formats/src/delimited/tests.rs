use super::*;

/// Keeps the rows as text.
#[derive(Default)]
struct Rows(Vec<(u32, Vec<(u16, String)>)>);

impl RowSink for Rows {
    fn sheet(&mut self, sheet: &SheetInfo) -> ControlFlow<()> {
        assert_eq!(sheet, &SheetInfo::default());
        ControlFlow::Continue(())
    }

    fn row(&mut self, _: &SheetInfo, row: &Row) -> ControlFlow<()> {
        let cells = row.cells().map(|cell| (cell.column, cell.text.to_owned())).collect();
        self.0.push((row.number, cells));
        ControlFlow::Continue(())
    }

    fn end(&mut self, _: &SheetInfo) {}
}

fn rows(text: &str) -> (Vec<String>, DelimitedInfo) {
    let mut rows = Rows::default();
    let info = read(text, &mut rows);
    let written = rows.0.iter().map(|(number, cells)| {
        let cells: Vec<String> =
            cells.iter().map(|(column, text)| format!("{column}={text}")).collect();
        format!("{number}: {}", cells.join("|"))
    });
    (written.collect(), info)
}

#[test]
fn records_are_cut_at_delimiters_and_line_ends() {
    for (text, expected) in [
        ("a,b\r\nc,d\r\n", &["1: 1=a|2=b", "2: 1=c|2=d"][..]),
        ("a,b\rc,d", &["1: 1=a|2=b", "2: 1=c|2=d"]),
        ("a,b\u{b}c,d\u{c}e,f", &["1: 1=a|2=b", "2: 1=c|2=d", "3: 1=e|2=f"]),
        ("a\tb,1\nc\td\n", &["1: 1=a|2=b,1", "2: 1=c|2=d"]),
        ("a;b;c\n1,5;2;3\n", &["1: 1=a|2=b|3=c", "2: 1=1,5|2=2|3=3"]),
        ("a,\"b\r\n\"\"c\"\"\",d\n\ne,,f\u{1a}", &["1: 1=a|2=b\n\"c\"|3=d", "2: ", "3: 1=e|3=f"]),
        ("\"12\" monitor,x\n\"\",y\n", &["1: 1=12 monitor|2=x", "2: 2=y"]),
        ("\"a\u{b}b\",c\n", &["1: 1=a\u{b}b|2=c"]),
        ("one\ntwo\n", &["1: 1=one", "2: 1=two"]),
        ("", &[]),
        ("\u{feff}a,b", &["1: 1=a|2=b"]),
    ] {
        let (rows, info) = rows(text);
        assert_eq!(rows, expected, "{text:?}");
        assert_eq!((info.records, info.warnings.len()), (expected.len() as u64, 0));
    }
}

#[test]
fn a_line_that_is_no_record_is_left_out_and_said() {
    let (rows_of_type, info) = rows("#TYPE Selected.X\r\n\"a\",\"b\"\r\n");
    assert_eq!(
        (rows_of_type, info.preamble),
        (vec!["2: 1=a|2=b".to_owned()], Some(Preamble::Type))
    );
    let (rows_of_sep, info) = rows("sep=;\r\na,1;b\r\n");
    assert_eq!(
        (rows_of_sep, info.preamble),
        (vec!["1: 1=a,1|2=b".to_owned()], Some(Preamble::Separator))
    );
    assert_eq!(info.delimiter, ';');
}

#[test]
fn a_quote_that_is_never_closed_costs_its_cell_only() {
    let (rows, info) = rows("a,b\n1,\"open\n\n2,\"x\"\n3,\"y\"\n");
    assert_eq!(rows, ["1: 1=a|2=b", "2: 1=1|2=\"open", "3: ", "4: 1=2|2=x", "5: 1=3|2=y"]);
    assert_eq!(
        info.warnings,
        [Warning { place: Place::line(2), message: msg!("table.quote_not_closed", line = 2) }]
    );
}

#[test]
fn a_text_of_nothing_but_quotes_is_read_quickly() {
    let (read, info) = rows(&"\"x\n".repeat(50_000));
    assert_eq!(read.len(), 50_000);
    assert_eq!(info.warnings.len(), MAX_UNCLOSED);
}

#[test]
fn cells_beyond_the_last_column_are_left_out_and_said_once() {
    let wide = ",".repeat(20_000) + "x\n" + &",".repeat(20_000) + "x\n";
    let (_, info) = rows(&wide);
    assert_eq!(info.warnings.len(), 1);
}

fn sample(name: &str) -> Vec<u8> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/ledgers/");
    std::fs::read(format!("{path}{name}")).unwrap()
}

#[test]
fn real_ledgers_are_read() {
    let cp932 = |name: &str| encoding_rs::SHIFT_JIS.decode(&sample(name)).0.into_owned();
    let (mhlw, _) = rows(&cp932("mhlw-example.csv"));
    assert!(mhlw[1].starts_with("2: 1=管理番号"), "{}", mhlw[1]);
    assert_eq!(mhlw.len(), 6);
    let (messy, info) = rows(&cp932("messy-ledger.csv"));
    assert!(messy[2].contains("機器名") && info.delimiter == ',', "{}", messy[2]);
    let (unicode, info) = rows(&encoding_rs::UTF_16LE.decode(&sample("ledger-unicode-text.txt")).0);
    assert_eq!((unicode.len(), info.delimiter), (3, '\t'));
    assert!(unicode[1].contains('\n'), "the line break in quotes stays: {}", unicode[1]);
}

#[test]
fn any_bytes_are_read_without_panic() {
    let seeds = [
        sample("mhlw-example.csv"),
        sample("ledger-unicode-text.txt"),
        b"a,\"b\"\"\r\n\",c\n\"".to_vec(),
    ];
    crate::fuzzing::tests::for_a_while(&seeds, std::time::Duration::from_millis(700), fuzz);
}

#[test]
fn columns_of_secrets_are_masked_cell_by_cell_and_nothing_else_changes() {
    for (text, masked, cells) in [
        ("a,b,c\n1,x,2\n3,,4\n", "a,b,c\n1,****,2\n3,,4\n", 1),
        ("sep=;\r\na;b\r\n1;\"x;\"\"\ny\"\r\n2;y", "sep=;\r\na;b\r\n1;****\r\n2;****", 2),
        ("a,b\n1\n, \n,\"x\"y,z\n", "a,b\n1\n, \n,****,z\n", 1),
    ] {
        assert_eq!(without_secrets(text, 1, &[2]), (masked.to_owned(), cells), "{text}");
    }
    assert_eq!(without_secrets("#TYPE x\na,b\n1,x\n", 2, &[2]).0, "#TYPE x\na,b\n1,****\n");
    for (text, masked) in [
        ("a,b\n1,PW: Kanri123\n", "a,b\n1,PW: ****\n"),
        ("a,b\n1,\"x, pass=a\"\"b1, y\"\n", "a,b\n1,\"x, pass=**** y\"\n"),
        ("a,b\n1,\"PW: \"\"Kanri1\"\"\"\n", "a,b\n1,\"PW: ****\"\n"),
        ("初期PW：abc123\na,b\n", "初期PW：****\na,b\n"),
    ] {
        assert_eq!(without_secrets(text, 0, &[]), (masked.to_owned(), 1), "{text}");
    }
    assert_eq!(without_secrets("t\na,b\n1,x\n", 2, &[2]).0, "t\na,b\n1,****\n");
}
