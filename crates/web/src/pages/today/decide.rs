//! Deciding about several findings at once, in two steps: which and what; then why, and until when.

use app::{Choice, FindingView, MOST_AT_ONCE};
use askama::Template;
use axum::Form;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::{Control, FindingKey, FindingState, Permission, msg};
use jiff::civil::Date;

use crate::answer::{Answer, go_and_say, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::pages::login::local;
use crate::problem::Problem;
use crate::routes::{Access, Route};

pub(super) fn routes() -> Vec<Route> {
    vec![Route::post("/findings/decide", Access::May(Permission::Work), decide)]
}

/// States that somebody can choose.
const STATES: [FindingState; 5] = [
    FindingState::InHand,
    FindingState::Accepted,
    FindingState::Mitigated,
    FindingState::NotAffected,
    FindingState::Open,
];

#[derive(Template)]
#[template(path = "today/decide.html")]
struct DecidePage {
    frame: Frame,
    typed: Typed,
    state: &'static str,
    findings: Vec<FindingView>,
    states: Vec<&'static str>,
    controls: Vec<&'static str>,
    problem: Option<String>,
}

/// What the form holds: fields may stand several times.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Typed {
    keys: Vec<String>,
    /// Rule and severity of whole groups, such as `NET001/urgent`.
    groups: Vec<String>,
    state: Option<FindingState>,
    until: String,
    reason: String,
    controls: Vec<Control>,
    next: String,
    /// Whether this is the second step: then everything must be there.
    is_whole: bool,
}

impl Typed {
    fn of(pairs: Vec<(String, String)>) -> Self {
        let mut typed = Self::default();
        for (name, value) in pairs {
            match name.as_str() {
                "keys" => typed.keys.push(value),
                "groups" => typed.groups.push(value),
                "state" => typed.state = FindingState::from_key(&value),
                "until" => typed.until = value,
                "reason" => {
                    typed.reason = value;
                    typed.is_whole = true;
                }
                "controls" => typed.controls.extend(Control::from_key(&value)),
                "next" => typed.next = value,
                _ => {}
            }
        }
        typed.next = local(&typed.next).to_owned();
        typed
    }

    fn has(&self, control: &str) -> bool {
        self.controls.iter().any(|known| known.key() == control)
    }
}

async fn decide(visitor: Visitor, Form(pairs): Form<Vec<(String, String)>>) -> Answer {
    let mut typed = Typed::of(pairs);
    expand(&visitor, &mut typed).await?;
    if typed.keys.is_empty() {
        return ask(&visitor, typed, Some(wrong(msg!("app.decide_none")))).await;
    }
    if !typed.is_whole && typed.state.is_some() {
        return ask(&visitor, typed, None).await;
    }
    let frame = visitor.frame("today").await?;
    let choice = match choice(&frame, &typed) {
        Ok(choice) => choice,
        Err(problem) => return ask(&visitor, typed, Some(problem)).await,
    };
    let keys = typed.keys.clone();
    match visitor.change(move |app, act| app.decide_many(&keys, &choice, act)).await {
        Ok(_) => go_and_say(&typed.next, "decided"),
        Err(problem) => ask(&visitor, typed, Some(problem)).await,
    }
}

/// Puts the findings of whole groups to those that were named one by one.
async fn expand(visitor: &Visitor, typed: &mut Typed) -> Result<(), Problem> {
    if typed.groups.is_empty() {
        return Ok(());
    }
    let board = visitor.desk.board(visitor.who()?.seen).await?;
    for group in std::mem::take(&mut typed.groups) {
        let Some((rule, severity)) = group.split_once('/') else { continue };
        let of_group = board
            .open()
            .filter(|row| row.rule == rule && row.severity.key() == severity)
            .map(|row| row.key().to_string());
        typed.keys.extend(of_group);
    }
    typed.keys.sort();
    typed.keys.dedup();
    Ok(())
}

fn choice(frame: &Frame, typed: &Typed) -> Result<Choice, Problem> {
    let state = typed.state.ok_or_else(|| wrong(msg!("web.decide.no_state")))?;
    let until = match typed.until.trim() {
        "" => None,
        written => {
            let day = written.parse::<Date>();
            Some(day.map_err(|_| wrong(msg!("web.decide.no_day", text = written)))?)
        }
    };
    if state == FindingState::Accepted && until.is_none() {
        return Err(wrong(msg!("web.decide.no_until")));
    }
    let reason = typed.reason.trim();
    if state != FindingState::Mitigated {
        return Ok(Choice { state, until, reason: reason.to_owned() });
    }
    if typed.controls.is_empty() {
        return Err(wrong(msg!("web.decide.no_control")));
    }
    // Which controls they are stands in the reason, in words: that is what is read a year later.
    let words = typed.controls.iter().map(|control| frame.word("control", control.key()));
    let words: Vec<String> = words.map(std::borrow::Cow::into_owned).collect();
    let reason = match reason {
        "" => String::new(),
        reason => frame.say(&msg!("web.decide.with_controls", controls = words, reason = reason)),
    };
    Ok(Choice { state, until, reason })
}

fn wrong(message: domain::Message) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, message)
}

/// The page that asks for what is still missing, with everything that was typed.
async fn ask(visitor: &Visitor, typed: Typed, problem: Option<Problem>) -> Answer {
    let today = visitor.desk.today();
    let keys: Vec<FindingKey> =
        typed.keys.iter().take(MOST_AT_ONCE).filter_map(|key| key.parse().ok()).collect();
    let findings = visitor.read(move |app| app.findings_by_key(&keys, today)).await?;
    let frame = visitor.frame("today").await?;
    let status = problem.as_ref().map_or(StatusCode::OK, |problem| problem.status);
    let shown = page(&DecidePage {
        problem: problem.map(|problem| frame.say(&problem.message)),
        state: typed.state.map_or("", FindingState::key),
        frame,
        typed,
        findings,
        states: STATES.iter().map(|state| state.key()).collect(),
        controls: Control::ALL.iter().map(|control| control.key()).collect(),
    })?;
    Ok((status, shown).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_may_stand_several_times_and_strange_ones_are_passed_over() {
        let pairs = [
            ("keys", "a"),
            ("keys", "b"),
            ("controls", "vpn"),
            ("controls", "nothing"),
            ("state", "accepted"),
            ("next", "//evil.example"),
            ("x", "y"),
        ];
        let typed =
            Typed::of(pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect());
        assert_eq!(typed.keys, ["a", "b"]);
        assert_eq!(typed.controls, [Control::Vpn]);
        assert_eq!((typed.state, typed.next.as_str()), (Some(FindingState::Accepted), "/"));
        assert!(!typed.is_whole);
    }
}
