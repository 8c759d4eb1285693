//! AVP005: the engine of a device's protection is older than the others'.

use std::collections::BTreeMap;

use domain::{Field, Severity, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said};
use crate::known::{Chart, Known};
use crate::protection::{Report, numbers};

/// What is compared: engines of one product in one list.
type Product = (domain::ImportId, String);

/// One finding for each device whose engine is older than the newest, where the newest is on at least half of them: while a new
/// engine is being given out, nobody is behind.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    for engines in products(known).into_values() {
        let Some(newest) = engines.iter().map(|(.., engine)| numbers(engine)).max() else {
            continue;
        };
        let settled = engines.iter().filter(|(.., engine)| numbers(engine) == newest).count();
        let shown = engines.iter().find(|(.., engine)| numbers(engine) == newest);
        let Some((.., shown)) = shown.filter(|_| settled * 2 >= engines.len()) else { continue };
        for (chart, report, engine) in engines.iter().filter(|(.., e)| numbers(e) < newest) {
            findings.add(
                Subject::Device(chart.device.id),
                Said {
                    severity: Severity::Warning,
                    device: Some(chart.device.id),
                    title: msg!("AVP005.title", device = chart.label(), engine = *engine),
                    reason: msg!("AVP005.reason", newest = *shown, count = settled),
                    remedy: match chart.is_medical() {
                        true => msg!("AVP005.remedy_medical"),
                        false => msg!("AVP005.remedy"),
                    },
                    evidence: vec![report.at],
                    rests_on: vec![(*engine).to_owned()],
                },
            );
        }
    }
}

fn products<'k>(known: &'k Known<'_>) -> BTreeMap<Product, Vec<(Chart<'k>, Report<'k>, &'k str)>> {
    let mut products: BTreeMap<Product, Vec<(Chart<'k>, Report<'k>, &'k str)>> = BTreeMap::new();
    for chart in known.charts().filter(|chart| !chart.is_retired()) {
        let Some(report) = Report::of(&chart).filter(Report::is_from_a_console) else {
            continue;
        };
        let engine = report.value(Field::EngineVersion).filter(|text| !numbers(text).is_empty());
        let Some(engine) = engine else { continue };
        let product = report.value(Field::ProtectionProduct).unwrap_or_default().to_owned();
        products.entry((report.at.import, product)).or_default().push((chart, report, engine));
    }
    products
}
