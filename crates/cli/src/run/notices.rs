//! `mimawari notices [add … | mail FILE | show N | triage N … | answer N … | due N … | lift N … | withdraw N …]`
//!
//! Whoever works at this machine has the database before them, so that what is under embargo is shown to them; they are told so, and it
//! stands in no table that is written to be taken along.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use app::{
    AppError, MOST_NOTICE_BYTES, NoticeMailView, NoticeTriageView, NoticeView, Reader, TriageOf,
    TriageWord,
};
use clap::ArgMatches;
use domain::{
    AnswerAsked, Embargo, Meant, NoticeAnswer, NoticeDraft, NoticeSender, Role, Tlp, msg,
};
use jiff::civil::Date;
use serde_json::json;

use super::{Desk, Done};
use crate::output::{self, Failure};
use crate::table::Table;
use crate::time;

/// Who reads here.
const READER: Reader = Reader::Console;

pub(super) fn run(args: &ArgMatches, desk: &Desk) -> Done {
    let Some((verb, args)) = args.subcommand() else { return list(args, desk) };
    // A notice that is taken in has no number yet.
    let number = args.try_get_one::<u32>("number").ok().flatten().copied().unwrap_or_default();
    let (of, reason) = ((number, READER), || word(args, "reason").to_owned());
    let done = match verb {
        "add" => add(args, desk)?,
        "mail" => return mail(args, desk),
        "triage" if !says_something(args) => return proposals(number, desk),
        "triage" => triage(number, args, desk),
        "answer" => desk.app.answer_notice(of, None, answer(args), &desk.act()),
        "due" => {
            let due = day(args, "until").unwrap_or_default();
            desk.app.set_notice_due(of, None, due, &desk.act())
        }
        "lift" => desk.app.lift_notice(of, None, reason(), &desk.act()),
        "withdraw" => desk.app.withdraw_notice(of, None, reason(), &desk.act()),
        _ => return show(number, desk),
    };
    let view = done.map_err(|error| desk.fail(&error))?;
    if desk.json {
        output::json(&view)?;
    } else {
        let (number, state) =
            (view.number.to_string(), desk.word("notice_state", Some(&view.state)));
        output::text(&desk.say(&msg!("cli.notices.saved", number = number, state = state)))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn word<'a>(args: &'a ArgMatches, name: &str) -> &'a str {
    args.get_one::<String>(name).map_or("", String::as_str)
}

fn words<'a>(args: &'a ArgMatches, name: &str) -> impl Iterator<Item = &'a String> {
    args.get_many::<String>(name).into_iter().flatten()
}

fn day(args: &ArgMatches, name: &str) -> Option<Date> {
    args.get_one::<Date>(name).copied()
}

/// Tells who sees it that what is under embargo is among it; in JSON the notice says so itself.
fn warn(desk: &Desk, is_embargoed: bool) {
    if is_embargoed && !desk.json {
        eprintln!("{}", output::lines(&desk.text("cli.notices.console")));
    }
}

fn add(args: &ArgMatches, desk: &Desk) -> Result<Result<NoticeView, AppError>, Failure> {
    let mut roles: Vec<Role> =
        words(args, "reader").filter_map(|key| Role::from_key(key)).collect();
    if roles.is_empty() {
        roles.push(Role::Administrator);
    }
    let mail = match args.get_one::<PathBuf>("mail") {
        None => None,
        Some(path) => Some(read_mail(desk, path)?),
    };
    let said = |name: &str, of_mail: fn(&NoticeMailView) -> &str| {
        let typed = args.get_one::<String>(name).map(String::as_str);
        typed.or(mail.as_ref().map(of_mail)).unwrap_or_default().to_owned()
    };
    let of_mail = mail.as_ref().and_then(NoticeMailView::sent_on);
    let Some(sent_on) = day(args, "sent").or(of_mail) else {
        return Err(Failure::new(desk.app.catalogue(), &msg!("notice.mail.no_day")));
    };
    if let (Some(mail), false) = (&mail, desk.json) {
        mail.warnings.iter().for_each(|said| eprintln!("{}", output::lines(said)));
        // A day that was read is no day that was given: whoever takes the notice in says it.
        let unsaid = mail.due_on().filter(|_| self::day(args, "due").is_none());
        if let Some((day, words)) = unsaid {
            let said = msg!("cli.notices.mail_due", day = day, words = words);
            eprintln!("{}", output::lines(&desk.say(&said)));
        }
    }
    let draft = NoticeDraft {
        // The command line takes only words that are senders.
        sender: NoticeSender::from_key(word(args, "sender")).unwrap_or(NoticeSender::Authority),
        name: said("name", |mail| &mail.name),
        title: said("title", |mail| &mail.title),
        sent_on,
        way: said("way", |mail| &mail.way),
        text: said("text", |mail| &mail.text),
        file: None,
        answer: day(args, "due").map(|due| AnswerAsked { to: word(args, "to").to_owned(), due }),
        tlp: Tlp::from_key(word(args, "tlp")).or(mail.as_ref().and_then(NoticeMailView::mark)),
        embargo: args.get_flag("embargo").then(|| Embargo { until: day(args, "until"), roles }),
    };
    let path = args.get_one::<PathBuf>("file");
    let bytes = path.map(|path| bytes(desk, path)).transpose()?;
    let name = path.and_then(|path| path.file_name()).map(|name| name.to_string_lossy());
    let file = name.as_deref().zip(bytes.as_deref());
    Ok(desk.app.take_notice(draft, file, READER, &desk.act()))
}

/// What a mail proposes.
fn read_mail(desk: &Desk, path: &Path) -> Result<NoticeMailView, Failure> {
    let bytes = bytes(desk, path)?;
    desk.app.read_notice_mail(&bytes).map_err(|error| desk.fail(&error))
}

fn mail(args: &ArgMatches, desk: &Desk) -> Done {
    let Some(path) = args.get_one::<PathBuf>("eml") else { return Ok(ExitCode::from(2)) };
    let mail = read_mail(desk, path)?;
    if desk.json {
        output::json(&mail)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mark = mail.tlp.as_deref().map(|mark| desk.word("tlp", Some(mark))).unwrap_or_default();
    for (key, value) in [
        ("web.notice.name", mail.name.as_str()),
        ("web.notice.heading", mail.title.as_str()),
        ("web.notice.sent_on", mail.sent.as_deref().unwrap_or_default()),
        ("web.notice.way", mail.way.as_str()),
        ("web.notice.tlp", mark.as_str()),
        ("web.notice.due", mail.due.as_deref().unwrap_or_default()),
    ] {
        output::text(&format!("{}: {value}", desk.text(key)))?;
    }
    output::text(&format!("\n{}\n", mail.text))?;
    mail.warnings.iter().try_for_each(|said| output::text(said))?;
    if let Some((day, words)) = mail.due_on() {
        output::text(&desk.say(&msg!("cli.notices.mail_due", day = day, words = words)))?;
    }
    output::text(&desk.text("cli.notices.mail_told"))?;
    Ok(ExitCode::SUCCESS)
}

fn bytes(desk: &Desk, path: &Path) -> Result<Vec<u8>, Failure> {
    let fail = |message| Failure::new(desk.app.catalogue(), &message);
    let unreadable = |error: std::io::Error| {
        let (path, cause) = (path.display().to_string(), error.to_string());
        fail(msg!("cli.inquiries.unreadable", path = path, cause = cause))
    };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    // One byte more than is taken tells that there is more.
    file.take(MOST_NOTICE_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}

fn says_something(args: &ArgMatches) -> bool {
    args.get_flag("none")
        || ["meant", "not-meant", "device"].iter().any(|name| words(args, name).next().is_some())
}

fn triage(number: u32, args: &ArgMatches, desk: &Desk) -> Result<NoticeView, AppError> {
    let (of, reason) = ((number, READER), word(args, "reason"));
    if args.get_flag("none") {
        return desk.app.notice_means_none(of, None, reason.to_owned(), &desk.act());
    }
    let word =
        |what: TriageOf, is_meant: bool| TriageWord { what, is_meant, reason: reason.to_owned() };
    let mut said = Vec::new();
    for (name, is_meant) in [("meant", true), ("not-meant", false)] {
        for what in words(args, name) {
            let odd = |_| {
                let message = msg!("notice.refused.not_proposed", what = what.as_str());
                AppError::Notice(message)
            };
            said.push(word(TriageOf::Thing(what.parse::<Meant>().map_err(odd)?), is_meant));
        }
    }
    for device in words(args, "device") {
        said.push(word(TriageOf::Device(desk.app.find_device(device)?), true));
    }
    let book = desk.app.weaknesses(time::today())?;
    desk.app.triage_notice(of, None, &said, &book, &desk.act())
}

fn answer(args: &ArgMatches) -> NoticeAnswer {
    NoticeAnswer {
        // The command line takes nothing else.
        on: day(args, "on").unwrap_or_default(),
        to: word(args, "to").to_owned(),
        done: word(args, "done").to_owned(),
        text: word(args, "text").to_owned(),
    }
}

fn of_number(number: u32, desk: &Desk) -> Result<(NoticeView, NoticeTriageView), AppError> {
    let today = time::today();
    let notice = desk.app.notice(number, READER, today)?;
    let book = desk.app.weaknesses(today)?;
    Ok((notice, desk.app.notice_triage(number, READER, today, &book)?))
}

fn proposals(number: u32, desk: &Desk) -> Done {
    let (notice, triage) = of_number(number, desk).map_err(|error| desk.fail(&error))?;
    warn(desk, notice.embargo.is_some());
    if desk.json {
        output::json(&triage)?;
        return Ok(ExitCode::SUCCESS);
    }
    tell_triage(&triage, desk)?;
    Ok(ExitCode::SUCCESS)
}

fn tell_triage(triage: &NoticeTriageView, desk: &Desk) -> Result<(), Failure> {
    for number in &triage.numbers {
        let state = desk.word("notice_number", Some(&number.state));
        output::text(&format!("{} {state} {}", number.id, number.products.join(", ")))?;
    }
    let header =
        desk.header(["web.notice.verdict", "web.notice.thing", "column.devices", "web.notice.why"]);
    let mut table = Table::new(header);
    for thing in &triage.things {
        table.row(vec![
            desk.word("notice_verdict", thing.verdict.as_deref()),
            thing.what.clone(),
            thing.device_count.to_string(),
            thing.reasons.join(" "),
        ]);
    }
    output::table(&table)
}

fn show(number: u32, desk: &Desk) -> Done {
    let (notice, triage) = of_number(number, desk).map_err(|error| desk.fail(&error))?;
    warn(desk, notice.embargo.is_some());
    if desk.json {
        output::json(&json!({ "notice": notice, "triage": triage }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let state = desk.word("notice_state", Some(&notice.state));
    output::text(&format!("{} {state} {} {}", notice.number, notice.name, notice.title))?;
    output::text(&notice.text)?;
    tell_triage(&triage, desk)?;
    for answer in &notice.answers {
        output::text(&format!("{} {} {} {}", answer.on, answer.to, answer.done, answer.text))?;
    }
    for step in &notice.history {
        output::text(&format!("{} {} {}", step.at, step.by, step.text))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn list(args: &ArgMatches, desk: &Desk) -> Done {
    let all = desk.app.notices(READER, time::today()).map_err(|error| desk.fail(&error))?;
    let is_table = args.get_flag("csv");
    // A table is written to be taken along: what is under embargo stays here.
    let (notices, sealed): (Vec<NoticeView>, Vec<NoticeView>) =
        all.into_iter().partition(|notice| !is_table || notice.embargo.is_none());
    if !sealed.is_empty() {
        eprintln!("{}", output::lines(&desk.text("cli.notices.left_out")));
    }
    warn(desk, notices.iter().any(|notice| notice.embargo.is_some()));
    if desk.json {
        output::json(&json!({ "notices": notices }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let header = desk.header([
        "column.notice",
        "column.notice_state",
        "column.notice_sender",
        "column.notice_title",
        "column.notice_sent",
        "column.notice_due",
        "column.notice_handling",
    ]);
    let rows: Vec<Vec<String>> = notices.into_iter().map(|notice| row(notice, desk)).collect();
    if is_table {
        output::csv(&header, rows)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut table = Table::new(header);
    rows.into_iter().for_each(|row| table.row(row));
    output::table(&table)?;
    Ok(ExitCode::SUCCESS)
}

fn row(notice: NoticeView, desk: &Desk) -> Vec<String> {
    let mark = if notice.late { "▲ " } else { "" };
    let state = desk.word("notice_state", Some(&notice.state));
    let handling = match &notice.embargo {
        Some(_) => desk.text("web.notices.embargoed"),
        None => desk.word("tlp", notice.tlp.as_deref()),
    };
    vec![
        notice.number.to_string(),
        format!("{mark}{state}"),
        notice.name,
        notice.title,
        notice.sent,
        notice.due.unwrap_or_default(),
        handling,
    ]
}
