//! How Japanese asks for an answer by a day.

use super::asked::{Around, Name};

/// What is asked for: an answer in any form.
const ANSWERS: [&str; 17] = [
    "回答書",
    "回答票",
    "回答",
    "返答",
    "返信",
    "返事",
    "返送",
    "回報",
    "報告書",
    "報告",
    "提出",
    "連絡",
    "知らせ",
    "お寄せ",
    "調査票",
    "アンケート",
    "送付",
];

/// Those with which a sentence begins that asks for them. `お知らせ` and `ご連絡` begin what is told.
const TOPICS: [&str; 13] = [
    "回答書",
    "回答票",
    "回答",
    "返答",
    "返信",
    "返事",
    "返送",
    "回報",
    "報告書",
    "報告",
    "提出",
    "調査票",
    "アンケート",
];

/// Names of a last day.
pub(super) const NAMES: [&str; 11] = [
    "期限日",
    "期限",
    "期日",
    "締切日",
    "締め切り",
    "締切り",
    "締切",
    "〆切り",
    "〆切",
    "〆",
    "締め",
];

/// What else is handed in.
pub(super) const APPLICATIONS: [&str; 10] =
    ["申込", "申し込み", "申請", "応募", "参加", "受講", "登録", "購入", "支払", "契約"];

/// What else has a last day.
pub(super) const OTHERS: [&str; 10] =
    ["適用", "更新", "有効", "サポート", "保守", "販売", "納入", "公開", "証明書", "ライセンス"];

/// That no answer is asked for.
pub(super) const DECLINES: [&str; 6] = [
    "回答は不要",
    "回答不要",
    "回答いただく必要はあり",
    "回答の必要はあり",
    "返信不要",
    "返信は不要",
];

/// The name that stands with the day.
pub(super) fn name(around: &Around<'_>) -> Option<Name> {
    named_before(around.before).or_else(|| named_after(around))
}

/// The name that the day is given by what stands before it: `回答期限は、`.
fn named_before(before: &str) -> Option<Name> {
    let ends = NAMES.iter().filter_map(|name| Some((before.rfind(name)?, name.len())));
    let (at, length) = ends.max_by_key(|(at, length)| at + length)?;
    let is_of_day = is_gap(before.get(at + length..)?);
    owned(before.get(..at)?).filter(|_| is_of_day)
}

/// What may stand between a name and its day.
const GAPS: [&str; 35] = [
    ":",
    "=",
    "→",
    "⇒",
    "】",
    ")",
    "」",
    "』",
    "]",
    ">",
    "、",
    "・",
    "|",
    "-",
    ".",
    "(",
    "【",
    "「",
    "[",
    "日時",
    "日",
    "につきましては",
    "については",
    "に関しては",
    "として",
    "は",
    "を",
    "が",
    "も",
    "以下のとおり",
    "次のとおり",
    "下記のとおり",
    "です",
    "厳守",
    "必着",
];

/// Whether nothing else stands in it. What stands in parentheses is left out.
fn is_gap(gap: &str) -> bool {
    let mut rest = gap.trim_start();
    while !rest.is_empty() {
        let inside = rest.strip_prefix('(').and_then(|inside| inside.split_once(')'));
        let inside = inside.filter(|(inside, _)| !inside.contains(|c: char| c.is_ascii_digit()));
        let token = || GAPS.iter().find_map(|token| rest.strip_prefix(token));
        match inside.map(|(_, rest)| rest).or_else(token) {
            Some(next) => rest = next.trim_start(),
            None => return false,
        }
    }
    true
}

/// Whose name it is, by what stands before it: another's is none (`有効期限`).
fn owned(before: &str) -> Option<Name> {
    let before = before.trim_end();
    let verbs = ["をいただく", "を頂く", "いただく", "頂く", "をする", "する"];
    let before = verbs.iter().find_map(|verb| before.strip_suffix(verb)).unwrap_or(before);
    let owner = before.trim_end_matches([' ', 'の', 'ご', '御', '・']);
    if ANSWERS.iter().any(|answer| owner.ends_with(answer)) {
        return Some(Name::OfAnswer);
    }
    let is_bare = owner.chars().next_back().is_none_or(|last| !last.is_alphabetic());
    is_bare.then_some(Name::Bare)
}

/// The name that the day is given by what stands behind it: `必着`, `〆切`, `を回答期限とします`.
fn named_after(around: &Around<'_>) -> Option<Name> {
    let rest = without_clock(around.after).trim_start_matches(['を', 'が', 'の', 'ご', '御']);
    let answer = ANSWERS.iter().find_map(|answer| rest.strip_prefix(answer));
    let rest = answer.map_or(rest, |rest| rest.trim_start_matches('の'));
    let mut names = NAMES.iter().chain(&["必着"]);
    let behind = names.find_map(|name| rest.strip_prefix(name))?;
    if behind.starts_with("切れ") || behind.starts_with("が切") {
        return None;
    }
    let speaks_of_answer = around.holds(&ANSWERS) && !around.holds(&APPLICATIONS);
    // `が期限です` is said of anything; `〆切` and `必着` of what is handed in.
    match (answer, rest.starts_with('期')) {
        (Some(_), _) => Some(Name::OfAnswer),
        (None, true) => speaks_of_answer.then_some(Name::Bare),
        (None, false) if speaks_of_answer => Some(Name::OfAnswer),
        (None, false) => Some(Name::Bare),
    }
}

/// What may stand between a day and the word that ends it.
const CLOCKS: [&str; 27] = [
    "午前",
    "午後",
    "正午",
    "夕方",
    "時",
    "分",
    "秒",
    "半",
    "中",
    "いっぱい",
    "一杯",
    "頃",
    "ごろ",
    "終業",
    "業務終了",
    "営業",
    "時間",
    "内",
    "の",
    "、",
    ":",
    "必ず",
    "遅くとも",
    "am",
    "pm",
    "jst",
    ",",
];

/// What follows the time of the day.
pub(super) fn without_clock(after: &str) -> &str {
    let mut rest = after.trim_start();
    // A bound for what nobody writes.
    for _ in 0..16 {
        match clock(rest) {
            Some(next) => rest = next,
            None => break,
        }
    }
    rest
}

/// What follows the first piece of a time.
fn clock(rest: &str) -> Option<&str> {
    let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let inside = || rest.strip_prefix('(')?.split_once(')').map(|(_, rest)| rest);
    let token = || CLOCKS.iter().find_map(|token| rest.strip_prefix(token));
    let next = if digits.len() < rest.len() { Some(digits) } else { token().or_else(inside) };
    next.map(str::trim_start)
}

/// What follows `まで`, be there a time of the day before it.
fn until(after: &str) -> Option<&str> {
    const ENDS: [&str; 6] = ["まで", "迄", "中に", "を目途に", "を目処に", "をめどに"];
    let mut rest = after.trim_start();
    for _ in 0..16 {
        if let Some(found) = ENDS.iter().find_map(|end| rest.strip_prefix(end)) {
            return Some(found);
        }
        rest = clock(rest)?;
    }
    None
}

/// Whether the day is the last one for an answer: `12月4日(金)17時までにご回答`.
pub(super) fn is_until(around: &Around<'_>) -> bool {
    let Some(rest) = until(around.after) else { return false };
    if ANSWERS.iter().any(|answer| rest.contains(answer)) && !is_own(rest) {
        return true;
    }
    let is_all = rest.trim_matches(|c: char| "にですよりのみ。、)】」] ".contains(c)).is_empty();
    is_topic(around.before) && (is_all || asks(rest) && !is_own(rest))
}

/// Whether a sentence begins with the answer that it asks for: `ご回答は`, `回答票を`, `ご報告のお願い(`.
fn is_topic(before: &str) -> bool {
    const MARKS: [&str; 7] = ["は", "を", "につ", "に関", ":", "お願い", "依頼"];
    const NOT: [&str; 7] = ["され", "があ", "のあ", "いただ", "頂", "のとおり", "先"];
    let marked = |rest: &str| {
        let near: String = rest.chars().take(6).collect();
        let is_marked = near.starts_with('(') || MARKS.iter().any(|mark| near.contains(mark));
        is_marked && !NOT.iter().any(|word| near.starts_with(word))
    };
    let behind = |answer: &'static str| {
        before.match_indices(answer).filter_map(move |(at, _)| before.get(at + answer.len()..))
    };
    TOPICS.iter().any(|answer| behind(answer).any(marked))
}

/// Whether a sentence asks for something.
fn asks(rest: &str) -> bool {
    const ASKS: [&str; 17] = [
        "ください",
        "下さい",
        "願",
        "いただき",
        "いただけ",
        "頂き",
        "頂け",
        "賜",
        "求め",
        "依頼",
        "要請",
        "すること",
        "のこと",
        "必要",
        "厳守",
        "がない",
        "のない",
    ];
    ASKS.iter().any(|word| rest.contains(word))
}

/// Whether a sentence tells of what its writer does, or of what was done, and asks for nothing.
fn is_own(rest: &str) -> bool {
    const OWN: [&str; 16] = [
        "します",
        "ました",
        "差し上げ",
        "申し上げ",
        "予定",
        "見込",
        "された",
        "されて",
        "されま",
        "があっ",
        "のあっ",
        "を受け",
        "している",
        "ません",
        "済",
        "不要",
    ];
    // `させていただく` is one's own doing, and what is asked for in letters of offices ends in `されたい`.
    let rest = rest.replace("させていただ", "します").replace("させて頂", "します");
    let rest = rest.replace("されたい", "ください").replace("されたく", "ください");
    OWN.iter().any(|word| rest.contains(word)) && !asks(&rest)
}
