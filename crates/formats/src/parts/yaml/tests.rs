//! YAML as PyYAML writes it, in all its styles, and as it is written by hand.

use serde_json::{Map, Value};

use super::*;

/// Keeps a document's fields.
#[derive(Default)]
struct Kept(Map<String, Value>);

impl Sink for Kept {
    fn want(&self, _: &str) -> Want {
        Want::Whole
    }

    fn take(&mut self, field: &str, node: &Node<'_>) {
        self.0.insert(field.to_owned(), json(node));
    }

    fn is_no_list(&mut self, _: &str) {}

    fn is_full(&self) -> bool {
        false
    }
}

fn json(node: &Node<'_>) -> Value {
    match node {
        Node::Null => Value::Null,
        Node::Flag(flag) => (*flag).into(),
        Node::Number(text) => text.as_str().into(),
        Node::Text(text) => text.as_ref().into(),
        Node::List(items) => items.iter().map(json).collect(),
        Node::Map(entries) => {
            entries.iter().map(|(key, node)| (key.clone().into_owned(), json(node))).collect()
        }
    }
}

fn read(text: &str) -> Result<Value, Break> {
    let mut kept = Kept::default();
    walk(text, &mut kept)?;
    Ok(Value::Object(kept.0))
}

#[test]
fn what_pyyaml_writes_is_read_as_it_was() {
    let cases = String::from_utf8(crate::parts::tests::bytes_of("yaml.jsonl")).unwrap();
    let mut wrong = Vec::new();
    let mut all = 0;
    for case in cases.lines() {
        let case: Value = serde_json::from_str(case).unwrap();
        let text = case["yaml"].as_str().unwrap();
        let found = read(text);
        all += 1;
        if found.as_ref() != Ok(&case["holds"]) {
            let expected = case["holds"].as_object().unwrap();
            let differs = match &found {
                Ok(found) => expected
                    .iter()
                    .filter(|(key, value)| found.get(key) != Some(value))
                    .map(|(key, value)| format!("{key}: {value} not {:?}", found.get(key)))
                    .collect(),
                Err(fault) => format!("{fault:?}"),
            };
            wrong.push(format!("{text}\n== {differs}"));
        }
    }
    assert_eq!(all, 240);
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n-----\n"));
}

#[test]
fn comments_empty_lines_and_both_ways_to_indent_a_list_are_read() {
    let text = "%YAML 1.2\n# head\n---\na:   # why\n- 1\n-\n  b: 2\n# between\n  c: |\n    x\n\n     y\n  d: >-\n    p\n    q\n\n    r\ne:\n  - f: [g, {h: i}, 'j, k']  # end\n    l: plain goes\n      on # here\nm: \"n\\\n  o\"\n...\nrest is not read\n";
    let expected = serde_json::json!({
        "a": ["1", {"b": "2", "c": "x\n\n y\n", "d": "p q\nr"}],
        "e": [{"f": ["g", {"h": "i"}, "j, k"], "l": "plain goes on"}],
        "m": "no",
    });
    assert_eq!(read(text), Ok(expected));
}

#[test]
fn what_is_no_yaml_is_refused_with_its_line() {
    for (text, line) in [
        ("a: 1\n b: 2\n", 2),
        ("a:\n  b: 1\n c: 2\n", 3),
        ("a: \"b\nc: d\n", 1),
        ("a: \"b\" c\n", 1),
        ("a: [b\n", 1),
        ("a: |x\n  b\n", 1),
        ("- a\n", 1),
    ] {
        assert_eq!(read(text), Err(Break::Syntax { line }), "{text}");
    }
    assert_eq!(read("a: 1\n---\nb: 2\n"), Err(Break::Yaml { line: 2, what: "---" }));
    assert_eq!(read("? a\n: b\n").unwrap_err(), Break::Syntax { line: 1 });
}
