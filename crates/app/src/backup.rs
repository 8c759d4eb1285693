//! Backups of Mimawari's own data: making one, proving it, bringing it back.

use std::path::{Path, PathBuf};

use domain::{AuditEntry, msg};
use reference::Catalogue;
use serde_json::json;
use store::{
    BackupError, BackupOptions, Created, FacilityMark, Manifest, Passphrase, Proven, RestoreOptions,
};

use crate::views::{
    BackupView, CreatedBackupView, FacilityMarkView, RestoredBackupView, VerifiedBackupView,
};
use crate::{Act, App, AppError};

/// What the name of a backup ends with.
const SUFFIX: &str = "mimawari-backup";

/// What is asked of a backup that is to be made.
#[derive(Debug, Clone)]
pub struct BackupOrder {
    /// The file, or the folder for a file with the usual name.
    pub out: PathBuf,
    /// Day and time for the usual name, such as `20261120-0900`.
    pub stamp: String,
    /// With what it is encrypted.
    pub passphrase: Option<Passphrase>,
    /// Whether it may take the place of a file that stands there.
    pub force: bool,
    /// Whether it may lie in the data folder.
    pub in_data_folder: bool,
}

/// What is asked of a backup that is to be restored.
#[derive(Debug, Clone)]
pub struct RestoreOrder {
    /// The backup.
    pub file: PathBuf,
    /// The data folder.
    pub folder: PathBuf,
    /// Day and time for the name of a database that is kept aside.
    pub stamp: String,
    /// With what it was encrypted.
    pub passphrase: Option<Passphrase>,
    /// Whether it may take the place of a database that stands there.
    pub force: bool,
}

impl App {
    /// Makes a backup of the whole data folder, proves it, and records that.
    ///
    /// # Errors
    ///
    /// [`AppError::BackupInDataFolder`], what [`store::Store::create_backup`] says, and [`AppError::BackupNotRecorded`] where only
    /// the entry could not be written.
    pub fn create_backup(
        &self,
        order: &BackupOrder,
        act: &Act,
    ) -> Result<CreatedBackupView, AppError> {
        let file = self.backup_file(order);
        if !order.in_data_folder && lies_in(&file, &self.folder) {
            return Err(AppError::BackupInDataFolder(self.folder.clone()));
        }
        let options = BackupOptions {
            facility: self.facility.clone(),
            now: act.now,
            program: program(),
            passphrase: order.passphrase.clone(),
            force: order.force,
        };
        let created = self.store.create_backup(&file, &options)?;
        self.facility()?
            .record(created_entry(&file, &created, act))
            .map_err(|error| AppError::BackupNotRecorded(file.clone(), error))?;
        let warnings = warnings(&created.proven, self.catalogue());
        Ok(created_view(&file, created, warnings))
    }

    /// The folder for backups in the data folder, made where it is not there yet.
    ///
    /// # Errors
    ///
    /// That it cannot be made.
    pub fn backups(&self) -> Result<PathBuf, AppError> {
        let folder = self.folder.join("backups");
        match std::fs::create_dir_all(&folder) {
            Ok(()) => Ok(folder),
            Err(source) => Err(BackupError::Write { path: folder, source }.into()),
        }
    }

    fn backup_file(&self, order: &BackupOrder) -> PathBuf {
        if order.out.is_dir() {
            order.out.join(usual_name(&self.facility, &order.stamp))
        } else {
            order.out.clone()
        }
    }
}

/// Proves a backup whole without restoring it. What is wrong with it stands in the view.
///
/// # Errors
///
/// Why the file cannot be read, or not be proven here.
pub fn verify_backup(
    file: &Path,
    passphrase: Option<&Passphrase>,
    catalogue: &Catalogue,
) -> Result<VerifiedBackupView, AppError> {
    let mut view = VerifiedBackupView { file: file.display().to_string(), ..Default::default() };
    match store::verify_backup(file, passphrase) {
        Ok(proven) => {
            view.whole = true;
            view.warnings = warnings(&proven, catalogue);
            view.size = Some(proven.size);
            view.chunks = Some(proven.chunks);
            view.encrypted = Some(proven.encrypted);
            view.damaged_evidence = digests(&proven);
            view.backup = Some(backup_view(proven.manifest));
        }
        Err(error) => {
            let Some(reason) = error.reason() else { return Err(error.into()) };
            view.reason = Some(reason.to_owned());
            view.problem = Some(catalogue.say(&error.message()));
            view.encrypted = encrypted(&error);
        }
    }
    Ok(view)
}

/// Restores a backup into a data folder, and records that in every facility's record.
///
/// # Errors
///
/// What [`store::restore_backup`] says; and what the store says of the restored database.
pub fn restore_backup(
    order: &RestoreOrder,
    act: &Act,
    catalogue: Catalogue,
) -> Result<RestoredBackupView, AppError> {
    let options = RestoreOptions {
        passphrase: order.passphrase.clone(),
        force: order.force,
        stamp: order.stamp.clone(),
    };
    let restored =
        store::restore_backup(&order.file, &order.folder, &options, &|manifest, _, kept| {
            restored_entry(&order.file, manifest, kept, act)
        })?;
    let manifest = &restored.proven.manifest;
    let facility = manifest.facilities.first().map_or(store::Store::MAIN, |mark| mark.id.as_str());
    let warnings = warnings(&restored.proven, &catalogue);
    let app = App::open(&order.folder, facility, catalogue)?;
    Ok(RestoredBackupView {
        file: order.file.display().to_string(),
        data: order.folder.display().to_string(),
        kept_aside: restored.kept_aside.as_ref().map(|path| path.display().to_string()),
        encrypted: restored.proven.encrypted,
        damaged_evidence: digests(&restored.proven),
        warnings,
        audit: app.verify_audit(&[manifest
            .facilities
            .first()
            .map_or(domain::AuditLink::START, |mark| mark.head)])?,
        backup: backup_view(restored.proven.manifest),
    })
}

fn program() -> String {
    format!("mimawari {}", env!("CARGO_PKG_VERSION"))
}

/// `mimawari-main-20261120-0900.mimawari-backup`, with nothing that a file system could not take.
pub(crate) fn usual_name(facility: &str, stamp: &str) -> String {
    format!("{}{stamp}.{SUFFIX}", usual_prefix(facility))
}

/// What the names of a facility's backups begin with.
pub(crate) fn usual_prefix(facility: &str) -> String {
    let harmless = |c: char| if c.is_alphanumeric() || c == '-' { c } else { '_' };
    let facility: String = facility.chars().map(harmless).collect();
    format!("mimawari-{facility}-")
}

/// Whether `file`, which need not be there, would lie in `folder`.
pub(crate) fn lies_in(file: &Path, folder: &Path) -> bool {
    let parent = match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    match (parent.canonicalize(), folder.canonicalize()) {
        (Ok(parent), Ok(folder)) => parent.starts_with(folder),
        _ => false,
    }
}

fn created_entry(file: &Path, created: &Created, act: &Act) -> AuditEntry {
    let Proven { manifest, encrypted, size, .. } = &created.proven;
    let detail = json!({
        "file": file.display().to_string(),
        "digest": manifest.digest.to_string(),
        "records": manifest.records,
        "size": size,
        "encrypted": encrypted,
    });
    act.entry("backup.create", subject(file), &detail)
}

fn restored_entry(
    file: &Path,
    manifest: &Manifest,
    kept_aside: Option<&str>,
    act: &Act,
) -> AuditEntry {
    let detail = json!({
        "file": file.display().to_string(),
        "digest": manifest.digest.to_string(),
        "records": manifest.records,
        "created_at": manifest.created_at.to_string(),
        "program": manifest.program,
        "kept_aside": kept_aside,
    });
    act.entry("backup.restore", subject(file), &detail)
}

fn subject(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default();
    format!("backup:{}", name.to_string_lossy())
}

/// Whether a file that could not be read is known to be encrypted or not.
fn encrypted(error: &BackupError) -> Option<bool> {
    let sealed = matches!(error, BackupError::PassphraseNeeded | BackupError::WrongPassphrase);
    sealed.then_some(true)
}

/// What was wrong with the data already when the backup was made.
fn warnings(proven: &Proven, catalogue: &Catalogue) -> Vec<String> {
    let broken = proven.manifest.facilities.iter().filter_map(|mark| {
        let seq = mark.broken_at?;
        Some(msg!("app.backup_broken_record", facility = &mark.id, seq = seq))
    });
    let damaged = proven
        .damaged_evidence
        .iter()
        .map(|digest| msg!("app.backup_damaged_evidence", digest = digest.short()));
    broken.chain(damaged).map(|message| catalogue.say(&message)).collect()
}

fn digests(proven: &Proven) -> Vec<String> {
    proven.damaged_evidence.iter().map(ToString::to_string).collect()
}

fn created_view(file: &Path, created: Created, warnings: Vec<String>) -> CreatedBackupView {
    CreatedBackupView {
        file: file.display().to_string(),
        size: created.proven.size,
        chunks: created.proven.chunks,
        encrypted: created.proven.encrypted,
        replaced: created.replaced,
        damaged_evidence: digests(&created.proven),
        warnings,
        backup: backup_view(created.proven.manifest),
    }
}

fn backup_view(manifest: Manifest) -> BackupView {
    BackupView {
        format: manifest.format,
        program: manifest.program,
        created_at: manifest.created_at.to_string(),
        facility: manifest.facility,
        step: manifest.step,
        digest: manifest.digest.to_string(),
        records: manifest.records,
        bytes: manifest.bytes,
        tables: manifest.tables,
        facilities: manifest.facilities.into_iter().map(mark_view).collect(),
    }
}

fn mark_view(mark: FacilityMark) -> FacilityMarkView {
    FacilityMarkView {
        id: mark.id,
        name: mark.name,
        entries: mark.entries,
        head: mark.head.to_string(),
        broken_at: mark.broken_at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_name_can_stand_on_any_file_system() {
        assert_eq!(
            usual_name("main", "20261120-0900"),
            "mimawari-main-20261120-0900.mimawari-backup"
        );
        assert_eq!(usual_name("a/../b:本館", "x"), "mimawari-a____b_本館-x.mimawari-backup");
    }

    #[test]
    fn a_file_that_is_not_there_yet_lies_in_its_folder() {
        let folder = tempfile::TempDir::new().unwrap();
        let inner = folder.path().join("data");
        std::fs::create_dir(&inner).unwrap();
        assert!(lies_in(&inner.join("x"), &inner) && lies_in(&inner.join("x"), folder.path()));
        assert!(lies_in(&folder.path().join("data/../data/x"), &inner));
        assert!(!lies_in(&folder.path().join("x"), &inner) && !lies_in(Path::new("x"), &inner));
    }
}
