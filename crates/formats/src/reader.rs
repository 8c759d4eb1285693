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

/// Reads one text format.
///
/// The encoding, the line ends and the warnings of the decoding are filled in by [`crate::registry::read`].
pub trait Reader: Sync {
    /// What it reads, such as `windows-arp`; the [`Reading::kind`] it gives.
    fn kind(&self) -> &'static str;

    /// How sure it is that the text is its own, by content alone.
    fn recognise(&self, head: &Head<'_>) -> Score;

    /// Everything the text says.
    ///
    /// # Errors
    ///
    /// A refusal only where nothing of it can be read; a broken row is a warning.
    fn read(&self, input: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal>;
}
