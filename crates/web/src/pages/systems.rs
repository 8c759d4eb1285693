//! システム・部署: what several devices do together, who answers for them, their backup jobs, and scans.

use axum::extract::Query;
use domain::Permission;

use super::table::{Asked, Cell, Table, list_page};
use crate::answer::Answer;
use crate::guard::Visitor;
use crate::routes::{Access, Route};

/// The pages beside each other.
const TABS: [&str; 4] = ["systems", "departments", "jobs", "scans"];

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/systems", Access::May(Permission::Look), systems),
        Route::get("/departments", Access::May(Permission::Look), departments),
        Route::get("/jobs", Access::May(Permission::Look), jobs),
        Route::get("/scans", Access::May(Permission::Look), scans),
    ]
}

async fn systems(visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    let lists = visitor.desk.lists(visitor.who()?.seen).await?;
    let frame = visitor.frame("systems").await?;
    let rows = lists.systems.iter().map(|system| {
        vec![
            Cell::text(&system.name),
            Cell::link(system.devices.to_string(), format!("/devices?q={}", frame.q(&system.name))),
            Cell::text(system.versions.join(", ")),
            Cell::text(system.departments.join("、")),
            Cell::text(system.contractors.join("、")),
            Cell::text(system.jobs.join(", ")),
        ]
    });
    let columns = [
        "field.system",
        "column.devices",
        "field.software_version",
        "field.department",
        "field.contractor",
        "field.job",
    ];
    let table = Table::of("systems", &columns, rows, &asked.q);
    list_page(frame, &TABS, asked, table)
}

async fn departments(visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    let lists = visitor.desk.lists(visitor.who()?.seen).await?;
    let frame = visitor.frame("systems").await?;
    let rows = lists.departments.iter().map(|department| {
        vec![
            Cell::text(&department.name),
            Cell::text(department.devices.to_string()),
            Cell::text(department.medical.to_string()),
            Cell::text(department.persons.join("、")),
        ]
    });
    let columns = ["field.department", "column.devices", "column.medical", "field.users"];
    let table = Table::of("departments", &columns, rows, &asked.q);
    list_page(frame, &TABS, asked, table)
}

async fn jobs(visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    let lists = visitor.desk.lists(visitor.who()?.seen).await?;
    let frame = visitor.frame("systems").await?;
    let day = |day: &Option<String>| {
        day.as_ref().map_or_else(|| frame.t("web.unknown").into_owned(), |day| frame.day(day))
    };
    let rows = lists.jobs.iter().map(|job| {
        let result = job.last_result.as_deref().unwrap_or("unrecognised");
        let mark = match result {
            "success" => "✓",
            "failed" => "●",
            _ => "▲",
        };
        let medium = job.medium.as_ref().map(|medium| frame.word("medium", medium).into_owned());
        let offline = if job.off_the_network { "web.jobs.offline" } else { "web.jobs.online" };
        vec![
            Cell::text(&job.group),
            Cell::text(&job.job),
            Cell::text(format!("{mark} {}", frame.word("run_result", result))),
            Cell::text(day(&job.last_run)),
            Cell::text(day(&job.last_success)),
            Cell::text(frame.t2("web.jobs.failed_of", "failed", job.failed, "runs", job.runs)),
            Cell::text(
                job.generations
                    .map_or_else(|| frame.t("web.unknown").into_owned(), |count| count.to_string()),
            ),
            Cell::lines([medium.unwrap_or_default().as_str(), &frame.t(offline)]),
            Cell::text(day(&job.last_restore)),
        ]
    });
    let columns = [
        "field.system",
        "field.job",
        "column.last_result",
        "column.last_run",
        "column.last_success",
        "column.failed",
        "field.generations",
        "field.medium",
        "column.last_restore",
    ];
    let table = Table::of("jobs", &columns, rows, &asked.q);
    list_page(frame, &TABS, asked, table)
}

async fn scans(visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    let lists = visitor.desk.lists(visitor.who()?.seen).await?;
    let frame = visitor.frame("systems").await?;
    let rows = lists.scans.iter().map(|scan| {
        let items = scan.items.iter().map(|(severity, count)| format!("{severity} {count}"));
        vec![
            Cell::text(&scan.source),
            Cell::text(frame.word("format", &scan.kind)),
            Cell::text(frame.day(&scan.date)),
            Cell::text(scan.hosts.to_string()),
            Cell::text(items.collect::<Vec<_>>().join(" · ")),
            Cell::text(frame.day(&scan.due)),
        ]
    });
    let columns = [
        "column.source",
        "field.scan_tool",
        "column.date",
        "column.devices",
        "column.items",
        "column.due",
    ];
    let table = Table::of("scans", &columns, rows, &asked.q);
    list_page(frame, &TABS, asked, table)
}
