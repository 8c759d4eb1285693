//! `mimawari inquiries [draft … | show N | letter N | sheet N FILE | sent N … | due N … | answer N … | read N FILE | withdraw N …]`

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use app::{AppError, InquiryView, MOST_SHEET_BYTES, NewInquiry};
use clap::ArgMatches;
use domain::{InquiryItem, ItemAnswer, Message, Sending, msg};
use jiff::civil::Date;
use serde_json::json;

use super::{Desk, Done};
use crate::output::{self, Failure};
use crate::table::Table;
use crate::time;

pub(super) fn run(args: &ArgMatches, desk: &Desk) -> Done {
    let Some((verb, args)) = args.subcommand() else { return list(args, desk) };
    let number = args.get_one::<u32>("number").copied();
    let of = number.unwrap_or_default();
    match verb {
        "draft" => told(desk, draft(number, args, desk), |view| {
            msg!("cli.inquiries.drafted", number = view.number)
        }),
        "show" => show(desk, of),
        "letter" => letter(desk, of),
        "sheet" => sheet(desk, of, path(args)),
        "sent" => told(desk, sent(of, args, desk), |view| {
            msg!("cli.inquiries.was_sent", number = view.number, due = view.due.as_str())
        }),
        "due" => {
            let done = desk.app.set_inquiry_due(of, None, day(args, "until"), &desk.act());
            told(desk, done, |view| {
                msg!("cli.inquiries.due_set", number = view.number, due = view.due.as_str())
            })
        }
        "answer" => told(desk, answer(of, args, desk), answered),
        "read" => read(desk, of, path(args), args.get_flag("dry-run")),
        _ => {
            let reason = word(args, "reason").to_owned();
            let done = desk.app.withdraw_inquiry(of, None, reason, &desk.act());
            told(desk, done, |view| msg!("cli.inquiries.withdrawn", number = view.number))
        }
    }
}

fn word<'a>(args: &'a ArgMatches, name: &str) -> &'a str {
    args.get_one::<String>(name).map_or("", String::as_str)
}

fn day(args: &ArgMatches, name: &str) -> Date {
    // The command line takes nothing else.
    args.get_one::<Date>(name).copied().unwrap_or_default()
}

fn path(args: &ArgMatches) -> &Path {
    args.get_one::<std::path::PathBuf>("file").map_or(Path::new(""), |path| path)
}

/// Prints the inquiry as JSON, or the sentence about what became of it.
fn told(
    desk: &Desk,
    done: Result<InquiryView, AppError>,
    say: impl FnOnce(&InquiryView) -> Message,
) -> Done {
    let view = done.map_err(|error| desk.fail(&error))?;
    if desk.json {
        output::json(&view)?;
    } else {
        output::text(&desk.say(&say(&view)))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn answered(view: &InquiryView) -> Message {
    msg!("cli.inquiries.answered", number = view.number, missing = view.missing)
}

fn draft(number: Option<u32>, args: &ArgMatches, desk: &Desk) -> Result<InquiryView, AppError> {
    let chosen = args.get_many::<String>("vulnerability").into_iter().flatten();
    let new = NewInquiry {
        mark: word(args, "product").to_owned(),
        vulnerabilities: chosen.cloned().collect(),
        vendor: word(args, "vendor").to_owned(),
        contact: word(args, "contact").to_owned(),
        note: word(args, "note").to_owned(),
        due: day(args, "due"),
    };
    match number {
        None => desk.app.draft_inquiry(&new, &desk.act()),
        Some(number) => desk.app.redraft_inquiry(number, None, &new, &desk.act()),
    }
}

fn sent(number: u32, args: &ArgMatches, desk: &Desk) -> Result<InquiryView, AppError> {
    let sending = Sending {
        on: day(args, "on"),
        to: word(args, "to").to_owned(),
        way: word(args, "how").to_owned(),
    };
    desk.app.mark_inquiry_sent(number, None, sending, &desk.act())
}

fn answer(number: u32, args: &ArgMatches, desk: &Desk) -> Result<InquiryView, AppError> {
    let answer = ItemAnswer {
        id: word(args, "vulnerability").to_owned(),
        // The command line takes only words that are items.
        item: InquiryItem::from_key(word(args, "item")).unwrap_or(InquiryItem::Schedule),
        text: word(args, "text").to_owned(),
    };
    desk.app.answer_inquiry(number, None, vec![answer], &desk.act())
}

fn list(args: &ArgMatches, desk: &Desk) -> Done {
    let inquiries = desk.app.inquiries(time::today()).map_err(|error| desk.fail(&error))?;
    if desk.json {
        output::json(&json!({ "inquiries": inquiries }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let header = desk.header([
        "column.inquiry",
        "column.inquiry_state",
        "column.inquiry_vendor",
        "column.product",
        "column.answer_due",
        "column.answers_missing",
    ]);
    let rows: Vec<Vec<String>> = inquiries
        .into_iter()
        .map(|inquiry| {
            let mark = if inquiry.overdue { "▲ " } else { "" };
            let state = desk.word("inquiry_state", Some(&inquiry.state));
            vec![
                inquiry.number.to_string(),
                format!("{mark}{state}"),
                inquiry.vendor,
                inquiry.product,
                inquiry.due,
                inquiry.missing.to_string(),
            ]
        })
        .collect();
    if args.get_flag("csv") {
        output::csv(&header, rows)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut table = Table::new(header);
    rows.into_iter().for_each(|row| table.row(row));
    output::table(&table)?;
    Ok(ExitCode::SUCCESS)
}

fn show(desk: &Desk, number: u32) -> Done {
    let view = desk.app.inquiry(number, time::today()).map_err(|error| desk.fail(&error))?;
    if desk.json {
        output::json(&view)?;
        return Ok(ExitCode::SUCCESS);
    }
    let header = desk.header(["column.vulnerability", "web.inquiry.item", "web.inquiry.answer"]);
    let mut table = Table::new(header);
    for asked in &view.asked {
        for item in &asked.items {
            let answer = item.answer.as_ref().map_or("", |answer| &answer.text);
            let name = desk.word("inquiry_item", Some(&item.item));
            table.row(vec![asked.id.clone(), name, answer.to_owned()]);
        }
    }
    output::table(&table)?;
    for step in &view.history {
        output::text(&format!("{} {} {}", step.at, step.by, step.text))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn letter(desk: &Desk, number: u32) -> Done {
    let language = desk.app.catalogue().language();
    let letter = desk.app.inquiry_letter(number, language).map_err(|error| desk.fail(&error))?;
    if desk.json {
        output::json(&json!({ "number": number, "letter": letter }))?;
    } else {
        output::text(letter.trim_end())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn sheet(desk: &Desk, number: u32, path: &Path) -> Done {
    let bytes = desk.app.inquiry_sheet(number).map_err(|error| desk.fail(&error))?;
    let shown = path.display().to_string();
    // What is there already may be a sheet that came back filled in.
    let written = fs::File::create_new(path)
        .and_then(|mut file| std::io::Write::write_all(&mut file, &bytes));
    if let Err(error) = written {
        let (path, cause) = (shown.as_str(), error.to_string());
        let message = msg!("cli.inquiries.unwritable", path = path, cause = cause);
        return Err(Failure::new(desk.app.catalogue(), &message));
    }
    if desk.json {
        output::json(&json!({ "number": number, "file": shown }))?;
    } else {
        output::text(&desk.say(&msg!("cli.inquiries.sheet_written", path = shown)))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn read(desk: &Desk, number: u32, path: &Path, is_dry: bool) -> Done {
    let bytes = bytes(desk, path)?;
    let preview = desk.app.preview_answers(number, &bytes).map_err(|error| desk.fail(&error))?;
    let nothing_new = preview.answers.is_empty();
    if !is_dry && !nothing_new {
        let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        desk.app
            .take_answers(number, None, (&name, &bytes), &desk.act())
            .map_err(|error| desk.fail(&error))?;
    }
    if desk.json {
        let taken = !is_dry && !nothing_new;
        output::json(&json!({ "number": number, "taken": taken, "preview": preview }))?;
    } else {
        for answer in &preview.answers {
            let item = desk.word("inquiry_item", Some(&answer.item));
            output::text(&format!("{} {} {item}: {}", answer.cell, answer.id, answer.text))?;
        }
        for why in &preview.refused {
            output::text(why)?;
        }
        let count = preview.answers.len();
        let done = match (is_dry, nothing_new) {
            (_, true) => msg!("cli.inquiries.nothing_new"),
            (true, false) => msg!("cli.inquiries.would_take", count = count),
            (false, false) => msg!("cli.inquiries.taken", count = count),
        };
        output::text(&desk.say(&done))?;
    }
    // A cell that was refused shows to scripts too.
    Ok(ExitCode::from(u8::from(!preview.refused.is_empty())))
}

fn bytes(desk: &Desk, path: &Path) -> Result<Vec<u8>, Failure> {
    let fail = |message: &Message| Failure::new(desk.app.catalogue(), message);
    let shown = path.display().to_string();
    let unreadable = |error: std::io::Error| {
        let (path, cause) = (shown.as_str(), error.to_string());
        fail(&msg!("cli.inquiries.unreadable", path = path, cause = cause))
    };
    let size = fs::metadata(path).map_err(unreadable)?.len();
    if size > MOST_SHEET_BYTES as u64 {
        return Err(fail(&msg!("answer_sheet.large", limit = MOST_SHEET_BYTES / 1024)));
    }
    fs::read(path).map_err(unreadable)
}
