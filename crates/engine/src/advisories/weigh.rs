//! What of a match weighs: one score out of many, and what is known of attacks.
//!
//! Parties rate one vulnerability differently, and in several versions of CVSS. Shown are all of them; the order of work takes the
//! highest base score of the newest version that anybody gave, since each version was made to mend the one before (FIRST, *CVSS v4.0
//! User Guide*, 1), and of two opinions the graver one costs less when it is wrong. What a publisher says of the exploitation moves
//! nothing: it was written once, and the catalogue of known exploited ones, SSVC and EPSS are newer words on it.

use domain::advisory::Rating;
use notation::cvss::Further;

use super::judge::{Match, Scored};

/// The score that counts for the order of work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weight {
    /// The base score in tenths; none where those who rated gave a word alone.
    pub score: Option<u8>,
    /// What becomes of it with what those who gave it say beside it.
    pub further: Further,
    /// What it counts for in the order of work: the score, or the least one that the word may stand for.
    pub rank: u8,
    /// The word for it, in lower case: `none`, `low`, `medium`, `high`, `critical`.
    pub severity: String,
}

/// From which score on a weakness is critical, in tenths (FIRST, *CVSS v3.1 Specification*, 5; *v4.0*, 6).
pub const CRITICAL: u8 = 90;

impl Match {
    /// The score that counts; none where nobody gave one that can be read.
    pub fn weight(&self) -> Option<Weight> {
        let scored = self.ratings.iter().filter(|rated| rated.score.is_some());
        let Some(newest) = scored.map(edition).max() else { return self.weight_by_word() };
        let of_newest = || self.ratings.iter().filter(|rated| edition(rated) == newest);
        let gravest = of_newest().max_by_key(|rated| rated.score)?;
        let score = gravest.score?;
        let alike = of_newest().filter(|rated| rated.score == Some(score));
        let further = alike.map(|rated| rated.further).fold(Further::default(), Further::higher);
        let severity = gravest.severity.as_deref().map(str::to_lowercase);
        let severity = severity.unwrap_or_else(|| word(score).to_owned());
        Some(Weight { score: Some(score), further, rank: score, severity })
    }

    /// The gravest of the words, where nobody gave a score: GitHub and makers do so at times.
    fn weight_by_word(&self) -> Option<Weight> {
        let words = self.ratings.iter().filter_map(|rated| rated.severity.as_deref());
        let graver = |word: &str| {
            let severity = known_word(word)?;
            let rank = least(severity)?;
            let further = Further::default();
            Some(Weight { score: None, further, rank, severity: severity.to_owned() })
        };
        words.filter_map(graver).max_by_key(|weight| weight.rank)
    }

    /// Whether it can be attacked over a network, by the vectors of those who rated it; none where no vector says.
    pub fn is_over_network(&self) -> Option<bool> {
        let vectors: Vec<&str> =
            self.ratings.iter().filter_map(|rated| vector(&rated.rating)).collect();
        let over = |vector: &&str| vector.split('/').any(|metric| metric == "AV:N");
        (!vectors.is_empty()).then(|| vectors.iter().any(over))
    }
}

/// The place of a rating's version among those of CVSS: a score without a vector stands before all of them.
fn edition(rated: &Scored) -> u8 {
    match vector(&rated.rating).map(|vector| vector.get(..8).unwrap_or(vector)) {
        None => 0,
        Some("CVSS:4.0") => 4,
        Some("CVSS:3.1" | "CVSS:3.0") => 3,
        Some(_) => 2,
    }
}

fn vector(rating: &Rating) -> Option<&str> {
    rating.vector.as_deref()
}

/// A word of a party in those of CVSS. GitHub and others say `moderate`, Microsoft `important`.
fn known_word(word: &str) -> Option<&'static str> {
    Some(match word.to_lowercase().as_str() {
        "none" => "none",
        "low" => "low",
        "medium" | "moderate" => "medium",
        "high" | "important" => "high",
        "critical" => "critical",
        _ => return None,
    })
}

/// The least score, in tenths, that is called so in CVSS 3.0 and later.
fn least(word: &str) -> Option<u8> {
    (0..=100).find(|score| self::word(*score) == word)
}

/// The grade of a score in tenths, from 0 to 4: the bounds of CVSS 3.0 and later (FIRST, *CVSS v3.1 Specification*, 5; *v4.0*, 6).
pub(crate) fn grade(score: u8) -> u8 {
    match score {
        0 => 0,
        1..40 => 1,
        40..70 => 2,
        70..CRITICAL => 3,
        _ => 4,
    }
}

/// The scale of CVSS 3.0 and later, where nobody gave a word.
fn word(score: u8) -> &'static str {
    match grade(score) {
        0 => "none",
        1 => "low",
        2 => "medium",
        3 => "high",
        _ => "critical",
    }
}

#[cfg(test)]
mod tests {
    use notation::cvss::Score;

    use super::*;

    fn rated(vector: Option<&str>, score: u8, severity: Option<&str>) -> Scored {
        let rating = Rating {
            by: None,
            vector: vector.map(str::to_owned),
            score: Some(score),
            word: None,
            claims: Vec::new(),
        };
        Scored {
            rating,
            score: Some(score),
            severity: severity.map(str::to_owned),
            further: Further::default(),
            computed: vector.is_some(),
        }
    }

    fn matched(ratings: Vec<Scored>) -> Match {
        Match {
            vulnerability: super::super::index::Vulnerability {
                id: "CVE-2024-1".to_owned(),
                numbers: vec!["CVE-2024-1".to_owned()],
                exploited: None,
                forecast: None,
                ssvc: None,
            },
            affected: None,
            statements: Vec::new(),
            fixed: Vec::new(),
            ratings,
        }
    }

    fn weight(score: Option<u8>, rank: u8, severity: &str) -> Weight {
        Weight { score, further: Further::default(), rank, severity: severity.to_owned() }
    }

    #[test]
    fn what_is_said_of_the_exploitation_stands_beside_the_score_and_moves_nothing() {
        let of = |vector: &str| {
            let rating = Rating { score: None, ..rated(Some(vector), 0, None).rating };
            super::super::judge::scored(rating)
        };
        let plain = "CVSS:3.1/AV:L/AC:H/PR:L/UI:N/S:U/C:H/I:H/A:H";
        let one = matched(vec![
            of(&format!("{plain}/E:F/RL:O/RC:C")),
            of(plain),
            of(&format!("{plain}/E:U/RL:O/RC:C")),
            of("CVSS:3.1/AV:L/AC:H/PR:L/UI:N/S:U/C:H/I:H/A:L/E:H"),
        ]);
        let weight = one.weight().unwrap();
        assert_eq!((weight.score, weight.rank, weight.severity.as_str()), (Some(70), 70, "high"));
        let told = weight.further.temporal.map(Score::tenths);
        assert_eq!(told, Some(65), "the higher of those that go with the score that counts");
        assert_eq!(weight.further.environmental, None);
    }

    #[test]
    fn the_gravest_of_the_newest_version_counts() {
        let old = "AV:N/AC:L/Au:N/C:C/I:C/A:C";
        let third = "CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
        let ratings = vec![
            rated(Some(old), 100, Some("HIGH")),
            rated(Some(third), 84, Some("HIGH")),
            rated(Some("CVSS:3.0/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H"), 78, Some("HIGH")),
            rated(None, 99, None),
        ];
        let one = matched(ratings);
        assert_eq!(one.weight(), Some(weight(Some(84), 84, "high")));
        assert_eq!(one.is_over_network(), Some(true), "version 2 says so");
    }

    #[test]
    fn a_score_without_a_vector_counts_where_there_is_no_other() {
        let one = matched(vec![rated(None, 90, None), rated(None, 39, None)]);
        assert_eq!(one.weight(), Some(weight(Some(90), 90, "critical")));
        assert_eq!(one.is_over_network(), None);
        assert_eq!(matched(Vec::new()).weight(), None);
    }

    #[test]
    fn words_count_where_nobody_gave_a_score() {
        let said = |word: &str| Scored { score: None, ..rated(None, 0, Some(word)) };
        let one = matched(vec![said("MODERATE"), said("Important"), said("whatever")]);
        assert_eq!(one.weight(), Some(weight(None, 70, "high")));
        assert_eq!(matched(vec![said("whatever")]).weight(), None);
        let scored = matched(vec![said("CRITICAL"), rated(None, 20, None)]);
        assert_eq!(scored.weight().unwrap().rank, 20, "a score goes before a word");
    }
}
