//! Backups: where they go, making one now, proving one that is there, and rehearsing to bring the last one back.

use std::path::Path;

use app::{BackupNote, BackupPlan, KeptBackup, Passphrase, ProofNote, RehearsalNote};
use askama::Template;
use axum::Form;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::{Permission, msg};
use serde::Deserialize;

use super::{Tab, bytes, tabs};
use crate::answer::{Answer, go, go_and_say, page};
use crate::errands::{Standing, Work};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::problem::Problem;
use crate::routes::{Access, Route};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/settings/backup", Access::May(Permission::Keep), show),
        Route::post("/settings/backup/plan", Access::May(Permission::Administer), plan),
        Route::post("/settings/backup/create", Access::May(Permission::Keep), create),
        Route::post("/settings/backup/verify", Access::May(Permission::Keep), verify),
        Route::post("/settings/backup/rehearse", Access::May(Permission::Keep), rehearse),
    ]
}

#[derive(Template)]
#[template(path = "settings/backup.html")]
struct BackupPage {
    frame: Frame,
    tabs: Vec<Tab>,
    tab: &'static str,
    plan: BackupPlan,
    hours: Vec<i8>,
    /// Whether the backups lie on the disk of the data.
    one_disk: Option<bool>,
    last: Option<BackupNote>,
    size: String,
    rehearsal: Option<RehearsalNote>,
    /// The backups that are there, and the last of them that was proven.
    kept: Vec<KeptBackup>,
    proof: Option<ProofNote>,
    under_way: bool,
    failed: Option<String>,
    problem: Option<String>,
}

impl BackupPage {
    fn is_at(&self, hour: &i8) -> bool {
        self.plan.hour == Some(*hour)
    }

    /// A backup that is there, in words: its name, its day and its size.
    fn told(&self, kept: &KeptBackup) -> String {
        let name = Path::new(&kept.file).file_name().unwrap_or_default().to_string_lossy();
        let at = kept.at.as_ref().map(|at| self.frame.moment(at)).unwrap_or_default();
        format!("{name} · {at} · {}", bytes(kept.size))
    }
}

async fn show(visitor: Visitor) -> Answer {
    backup_page(&visitor, None, None).await
}

async fn backup_page(
    visitor: &Visitor,
    typed: Option<BackupPlan>,
    problem: Option<Problem>,
) -> Answer {
    // Asked first: of work that ends meanwhile the page then shows what came of it, or looks again.
    let standing = visitor.desk.errands().standing();
    let (plan, last, rehearsal, one_disk, kept, proof) = visitor
        .read(|app| {
            let plan = app.backup_plan()?;
            let one_disk = plan.path().and_then(|folder| app.backups_on_one_disk(&folder));
            let (last, rehearsal) = (app.last_backup()?, app.last_rehearsal()?);
            Ok((plan, last, rehearsal, one_disk, app.kept_backups()?, app.last_proof()?))
        })
        .await?;
    let frame = visitor.frame("settings").await?;
    let status = problem.as_ref().map(|problem| problem.status).unwrap_or_default();
    let failed = match &standing {
        Some(Standing::Failed(Work::Backup, why)) => {
            Some(frame.say(&msg!("web.backup.create_failed", why = frame.say(why))))
        }
        Some(Standing::Failed(Work::Rehearsal, why)) => {
            Some(frame.say(&msg!("web.backup.rehearse_failed", why = frame.say(why))))
        }
        Some(Standing::Failed(Work::Proof, why)) => {
            Some(frame.say(&msg!("web.backup.verify_failed", why = frame.say(why))))
        }
        _ => None,
    };
    let shown = page(&BackupPage {
        tabs: tabs(&frame),
        tab: "backup",
        plan: typed.unwrap_or(plan),
        hours: (0..24).collect(),
        one_disk,
        size: last.as_ref().map(|last| bytes(last.size)).unwrap_or_default(),
        last,
        rehearsal,
        kept,
        proof,
        under_way: matches!(standing, Some(Standing::UnderWay)),
        failed,
        problem: problem.map(|problem| frame.say(&problem.message)),
        frame,
    })?;
    Ok((status, shown).into_response())
}

#[derive(Debug, Default, Deserialize)]
struct PlanForm {
    #[serde(default)]
    folder: String,
    #[serde(default)]
    hour: String,
    #[serde(default)]
    keep: String,
}

async fn plan(visitor: Visitor, Form(form): Form<PlanForm>) -> Answer {
    let plan = BackupPlan {
        folder: form.folder.trim().to_owned(),
        hour: form.hour.parse().ok(),
        keep: form.keep.trim().parse().unwrap_or_default(),
    };
    let wanted = plan.clone();
    match visitor.change(move |app, act| app.set_backup_plan(&wanted, act)).await {
        Ok(()) => go_and_say("/settings/backup", "backup_plan"),
        Err(problem) => backup_page(&visitor, Some(plan), Some(problem)).await,
    }
}

#[derive(Debug, Default, Deserialize)]
struct SecretForm {
    #[serde(default)]
    passphrase: String,
    #[serde(default)]
    again: String,
}

/// The passphrase that was typed; none where nothing was.
fn passphrase(typed: &str) -> Option<Passphrase> {
    (!typed.is_empty()).then(|| Passphrase::new(typed.to_owned()))
}

async fn create(visitor: Visitor, Form(form): Form<SecretForm>) -> Answer {
    if form.passphrase != form.again {
        let problem = Problem::new(StatusCode::CONFLICT, msg!("web.backup.passphrase_differs"));
        return backup_page(&visitor, None, Some(problem)).await;
    }
    let has_folder = visitor.read(|app| Ok(app.backup_plan()?.path().is_some())).await?;
    if !has_folder {
        let problem = Problem::new(StatusCode::CONFLICT, msg!("app.setting_no_folder"));
        return backup_page(&visitor, None, Some(problem)).await;
    }
    let secret = passphrase(&form.passphrase);
    begin(&visitor, Work::Backup, move |app, act| app.make_backup(secret, false, act).map(|_| ()))
}

async fn rehearse(visitor: Visitor, Form(form): Form<SecretForm>) -> Answer {
    if visitor.read(app::App::last_backup).await?.is_none() {
        let problem = Problem::new(StatusCode::CONFLICT, msg!("app.no_backup_yet"));
        return backup_page(&visitor, None, Some(problem)).await;
    }
    let secret = passphrase(&form.passphrase);
    begin(&visitor, Work::Rehearsal, move |app, act| app.rehearse_backup(secret, act).map(|_| ()))
}

#[derive(Debug, Default, Deserialize)]
struct VerifyForm {
    #[serde(default)]
    file: String,
    #[serde(default)]
    passphrase: String,
}

async fn verify(visitor: Visitor, Form(form): Form<VerifyForm>) -> Answer {
    let kept = visitor.read(app::App::kept_backups).await?;
    if !kept.iter().any(|kept| kept.file == form.file) {
        let problem = Problem::new(StatusCode::CONFLICT, msg!("app.no_such_backup"));
        return backup_page(&visitor, None, Some(problem)).await;
    }
    let secret = passphrase(&form.passphrase);
    begin(&visitor, Work::Proof, move |app, act| {
        app.prove_backup(&form.file, secret.as_ref(), act).map(|_| ())
    })
}

/// Begins `work` beside the pages, unless other work is under way; the page shows where it stands.
fn begin(
    visitor: &Visitor,
    work: Work,
    done: impl FnOnce(&app::App, &app::Act) -> Result<(), app::AppError> + Send + 'static,
) -> Answer {
    let desk = visitor.desk.clone();
    if !desk.errands().begin() {
        return go("/settings/backup");
    }
    let (app, act) = (visitor.app(), desk.act(visitor.actor()));
    tokio::spawn(async move {
        let ended = desk.call(move || done(&app, &act)).await;
        desk.errands().end(work, ended.err().map(|problem| problem.message));
    });
    go("/settings/backup")
}
