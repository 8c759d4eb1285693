//! Who may read a notice: the one place that decides it.
//!
//! Everything that shows a notice or anything of it asks here, and says who reads. What is under embargo is read by the roles it names
//! and by who works at the machine itself; whatever leaves the hospital, and whatever everybody sees, is read by [`Reader::Anybody`].

use domain::{Notice, Role};
use jiff::civil::Date;
use store::View;

use crate::{AppError, matter};

/// Who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Whoever is signed in to the desk, or holds a token, with this role.
    Role(Role),
    /// Who works at the machine itself. The database lies open to them, so that hiding anything would only pretend.
    Console,
    /// Everybody at once: findings, exports, and whatever else is not made for one reader.
    Anybody,
}

/// Whether `reader` may know of the notice on `today`. What is not allowed here is refused.
pub(crate) fn may_read(notice: &Notice, reader: Reader, today: Date) -> bool {
    let Some(embargo) = notice.embargo_on(today) else { return true };
    match reader {
        Reader::Role(role) => embargo.roles.contains(&role),
        Reader::Console => true,
        Reader::Anybody => false,
    }
}

/// Every notice that `reader` may know of on `today`.
pub(crate) fn readable(view: &View, reader: Reader, today: Date) -> Result<Vec<Notice>, AppError> {
    let mut notices: Vec<Notice> = matter::all(view)?;
    notices.retain(|notice| may_read(notice, reader, today));
    Ok(notices)
}

/// The notice of this number. Where there is one that `reader` may not know of, the answer is as where there is none.
pub(crate) fn read_one(
    view: &View,
    number: u32,
    reader: Reader,
    today: Date,
) -> Result<Notice, AppError> {
    let notice: Option<Notice> = matter::one(view, number)?;
    let known = notice.filter(|notice| may_read(notice, reader, today));
    known.ok_or(AppError::NoNotice(number))
}

#[cfg(test)]
mod tests {
    use domain::{Embargo, NoticeDraft, NoticeSender, NoticeStep, Stepped};
    use jiff::Timestamp;
    use jiff::civil::date;

    use super::*;

    fn notice(embargo: Option<Embargo>) -> Notice {
        let day = date(2026, 11, 10);
        let draft = NoticeDraft {
            sender: NoticeSender::Ceptoar,
            name: "A".into(),
            title: "B".into(),
            sent_on: day,
            way: "メール".into(),
            text: "C".into(),
            file: None,
            answer: None,
            tlp: None,
            embargo,
        };
        let (at, by, step) = (Timestamp::UNIX_EPOCH, "user:sato".into(), NoticeStep::Taken(draft));
        Notice::begin(1, Stepped { at, day, by, step }).unwrap()
    }

    #[test]
    fn what_is_open_is_read_by_all_and_what_is_not_by_the_named_alone() {
        let (before, after) = (date(2026, 11, 19), date(2026, 11, 20));
        let everybody: Vec<Reader> = Role::ALL
            .iter()
            .map(|role| Reader::Role(*role))
            .chain([Reader::Console, Reader::Anybody])
            .collect();
        for named in Role::ALL {
            let embargo = Embargo { until: Some(after), roles: vec![*named] };
            let notice = notice(Some(embargo));
            for reader in &everybody {
                let may = matches!(reader, Reader::Console) || *reader == Reader::Role(*named);
                assert_eq!(may_read(&notice, *reader, before), may, "{named:?} {reader:?}");
                assert!(may_read(&notice, *reader, after), "its day has come: {reader:?}");
            }
        }
        assert!(everybody.iter().all(|reader| may_read(&notice(None), *reader, before)));
    }
}
