use std::time::Duration;

use super::*;
use crate::fuzzing::tests::for_a_while;

/// The mail of every test is of Friday, 20 November 2026.
const SENT: Date = Date::constant(2026, 11, 20);

fn days(text: &str) -> Vec<String> {
    deadlines(text, Some(SENT)).iter().map(|one| one.day.to_string()).collect()
}

#[test]
fn the_usual_ways_of_asking_for_an_answer_are_read() {
    let mut failed = Vec::new();
    for text in [
        "令和8年12月4日(金)までにご回答ください。",
        "令和８年１２月４日（金）までに、ご回答くださいますようお願いいたします。",
        "12月4日(金)17時までにご回答",
        "１２月４日（金）１７：００までにご返信願います",
        "12月4日(金)午後5時までにメールでご提出ください。",
        "12月4日中にご回答ください。",
        "12/4(金)までに回答",
        "【12/4(金)までに要回答】FortiOS の脆弱性",
        "ご回答は、12月4日までにお願いします。",
        "回答票を2026年12月4日までに送付してください",
        "該当の有無を12月4日までに事務局あて報告されたい。",
        "本年12月4日までに報告すること。",
        "12月4日までにご回答がない場合は、該当なしとします。",
        "ご多忙のところ恐れ入りますが、令和 8 年 12 月 4 日までにご連絡いただけますようお願い申し上げます。",
        "回答期限:2026/12/4",
        "回答期限：２０２６／１２／４",
        "回答期限は、令和8年12月4日(金)17時です。",
        "12月4日（金）までに、別添の回答様式によりご回答ください。",
        "回答期限につきましては、令和8年12月4日(金)とさせていただきます。",
        "ご提出期限：12月4日",
        "返信期限 12月4日 17:00",
        "ご返答の締め切りは12月4日(金)です",
        "12月4日(金)12時を目途にご回答ください",
        "12月4日 (金) 正午までに本メールにご返信をお願いします",
        "11月30日(月)から12月4日(金)までにご回答ください",
        "ご回答のお願い(12月4日まで)",
        "回答は12月4日まで",
        "回答期限…12月4日",
        "回答期限\t2026/12/4",
        "回答期限 | 2026/12/4",
        "ご回答いただけませんでしょうか。12月4日までにご返事いただけませんでしょうか。",
        "回答期限 R8.12.4",
        "回答期日:令和8年12月4日",
        "提出期限:2026年12月4日(金)必着",
        "報告の締切: 2026.12.4",
        "回答期限(厳守):12月4日(金)",
        "【回答期限】12月4日(金)",
        "【回答期限】\n\n令和8年12月4日(金)\n",
        "回答期限\n  12月4日",
        "ご回答をいただく期限は12月4日です",
        "回答を12月4日(金)を期限として求めます",
        "12月4日(金)を回答期限とします。",
        "回答は12月4日(金)必着でお送りください",
        "アンケートは12/4締切です",
        "適用状況の調査票を12月4日(金)必着にてご返送願います。",
        "〆切 12/4",
        "・〆切:12月4日(金)",
        "締切:12月4日",
        "期限:2026-12-04",
        "[12/4〆] 脆弱性の確認",
        "Please reply by 4 December 2026.",
        "Please respond no later than Dec 4, 2026.",
        "Kindly send us your answer not later than Friday, December 4th.",
        "Responses are due by 5 pm JST on 4 December 2026",
        "Your answer is due on 4 Dec 2026.",
        "We ask for feedback by the end of 4th of December, 2026",
        "deadline: 2026-12-04",
        "Deadline for replies: Dec. 4, 2026",
        "The deadline for your response is 4 December.",
        "Reply deadline (strict): 2026-12-04 17:00",
        "Completed forms must be returned by 2026-12-04.",
        "Reply by: 2026-12-04",
        "By 4 December 2026, please send us the completed questionnaire.",
        "Please reply by 4 December 2026 whether the patch was applied.",
    ] {
        if days(text) != ["2026-12-04"] {
            failed.push((text, days(text)));
        }
    }
    assert_eq!(failed, []);
}

#[test]
fn what_is_no_deadline_of_an_answer_is_not_taken() {
    let mut failed = Vec::new();
    for text in [
        "",
        "送信日:2026年12月4日",
        "2026年12月4日に公開されました。",
        "12月4日(金)に説明会を開きます。ご参加ください。",
        "令和8年12月4日 医療セプター事務局",
        "12月4日までにパッチを適用してください。",
        "更新の期限は12月4日です。",
        "有効期限:2026/12/4",
        "サポート期限 2026年12月4日",
        "保守契約の期限:2026/12/4",
        "セミナーの申込締切:12月4日",
        "説明会の参加は12月4日〆切です",
        "12月4日までに当社からご連絡いたします。",
        "12月4日までに結果をご報告させていただきます。",
        "12月4日までに報告された脆弱性は3件です。",
        "12月4日までに連絡があった施設には送りません。",
        "前回の報告のとおり、12月4日まで配布しています。",
        "回答期限の延長について、12月4日に会議をします。",
        "回答をありがとうございました。次の版は2026年12月4日です。",
        "回答が必要です。次回の定例会は12月4日です。",
        "回答先:事務局\n公開日:2026/12/4",
        "期限:12月4日 (適用)",
        "CVE-2026-12/4 の回答期限",
        "回答は3件までに。版は 12.4 です。",
        "26/12/4までにご回答ください。",
        "12月4日までの間、電話でのご連絡はできません。",
        "12月4日までに回答済みの施設には送っていません。",
        "連絡先は12月4日まで変わりません。",
        "ご不明な点は12月4日までお問い合わせください。",
        "【お知らせ】システム停止 12月4日まで",
        "お知らせ(12月4日まで)",
        "回答は12月4日まで公開します。",
        "証明書は12月4日が期限です。",
        "12月4日期限切れの証明書",
        "機器の返却期限:12月4日",
        "対策期限 12/4",
        "期限内に12月4日の会議で話します。",
        "取締役会 12月4日",
        "申込書は12月4日必着",
        "参加の申込書は12月4日必着でお送りください。",
        "報告のあった製品の更新は12月4日が期限です。",
        "回答受付期間:11月20日~12月4日",
        "Published: 2026-12-04",
        "Please confirm that the update will be applied by 4 December 2026.",
        "Please confirm whether you run a version released before 4 December 2026.",
        "Please confirm receipt. A fix comes by 4 December 2026.",
        "Please apply the update by 4 December 2026.",
        "We will reply by 4 December 2026.",
        "The flaw was confirmed by 4 December 2026.",
        "Remediation due date: 2026-12-04",
        "Patch deadline: 2026-12-04",
        "Please reply. The webinar is on 4 December 2026.",
        "The overdue reply of 4 December 2026",
    ] {
        if !days(text).is_empty() {
            failed.push((text, days(text)));
        }
    }
    assert_eq!(failed, []);
}

#[test]
fn where_no_answer_is_wanted_a_bare_deadline_is_none_of_it() {
    for (text, taken) in [
        ("期限:12月4日\n本件への回答は不要です。", false),
        ("Deadline: 2026-12-04\nNo reply is needed.", false),
        ("期限:12月4日\n回答をお願いします。", true),
        ("回答期限:12月4日\nこのアドレスへの返信は不要です。", true),
    ] {
        assert_eq!(!days(text).is_empty(), taken, "{text}");
    }
}

#[test]
fn every_way_of_writing_a_day_is_read() {
    for (written, day) in [
        ("令和9年1月8日", "2027-01-08"),
        ("令和元年12月4日", "2019-12-04"),
        ("R9/1/8", "2027-01-08"),
        ("r09.01.08", "2027-01-08"),
        ("2027-1-8", "2027-01-08"),
        ("1月8日", "2027-01-08"),
        ("11月20日", "2026-11-20"),
        ("11月19日", "2027-11-19"),
        ("2月29日", "2028-02-29"),
        ("12/31/2026", "2026-12-31"),
        ("31.12.2026", "2026-12-31"),
        ("8 January", "2027-01-08"),
        ("Jan 8th", "2027-01-08"),
        ("the 1st of Sept. 2027", "2027-09-01"),
    ] {
        let label = if written.starts_with("the") { "Please reply by " } else { "回答期限:" };
        assert_eq!(days(&format!("{label}{written}")), [day], "{written}");
    }
    for written in [
        "13月4日",
        "2026年2月30日",
        "12月",
        "来年1月8日",
        "平成30年12月4日",
        "12/45",
        "1/2/3",
        "32 May",
    ] {
        assert_eq!(days(&format!("回答期限:{written}")), Vec::<String>::new(), "{written}");
    }
}

#[test]
fn a_day_without_its_year_says_nothing_where_the_day_of_the_mail_is_not_known() {
    assert_eq!(deadlines("回答期限:12月4日", None), []);
    let whole = deadlines("回答期限:2026年12月4日", None);
    assert_eq!(whole.len(), 1, "a whole day does");
}

#[test]
fn days_that_differ_are_all_told_and_the_same_day_once() {
    let text = "回答期限:12月4日(金)\n\n12月4日(金)17時までにご回答ください。\n12月11日までに再度ご報告ください。";
    assert_eq!(days(text), ["2026-12-04", "2026-12-11"]);
    for text in ["回答期限を12月4日から12月11日に延長します", "回答期限:12月4日(金)17時→12月11日"]
    {
        assert_eq!(days(text), ["2026-12-04", "2026-12-11"], "{text}");
    }
    assert_eq!(days("回答期限:4/12/2026"), ["2026-04-12", "2026-12-04"], "it may be either");
    let many: String = (1..=28).map(|day| format!("回答期限:2027年1月{day}日\n")).collect();
    assert_eq!(days(&many).len(), MOST);
}

#[test]
fn the_words_are_told_as_they_are_written() {
    let text = "お世話になっております。\n\nご回答は、令和８年１２月４日（金）までに\nお願いいたします。\n以上";
    let [one] = &deadlines(text, Some(SENT))[..] else { panic!() };
    assert_eq!(one.words, "ご回答は、令和８年１２月４日（金）までにお願いいたします。");
    assert!(!one.is_contradicted);
    let long =
        format!("{}、回答は12月4日までにお願いします、{}", "あ".repeat(300), "い".repeat(300));
    let [one] = &deadlines(&long, Some(SENT))[..] else { panic!() };
    assert!(one.words.contains("回答は12月4日までにお願いします"), "{}", one.words);
    assert!(one.words.starts_with('…') && one.words.chars().count() <= SHOWN + 2);
}

#[test]
fn of_a_long_sentence_what_stands_around_the_day_is_told() {
    let text = "Please fill in the attached questionnaire and return it to us no later than Friday, 4 December 2026 (JST).";
    let [one] = &deadlines(text, Some(SENT))[..] else { panic!() };
    let end = "return it to us no later than Friday, 4 December 2026 (JST).";
    assert!(one.words.starts_with('…') && one.words.ends_with(end), "{}", one.words);
}

#[test]
fn a_day_of_the_week_that_is_another_days_is_told() {
    let contradicted = |text: &str| deadlines(text, Some(SENT))[0].is_contradicted;
    for text in
        ["回答期限:12月4日(木)", "Deadline: 4 December 2026 (Thu)", "回答期限:12月4日木曜日"]
    {
        assert!(contradicted(text), "{text}");
    }
    for text in
        ["回答期限:12月4日(金・祝)", "回答期限:12月4日(日本時間)", "Deadline: 2026-12-04 (Friday)"]
    {
        assert!(!contradicted(text), "{text}");
    }
}

#[test]
fn lines_that_a_mail_broke_are_read_as_one_sentence() {
    for text in [
        "お忙しいところ恐れ入りますが、\n12月4日(金)までに\nご回答をお願いいたします。",
        "つきましては、貴院における対象機器の有無とその台数について、令和8年\n12月4日までに、下記の様式により、\nご回答くださいますようお願いいたします。",
        "Please send us your answer by Friday,\n4 December 2026 at the latest.",
    ] {
        assert_eq!(days(text), ["2026-12-04"], "{text}");
    }
    let two = "適用の目安は12月4日まで\n回答先:事務局";
    assert_eq!(days(two), Vec::<String>::new(), "two items are not one sentence");
}

#[test]
fn nothing_that_is_sent_breaks_it_or_grows_it() {
    let seeds = [
        "回答期限:令和8年12月4日(金)17時までにご回答ください。締切 12/4/2026 by Dec. 4",
        "Deadline (for 日): R8.12.4 no later than the 31st of 令和元年",
    ];
    let seeds: Vec<Vec<u8>> = seeds.map(|seed| seed.as_bytes().to_vec()).to_vec();
    for_a_while(&seeds, Duration::from_millis(300), fuzz);
    for piece in
        ["12/4", "回答期限", "1月", "(", "期限:(", "by ", "月火水", "令和", "12月4日まで", "に\n"]
    {
        fuzz(piece.repeat(20_000 / piece.len()).as_bytes());
    }
}
