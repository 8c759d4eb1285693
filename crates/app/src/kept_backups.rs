//! Backups that lie where the desk puts them: which there are, and whether one is whole.

use std::fs;
use std::path::{Path, PathBuf};

use domain::{Message, msg};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Passphrase, View};

use crate::words::say_again;
use crate::{Act, App, AppError};

const LAST_PROOF: &str = "desk.last_proof";

/// What the name of a backup ends with.
const ENDING: &str = ".mimawari-backup";

/// Files that are offered, the newest of them.
const MOST_OFFERED: usize = 400;

/// A file that is called as a backup is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptBackup {
    /// The file.
    pub file: String,
    /// When it was last changed (RFC 3339, UTC), where the disk says so.
    pub at: Option<String>,
    /// How large it is.
    pub size: u64,
}

/// Whether a backup was whole when somebody asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofNote {
    /// The backup.
    pub file: String,
    /// When it was asked (RFC 3339, UTC).
    pub at: String,
    /// Whether every record in it is as it was written.
    pub whole: bool,
    /// What is wrong with it, as a sentence.
    pub problem: Option<String>,
    #[serde(with = "crate::words::kept", default)]
    problem_of: Option<Message>,
    /// When it was made (RFC 3339, UTC), as it says of itself; that is true where it is whole.
    pub made_at: Option<String>,
    /// How many records are in it.
    pub records: u64,
}

impl App {
    /// The backups in the folder of the plan and in that of the data folder, and the last one that was made; the newest first.
    ///
    /// # Errors
    ///
    /// What the store says. A folder that cannot be read offers nothing.
    pub fn kept_backups(&self) -> Result<Vec<KeptBackup>, AppError> {
        let folders = [self.backup_plan()?.path(), Some(self.folder().join("backups"))];
        let in_folder = |folder: PathBuf| fs::read_dir(folder).into_iter().flatten().flatten();
        let found = folders.into_iter().flatten().flat_map(in_folder).map(|entry| entry.path());
        let last = self.last_backup()?.map(|last| PathBuf::from(last.file));
        let mut kept: Vec<KeptBackup> =
            found.chain(last).filter_map(|file| offered(&file)).collect();
        kept.sort_by(|one, other| (&other.at, &one.file).cmp(&(&one.at, &other.file)));
        kept.dedup();
        kept.truncate(MOST_OFFERED);
        Ok(kept)
    }

    /// The last time that somebody asked whether a backup is whole.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn last_proof(&self) -> Result<Option<ProofNote>, AppError> {
        let kept = self.facility()?.read(|view: &View| view.setting(LAST_PROOF))?;
        let mut note: Option<ProofNote> = kept.and_then(|kept| serde_json::from_str(&kept).ok());
        if let Some(ProofNote { problem: Some(problem), problem_of, .. }) = &mut note {
            say_again(self.catalogue(), problem, problem_of.as_ref());
        }
        Ok(note)
    }

    /// Reads one of the [kept backups](App::kept_backups) as a whole and says whether it is as it was written. Nothing is restored,
    /// and no other file is ever opened.
    ///
    /// # Errors
    ///
    /// [`AppError::Setting`] where it is none of them; that the passphrase is missing or another, of which nothing is kept; why it
    /// cannot be read here; and what the store says.
    pub fn prove_backup(
        &self,
        file: &str,
        passphrase: Option<&Passphrase>,
        act: &Act,
    ) -> Result<ProofNote, AppError> {
        let kept = self.kept_backups()?.into_iter().find(|kept| kept.file == file);
        let kept = kept.ok_or_else(|| AppError::Setting(msg!("app.no_such_backup")))?;
        let at = act.now.to_string();
        let note = match store::verify_backup(Path::new(&kept.file), passphrase) {
            Ok(proven) => ProofNote {
                file: kept.file,
                at,
                whole: true,
                problem: None,
                problem_of: None,
                made_at: Some(proven.manifest.created_at.to_string()),
                records: proven.manifest.records,
            },
            Err(error) => match error.reason() {
                // Without the right passphrase nothing is known of the backup.
                None | Some("passphrase_needed" | "wrong_passphrase") => return Err(error.into()),
                Some(_) => ProofNote {
                    file: kept.file,
                    at,
                    whole: false,
                    problem: Some(self.catalogue().say(&error.message())),
                    problem_of: Some(error.message()),
                    made_at: None,
                    records: 0,
                },
            },
        };
        let detail = json!({ "file": note.file, "whole": note.whole, "records": note.records });
        self.note(LAST_PROOF, "backup.verify", &json!(note), &detail, act)?;
        Ok(note)
    }
}

/// The file as it is offered; none where it is no plain file that is called as a backup is. Links are not followed.
fn offered(file: &Path) -> Option<KeptBackup> {
    let name = file.file_name()?.to_str()?;
    let metadata = fs::symlink_metadata(file).ok()?;
    let is_backup = name.ends_with(ENDING) && metadata.is_file();
    let at = metadata.modified().ok().and_then(|at| Timestamp::try_from(at).ok());
    is_backup.then(|| KeptBackup {
        file: file.display().to_string(),
        at: at.map(|at| at.to_string()),
        size: metadata.len(),
    })
}
