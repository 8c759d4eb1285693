//! The list of notices as a table to be taken along. It leaves the hospital, so that nobody in particular reads it: what is under embargo
//! is not in it, whoever asks.

use jiff::civil::Date;

use super::Reader;
use crate::record::push_row;
use crate::{App, AppError, NoticeView};

/// The columns, by the keys of their texts.
const COLUMNS: [&str; 8] = [
    "column.notice",
    "column.notice_state",
    "column.notice_sender",
    "column.notice_title",
    "column.notice_sent",
    "column.notice_due",
    "column.notice_meant",
    "column.notice_handling",
];

impl App {
    /// The notices that everybody may read, as a table that Excel opens; nothing in it can become a formula.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn notices_as_table(&self, today: Date) -> Result<Vec<u8>, AppError> {
        // The mark by which Excel knows UTF-8.
        let mut text = String::from("\u{feff}");
        let header = COLUMNS.map(|column| self.catalogue().text(column).into_owned());
        push_row(&mut text, &header);
        for notice in self.notices(Reader::Anybody, today)? {
            push_row(&mut text, &self.cells(&notice));
        }
        Ok(text.into_bytes())
    }

    fn cells(&self, notice: &NoticeView) -> [String; 8] {
        let word = |family: &str, key: &str| {
            self.catalogue().text(&format!("{family}.{key}")).into_owned()
        };
        let meant = match &notice.none_of_ours {
            Some(_) => self.catalogue().text("web.notices.none_of_ours").into_owned(),
            None => {
                notice.meant.iter().map(|one| one.label.as_str()).collect::<Vec<_>>().join("\n")
            }
        };
        [
            notice.number.to_string(),
            word("notice_state", &notice.state),
            notice.name.clone(),
            notice.title.clone(),
            notice.sent.clone(),
            notice.due.clone().unwrap_or_default(),
            meant,
            notice.tlp.as_ref().map(|tlp| word("tlp", tlp)).unwrap_or_default(),
        ]
    }
}
