//! What people said of writings, as it is kept: each step as JSON, which later programs must still read.

use domain::{
    MatterKind, NamedProduct, SettledWriting, Stepped, What, Writing, WritingStep, WritingWord,
};
use serde::{Deserialize, Serialize};
use store::{MatterStep, StoreError, View};

use crate::{AppError, day_of};

/// A step as it is kept: each says whole what it is about.
#[derive(Serialize, Deserialize)]
struct Kept {
    what: String,
    text: String,
    shown: String,
    word: String,
    /// The product that is meant.
    product: Option<Product>,
    /// The products that are not meant.
    #[serde(default)]
    names: Vec<String>,
    reason: String,
}

#[derive(Serialize, Deserialize)]
struct Product {
    name: String,
    cpes: Vec<String>,
    purl: Option<String>,
}

/// The key of a word.
pub(super) fn key(word: &WritingWord) -> &'static str {
    match word {
        WritingWord::Is(_) => "is",
        WritingWord::Not(_) => "not",
        WritingWord::Open => "open",
    }
}

/// The step as it is kept.
pub(super) fn written(writing: &Writing, step: &WritingStep) -> String {
    let (product, names) = match &step.word {
        WritingWord::Is(product) => (Some(product), Vec::new()),
        WritingWord::Not(names) => (None, names.clone()),
        WritingWord::Open => (None, Vec::new()),
    };
    let kept = Kept {
        what: writing.what.key().to_owned(),
        text: writing.text.clone(),
        shown: step.shown.clone(),
        word: key(&step.word).to_owned(),
        product: product.map(|product| Product {
            name: product.name.clone(),
            cpes: product.cpes.clone(),
            purl: product.purl.clone(),
        }),
        names,
        reason: step.reason.clone(),
    };
    serde_json::to_string(&kept).unwrap_or_default()
}

/// All that people said of writings, by number.
pub(crate) fn settled_writings(view: &View) -> Result<Vec<SettledWriting>, AppError> {
    let mut all: Vec<SettledWriting> = Vec::new();
    for kept in view.matters(MatterKind::Writing)? {
        let (writing, step) = read(&kept.body).ok_or_else(|| damaged(&kept))?;
        let step = Stepped { at: kept.at, day: day_of(kept.at), by: kept.by, step };
        match all.last_mut().filter(|last| last.number == kept.number) {
            Some(last) => last.steps.push(step),
            None => all.push(SettledWriting { number: kept.number, writing, steps: vec![step] }),
        }
    }
    Ok(all)
}

/// What is kept was said once: where it cannot be read again, it is not what was written.
fn damaged(step: &MatterStep) -> StoreError {
    StoreError::Damaged { what: format!("step {} of writing {}", step.step, step.number) }
}

fn read(body: &str) -> Option<(Writing, WritingStep)> {
    let kept: Kept = serde_json::from_str(body).ok()?;
    let word = match (kept.word.as_str(), kept.product) {
        ("is", Some(Product { name, cpes, purl })) => {
            WritingWord::Is(NamedProduct { name, cpes, purl })
        }
        ("not", None) => WritingWord::Not(kept.names),
        ("open", None) => WritingWord::Open,
        _ => return None,
    };
    let writing = Writing { what: What::from_key(&kept.what)?, text: kept.text };
    Some((writing, WritingStep { shown: kept.shown, word, reason: kept.reason }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_reads_back_as_it_was_kept() {
        let product = NamedProduct {
            name: "〇〇電子カルテ".into(),
            cpes: vec!["cpe:2.3:a:maker:emr:*:*:*:*:*:*:*:*".into()],
            purl: Some("pkg:generic/emr".into()),
        };
        let not = WritingWord::Not(vec!["A".into(), "B".into()]);
        for (word, what) in [WritingWord::Is(product), not, WritingWord::Open]
            .into_iter()
            .zip(What::ALL.iter().copied())
        {
            let writing = Writing { what, text: "〇〇電子カルテ".into() };
            let step =
                WritingStep {
                    shown: "〇〇電子カルテ 2.0".into(), word, reason: "確認".into()
                };
            assert_eq!(read(&written(&writing, &step)), Some((writing, step)));
        }
    }

    #[test]
    fn what_was_never_kept_so_is_no_step() {
        let body = |what: &str, word: &str| {
            format!(
                r#"{{"what":"{what}","text":"x","shown":"x","word":"{word}","product":null,"reason":""}}"#
            )
        };
        assert!(read(&body("os", "open")).is_some());
        for body in [
            "".to_owned(),
            "{}".to_owned(),
            body("door", "open"),
            body("os", "is"),
            body("os", "x"),
        ] {
            assert_eq!(read(&body), None, "{body}");
        }
    }
}
