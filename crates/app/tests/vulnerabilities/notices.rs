//! Notices on devices with real vulnerabilities: what they may mean, who answers, and who may know of them.

use std::borrow::Cow;

use app::{
    AppError, ImportOptions, NewFile, NoticeTriageView, NoticeView, Reader, TriageOf, TriageWord,
};
use domain::{AnswerAsked, Embargo, Meant, NoticeAnswer, NoticeDraft, NoticeSender, Role, Tlp};
use jiff::civil::Date;

use super::*;

const TEXT: &str =
    "OpenSSL 1.0.1a をお使いの施設は CVE-2015-4000 と CVE-2099-99999 をご確認ください。";
const LEDGER: &str = "管理番号,機器名,コンピュータ名,区分,メーカー,型式,IPアドレス,ソフトウェア名,ソフトウェアバージョン\n\
    1,サーバー,SV-01,サーバ,富士通,PRIMERGY TX1310,10.1.1.1,OpenSSL,1.0.1a\n\
    2,端末,PC-02,端末,デル,OptiPlex 7090,10.1.1.2,,\n";
const ADMIN: Reader = Reader::Role(Role::Administrator);

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn at(day: &str) -> Act {
    Act { now: format!("{day}T12:00:00+09:00").parse().unwrap(), ..act() }
}

fn hospital() -> Desk {
    let desk = Desk::with(&["nvd/configurations.jsonl.gz"]);
    let file = NewFile {
        path: "台帳.csv".to_owned(),
        bytes: Ok(Cow::Owned(LEDGER.as_bytes().to_vec())),
        modified: None,
    };
    let options = ImportOptions { captured_at: Some(now()), ..ImportOptions::default() };
    let view = desk.app.import([file], &options, &act(), &mut |_, _| {}).unwrap();
    assert_eq!(view.files[0].error, None, "{view:?}");
    desk
}

fn draft() -> NoticeDraft {
    NoticeDraft {
        sender: NoticeSender::Ceptoar,
        name: "医療セプター事務局".to_owned(),
        title: "注意喚起".to_owned(),
        sent_on: day("2026-11-20"),
        way: "メール".to_owned(),
        text: TEXT.to_owned(),
        file: None,
        answer: Some(AnswerAsked { to: "事務局".to_owned(), due: day("2026-11-24") }),
        tlp: None,
        embargo: None,
    }
}

fn sealed(until: Option<&str>, roles: &[Role]) -> NoticeDraft {
    let embargo = Embargo { until: until.map(day), roles: roles.to_vec() };
    NoticeDraft { embargo: Some(embargo), title: "公表前の欠陥".to_owned(), ..draft() }
}

fn taken(desk: &Desk, draft: NoticeDraft) -> NoticeView {
    desk.app.take_notice(draft, None, ADMIN, &act()).unwrap()
}

fn triage(desk: &Desk, number: u32) -> NoticeTriageView {
    let today = app::day_of(now());
    desk.app.notice_triage(number, ADMIN, today, &desk.app.weaknesses(today).unwrap()).unwrap()
}

fn say(
    desk: &Desk,
    number: u32,
    seen: u32,
    what: TriageOf,
    is_meant: bool,
) -> Result<NoticeView, AppError> {
    let word = TriageWord { what, is_meant, reason: String::new() };
    let book = desk.app.weaknesses(app::day_of(now())).unwrap();
    desk.app.triage_notice((number, ADMIN), Some(seen), &[word], &book, &act())
}

fn product() -> TriageOf {
    TriageOf::Thing(Meant::Product("openssl 1.0.1a".to_owned()))
}

fn answer() -> NoticeAnswer {
    NoticeAnswer {
        on: day("2026-11-20"),
        to: "事務局".to_owned(),
        done: "更新した".to_owned(),
        text: "1台を更新しました。".to_owned(),
    }
}

/// The findings of FWU006 after the round of this day.
fn told(desk: &Desk, on: &str) -> Vec<String> {
    desk.app.round(day(on), &at(on)).unwrap();
    let found = desk.app.findings(false, day(on)).unwrap();
    found.into_iter().filter(|one| one.rule == "FWU006").map(|one| one.title).collect()
}

#[test]
fn a_notice_is_looked_through_answered_and_told_of_until_then() {
    let desk = hospital();
    let number = taken(&desk, draft()).number;
    let proposed = triage(&desk, number);
    let states: Vec<(&str, &str)> =
        proposed.numbers.iter().map(|one| (one.id.as_str(), one.state.as_str())).collect();
    assert_eq!(states, [("CVE-2015-4000", "concerns"), ("CVE-2099-99999", "unknown")]);
    let [thing] = &proposed.things[..] else { panic!("{proposed:?}") };
    assert_eq!((thing.what.as_str(), thing.device_count), ("product:openssl 1.0.1a", 1));
    assert_eq!((thing.reasons.len(), thing.verdict.as_ref()), (2, None), "no guess is a word");
    assert!(told(&desk, "2026-11-23").is_empty(), "three days are in time");
    let late = told(&desk, "2026-11-25");
    assert!(late[0].contains("注意喚起") && late.len() == 1, "{late:?}");
    assert!(matches!(
        desk.app.answer_notice((number, ADMIN), Some(1), answer(), &act()),
        Err(AppError::Notice(_))
    ));
    let said = say(&desk, number, 1, product(), true).unwrap();
    assert_eq!((said.state.as_str(), said.meant[0].devices), ("to_answer", 1));
    assert_eq!(told(&desk, "2026-11-25").len(), 1, "looked through is not answered");
    let done = desk.app.answer_notice((number, ADMIN), Some(2), answer(), &act()).unwrap();
    assert_eq!((done.state.as_str(), done.history.len()), ("answered", 3));
    assert!(told(&desk, "2026-11-26").is_empty());
    assert!(desk.app.verify_audit(&[]).unwrap().whole);
}

#[test]
fn devices_are_added_by_hand_and_none_of_ours_needs_a_reason() {
    let desk = hospital();
    let number = taken(&desk, draft()).number;
    let other = TriageOf::Thing(Meant::Product("nothing 1".to_owned()));
    assert!(matches!(say(&desk, number, 1, other, true), Err(AppError::Notice(_))));
    say(&desk, number, 1, product(), false).unwrap();
    let device = desk.app.find_device("PC-02").unwrap();
    say(&desk, number, 2, TriageOf::Device(device), true).unwrap();
    let things = triage(&desk, number).things;
    let by_hand = things.iter().find(|thing| thing.confidence.is_none()).unwrap();
    assert_eq!(by_hand.devices[0].id, device.to_string());
    let none =
        |reason: &str| desk.app.notice_means_none((number, ADMIN), None, reason.to_owned(), &act());
    assert!(none("使っていない").is_err(), "something is meant");
    let what = by_hand.what.parse().unwrap();
    say(&desk, number, 3, TriageOf::Thing(what), false).unwrap();
    assert!(none(" ").is_err());
    assert_eq!(none("使っていない").unwrap().state, "to_answer");
    let second = desk.app.set_notice_due((number, ADMIN), Some(4), day("2026-12-01"), &act());
    assert!(matches!(second, Err(AppError::MatterMoved(4))));
}

#[test]
fn a_file_is_kept_whole_and_a_plain_text_is_read() {
    let desk = hospital();
    let bare = || NoticeDraft { text: String::new(), ..draft() };
    let take =
        |name: &str, bytes: &[u8]| desk.app.take_notice(bare(), Some((name, bytes)), ADMIN, &act());
    let text = take("通知.txt", TEXT.as_bytes()).unwrap();
    assert_eq!(text.text, TEXT);
    let mail = format!("From: a@example.jp\r\nMIME-Version: 1.0\r\n\r\n{TEXT}");
    let mail = take("通知.eml", mail.as_bytes()).unwrap();
    assert_eq!(mail.text, "", "a mail is kept and not read");
    let (name, bytes) = desk.app.notice_file(mail.number, ADMIN, day("2026-11-20")).unwrap();
    assert!(name == "通知.eml" && bytes.starts_with(b"From:"));
    assert!(take("大.pdf", &vec![0; app::MOST_NOTICE_BYTES + 1]).is_err());
    assert!(desk.app.take_notice(bare(), None, ADMIN, &act()).is_err(), "neither words nor a file");
}

#[test]
fn what_is_under_embargo_is_there_for_its_readers_alone() {
    let desk = hospital();
    let open = taken(&desk, draft());
    let hidden = taken(&desk, sealed(Some("2026-12-01"), &[Role::Administrator]));
    let today = day("2026-11-25");
    let everybody: Vec<(Reader, bool)> = Role::ALL
        .iter()
        .map(|role| (Reader::Role(*role), *role == Role::Administrator))
        .chain([(Reader::Console, true), (Reader::Anybody, false)])
        .collect();
    let book = desk.app.weaknesses(today).unwrap();
    for (reader, may) in everybody {
        let listed = desk.app.notices(reader, today).unwrap();
        let numbers: Vec<u32> = listed.iter().map(|notice| notice.number).collect();
        assert_eq!(numbers.contains(&hidden.number), may, "{reader:?}");
        assert!(numbers.contains(&open.number));
        assert_eq!(desk.app.sealed_notices_waiting(reader, today).unwrap(), usize::from(may));
        let missing = |done: Result<(), AppError>| matches!(done, Err(AppError::NoNotice(_)));
        let number = hidden.number;
        let of = (number, reader);
        if may {
            assert!(desk.app.notice(number, reader, today).is_ok());
            continue;
        }
        assert!(missing(desk.app.notice(number, reader, today).map(drop)));
        assert!(missing(desk.app.notice_triage(number, reader, today, &book).map(drop)));
        assert!(missing(desk.app.notice_file(number, reader, today).map(drop)));
        let reason = || "x".to_owned();
        for done in [
            desk.app.notice_means_none(of, None, reason(), &act()),
            desk.app.lift_notice(of, None, reason(), &act()),
            desk.app.withdraw_notice(of, None, reason(), &act()),
            desk.app.set_notice_due(of, None, today, &act()),
            desk.app.answer_notice(of, None, answer(), &act()),
            desk.app.triage_notice(of, None, &[], &book, &act()),
        ] {
            assert!(missing(done.map(drop)), "{reader:?}");
        }
        assert!(desk.app.notice(number, reader, day("2026-12-01")).is_ok(), "its day has come");
    }
    assert_eq!(told(&desk, "2026-11-25").len(), 1, "the open one alone");
    let table = String::from_utf8(desk.app.notices_as_table(today).unwrap()).unwrap();
    assert!(table.contains("注意喚起") && !table.contains("公表前の欠陥"), "{table}");
    let entries = desk.app.record_as_lines(&app::RecordFilter::default()).unwrap();
    let entries = String::from_utf8(entries).unwrap();
    for word in ["公表前の欠陥", "医療セプター", "OpenSSL 1.0.1a をお使い"] {
        assert!(!entries.contains(word), "the record holds no word of a notice");
    }
}

#[test]
fn nobody_seals_a_notice_from_themselves_and_lifting_is_for_good() {
    let desk = hospital();
    let operator = Reader::Role(Role::Operator);
    let alone = sealed(None, &[Role::Administrator]);
    assert!(desk.app.take_notice(alone, None, operator, &act()).is_err());
    assert!(
        desk.app.notices(Reader::Console, day("2026-11-20")).unwrap().is_empty(),
        "nothing kept"
    );
    let red = NoticeDraft { tlp: Some(Tlp::Red), ..draft() };
    assert!(desk.app.take_notice(red, None, ADMIN, &act()).is_err(), "TLP:RED is for some alone");
    let both = [Role::Administrator, Role::Operator];
    let number = desk.app.take_notice(sealed(None, &both), None, operator, &act()).unwrap().number;
    let narrow = Embargo { until: None, roles: vec![Role::Administrator] };
    assert!(desk.app.set_notice_embargo((number, operator), None, narrow.clone(), &act()).is_err());
    let sealed =
        desk.app.set_notice_embargo((number, ADMIN), None, narrow.clone(), &act()).unwrap();
    assert_eq!(sealed.embargo.unwrap().roles, ["administrator"]);
    assert!(desk.app.notice(number, operator, day("2026-11-20")).is_err());
    let open =
        desk.app.lift_notice((number, ADMIN), None, "公表された".to_owned(), &act()).unwrap();
    assert_eq!(open.embargo, None);
    assert!(desk.app.notice(number, Reader::Anybody, day("2026-11-20")).is_ok());
    assert!(desk.app.set_notice_embargo((number, ADMIN), None, narrow, &act()).is_err());
}

#[test]
fn numbers_are_drawn_so_that_no_gap_tells_of_another() {
    let desk = hospital();
    let numbers: std::collections::BTreeSet<u32> =
        (0..20).map(|_| taken(&desk, draft()).number).collect();
    assert_eq!(numbers.len(), 20, "each has its own, even of the same words at the same moment");
    assert!(numbers.iter().all(|number| (100_000..1_000_000).contains(number)));
    let pairs = numbers.iter().zip(numbers.iter().skip(1));
    assert!(pairs.into_iter().all(|(one, next)| next - one > 1), "not counted: {numbers:?}");
}

fn mail(name: &str) -> Vec<u8> {
    fs::read(testdata("mails").join(name)).unwrap()
}

#[test]
fn a_mail_proposes_the_fields_of_a_notice_and_nothing_of_it_is_kept() {
    let desk = hospital();
    let before = desk.app.audit(100).unwrap().len();
    let read = desk.app.read_notice_mail(&mail("iso-2022-jp.eml")).unwrap();
    assert_eq!(read.name, "医療セプター事務局 <ceptoar@example.jp>");
    assert_eq!(read.title, "【注意喚起】FortiOS の脆弱性について(TLP:AMBER)");
    assert_eq!((read.sent.as_deref(), read.way.as_str()), (Some("2026-11-20"), "mail"));
    assert_eq!((read.tlp.as_deref(), read.embargo), (Some("amber"), true));
    let due = (read.due.as_deref(), read.due_words.as_deref());
    let words = "対象の機器をご確認のうえ、2026年11月27日までにご回答ください。";
    assert_eq!(due, (Some("2026-11-27"), Some(words)), "a proposal, with where it was read");
    assert!(read.text.contains("CVE-2022-40684") && read.attachments.is_empty(), "{read:?}");
    let [narrow] = &read.warnings[..] else { panic!("{read:?}") };
    assert!(narrow.contains("embargo"), "{narrow}");
    assert_eq!(desk.app.audit(100).unwrap().len(), before);
    assert!(desk.app.notices(ADMIN, app::day_of(now())).unwrap().is_empty());
}

#[test]
fn the_day_of_an_answer_is_proposed_where_the_mail_says_one_and_told_where_it_is_not_sure() {
    let desk = hospital();
    let read = |body: &str| {
        let head = "From: a@example.jp\nDate: Fri, 20 Nov 2026 09:00:00 +0900\nSubject: x\nContent-Type: text/plain; charset=utf-8";
        desk.app.read_notice_mail(format!("{head}\n\n{body}").as_bytes()).unwrap()
    };
    let one = read("回答期限:１２月４日（金）\n公開日:12月1日");
    assert_eq!(one.due_on(), Some(("2026-12-04".parse().unwrap(), "回答期限:１２月４日（金）")));
    assert_eq!(one.warnings, Vec::<String>::new());
    let none = read("12月4日に公開します。回答は不要です。");
    assert_eq!((none.due_on(), none.warnings.len()), (None, 0), "nothing is asked for");
    for (body, told) in [
        ("回答期限:12月4日\n\n12月11日までにご回答ください。", "more than one day"),
        ("回答期限:12月4日(木)", "another day of the week"),
        ("回答期限:2026年11月13日", "before the day on which it was sent"),
    ] {
        let mail = read(body);
        assert_eq!((mail.due.as_deref(), mail.due_words.as_deref()), (None, None), "{body}");
        let [said] = &mail.warnings[..] else { panic!("{mail:?}") };
        assert!(said.contains(told), "{said}");
    }
    let two = read("回答期限:12月4日\n\n12月11日までにご回答ください。").warnings.remove(0);
    for words in
        ["2026-12-04 \"回答期限:12月4日\"", "2026-12-11 \"12月11日までにご回答ください。\""]
    {
        assert!(two.contains(words), "{two}");
    }
    let undated =
        "From: a@example.jp\nTo: b@example.jp\nContent-Type: text/plain; charset=utf-8\n\n";
    for (body, due) in [("回答期限:12月4日", None), ("回答期限:2026年12月4日", Some("2026-12-04"))]
    {
        let mail = desk.app.read_notice_mail(format!("{undated}{body}").as_bytes()).unwrap();
        assert_eq!((mail.due.as_deref(), mail.sent), (due, None), "{body}");
    }
}

#[test]
fn what_a_person_confirms_of_a_mail_is_a_notice_like_any_other() {
    let desk = hospital();
    let read = desk.app.read_notice_mail(&mail("multipart.eml")).unwrap();
    assert_eq!((read.tlp.as_deref(), read.embargo), (Some("red"), true));
    let names = "Attached (not read): 別紙1.pdf, 回答様式.xls, ";
    assert!(read.text.contains(names) && read.warnings[0].starts_with(names), "{read:?}");
    let of_mail = NoticeDraft {
        name: read.name.clone(),
        title: read.title.clone(),
        sent_on: read.sent_on().unwrap(),
        way: read.way.clone(),
        text: read.text.replace("FortiOS 7.0.5", "OpenSSL 1.0.1a"),
        tlp: read.mark(),
        ..draft()
    };
    let open = desk.app.take_notice(of_mail.clone(), None, ADMIN, &act()).unwrap_err();
    assert!(matches!(&open, AppError::Notice(said) if said.key == "notice.refused.red_open"));
    let embargo = Some(Embargo { until: None, roles: vec![Role::Administrator] });
    let notice = taken(&desk, NoticeDraft { embargo, ..of_mail });
    let things = triage(&desk, notice.number).things;
    assert!(things.iter().any(|thing| thing.label.contains("OpenSSL")), "{things:?}");
}

#[test]
fn what_is_no_mail_or_too_large_is_refused_in_a_sentence() {
    let desk = hospital();
    for (bytes, key) in [
        (b"\xd0\xcf\x11\xe0 Outlook".to_vec(), "refusal.mail_unknown"),
        (vec![b'a'; (10 << 20) + 1], "refusal.mail_large"),
    ] {
        let refused = desk.app.read_notice_mail(&bytes).unwrap_err();
        assert!(matches!(&refused, AppError::Notice(said) if said.key == key), "{refused:?}");
    }
    let bare = desk.app.read_notice_mail(b"From: a@example.jp\nTo: b\n\n").unwrap();
    assert_eq!((bare.sent, bare.tlp, bare.text.as_str()), (None, None, ""));
    assert_eq!(bare.warnings, ["The mail has no words. Write what matters."]);
}
