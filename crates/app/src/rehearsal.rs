//! Backups that the desk makes and rehearses: where they go, which are kept, and whether they can be brought back.

use std::fs;
use std::path::{Path, PathBuf};

use domain::msg;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Passphrase, View};

use crate::backup::{usual_name, usual_prefix};
use crate::disk::on_one_disk;
use crate::{Act, App, AppError, BackupOrder, RestoreOrder, restore_backup};

const LAST_BACKUP: &str = "desk.last_backup";
const LAST_REHEARSAL: &str = "desk.last_rehearsal";

/// What stands in the name of a backup that was made by the plan: only such are ever removed.
const PLANNED: &str = "auto";

/// A backup that the desk made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupNote {
    /// The file.
    pub file: String,
    /// When (RFC 3339, UTC).
    pub at: String,
    /// The digest of the records in it.
    pub digest: String,
    /// How large it is.
    pub size: u64,
    /// Whether a passphrase is needed to read it.
    pub encrypted: bool,
}

/// How bringing a backup back went, as a trial.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RehearsalNote {
    /// The backup.
    pub file: String,
    /// When (RFC 3339, UTC).
    pub at: String,
    /// Whether it came back whole, with the digest it was made with.
    pub good: bool,
    /// The digest of what came back.
    pub digest: Option<String>,
    /// How many records came back.
    pub records: u64,
}

impl App {
    /// The last backup that the desk made.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn last_backup(&self) -> Result<Option<BackupNote>, AppError> {
        let kept = self.facility()?.read(|view: &View| view.setting(LAST_BACKUP))?;
        Ok(kept.and_then(|kept| serde_json::from_str(&kept).ok()))
    }

    /// The last rehearsal.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn last_rehearsal(&self) -> Result<Option<RehearsalNote>, AppError> {
        let kept = self.facility()?.read(|view: &View| view.setting(LAST_REHEARSAL))?;
        Ok(kept.and_then(|kept| serde_json::from_str(&kept).ok()))
    }

    /// Whether the backups would be lost together with the data: their folder lies on the same disk. None where nobody knows.
    pub fn backups_on_one_disk(&self, folder: &Path) -> Option<bool> {
        on_one_disk(self.folder(), folder)
    }

    /// Makes a backup in the folder of the plan. `planned`: by itself; then those made so before the last ones are removed.
    ///
    /// # Errors
    ///
    /// [`AppError::Setting`] where no folder is set; what [`App::create_backup`] says; and what the store says.
    pub fn make_backup(
        &self,
        passphrase: Option<Passphrase>,
        planned: bool,
        act: &Act,
    ) -> Result<BackupNote, AppError> {
        let plan = self.backup_plan()?;
        let folder = plan.path().ok_or_else(|| AppError::Setting(msg!("app.setting_no_folder")))?;
        if !folder.is_dir() {
            let path = folder.display().to_string();
            return Err(AppError::Setting(msg!("app.setting_folder", path = path)));
        }
        let stamp = stamp(act.now);
        let stamp = if planned { format!("{PLANNED}-{stamp}") } else { stamp };
        let order = BackupOrder {
            out: folder.join(usual_name(&self.facility, &stamp)),
            stamp,
            passphrase,
            force: planned,
            in_data_folder: false,
        };
        let made = self.create_backup(&order, act)?;
        let note = BackupNote {
            file: made.file,
            at: act.now.to_string(),
            digest: made.backup.digest,
            size: made.size,
            encrypted: made.encrypted,
        };
        let removed = if planned { self.remove_old(&folder, plan.keep) } else { Vec::new() };
        self.note(LAST_BACKUP, "backup.noted", &json!(note), &json!({ "removed": removed }), act)?;
        Ok(note)
    }

    /// Removes what the plan made before the last `keep` backups, and gives their names.
    fn remove_old(&self, folder: &Path, keep: u32) -> Vec<String> {
        let prefix = format!("{}{PLANNED}-", usual_prefix(&self.facility));
        let names = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut made: Vec<String> = names
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| name.starts_with(&prefix) && name.ends_with(".mimawari-backup"))
            .collect();
        made.sort();
        let surplus = made.len().saturating_sub(keep.max(1) as usize);
        made.truncate(surplus);
        made.retain(|name| fs::remove_file(folder.join(name)).is_ok());
        made
    }

    /// Brings the last backup back into a folder of its own, compares what came back with what was kept when it was made, and takes
    /// the folder away again. The data in use is not touched.
    ///
    /// # Errors
    ///
    /// [`AppError::Setting`] where there is no backup; and why it could not even be tried.
    pub fn rehearse_backup(
        &self,
        passphrase: Option<Passphrase>,
        act: &Act,
    ) -> Result<RehearsalNote, AppError> {
        let last = self.last_backup()?;
        let last = last.ok_or_else(|| AppError::Setting(msg!("app.no_backup_yet")))?;
        let folder = Scratch::new(self.folder().join(format!("rehearsal-{}", stamp(act.now))))?;
        let order = RestoreOrder {
            file: PathBuf::from(&last.file),
            folder: folder.0.clone(),
            stamp: stamp(act.now),
            passphrase,
            force: false,
        };
        let catalogue = reference::Catalogue::load(self.catalogue().language());
        let tried = restore_backup(&order, act, catalogue);
        let note = match &tried {
            Ok(back) => RehearsalNote {
                file: last.file,
                at: act.now.to_string(),
                good: back.audit.whole
                    && back.damaged_evidence.is_empty()
                    && back.backup.digest == last.digest,
                digest: Some(back.backup.digest.clone()),
                records: back.backup.records,
            },
            Err(_) => RehearsalNote {
                file: last.file,
                at: act.now.to_string(),
                good: false,
                digest: None,
                records: 0,
            },
        };
        let value = json!(note);
        self.note(LAST_REHEARSAL, "backup.rehearse", &value, &value, act)?;
        tried.map(|_| note)
    }

    pub(crate) fn note(
        &self,
        setting: &str,
        what: &str,
        value: &serde_json::Value,
        detail: &serde_json::Value,
        act: &Act,
    ) -> Result<(), AppError> {
        let file = value["file"].as_str().unwrap_or_default();
        let name = Path::new(file).file_name().unwrap_or_default().to_string_lossy();
        let entry = act.entry(what, format!("backup:{name}"), detail);
        let text = value.to_string();
        self.facility()?.change(entry, |change| Ok(change.set_setting(setting, &text)?))
    }
}

/// Day and time for a name, in Japan: `20261120-090000`.
fn stamp(now: Timestamp) -> String {
    engine::known::JAPAN.to_datetime(now).strftime("%Y%m%d-%H%M%S").to_string()
}

/// A folder that is gone when this is dropped.
struct Scratch(PathBuf);

impl Scratch {
    fn new(path: PathBuf) -> Result<Self, AppError> {
        let shown = path.display().to_string();
        let made = fs::create_dir(&path);
        made.map_err(|_| AppError::Setting(msg!("app.setting_folder_closed", path = shown)))?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
