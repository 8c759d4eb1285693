//! Making a backup.

use app::{BackupOrder, CreatedBackupView};
use domain::{Permission, msg};
use schemars::JsonSchema;
use serde::Deserialize;

use super::call::{Call, Sent, bad};
use super::operation::Operation;
use crate::answer::Answer;

/// Fewer characters than this can be guessed by trying; the command line warns of them.
const LEAST_PASSPHRASE: usize = 12;

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post::<CreatedBackupView, _, _>(
            "backup",
            "/api/v1/backups",
            Permission::Keep,
            create,
        )
        .taking::<NewBackup>(),
    ]
}

/// The backup that is asked for. It is written into the folder `backups` of the data folder, and nowhere else.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewBackup {
    /// With what it is encrypted; not encrypted where nothing is said.
    #[serde(default)]
    passphrase: Option<String>,
}

async fn create(call: Call, Sent(new): Sent<NewBackup>) -> Answer {
    let passphrase = new.passphrase.map(app::Passphrase::new);
    if passphrase.as_ref().is_some_and(|passphrase| passphrase.length() < LEAST_PASSPHRASE) {
        return Err(bad(msg!("web.api.passphrase_short", least = LEAST_PASSPHRASE)));
    }
    let stamp = app::stamp_of(call.visitor.desk.now());
    call.change(move |app, act| {
        let order = BackupOrder {
            out: app.backups()?,
            stamp,
            passphrase,
            force: false,
            in_data_folder: true,
        };
        app.create_backup(&order, act)
    })
    .await
}
