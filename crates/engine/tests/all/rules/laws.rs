//! Laws of rules: what must hold for any hospital whatever.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::Index;
use testkit::Hospital;

use super::feeds::Hand;
use super::{line, look_with};
use crate::hospitals::hospital;

/// What is said of the software that the hospitals run: one name that is sure, and one that is a name alone.
const FEEDS: &str = "nvd CVE-1 a:maker:viewer <2 score=70
    osv CVE-2 name=x <2
    newest nvd 2020-01-01";

fn hand() -> Hand {
    Hand::read(FEEDS)
}

/// Every finding by what does not depend on the numbers of imports: words, values, places it rests on, and basis.
fn describe(hospital: &Hospital, day: &str) -> Vec<String> {
    look_with(hospital, &hand(), day, |known, findings| {
        let described = findings.iter().map(|finding| {
            let places: BTreeSet<String> =
                finding.evidence.iter().map(|at| hospital.name(*at)).collect();
            format!(
                "{} {} {:?} {:?} {:?} {:?} {places:?} {}",
                finding.key,
                line(known, finding),
                finding.device,
                finding.title.args,
                finding.reason.args,
                finding.remedy.args,
                finding.basis,
            )
        });
        described.collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn findings_do_not_depend_on_the_order_of_import(text in hospital(), seed in any::<[Index; 6]>()) {
        let hospital = Hospital::read(&text);
        let mut order: Vec<usize> = (0..hospital.imports.len()).collect();
        for (index, other) in seed.iter().enumerate().take(order.len()) {
            let other = other.index(order.len());
            order.swap(index, other);
        }
        let shuffled = hospital.renumbered(&order);
        prop_assert_eq!(describe(&hospital, "2025-11-20"), describe(&shuffled, "2025-11-20"), "{:?}", order);
    }

    #[test]
    fn every_finding_names_what_there_is(text in hospital(), year in 2020..2030i16) {
        let hospital = Hospital::read(&text);
        look_with(&hospital, &hand(), &format!("{year}-11-20"), |known, findings| {
            let mut keys = BTreeSet::new();
            for finding in &findings {
                prop_assert!(keys.insert(finding.key.clone()), "{} twice", finding.key);
                prop_assert_eq!(finding.key.to_string().parse(), Ok(finding.key.clone()));
                prop_assert!(finding.device.is_none_or(|id| known.chart(id).is_some()));
                if let domain::Subject::Device(id) = finding.key.subject {
                    prop_assert!(known.chart(id).is_some_and(|chart| chart.device.id == id));
                }
                // That data is missing or old stands in no document.
                let is_of_data = finding.key.rule == "VUL006";
                prop_assert!(is_of_data || !finding.evidence.is_empty(), "{} rests on nothing", finding.key);
                for at in &finding.evidence {
                    prop_assert!(known.world.observation(*at).is_some(), "{} rests on {:?}", finding.key, at);
                }
                let once: BTreeSet<_> = finding.evidence.iter().collect();
                prop_assert_eq!(once.len(), finding.evidence.len(), "{} names a place twice", finding.key);
            }
            Ok(())
        })?;
    }

    #[test]
    fn the_same_evidence_twice_finds_nothing_more(text in hospital(), again in any::<Index>()) {
        let hospital = Hospital::read(&text);
        let again = domain::ImportId(again.index(hospital.imports.len()) as u32 + 1);
        let twice = hospital.with_again(again);
        prop_assert_eq!(describe(&hospital, "2025-11-20"), describe(&twice, "2025-11-20"));
    }
}
