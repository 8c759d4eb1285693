//! What can go wrong, as a sentence for the user.

use std::path::PathBuf;

use domain::{DeviceId, ImportId, Message, msg};
use jiff::civil::Date;
use store::{BackupError, StoreError};

/// Why an act was not done. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// Something about an account does not fit.
    #[error("the account cannot be so")]
    Account(Message),
    /// There is no account of this login.
    #[error("there is no account `{0}`")]
    NoAccount(String),
    /// What came of a backup.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The backup would lie in the data folder that it is to protect from being lost.
    #[error("the backup would lie in the data folder `{0}`")]
    BackupInDataFolder(PathBuf),
    /// The backup was made and proven, but that could not be recorded.
    #[error("the backup `{0}` was made, but not recorded")]
    BackupNotRecorded(PathBuf, #[source] StoreError),
    /// There is no identity decision left to take back.
    #[error("there is no merge or split to undo")]
    NoIdentityDecision,
    /// There is no import of this number, or nothing is kept of it.
    #[error("there is no import {0}")]
    NoImport(ImportId),
    /// There is no parts list of this import, or it does not count.
    #[error("there is no parts list {0}")]
    NoPartsList(ImportId),
    /// What is said of a parts list does not fit.
    #[error("the parts list cannot be taken so")]
    Parts(Message),
    /// Nothing in use is written so.
    #[error("nothing is written `{0}`")]
    NoWriting(String),
    /// What is said of a writing does not fit.
    #[error("the writing cannot be settled so")]
    Writing(Message),
    /// There is no planned change of this number.
    #[error("there is no change {0}")]
    NoChange(u32),
    /// A step of a planned change cannot be taken.
    #[error("the change cannot be made so")]
    Change(Message),
    /// There is no inquiry of this number, or it has no such file.
    #[error("there is no inquiry {0}")]
    NoInquiry(u32),
    /// A step of an inquiry cannot be taken.
    #[error("the inquiry cannot be changed so")]
    Inquiry(Message),
    /// There is no notice of this number, or none that this reader may know of.
    #[error("there is no notice {0}")]
    NoNotice(u32),
    /// A step of a notice cannot be taken.
    #[error("the notice cannot be changed so")]
    Notice(Message),
    /// Somebody took a step since the person saw so many.
    #[error("somebody went on after step {0}")]
    MatterMoved(u32),
    /// There is no delivery of vulnerability data of this id.
    #[error("there is no such delivery")]
    NoDelivery,
    /// There is no upload of this id.
    #[error("there is no such upload")]
    NoUpload,
    /// What came of an upload, of the drop folder or of a source.
    #[error("the upload cannot be taken so")]
    Upload(Message),
    /// No device is known by this name.
    #[error("there is no device `{0}`")]
    NoDevice(String),
    /// Several devices are known by this name.
    #[error("`{0}` names several devices")]
    ManyDevices(String, Vec<DeviceId>),
    /// What was entered does not fit.
    #[error("what was entered does not fit")]
    Entry(Message),
    /// Somebody changed meanwhile what was to be changed.
    #[error("somebody changed it meanwhile")]
    Clash(Vec<crate::Clash>),
    /// The file could not be put together.
    #[error("the file could not be put together")]
    Export,
    /// What came of a bundle of feeds.
    #[error(transparent)]
    FeedBundle(#[from] crate::FeedBundleError),
    /// Feeds could not be taken in; what counted before counts as before.
    #[error("the feeds could not be taken in")]
    Feeds(Message),
    /// No finding of this key stands.
    #[error("there is no finding `{0}`")]
    NoFinding(String),
    /// No decision about a vulnerability has this number.
    #[error("there is no decision {0} about a vulnerability")]
    NoVexDecision(u32),
    /// No party speaks of this vulnerability for anything that runs here.
    #[error("nothing here has the vulnerability `{0}`")]
    NoVulnerability(String),
    /// There is no zone of this name.
    #[error("there is no zone `{0}`")]
    NoZone(String),
    /// There is no rule of this code.
    #[error("there is no rule `{0}`")]
    NoRule(String),
    /// The device does not carry this sign.
    #[error("device `{device}` does not carry sign `{sign}`")]
    NotASignOf {
        /// The device.
        device: DeviceId,
        /// What was given.
        sign: String,
        /// The signs it has.
        signs: Vec<String>,
    },
    /// The entry after which a list was to go on is in it no more.
    #[error("the list has changed")]
    ListMoved,
    /// Both names lead to one device.
    #[error("both are device `{0}`")]
    OneDevice(DeviceId),
    /// The decision needs something it does not have.
    #[error("the decision is incomplete")]
    Decision(Message),
    /// The same bytes came in by another import meanwhile.
    #[error("import {0} brought the same bytes")]
    AlreadyIn(ImportId),
    /// The import is already in the state that was asked for.
    #[error("import {0} is in that state already")]
    ImportState(ImportId, Message),
    /// Today's round cannot be signed so.
    #[error("the round cannot be signed")]
    Round(Message),
    /// The round is for a day before that of the last one.
    #[error("a round of {0} cannot follow one of {1}")]
    RoundDate(Date, Date),
    /// The round is for a day that has not come yet: that day, and today.
    #[error("a round of {0} cannot be done on {1}")]
    RoundAhead(Date, Date),
    /// A setting does not fit.
    #[error("the setting cannot be so")]
    Setting(Message),
    /// What the data folder said.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What kind of trouble stands in the way, for whoever must answer with a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// What was asked for does not fit what is stored.
    Conflict,
    /// The program, the database file or the disk is at fault.
    Fault,
    /// No space is left.
    Full,
    /// A list has changed under whoever reads it page by page.
    Gone,
    /// Somebody else is writing for very long, or the disk does not answer: it may be well in a moment.
    NotNow,
    /// What was named is not there.
    Missing,
}

impl AppError {
    /// What kind of trouble it is.
    pub fn trouble(&self) -> Trouble {
        match self {
            Self::NoDevice(_)
            | Self::NoFinding(_)
            | Self::NoVexDecision(_)
            | Self::NoVulnerability(_)
            | Self::NoZone(_)
            | Self::NoRule(_)
            | Self::NoAccount(_)
            | Self::NoImport(_)
            | Self::NoPartsList(_)
            | Self::NoWriting(_)
            | Self::NoChange(_)
            | Self::NoInquiry(_)
            | Self::NoNotice(_)
            | Self::NoDelivery
            | Self::NoUpload
            | Self::Store(StoreError::NoFacility { .. } | StoreError::NoImport { .. }) => {
                Trouble::Missing
            }
            Self::ListMoved => Trouble::Gone,
            Self::Store(error) => store_trouble(error),
            Self::Backup(BackupError::Store(error)) => store_trouble(error),
            Self::Backup(BackupError::Exists { .. }) => Trouble::Conflict,
            Self::Backup(_) | Self::BackupNotRecorded(..) => Trouble::Fault,
            _ => Trouble::Conflict,
        }
    }

    /// The sentence for the user.
    pub fn message(&self) -> Message {
        match self {
            Self::Backup(error) => error.message(),
            Self::FeedBundle(error) => error.message(),
            Self::BackupInDataFolder(folder) => {
                msg!("app.backup_in_data_folder", path = folder.display().to_string())
            }
            Self::BackupNotRecorded(file, _) => {
                msg!("app.backup_not_recorded", path = file.display().to_string())
            }
            Self::NoAccount(login) => msg!("app.no_account", login = login),
            Self::NoIdentityDecision => msg!("app.no_identity_decision"),
            Self::NoImport(import) => msg!("app.no_import", import = import.0),
            Self::NoPartsList(import) => msg!("app.no_parts_list", import = import.0),
            Self::NoWriting(text) => msg!("app.no_writing", text = text),
            Self::NoChange(number) => msg!("app.no_change", number = *number),
            Self::NoInquiry(number) => msg!("app.no_inquiry", number = *number),
            // Drawn, not counted: it is written without marks between thousands.
            Self::NoNotice(number) => msg!("app.no_notice", number = number.to_string()),
            Self::MatterMoved(_) => msg!("app.matter_moved"),
            Self::NoDelivery => msg!("app.no_delivery"),
            Self::NoUpload => msg!("app.no_upload"),
            Self::Upload(message) => message.clone(),
            Self::NoDevice(name) => msg!("app.no_device", name = name),
            Self::ManyDevices(name, ids) => {
                let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
                msg!("app.many_devices", name = name, ids = ids)
            }
            Self::Clash(_) => msg!("app.entry_clash"),
            Self::Export => msg!("app.export"),
            Self::NoFinding(key) => msg!("app.no_finding", finding = key),
            Self::NoVexDecision(number) => msg!("app.no_vex", number = *number),
            Self::NoVulnerability(id) => msg!("app.vex_unknown", id = id),
            Self::NoZone(name) => msg!("app.no_zone", name = name),
            Self::NoRule(code) => msg!("app.no_rule", code = code),
            Self::NotASignOf { device, sign, signs } => {
                msg!(
                    "app.not_a_sign",
                    device = device.to_string(),
                    sign = sign,
                    signs = signs.clone()
                )
            }
            Self::ListMoved => msg!("app.list_moved"),
            Self::OneDevice(id) => msg!("app.one_device", device = id.to_string()),
            Self::AlreadyIn(import) => msg!("app.import_active", import = import.0),
            Self::RoundAhead(date, today) => {
                msg!("app.round_ahead", date = *date, today = *today)
            }
            Self::RoundDate(date, last) => msg!("app.round_date", date = *date, last = *last),
            Self::Account(message)
            | Self::Feeds(message)
            | Self::Change(message)
            | Self::Parts(message)
            | Self::Writing(message)
            | Self::Inquiry(message)
            | Self::Notice(message)
            | Self::Decision(message)
            | Self::Round(message)
            | Self::Setting(message)
            | Self::Entry(message)
            | Self::ImportState(_, message) => message.clone(),
            Self::Store(error) => error.message(),
        }
    }
}

fn store_trouble(error: &StoreError) -> Trouble {
    match error {
        StoreError::Full => Trouble::Full,
        StoreError::Busy | StoreError::Io { .. } | StoreError::ReadOnly => Trouble::NotNow,
        StoreError::Folder { .. } | StoreError::NotKept { .. } => Trouble::NotNow,
        _ => Trouble::Fault,
    }
}
