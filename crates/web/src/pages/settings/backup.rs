//! Backups: where they go, making one now, and rehearsing to bring the last one back.

use app::{BackupNote, BackupPlan, Passphrase, RehearsalNote};
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
    under_way: bool,
    failed: Option<String>,
    problem: Option<String>,
}

impl BackupPage {
    fn is_at(&self, hour: &i8) -> bool {
        self.plan.hour == Some(*hour)
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
    let (plan, last, rehearsal, one_disk) = visitor
        .read(|app| {
            let plan = app.backup_plan()?;
            let one_disk = plan.path().and_then(|folder| app.backups_on_one_disk(&folder));
            Ok((plan, app.last_backup()?, app.last_rehearsal()?, one_disk))
        })
        .await?;
    let frame = visitor.frame("settings").await?;
    let standing = visitor.desk.errands().standing();
    let status = problem.as_ref().map(|problem| problem.status).unwrap_or_default();
    let failed = match &standing {
        Some(Standing::Failed(Work::Backup, why)) => {
            Some(frame.say(&msg!("web.backup.create_failed", why = frame.say(why))))
        }
        Some(Standing::Failed(Work::Rehearsal, why)) => {
            Some(frame.say(&msg!("web.backup.rehearse_failed", why = frame.say(why))))
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
