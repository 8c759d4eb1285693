//! What an administrator sets: when the round and the backup run, and where the backup goes.

use std::path::{Path, PathBuf};

use domain::msg;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::View;

use crate::{Act, App, AppError};

const ROUND_HOUR: &str = "desk.round_hour";
const BACKUP_PLAN: &str = "desk.backup_plan";

/// The hour at which the round runs where nobody set one: before the first shift, in Japan.
const USUAL_ROUND_HOUR: i8 = 6;

/// The most generations of backups that are kept.
const MOST_KEPT: u32 = 365;

/// When the backup runs by itself, and where it goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupPlan {
    /// The folder; empty where nobody set one.
    pub folder: String,
    /// The hour of the day in Japan; none: not by itself.
    pub hour: Option<i8>,
    /// How many backups that were made by this plan stay in the folder.
    pub keep: u32,
}

impl Default for BackupPlan {
    fn default() -> Self {
        Self { folder: String::new(), hour: None, keep: 14 }
    }
}

impl BackupPlan {
    /// The folder, where there is one.
    pub fn path(&self) -> Option<PathBuf> {
        (!self.folder.is_empty()).then(|| PathBuf::from(&self.folder))
    }
}

impl App {
    /// The hour of the day in Japan at which the round runs by itself.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn round_hour(&self) -> Result<i8, AppError> {
        let kept = self.facility()?.read(|view: &View| view.setting(ROUND_HOUR))?;
        let hour = kept.and_then(|kept| kept.parse().ok()).filter(|hour| is_hour(*hour));
        Ok(hour.unwrap_or(USUAL_ROUND_HOUR))
    }

    /// Sets the hour at which the round runs.
    ///
    /// # Errors
    ///
    /// [`AppError::Setting`] where it is no hour; and what the store says.
    pub fn set_round_hour(&self, hour: i8, act: &Act) -> Result<(), AppError> {
        if !is_hour(hour) {
            return Err(AppError::Setting(msg!("app.setting_hour")));
        }
        let entry = act.entry("setting.round", String::new(), &json!({ "hour": hour }));
        self.facility()?
            .change(entry, |change| Ok(change.set_setting(ROUND_HOUR, &hour.to_string())?))
    }

    /// When the backup runs, and where it goes.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn backup_plan(&self) -> Result<BackupPlan, AppError> {
        let kept = self.facility()?.read(|view: &View| view.setting(BACKUP_PLAN))?;
        Ok(kept.and_then(|kept| serde_json::from_str(&kept).ok()).unwrap_or_default())
    }

    /// Sets when the backup runs, and where it goes.
    ///
    /// # Errors
    ///
    /// [`AppError::Setting`] where the folder is none that can be written, lies in the data folder, or a number does not fit; and
    /// what the store says.
    pub fn set_backup_plan(&self, plan: &BackupPlan, act: &Act) -> Result<(), AppError> {
        if plan.hour.is_some_and(|hour| !is_hour(hour)) {
            return Err(AppError::Setting(msg!("app.setting_hour")));
        }
        if !(1..=MOST_KEPT).contains(&plan.keep) {
            return Err(AppError::Setting(msg!("app.setting_keep", most = MOST_KEPT)));
        }
        match plan.path() {
            Some(folder) => self.check_folder(&folder)?,
            None if plan.hour.is_some() => {
                return Err(AppError::Setting(msg!("app.setting_no_folder")));
            }
            None => {}
        }
        let detail = json!(plan);
        let text = detail.to_string();
        let entry = act.entry("setting.backup", String::new(), &detail);
        self.facility()?.change(entry, |change| Ok(change.set_setting(BACKUP_PLAN, &text)?))
    }

    fn check_folder(&self, folder: &Path) -> Result<(), AppError> {
        let shown = folder.display().to_string();
        if !folder.is_absolute() || !folder.is_dir() {
            return Err(AppError::Setting(msg!("app.setting_folder", path = shown)));
        }
        if crate::backup::lies_in(&folder.join("backup"), self.folder()) {
            return Err(AppError::BackupInDataFolder(self.folder().to_owned()));
        }
        let trial = folder.join(".mimawari-trial");
        let written = std::fs::write(&trial, b"").and_then(|()| std::fs::remove_file(&trial));
        written.map_err(|_| AppError::Setting(msg!("app.setting_folder_closed", path = shown)))
    }
}

fn is_hour(hour: i8) -> bool {
    (0..24).contains(&hour)
}
