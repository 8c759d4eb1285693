//! What pages show of all that is derived, drawn at once: deriving the devices costs more than everything that is drawn of them.

use std::sync::Arc;
use std::thread::ScopedJoinHandle;

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
        // A thread of its own: what is freed while it draws, which is several times what it leaves, goes back to the system when it
        // ends, and not when a thread that waits for more to do is given up.
        std::thread::scope(|scope| joined(scope.spawn(|| self.draw(speakers, most, today))))
    }

    fn draw(&self, speakers: &[App], most: usize, today: Date) -> Result<Drawing, AppError> {
        let books =
            self.facility()?.read(|view| Books::load(view)?.with_advisories(self, view, today))?;
        self.store.shrink()?;
        Ok(books.with_known(|known, derivation| {
            let queue = |app| Arc::new(queue_of(app, known, derivation, 0, most, today));
            // None of them needs another: they are drawn on as many cores as there are.
            std::thread::scope(|scope| {
                let lists = scope.spawn(|| Arc::new(lists_of(known)));
                let picture = scope.spawn(|| Arc::new(picture_of(known, &books, today)));
                let weaknesses = Arc::new(WeakBook::of(known, &books));
                Drawing {
                    weaknesses,
                    queues: speakers.iter().map(queue).collect(),
                    lines: Arc::new(lines_of(known, today)),
                    lists: joined(lists),
                    picture: joined(picture),
                }
            })
        }))
    }
}

/// What a thread has drawn.
fn joined<T>(drawing: ScopedJoinHandle<'_, T>) -> T {
    drawing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
