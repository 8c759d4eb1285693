//! What every reader of a text format does.

use crate::reading::{Input, Reading, Refusal, Score};
use crate::text::{Line, Text, lines};

/// The beginning of a text, as readers look at it to tell whether it is theirs.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    /// At most [`crate::text::HEAD_BYTES`]; the last line may be cut.
    pub text: &'a str,
}

impl<'a> Head<'a> {
    /// The beginning of `text`.
    pub fn of(text: &'a Text<'_>) -> Self {
        Self { text: text.head() }
    }

    /// Its lines.
    pub fn lines(self) -> impl Iterator<Item = Line<'a>> {
        lines(self.text)
    }

    /// The best score that any of its lines gets.
    pub fn best_line(self, score: impl Fn(&str) -> Score) -> Score {
        let mut best = Score::No;
        for line in self.lines() {
            best = best.max(score(line.text));
            if best == Score::Certain {
                break;
            }
        }
        best
    }
}

/// Whether documents of a format may carry secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secrets {
    /// They are no device's configuration; the document is kept as it is.
    Never,
    /// Where one was found, a masked copy is kept; the document otherwise.
    WhereFound,
    /// It is markup, which is read as it is; where a secret was found, a masked copy is kept.
    InMarkup,
    /// Always a masked copy.
    Always,
}

/// Reads one text format.
///
/// The encoding, the line ends and the warnings of the decoding are filled in by [`crate::registry::read`].
pub trait Reader: Sync {
    /// What it reads, such as `windows-arp`; the [`Reading::kind`] it gives.
    fn kind(&self) -> &'static str;

    /// How sure it is that the text is its own, by content alone.
    fn recognise(&self, head: &Head<'_>) -> Score;

    /// Whether it may carry secrets. Where it may, [`Reader::read`] is given the masked text.
    ///
    /// Whoever keeps a screen's text may have typed more than this reader knows: so every text of lines may. Documents of markup
    /// would fall apart.
    fn secrets(&self) -> Secrets {
        Secrets::WhereFound
    }

    /// Everything the text says.
    ///
    /// # Errors
    ///
    /// A refusal only where nothing of it can be read; a broken row is a warning.
    fn read(&self, input: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal>;
}
