//! What pages show of all that is derived, drawn at once: deriving the devices costs more than everything that is drawn of them.

use std::sync::Arc;

use jiff::civil::Date;

use crate::books::Books;
use crate::doubts::queue_of;
use crate::lists::lists_of;
use crate::roll::lines_of;
use crate::vitals::picture_of;
use crate::{App, AppError, Lines, Lists, Picture, QueueView, WeakBook};

/// What follows from the documents, from people's words on identity and from the zones, on one day. Whenever [`App::picture_mark`] is
/// the same, so is this.
#[derive(Debug)]
pub struct Drawing {
    /// The lists beside the devices.
    pub lists: Arc<Lists>,
    /// What the documents in force tell.
    pub picture: Arc<Picture>,
    /// The beginning of the queue, once for each of the languages asked for, in their order.
    pub queues: Vec<Arc<QueueView>>,
    /// The rows of the ledger.
    pub lines: Arc<Lines>,
    /// What is known of the weaknesses of all that runs.
    pub weaknesses: Arc<WeakBook>,
}

impl App {
    /// Draws all of it as it is on `today`, with the first `most` pairs of the queue as each of `speakers` says them.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn drawing(&self, speakers: &[App], most: usize, today: Date) -> Result<Drawing, AppError> {
        let books =
            self.facility()?.read(|view| Books::load(view)?.with_advisories(self, view, today))?;
        Ok(books.with_known(|known, derivation| Drawing {
            lists: Arc::new(lists_of(known)),
            picture: Arc::new(picture_of(known, &books, today)),
            queues: speakers
                .iter()
                .map(|app| Arc::new(queue_of(app, known, derivation, 0, most, today)))
                .collect(),
            lines: Arc::new(lines_of(known, today)),
            weaknesses: Arc::new(WeakBook::of(known)),
        }))
    }
}
