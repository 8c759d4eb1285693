//! Why a step of an inquiry is not taken.

use super::Inquiry;
use crate::message::Arg;
use crate::{Message, msg};

/// Why a step cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InquiryRefusal {
    /// An inquiry begins with its letter.
    #[error("an inquiry begins with a draft")]
    NoDraft,
    /// What must be there is empty: `vendor`, `contact`, `to`, `way`, `reason`, `answers`.
    #[error("`{0}` is empty")]
    Empty(&'static str),
    /// A text is longer than is kept.
    #[error("`{0}` is too long")]
    Long(&'static str),
    /// No vulnerability is asked about, or more than one letter can hold.
    #[error("the number of vulnerabilities does not fit")]
    Count,
    /// One vulnerability stands twice.
    #[error("`{0}` stands twice")]
    Twice(String),
    /// The day of the answer lies before the day it is set on.
    #[error("the day of the answer is over")]
    DueOver,
    /// It was sent already: its letter stays as it went out.
    #[error("it was sent")]
    WasSent,
    /// It was not sent yet.
    #[error("it was not sent")]
    NotSent,
    /// The day of sending has not come.
    #[error("it cannot have been sent on a later day")]
    SentAhead,
    /// The vulnerability was not asked about.
    #[error("`{0}` was not asked about")]
    NotAsked(String),
    /// Everything is answered.
    #[error("everything is answered")]
    Complete,
    /// It was withdrawn.
    #[error("it was withdrawn")]
    WasWithdrawn,
}

impl InquiryRefusal {
    /// The sentence for the user.
    pub fn message(&self) -> Message {
        match self {
            Self::NoDraft => msg!("inquiry.refused.no_draft"),
            Self::Empty(what) => msg!("inquiry.refused.empty", what = term(what)),
            Self::Long(what) => {
                msg!("inquiry.refused.long", what = term(what), most = Inquiry::MOST_TEXT)
            }
            Self::Count => msg!("inquiry.refused.count", most = Inquiry::MOST_ASKED),
            Self::Twice(id) => msg!("inquiry.refused.twice", id = id),
            Self::DueOver => msg!("inquiry.refused.due_over"),
            Self::WasSent => msg!("inquiry.refused.was_sent"),
            Self::NotSent => msg!("inquiry.refused.not_sent"),
            Self::SentAhead => msg!("inquiry.refused.sent_ahead"),
            Self::NotAsked(id) => msg!("inquiry.refused.not_asked", id = id),
            Self::Complete => msg!("inquiry.refused.complete"),
            Self::WasWithdrawn => msg!("inquiry.refused.was_withdrawn"),
        }
    }
}

fn term(what: &str) -> Arg {
    Arg::Term(format!("inquiry.field.{what}").into())
}
