//! Why a step of a planned change is not taken.

use super::PlannedChange;
use crate::message::Arg;
use crate::{Message, msg};

/// Why a step cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeRefusal {
    /// A change begins with its plan.
    #[error("a change begins with a plan")]
    NoPlan,
    /// What must be there is empty: `what`, `performer`, `with`, `to`, `text`, `reason`, `results`.
    #[error("`{0}` is empty")]
    Empty(&'static str),
    /// A text is longer than is kept.
    #[error("`{0}` is too long")]
    Long(&'static str),
    /// No device is named, or too many.
    #[error("the number of devices does not fit")]
    Count,
    /// One device stands twice.
    #[error("`{0}` stands twice")]
    Twice(String),
    /// The window ends before it begins.
    #[error("the window ends before it begins")]
    WindowTurned,
    /// When it is done is not agreed on.
    #[error("the window is not agreed on")]
    NotAgreed,
    /// The device is not among those that are changed.
    #[error("`{0}` is not planned")]
    NotPlanned(String),
    /// It is a medical device, and no instruction of its maker is on record.
    #[error("`{0}` has no instruction of its maker")]
    NoInstruction(String),
    /// The day has not come.
    #[error("the day has not come")]
    Ahead,
    /// There are results: what was done can no longer be planned otherwise.
    #[error("there are results")]
    HasResults,
    /// It was cancelled.
    #[error("it was cancelled")]
    WasCancelled,
}

impl ChangeRefusal {
    /// The sentence for the user.
    pub fn message(&self) -> Message {
        match self {
            Self::NoPlan => msg!("change.refused.no_plan"),
            Self::Empty(what) => msg!("change.refused.empty", what = term(what)),
            Self::Long(what) => {
                msg!("change.refused.long", what = term(what), most = PlannedChange::MOST_TEXT)
            }
            Self::Count => msg!("change.refused.count", most = PlannedChange::MOST_DEVICES),
            Self::Twice(device) => msg!("change.refused.twice", device = device),
            Self::WindowTurned => msg!("change.refused.window_turned"),
            Self::NotAgreed => msg!("change.refused.not_agreed"),
            Self::NotPlanned(sign) => msg!("change.refused.not_planned", device = sign),
            Self::NoInstruction(device) => msg!("change.refused.no_instruction", device = device),
            Self::Ahead => msg!("change.refused.ahead"),
            Self::HasResults => msg!("change.refused.has_results"),
            Self::WasCancelled => msg!("change.refused.was_cancelled"),
        }
    }
}

fn term(what: &str) -> Arg {
    Arg::Term(format!("change.field.{what}").into())
}
