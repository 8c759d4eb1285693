//! What people said of parts lists, as it is kept: each step as JSON, which later programs must still read.

use domain::{Attachment, AttachmentStep, Described, MatterKind, OwnProduct, Stepped};
use serde::{Deserialize, Serialize};
use store::{MatterStep, StoreError, View};

use crate::{AppError, day_of};

/// A step as it is kept: each says whole what it is about.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// What the list names as its product, and the supplier.
    name: String,
    supplier: String,
    list: String,
    product: Option<Product>,
    release: Option<String>,
    reason: String,
}

#[derive(Serialize, Deserialize)]
struct Product {
    family: String,
    name: String,
}

/// The step as it is kept.
pub(super) fn written(described: &Described, step: &AttachmentStep) -> String {
    let product = |own: &OwnProduct| Product { family: own.family.clone(), name: own.name.clone() };
    let kept = Kept {
        name: described.name.clone(),
        supplier: described.supplier.clone(),
        list: step.list.to_string(),
        product: step.product.as_ref().map(product),
        release: step.release.clone(),
        reason: step.reason.clone(),
    };
    serde_json::to_string(&kept).unwrap_or_default()
}

/// All that people said of parts lists, by number.
pub(crate) fn attachments(view: &View) -> Result<Vec<Attachment>, AppError> {
    let mut all: Vec<Attachment> = Vec::new();
    for kept in view.matters(MatterKind::Attachment)? {
        let (described, step) = read(&kept.body).ok_or_else(|| damaged(&kept))?;
        let step = Stepped { at: kept.at, day: day_of(kept.at), by: kept.by, step };
        match all.last_mut().filter(|last| last.number == kept.number) {
            Some(last) => last.steps.push(step),
            None => all.push(Attachment { number: kept.number, described, steps: vec![step] }),
        }
    }
    Ok(all)
}

/// What is kept was said once: where it cannot be read again, it is not what was written.
fn damaged(step: &MatterStep) -> StoreError {
    StoreError::Damaged { what: format!("step {} of attachment {}", step.step, step.number) }
}

fn read(body: &str) -> Option<(Described, AttachmentStep)> {
    let kept: Kept = serde_json::from_str(body).ok()?;
    let product = |product: Product| OwnProduct { family: product.family, name: product.name };
    let step = AttachmentStep {
        list: kept.list.parse().ok()?,
        product: kept.product.map(product),
        release: kept.release,
        reason: kept.reason,
    };
    Some((Described { name: kept.name, supplier: kept.supplier }, step))
}

#[cfg(test)]
mod tests {
    use domain::Digest;

    use super::*;

    #[test]
    fn every_step_reads_back_as_it_was_kept() {
        let described = Described { name: "ビューア".into(), supplier: "A社".into() };
        let product = OwnProduct { family: "viewer ?".into(), name: "Viewer".into() };
        for (product, release) in [(Some(product), Some("2.0".to_owned())), (None, None)] {
            let list = Digest::of(b"list");
            let step = AttachmentStep { list, product, release, reason: "確認".into() };
            assert_eq!(read(&written(&described, &step)), Some((described.clone(), step)));
        }
    }

    #[test]
    fn what_was_never_kept_so_is_no_step() {
        for body in ["", "{}", r#"{"name":"","supplier":"","list":"x","reason":""}"#] {
            assert_eq!(read(body), None, "{body}");
        }
    }
}
