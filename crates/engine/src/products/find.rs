//! The table made ready, and the rows that a text means.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use domain::{ProductPart, ProductRow, ProductTable, VersionRule};

use super::version::without_mark;
use crate::lifecycle::token::{Piece, Token, folded, holds, pieces, tokens};

/// Two cells, the name and its version, as one text.
#[derive(Debug)]
pub(super) struct Text {
    /// As it was written.
    pub(super) shown: String,
    /// Both folded, a blank between them.
    pub(super) folded: String,
    /// Where the version's cell begins.
    pub(super) split: usize,
    pub(super) pieces: Vec<Piece>,
    /// The words and numbers of the pieces.
    pub(super) tokens: Vec<Token>,
}

impl Text {
    pub(super) fn new(name: &str, version: &str) -> Self {
        let shown: String =
            format!("{} {}", name.trim(), version.trim()).chars().take(300).collect();
        let name = folded(name.trim());
        let split = name.len() + 1;
        let folded = format!("{name} {}", folded(version.trim()));
        let pieces = pieces(&folded);
        let tokens = pieces.iter().map(|piece| piece.token.clone()).collect();
        Self { shown: shown.trim().to_owned(), folded, split, pieces, tokens }
    }

    /// The name's cell without its version, where that stands in it.
    pub(super) fn name_without(&self, version: Option<&Range<usize>>) -> String {
        let name = self.folded.get(..self.split.saturating_sub(1)).unwrap_or_default();
        let around = version.and_then(|at| Some((name.get(..at.start)?, name.get(at.end..)?)));
        match around {
            Some((before, after)) => format!("{} {after}", without_mark(before)),
            None => name.to_owned(),
        }
    }
}

/// What kind of writing it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    /// A model that is also the name of the product: `FortiGate`.
    Brand,
    /// A model, which another maker could use too.
    Model,
    /// The product's name.
    Full,
    /// A short name.
    Short,
}

#[derive(Debug)]
struct Writing {
    tokens: Vec<Token>,
    kind: Kind,
    row: usize,
}

/// A row with its words cut into tokens.
#[derive(Debug)]
pub(super) struct Row<'t> {
    pub(super) row: &'t ProductRow,
    releases: Vec<Vec<Token>>,
    makers: Vec<Vec<Token>>,
    /// Words that are its own: of its name, its vendors and its releases.
    own: HashSet<Token>,
}

/// A writing that stands in a text.
#[derive(Debug)]
pub(super) struct Hit {
    pub(super) rows: Vec<usize>,
    pub(super) kind: Kind,
    /// Where it stands in the folded text.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// What the releases and builds leave of the rows that share a writing.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Settled {
    One(usize),
    /// Several fit; whether the release would settle it, or only the product's full name.
    Several(Vec<usize>, bool),
    /// A release was written that no row lists.
    Unlisted(Vec<usize>),
}

/// What the maker of a device says of a row whose model fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Maker {
    Fits,
    Other,
    Unknown,
}

#[derive(Debug)]
pub(super) struct Ready<'t> {
    rows: Vec<Row<'t>>,
    /// By their first word, so that a text is compared with few of them.
    writings: HashMap<Token, Vec<Writing>>,
    beside: HashSet<Token>,
}

impl<'t> Ready<'t> {
    pub(super) fn new(table: &'t ProductTable) -> Self {
        let rows: Vec<Row<'t>> = table.rows.iter().map(Row::new).collect();
        let mut writings: HashMap<Token, Vec<Writing>> = HashMap::new();
        for (row, entry) in table.rows.iter().enumerate() {
            for (text, kind) in writings_of(entry) {
                let tokens = tokens(text);
                if let Some(first) = tokens.first().cloned() {
                    writings.entry(first).or_default().push(Writing { tokens, kind, row });
                }
            }
        }
        let beside = table.beside.iter().flat_map(|word| tokens(word)).collect();
        Self { rows, writings, beside }
    }

    pub(super) fn writings(&self, product: &str) -> Vec<&'t str> {
        let rows = self.rows.iter().filter(|row| row.row.name == product);
        rows.flat_map(|row| row.row.spellings.iter().chain(&row.row.models))
            .map(String::as_str)
            .collect()
    }

    pub(super) fn row(&self, index: usize) -> Option<&Row<'t>> {
        self.rows.get(index)
    }

    /// The only row that `fits`, and where it stands.
    pub(super) fn only(&self, fits: impl Fn(&ProductRow) -> bool) -> Option<(usize, &Row<'t>)> {
        let mut fitting = self.rows.iter().enumerate().filter(|(_, row)| fits(row.row));
        let only = fitting.next()?;
        fitting.next().is_none().then_some(only)
    }

    /// Whether any row `fits`.
    pub(super) fn has(&self, fits: impl Fn(&ProductRow) -> bool) -> bool {
        self.rows.iter().any(|row| fits(row.row))
    }

    /// The longest writing in `text` that `fits`; of two as long, the earlier.
    pub(super) fn find(&self, text: &Text, fits: impl Fn(&Row<'t>, Kind) -> bool) -> Option<Hit> {
        let starts = text.pieces.iter().enumerate();
        let found: Vec<(&Writing, usize)> = starts
            .filter_map(|(at, piece)| Some((at, self.writings.get(&piece.token)?)))
            .flat_map(|(at, writings)| writings.iter().map(move |writing| (writing, at)))
            .filter(|(writing, at)| writing.stands_at(text, *at, &self.beside))
            .filter(|(writing, _)| {
                self.rows.get(writing.row).is_some_and(|row| fits(row, writing.kind))
            })
            .collect();
        let rank = |(writing, at): &(&Writing, usize)| (Reverse(writing.tokens.len()), *at);
        let best = found.iter().map(rank).min()?;
        let mut found: Vec<_> = found.iter().filter(|hit| rank(hit) == best).collect();
        found.sort_by_key(|(writing, _)| (writing.row, writing.kind));
        found.dedup_by_key(|(writing, _)| writing.row);
        let (first, at) = found.first()?;
        let end = text.pieces.get(at + first.tokens.len() - 1)?.end;
        let kind = found.iter().map(|(writing, _)| writing.kind).max()?;
        let rows = found.iter().map(|(writing, _)| writing.row).collect();
        Some(Hit { rows, kind, start: text.pieces.get(*at)?.start, end })
    }

    /// What releases and builds in `text` leave of the rows of `hit`.
    pub(super) fn settle(&self, hit: &Hit, text: &Text) -> Settled {
        let rows = || hit.rows.iter().filter_map(|at| Some((*at, self.rows.get(*at)?)));
        let pick = |wanted: &dyn Fn(&Row<'_>) -> bool| -> Vec<usize> {
            rows().filter(|(_, row)| wanted(row)).map(|(at, _)| at).collect()
        };
        let named = pick(&|row| row.releases.iter().any(|release| holds(&text.tokens, release)));
        let by_release = rows().all(|(_, row)| !row.releases.is_empty());
        let picked = if named.is_empty() { pick(&|row| row.releases.is_empty()) } else { named };
        if let [one] = picked.as_slice() {
            return Settled::One(*one);
        }
        if !picked.is_empty() {
            return Settled::Several(picked, by_release);
        }
        let outside = |piece: &Piece| piece.end <= hit.start || piece.start >= hit.end;
        let number = |piece: &Piece| piece.token.is_number() && outside(piece);
        let hinted = pick(&|row| row.is_hinted_in(&text.tokens));
        if !hinted.is_empty() {
            return Settled::Several(hinted, true);
        }
        if text.pieces.iter().any(number) {
            Settled::Unlisted(hit.rows.clone())
        } else {
            Settled::Several(hit.rows.clone(), true)
        }
    }

    /// The rows whose build stands in `text`: `10.0.19045` names a release without naming the product.
    pub(super) fn by_build(&self, text: &Text) -> Vec<usize> {
        let stands = |row: &Row<'_>| match &row.row.version {
            VersionRule::Build(build) => tokens(build).first().is_some_and(|build| {
                build.is_kernel() && holds(&text.tokens, std::slice::from_ref(build))
            }),
            _ => false,
        };
        let rows = self.rows.iter().enumerate();
        rows.filter(|(_, row)| stands(row)).map(|(at, _)| at).collect()
    }

    /// Whether `maker`, as written, makes what the row is the firmware of.
    pub(super) fn maker(&self, row: &Row<'_>, maker: &str) -> Maker {
        let maker = tokens(maker);
        let fits = |row: &Row<'_>| row.makers.iter().any(|known| is_made_by(&maker, known));
        if fits(row) {
            Maker::Fits
        } else if self.rows.iter().any(fits) {
            Maker::Other
        } else {
            Maker::Unknown
        }
    }

    /// Words of the name's cell that are neither the product's nor such as stand beside any, outside `hit` and `version`.
    pub(super) fn other_words<'a>(
        &self,
        text: &'a Text,
        row: &Row<'_>,
        hit: &Hit,
        version: Option<&Range<usize>>,
    ) -> Vec<&'a str> {
        let inside =
            |piece: &Piece, start: usize, end: usize| piece.start >= start && piece.end <= end;
        let other = |piece: &&Piece| {
            let (letter, says) = match &piece.token {
                Token::Word(word) => (word.len() == 1, true),
                // A second year is a second product: 2016/2019.
                Token::Number(number) => (false, row.has_build() && is_year(number)),
            };
            says && !letter
                && piece.end < text.split
                && !inside(piece, hit.start, hit.end)
                && !version.is_some_and(|range| inside(piece, range.start, range.end))
                && !self.beside.contains(&piece.token)
                && !row.own.contains(&piece.token)
        };
        let other = text.pieces.iter().filter(other);
        other.filter_map(|piece| text.folded.get(piece.start..piece.end)).collect()
    }
}

impl Writing {
    fn stands_at(&self, text: &Text, at: usize, beside: &HashSet<Token>) -> bool {
        let Some(rest) = text.tokens.get(at..) else { return false };
        if !rest.starts_with(&self.tokens) {
            return false;
        }
        let Some(last) = text.pieces.get(at + self.tokens.len() - 1) else { return false };
        match self.kind {
            Kind::Brand | Kind::Full => true,
            Kind::Model => ends_at(&text.folded, last.end),
            // Another word makes another product of it: Apache Maven is no web server.
            Kind::Short => {
                let next = text.pieces.get(at + self.tokens.len());
                let next = next.filter(|next| next.start < text.split);
                next.is_none_or(|next| next.token.is_number() || beside.contains(&next.token))
            }
        }
    }
}

fn is_year(number: &str) -> bool {
    number.len() == 4 && number.starts_with("20")
}

/// Whether a maker's name holds a known one: シスコシステムズ is シスコ, and GEヘルスケア is GE.
fn is_made_by(maker: &[Token], known: &[Token]) -> bool {
    let begins = |own: &Token| match (own, known) {
        (Token::Word(own), [Token::Word(known)]) => {
            !known.is_ascii() && own.starts_with(known.as_str())
        }
        _ => false,
    };
    holds(maker, known) || maker.iter().any(begins)
}

/// Whether a model ends here: `LOGIQ e` does not stand in `LOGIQ E10`.
fn ends_at(text: &str, end: usize) -> bool {
    let next = text.get(end..).and_then(|rest| rest.chars().next());
    !next.is_some_and(char::is_alphanumeric)
}

fn writings_of(row: &ProductRow) -> impl Iterator<Item = (&str, Kind)> {
    let models = row.models.iter().map(|model| {
        let brand = row.spellings.contains(model);
        (model.as_str(), if brand { Kind::Brand } else { Kind::Model })
    });
    let full = row.spellings.iter().filter(|name| !row.models.contains(name));
    let full = full.map(|name| (name.as_str(), Kind::Full));
    models.chain(full).chain(row.short.iter().map(|name| (name.as_str(), Kind::Short)))
}

impl<'t> Row<'t> {
    pub(super) fn new(row: &'t ProductRow) -> Self {
        let cut = |texts: &[String]| texts.iter().map(|text| tokens(text)).collect::<Vec<_>>();
        let releases = cut(&row.releases);
        let makers = cut(&row.makers);
        let names = row.names.iter().flat_map(|name| tokens(name));
        let own =
            names.chain(tokens(&row.name)).chain(releases.iter().chain(&makers).flatten().cloned());
        Self { row, own: own.collect(), releases, makers }
    }

    /// Whether a word of its releases stands there without the rest: `LTSC` without its year.
    fn is_hinted_in(&self, words: &[Token]) -> bool {
        let long = |token: &&Token| matches!(token, Token::Word(word) if word.len() > 2);
        let mut hints = self.releases.iter().flatten().filter(long);
        hints.any(|hint| words.contains(hint))
    }

    fn has_build(&self) -> bool {
        matches!(self.row.version, VersionRule::Build(_))
    }

    pub(super) fn is_os(&self) -> bool {
        self.row.part == ProductPart::Os
    }

    pub(super) fn is_firmware(&self) -> bool {
        !self.row.models.is_empty()
    }
}
