//! Why a step of a notice is not taken.

use crate::message::Arg;
use crate::notice::Notice;
use crate::{Message, msg};

/// Why a step cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoticeRefusal {
    /// A notice begins with being taken in.
    #[error("a notice begins with being taken in")]
    NotTaken,
    /// It is taken in once.
    #[error("it was taken in")]
    WasTaken,
    /// What must be there is empty: `name`, `title`, `way`, `notice`, `to`, `answer`, `label`, `reason`.
    #[error("`{0}` is empty")]
    Empty(&'static str),
    /// A text is longer than is kept.
    #[error("`{0}` is longer than {1} characters")]
    Long(&'static str, usize),
    /// The day of sending has not come.
    #[error("it cannot have been sent on a later day")]
    SentAhead,
    /// The day of the answer is over, or before the day of sending.
    #[error("the day of the answer is over")]
    DueOver,
    /// TLP:RED is for named people only, so that it cannot be open to all.
    #[error("TLP:RED is kept under embargo")]
    RedOpen,
    /// Nobody may read it.
    #[error("no role may read it")]
    NoRoles,
    /// The embargo would be over already.
    #[error("the embargo is over")]
    EmbargoOver,
    /// Whoever sets the embargo could not read the notice any more.
    #[error("whoever sets the embargo is not among its readers")]
    NotAReader,
    /// Everybody may read it: what was read cannot be called back.
    #[error("it is open")]
    WasOpen,
    /// Nothing is said of anything, or of too much at once.
    #[error("the number of verdicts does not fit")]
    Count,
    /// One thing stands twice.
    #[error("`{0}` stands twice")]
    Twice(String),
    /// Something is confirmed to be meant, so that it cannot mean nothing.
    #[error("something is meant")]
    SomeMeant,
    /// Nobody has said which devices are meant.
    #[error("it is not known what is meant")]
    NotTriaged,
    /// The day has not come, or is before the notice was sent.
    #[error("the day does not fit")]
    OutOfTime,
    /// No answer is asked for.
    #[error("no answer is asked for")]
    NotAsked,
    /// It was answered.
    #[error("it was answered")]
    WasAnswered,
    /// It was withdrawn.
    #[error("it was withdrawn")]
    WasWithdrawn,
}

impl NoticeRefusal {
    /// The sentence for the user.
    pub fn message(&self) -> Message {
        match self {
            Self::NotTaken => msg!("notice.refused.not_taken"),
            Self::WasTaken => msg!("notice.refused.was_taken"),
            Self::Empty(what) => msg!("notice.refused.empty", what = term(what)),
            Self::Long(what, most) => {
                msg!("notice.refused.long", what = term(what), most = *most)
            }
            Self::SentAhead => msg!("notice.refused.sent_ahead"),
            Self::DueOver => msg!("notice.refused.due_over"),
            Self::RedOpen => msg!("notice.refused.red_open"),
            Self::NoRoles => msg!("notice.refused.no_roles"),
            Self::EmbargoOver => msg!("notice.refused.embargo_over"),
            Self::NotAReader => msg!("notice.refused.not_a_reader"),
            Self::WasOpen => msg!("notice.refused.was_open"),
            Self::Count => msg!("notice.refused.count", most = Notice::MOST_VERDICTS),
            Self::Twice(label) => msg!("notice.refused.twice", label = label),
            Self::SomeMeant => msg!("notice.refused.some_meant"),
            Self::NotTriaged => msg!("notice.refused.not_triaged"),
            Self::OutOfTime => msg!("notice.refused.out_of_time"),
            Self::NotAsked => msg!("notice.refused.not_asked"),
            Self::WasAnswered => msg!("notice.refused.was_answered"),
            Self::WasWithdrawn => msg!("notice.refused.was_withdrawn"),
        }
    }
}

fn term(what: &str) -> Arg {
    Arg::Term(format!("notice.field.{what}").into())
}
