//! Scanners (脆弱性診断, ポートスキャン): the hosts they found, and what they say of them.

mod banners;
mod hosts;
mod mask;
pub mod nessus;
pub mod nmap;
pub mod openvas;
mod targets;
mod xml;

use domain::{ObservationKind, Place, msg};

use self::xml::{Fault, Xml};
use crate::network::mask::Masked;
use crate::reader::{Head, Reader};
use crate::reading::{Input, Reading, Refusal};
use crate::text::{self, Text, excerpt};

/// What a report that did not come to its end means: a refusal where it is hostile or holds nothing.
fn judge_end(input: &Input<'_>, reading: &mut Reading, xml: &mut Xml<'_>) -> Result<(), Refusal> {
    let file = || excerpt(input.name);
    let line = xml.line();
    match xml.fault() {
        None => Ok(()),
        Some(Fault::Entities) => {
            Err(Refusal { message: msg!("scan.refused_entities", file = file()) })
        }
        Some(Fault::TooDeep) => Err(Refusal { message: msg!("scan.refused_deep", file = file()) }),
        Some(Fault::Broken) => {
            reading.warn(Place::line(line), msg!("scan.cut"));
            Ok(())
        }
    }
}

/// A report without what the scan was given to log in with; for what is kept of it.
pub(crate) fn masked(source: &str) -> Masked {
    mask::report(source)
}

/// Reads any bytes as `reader`'s format, whether it is or not, and checks what must hold of every report.
fn fuzz_reader(reader: &dyn Reader, bytes: &[u8]) {
    let Ok(text) = text::decode(bytes) else { return };
    let _ = reader.recognise(&Head::of(&text));
    let input = Input { name: "fuzz", bytes, mapping: None, machine: None };
    let Ok(reading) = reader.read(&input, &text) else { return };
    check(&reading);
    // The copy that is kept must read as the report does.
    let copy = Text { body: masked(&text.body).text.into(), ..text.clone() };
    let again = reader.read(&input, &copy).map(|reading| reading.observations.len());
    assert_eq!(again, Ok(reading.observations.len()));
}

/// Every item has its host before it, and every host something to know it by.
fn check(reading: &Reading) {
    let mut seen_host = false;
    for said in &reading.observations {
        let is_host = said.kind == ObservationKind::ScanHost;
        seen_host |= is_host;
        assert!(seen_host, "{said:?}");
        let named =
            !said.bindings.is_empty() || said.facts.value(domain::Field::Hostname).is_some();
        assert!(named || !is_host, "{said:?}");
    }
}
