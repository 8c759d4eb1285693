//! The hospital's decisions in force as a document for others: OpenVEX 0.2.0, or CSAF 2.0 of the profile VEX.
//!
//! Whoever decided, why, and on which devices stays here: only what VEX asks for goes out, of whole products. The same decisions on
//! the same day give the same bytes.

mod csaf;
mod openvex;

use domain::{Digest, msg};
use engine::vex::told::{Told, told};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use crate::{App, AppError};

/// What a document is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VexFormat {
    /// CSAF 2.0, profile 5, VEX (`csaf_vex`).
    Csaf,
    /// OpenVEX 0.2.0.
    OpenVex,
}

impl VexFormat {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Csaf, Self::OpenVex];

    /// Its word.
    pub fn key(self) -> &'static str {
        match self {
            Self::Csaf => "csaf",
            Self::OpenVex => "openvex",
        }
    }

    /// The one of this word.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.key() == key)
    }
}

/// Which document is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VexOrder {
    /// What it is written in.
    pub format: VexFormat,
    /// The day on which the decisions must be in force.
    pub date: Date,
    /// An address that is the hospital's own (CSAF 2.0, 3.2.1.8.5); where none is given, a name made of the hospital's name.
    pub namespace: Option<String>,
    /// Who publishes; the hospital by its name where nobody is given.
    pub publisher: Option<String>,
}

/// A document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VexDocument {
    /// A name for its file (CSAF 2.0, 5.1).
    pub name: String,
    /// The document.
    pub document: Value,
    /// How many statements it makes: one for each vulnerability and product.
    pub statements: u64,
    /// How many decisions in force are left out: those on some devices only, and those on products that are not named for sure.
    pub left_out: u64,
}

/// Who publishes, when and by which program.
struct Frame<'a> {
    facility: &'a str,
    namespace: String,
    /// The day, or the newest decision where that is later.
    at: Timestamp,
    date: Date,
    app: &'a App,
}

/// The program and its version, as documents name what made them.
const ENGINE: (&str, &str) = ("Mimawari", env!("CARGO_PKG_VERSION"));

impl App {
    /// The decisions in force as a document.
    ///
    /// # Errors
    ///
    /// [`AppError::Decision`] where the hospital has no name, the address is none, or there is nothing to tell; and what the store
    /// says.
    pub fn export_vex(&self, order: &VexOrder) -> Result<VexDocument, AppError> {
        let facility = match order.publisher.clone() {
            Some(given) => given,
            None => self.facility_name()?,
        };
        if facility.trim().is_empty() {
            return Err(AppError::Decision(msg!("app.vex_no_publisher")));
        }
        let book = self.weaknesses(order.date)?;
        let (told, left_out) = told(book.weaknesses());
        let Some(newest) = told.iter().map(|told| told.decision.at).max() else {
            return Err(AppError::Decision(msg!("app.vex_nothing", left_out = left_out)));
        };
        let frame = Frame {
            namespace: namespace(order, &facility)?,
            facility: &facility,
            at: midnight(order.date).max(newest),
            date: order.date,
            app: self,
        };
        let (name, document) = match order.format {
            VexFormat::Csaf => csaf::document(&frame, &told),
            VexFormat::OpenVex => openvex::document(&frame, &told),
        };
        Ok(VexDocument { name, document, statements: told.len() as u64, left_out })
    }
}

impl VexDocument {
    /// The document as it stands in its file.
    pub fn text(&self) -> String {
        format!("{:#}\n", self.document)
    }
}

/// When the day begins in Japan.
fn midnight(date: Date) -> Timestamp {
    engine::known::JAPAN.to_timestamp(date.at(0, 0, 0, 0)).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn namespace(order: &VexOrder, facility: &str) -> Result<String, AppError> {
    let Some(given) = order.namespace.as_deref().map(str::trim).filter(|url| !url.is_empty())
    else {
        return Ok(uuid(&Digest::of_parts([b"facility".as_slice(), facility.as_bytes()])));
    };
    let is_address = |rest: &str| {
        let fits = |c: char| c.is_ascii_graphic() && !"<>\"{}|\\^`".contains(c);
        !rest.is_empty() && rest.chars().all(fits)
    };
    let rest = given.strip_prefix("https://").or_else(|| given.strip_prefix("http://"));
    match rest.is_some_and(is_address) {
        true => Ok(given.to_owned()),
        false => Err(AppError::Decision(msg!("app.vex_namespace", text = given))),
    }
}

/// A name of the form for one's own use (RFC 9562, 5.8), made of a digest.
fn uuid(digest: &Digest) -> String {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ..] = digest.0;
    let bytes = [a, b, c, d, e, f, (g & 0x0f) | 0x80, h, (i & 0x3f) | 0x80, j, k, l, m, n, o, p];
    let mut name = "urn:uuid:".to_owned();
    for (place, byte) in bytes.iter().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            name.push('-');
        }
        name.push_str(&format!("{byte:02x}"));
    }
    name
}

/// The digest of all that a document tells.
fn digest(frame: &Frame<'_>, content: &Value) -> Digest {
    let (content, date) = (content.to_string(), frame.date.to_string());
    let parts = [frame.facility, &frame.namespace, &date, &content];
    Digest::of_parts(parts.map(str::as_bytes))
}

/// What is done, with the controls in words.
fn action(frame: &Frame<'_>, told: &Told<'_>) -> String {
    let decision = told.decision;
    if decision.controls.is_empty() {
        return decision.action.clone();
    }
    let texts = frame.app.catalogue();
    let word = |control: &domain::Control| texts.text(&format!("control.{}", control.key()));
    let controls: Vec<String> =
        decision.controls.iter().map(|control| word(control).into_owned()).collect();
    texts.say(&msg!("vex.action_with_controls", action = &decision.action, controls = controls))
}
