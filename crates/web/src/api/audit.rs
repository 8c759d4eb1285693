//! The record.

use app::{AuditEntryView, AuditStateView};
use domain::msg;
use schemars::JsonSchema;
use serde::Serialize;

use super::call::{Call, bad};
use super::operation::{CURSOR, LIMIT, Operation};
use crate::answer::Answer;

pub(super) fn operations() -> Vec<Operation> {
    let verifying = "/api/v1/audit/verify";
    vec![
        Operation::get::<AuditPart, _, _>("audit", "/api/v1/audit", list).asking(&[CURSOR, LIMIT]),
        Operation::get::<AuditStateView, _, _>("audit_verify", verifying, verify),
    ]
}

/// A part of the record.
#[derive(Serialize, JsonSchema)]
struct AuditPart {
    /// The entries, the oldest first.
    entries: Vec<AuditEntryView>,
    /// What to give as `cursor` for the next part; none at the end. The number of the last entry read goes on as well, later.
    next: Option<String>,
}

async fn list(call: Call) -> Answer {
    let after = call.text("cursor").map_or(Ok(0), str::parse::<u64>);
    let after = after.map_err(|_| bad(msg!("web.api.bad_cursor")))?;
    let most = call.limit() as u64;
    call.answer(move |app| {
        let (entries, more) = app.audit_after(after, most)?;
        let next = entries.last().filter(|_| more).map(|entry| entry.seq.to_string());
        Ok(AuditPart { entries, next })
    })
    .await
}

async fn verify(call: Call) -> Answer {
    call.answer(|app| app.verify_audit(&[])).await
}
