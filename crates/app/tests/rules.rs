//! Every rule has its words, and every such word has its rule.

use std::collections::BTreeSet;

use engine::RULES;
use reference::texts::{Catalogue, Language};

#[test]
fn every_rule_can_be_explained_in_both_languages() {
    for language in Language::ALL {
        let catalogue = Catalogue::load(language);
        let begins = |prefix: &str| catalogue.keys().any(|key| key.starts_with(prefix));
        for rule in RULES {
            for part in ["name", "why", "clause"] {
                let key = format!("rule.{}.{part}", rule.code);
                assert!(catalogue.knows(&key), "{key} has no text in {}", language.code());
            }
            for part in ["title", "reason", "remedy"] {
                let key = format!("{}.{part}", rule.code);
                assert!(begins(&key), "{key} has no text in {}", language.code());
            }
        }
    }
}

#[test]
fn every_text_of_a_rule_belongs_to_a_rule_there_is() {
    let codes: BTreeSet<&str> = RULES.iter().map(|rule| rule.code.as_str()).collect();
    let catalogue = Catalogue::load(Language::Ja);
    for key in catalogue.keys() {
        let owner = key.strip_prefix("rule.").unwrap_or(key).split('.').next().unwrap_or_default();
        let is_code = owner.len() == 6 && owner.bytes().take(3).all(|b| b.is_ascii_uppercase());
        assert!(!is_code || codes.contains(owner), "{key} belongs to no rule");
    }
}

#[test]
fn codes_are_a_family_and_a_number_in_order_and_each_once() {
    let codes: Vec<&str> = RULES.iter().map(|rule| rule.code.as_str()).collect();
    assert!(codes.is_sorted_by(|one, other| one < other), "{codes:?}");
    for code in codes {
        let (family, number) = code.split_at(3);
        let families = ["ACC", "AVP", "BKP", "CNX", "FWU", "LED", "LIF", "NET", "SCN", "VUL"];
        assert!(families.contains(&family), "{code}");
        assert!(number.len() == 3 && number.bytes().all(|b| b.is_ascii_digit()), "{code}");
    }
}

#[test]
fn a_rule_is_explained_with_every_remedy_it_can_give() {
    for language in Language::ALL {
        let explained = app::rules(&Catalogue::load(language));
        assert_eq!(explained.len(), RULES.len());
        for rule in explained {
            let shown = [&rule.name, &rule.why, &rule.clause].into_iter().chain(&rule.remedies);
            for text in shown {
                assert!(!text.starts_with('[') && !text.is_empty(), "{} {text}", rule.code);
            }
            assert!(!rule.remedies.is_empty(), "{}", rule.code);
        }
    }
}

#[test]
fn guideline_chapters_are_cited_with_their_edition() {
    for (language, guideline, editions) in [
        (Language::Ja, "安全管理に関するガイドライン", &["第5.2版", "第6.0版", "第7.0版"]),
        (Language::En, "Guideline", &["edition 5.2", "edition 6.0", "edition 7.0"]),
    ] {
        for rule in app::rules(&Catalogue::load(language)) {
            let cited = rule.clause.contains(guideline);
            let told = editions.iter().any(|edition| rule.clause.contains(edition));
            assert!(!cited || told, "{} {}", rule.code, rule.clause);
        }
    }
}
