//! Long lists, part by part: each part says after which entry the next goes on.

use domain::DeviceId;
use jiff::civil::Date;

use crate::views::{AuditEntryView, DeviceView};
use crate::{App, AppError};

impl App {
    /// The next `most` devices in full whose words hold all of `search`, in the order of the list, after the device `after`; and the
    /// device after which it goes on, where it does.
    ///
    /// # Errors
    ///
    /// [`AppError::ListMoved`] where `after` is in the list no more, and what the store says.
    pub fn devices_after(
        &self,
        search: &str,
        after: Option<DeviceId>,
        most: usize,
        today: Date,
    ) -> Result<(Vec<DeviceView>, Option<DeviceId>), AppError> {
        let ids = self.listed_ids(search)?;
        let begin = match after {
            None => 0,
            Some(after) => 1 + ids.iter().position(|id| *id == after).ok_or(AppError::ListMoved)?,
        };
        let rest = ids.get(begin..).unwrap_or_default();
        let (part, more) = rest.split_at(most.min(rest.len()));
        let next = part.last().copied().filter(|_| !more.is_empty());
        Ok((self.devices_in_full(part, today)?, next))
    }

    /// The `most` entries of the record that follow entry `after`, the oldest first; and whether there are more.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn audit_after(
        &self,
        after: u64,
        most: u64,
    ) -> Result<(Vec<AuditEntryView>, bool), AppError> {
        let first = after.saturating_add(1);
        let end = after.saturating_add(most);
        let (entries, last) = self.facility()?.read(|view| {
            Ok::<_, AppError>((view.audit_entries(first..=end)?, view.audit_head()?.0))
        })?;
        Ok((entries.iter().map(crate::audit::entry_view).collect(), last > end))
    }
}
