//! What is kept open from file to file, and what follows from each.

use domain::{Import, ImportState};
use engine::{Growing, Growth};

use super::Step;
use crate::AppError;
use crate::books::Books;
use crate::collector::Folders;
use crate::devices::{self, Changes, Compared};
use crate::preview::Rehearsal;

/// The books and the devices that followed from them, kept open from file to file.
#[derive(Default)]
pub(crate) struct Hall {
    books: Option<Books>,
    pub(super) grown: Option<Growing>,
    /// The number of the record's last entry when they were left.
    head: u64,
    /// The folders of the collecting script that this import has met.
    pub(super) folders: Folders,
    /// No other file follows: nothing need be kept open.
    pub(crate) closes: bool,
    /// Nothing is stored; what would follow is found out in the end, for all files together.
    pub(crate) rehearsal: Option<Rehearsal>,
}

/// Books and what follows from them, where that was found out.
pub(super) type Opened = (Books, Option<Growing>);

/// What follows from an import.
pub(super) struct Followed {
    pub(super) grown: Option<Growing>,
    pub(super) growth: Option<Growth>,
}

impl Hall {
    /// The books as they are in `view`. What followed from them stays only where nobody else has changed them.
    pub(super) fn open(&mut self, view: &store::View) -> Result<Books, AppError> {
        if let Some(books) = self.books.take()
            && (view.audit_head()?.0 == self.head || is_current(&books, view)?)
        {
            return Ok(books);
        }
        self.grown = None;
        Books::load(view)
    }

    /// Keeps these open for the next file, where one follows; gives what nobody needs any more. `head` will be the number of the
    /// record's last entry.
    pub(super) fn leave(
        &mut self,
        books: Books,
        grown: Option<Growing>,
        head: u64,
    ) -> Option<Opened> {
        if self.closes {
            return Some((books, grown));
        }
        (self.books, self.grown, self.head) = (Some(books), grown, head);
        None
    }
}

/// Whether another process has changed nothing of what `books` hold: something was recorded since the last file.
fn is_current(books: &Books, view: &store::View) -> Result<bool, AppError> {
    let imports = view.imports()?;
    let active = imports.iter().filter(|import| import.state == ImportState::Active);
    Ok(active.map(|import| import.id).eq(books.imports.iter().map(|import| import.id))
        && view.identity_decisions()? == books.decisions
        && view.zones()? == books.zones)
}

/// Writes the observations that `import` brought into `books`, from the place `before` on, and the devices that follow; `earlier` is what
/// followed before it.
pub(super) fn follow(
    change: &mut store::Change,
    books: &Books,
    import: &Import,
    before: usize,
    earlier: Option<Growing>,
    progress: &mut dyn FnMut(Step),
) -> Result<(Changes, Followed), AppError> {
    let arrived = books.observations.get(before..).unwrap_or_default();
    // What arrived is written down while another thread finds out what follows from it.
    let (grown, growth) = std::thread::scope(|scope| {
        let deriving = scope.spawn(|| grow(books, earlier));
        let arrived = arrived.iter().map(|recorded| &recorded.observation);
        let written = change.add_observations(import.id, arrived);
        let derived = deriving.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        written.map(|()| derived)
    })?;
    progress(Step::Storing);
    let compared = match &growth {
        Some(growth) => Compared::grown(&grown, growth),
        None => Compared::whole(change.view(), grown.derivation())?,
    };
    let changes = books.with_derivation(grown.derivation(), |known| {
        devices::write(change, known, grown.derivation(), compared)
    })?;
    Ok((changes, Followed { grown: Some(grown), growth }))
}

/// What follows from `books`, and what that changed where it is known what followed before.
fn grow(books: &Books, earlier: Option<Growing>) -> (Growing, Option<Growth>) {
    let Some(mut growing) = earlier else { return (Growing::of(&books.world()), None) };
    let growth = growing.grow(&books.world());
    (growing, growth)
}
