//! Long work: one thread reads and imports what stands in the inbox, one upload after another, and looks into the drop folder;
//! another takes in vulnerability data, which takes minutes for which nobody's ledger should wait.
//!
//! What is to be done stands in the data folder, not here: after a restart the work goes on where it was.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::{App, DeliveryWork, DropMemory, Working};
use domain::msg;

use crate::Desk;

/// How often the drop folder is looked into.
const EVERY: Duration = Duration::from_secs(60);

/// What wakes a thread that waits for work.
#[derive(Debug, Default)]
struct Bell {
    waits: Mutex<bool>,
    bell: Condvar,
}

impl Bell {
    /// Says that there is something to do.
    fn ring(&self) {
        *self.waits.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.bell.notify_one();
    }

    /// Waits until there is something to do; false where for as long as `most` there was not, so that it is time to look into the
    /// drop folder.
    fn wait(&self, most: Duration) -> bool {
        let waits = self.waits.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.bell.wait_timeout_while(waits, most, |waits| !*waits);
        let (mut waits, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        *waits = false;
        !timeout.timed_out()
    }
}

/// The work that waits, and what is being done.
#[derive(Debug, Default)]
pub(crate) struct Jobs {
    uploads: Bell,
    deliveries: Bell,
    working: Mutex<Option<Working>>,
    delivering: Mutex<Option<DeliveryWork>>,
}

impl Jobs {
    /// Says that an upload waits.
    pub(crate) fn ring(&self) {
        self.uploads.ring();
    }

    /// Says that vulnerability data waits.
    pub(crate) fn ring_for_delivery(&self) {
        self.deliveries.ring();
    }

    fn delivering(&self) -> MutexGuard<'_, Option<DeliveryWork>> {
        self.delivering.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is being done with vulnerability data.
    pub(crate) fn delivery(&self) -> Option<DeliveryWork> {
        self.delivering().clone()
    }

    fn working(&self) -> MutexGuard<'_, Option<Working>> {
        self.working.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How far the work on `upload` is, where it is being worked on.
    pub(crate) fn progress(&self, upload: &str) -> Option<Working> {
        self.working().clone().filter(|working| working.upload == upload)
    }
}

impl Desk {
    /// Does all the work that waits: what the working thread does, for who has no such thread.
    pub fn work(&self) {
        let app = self.app(self.config().language);
        while self.work_once(&app) {}
        while self.deliver_once(&app) {}
    }

    /// Starts the working threads. They end with the process; whatever they were doing then is done again or was not begun.
    pub(crate) fn start_working(&self) -> std::io::Result<()> {
        let desk = self.clone();
        let work = move || {
            let app = desk.app(desk.config().language);
            app.clear_inbox(desk.now());
            let mut drop_memory = DropMemory::default();
            while desk.work_once(&app) {}
            desk.look_into_drop_folder(&app, &mut drop_memory);
            loop {
                desk.work_when_due(&app, &mut drop_memory, EVERY);
            }
        };
        let desk = self.clone();
        let deliver = move || {
            let app = desk.app(desk.config().language);
            app.clear_deliveries(desk.now());
            loop {
                while desk.deliver_once(&app) {}
                desk.jobs().deliveries.wait(EVERY);
            }
        };
        let named = |name: &str| std::thread::Builder::new().name(name.to_owned());
        named("work").spawn(work)?;
        named("deliveries").spawn(deliver).map(drop)
    }

    /// Takes in one delivery. A fault of the program costs the delivery that met it, not the thread.
    fn deliver_once(&self, app: &App) -> bool {
        let mut progress = |work: DeliveryWork| *self.jobs().delivering() = Some(work);
        let work = || app.work_on_deliveries(self.now(), &mut progress);
        let worked = catch_unwind(AssertUnwindSafe(work));
        let last = self.jobs().delivering().take();
        match worked {
            Ok(Ok(more)) => more,
            Ok(Err(error)) => {
                tracing::error!(%error, "vulnerability data could not be worked on");
                false
            }
            Err(_) => {
                let trouble = msg!("app.delivery_broke");
                // Without knowing which it was, going on would meet the same again.
                last.is_some_and(|work| app.stop_delivery(&work.delivery, &trouble).is_ok())
            }
        }
    }

    /// Waits for at most `every`, does the work that waits, and looks into the drop folder where the time is over.
    fn work_when_due(&self, app: &App, memory: &mut DropMemory, every: Duration) {
        let rang = self.jobs().uploads.wait(every);
        while self.work_once(app) {}
        if !rang {
            self.look_into_drop_folder(app, memory);
        }
    }

    /// Does one step. A fault of the program costs the upload that met it, not the thread.
    fn work_once(&self, app: &App) -> bool {
        let mut progress = |working: Working| *self.jobs().working() = Some(working);
        let work = || app.work_on_uploads(self.now(), &mut progress);
        let worked = catch_unwind(AssertUnwindSafe(work));
        let last = self.jobs().working().take();
        match worked {
            Ok(Ok(more)) => more,
            Ok(Err(error)) => {
                tracing::error!(%error, "the inbox could not be worked on");
                false
            }
            Err(_) => {
                let trouble = msg!("web.upload.broke");
                // Without knowing which it was, going on would meet the same again.
                last.is_some_and(|working| app.trouble_upload(&working.upload, &trouble))
            }
        }
    }

    fn look_into_drop_folder(&self, app: &App, memory: &mut DropMemory) {
        let act = self.act("program:drop".to_owned());
        let look = || match app.is_drop_folder_on() {
            Ok(true) => app.look_into_drop_folder(memory, &act),
            Ok(false) => Ok(Vec::new()),
            Err(error) => Err(error),
        };
        match catch_unwind(AssertUnwindSafe(look)) {
            Ok(Ok(events)) => {
                for event in events.iter().filter(|event| !event.problems.is_empty()) {
                    tracing::warn!(name = event.name, problems = ?event.problems, "drop folder");
                }
            }
            Ok(Err(error)) => tracing::error!(%error, "the drop folder could not be looked into"),
            Err(_) => tracing::error!("looking into the drop folder broke off"),
        }
    }
}

#[cfg(test)]
mod tests {
    use reference::{Catalogue, Language};

    use super::*;
    use crate::Config;

    const LEDGER: &str = "管理番号,機器名,IPアドレス\n0001,CT,10.1.1.1\n";

    fn clock() -> jiff::Timestamp {
        jiff::Timestamp::UNIX_EPOCH
    }

    #[test]
    fn the_drop_folder_is_looked_into_when_the_time_is_over_and_not_when_somebody_rings() {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(folder.path(), "main", Catalogue::load(Language::Ja)).unwrap();
        let desk = Desk::open(&app, Config { secure: false, clock, language: Language::Ja });
        std::fs::create_dir(app.drop_folder()).unwrap();
        let file = app.drop_folder().join("台帳.csv");
        std::fs::write(&file, LEDGER).unwrap();
        let mut memory = DropMemory::default();
        for _ in 0..3 {
            desk.jobs().ring();
            // It would wait for an hour if nobody had rung.
            desk.work_when_due(&app, &mut memory, Duration::from_secs(3600));
        }
        assert!(file.exists() && app.imports().unwrap().is_empty());
        desk.work_when_due(&app, &mut memory, Duration::ZERO);
        assert!(file.exists(), "at the first look it may still be growing");
        desk.work_when_due(&app, &mut memory, Duration::ZERO);
        assert!(!file.exists() && app.drop_folder().join("done/19700101-090000-台帳.csv").exists());
        let imports = app.imports().unwrap();
        assert_eq!((imports.len(), imports[0].imported_by.as_str()), (1, "program:drop"));
        // Switched off, it is left alone.
        app.set_drop_folder(false, &desk.act("console:test".to_owned())).unwrap();
        std::fs::write(&file, LEDGER).unwrap();
        for _ in 0..3 {
            desk.work_when_due(&app, &mut memory, Duration::ZERO);
        }
        assert!(file.exists());
    }
}
