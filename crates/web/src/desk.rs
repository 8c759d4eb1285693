//! The open desk: the hospital, who is signed in, and what all pages share.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use app::{Act, App, AppError, Board, Drawing, Lists, Picture, QueueView, Roll, WeakBook};
use domain::{Actor, Digest};
use jiff::Timestamp;
use jiff::civil::Date;
use reference::{Catalogue, Language};
use tokio::sync::Semaphore;

use crate::Certificate;
use crate::cached::Cached;
use crate::errands::Errands;
use crate::guard::TABLE;
use crate::jobs::Jobs;
use crate::meter::Meter;
use crate::morning::Morning;
use crate::problem::Problem;
use crate::schedule;
use crate::sessions::{Sessions, random_token};
use crate::throttle::Throttle;

/// Calls into `app` that run at one time; the others wait their turn. A hospital PC has two or four cores.
const AT_ONCE: usize = 4;

/// Pairs of the queue that are kept ready; nobody leafs further before some are decided.
pub(crate) const QUEUE_KEPT: usize = 200;

/// How the desk behaves.
#[derive(Debug, Clone, Copy)]
pub struct Config {
    /// Whether browsers come over TLS; cookies are then bound to it.
    pub secure: bool,
    /// The clock.
    pub clock: fn() -> Timestamp,
    /// The language of who has not chosen one.
    pub language: Language,
}

/// The open desk. A copy is the same desk.
#[derive(Clone)]
pub struct Desk(Arc<Inner>);

struct Inner {
    /// The hospital, once for each language.
    apps: Vec<(Language, App)>,
    config: Config,
    sessions: Sessions,
    throttle: Throttle,
    /// What opens the page of the first start, as a digest.
    start: Mutex<Option<Digest>>,
    turns: Semaphore,
    board: Cached<Board>,
    meter: Meter,
    /// When the certificate ends that browsers are shown.
    certificate_end: OnceLock<Timestamp>,
    drawing: Cached<Drawn>,
    jobs: Jobs,
    morning: Cached<Morning>,
    log: schedule::Log,
    errands: Errands,
    certificate: OnceLock<Presented>,
    roll: Cached<Roll>,
}

/// The certificate that browsers are shown.
#[derive(Debug)]
pub(crate) struct Presented {
    pub(crate) fingerprint: String,
    pub(crate) is_own: bool,
    /// The certificate itself, without its key.
    pub(crate) der: Vec<u8>,
    /// When it ends, where that can be read.
    pub(crate) ends: Option<Timestamp>,
}

/// What is derived, with the mark of what it was drawn of.
#[derive(Debug)]
struct Drawn {
    mark: Digest,
    drawing: Drawing,
}

impl Desk {
    /// Opens the desk of `app`.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn open(app: &App, config: Config) -> Self {
        let speaking =
            |language: &Language| (*language, app.speaking(Arc::new(Catalogue::load(*language))));
        Self(Arc::new(Inner {
            apps: Language::ALL.iter().map(speaking).collect(),
            config,
            sessions: Sessions::default(),
            throttle: Throttle::default(),
            start: Mutex::default(),
            turns: Semaphore::new(AT_ONCE),
            board: Cached::default(),
            meter: Meter::new(TABLE.len()),
            certificate_end: OnceLock::new(),
            drawing: Cached::default(),
            jobs: Jobs::default(),
            morning: Cached::default(),
            log: schedule::Log::default(),
            errands: Errands::default(),
            certificate: OnceLock::new(),
            roll: Cached::default(),
        }))
    }

    /// The path that opens the first start, where nobody has an account yet. Each call makes a new one; only the last counts.
    ///
    /// # Errors
    ///
    /// What the store says, or that the system has no randomness to give.
    pub fn start_path(&self) -> Result<Option<String>, AppError> {
        if !self.app(self.config().language).is_new()? {
            return Ok(None);
        }
        let token =
            random_token().map_err(|_| AppError::Account(domain::msg!("app.no_randomness")))?;
        *self.start() = Some(Digest::of(token.as_bytes()));
        Ok(Some(format!("/start/{token}")))
    }

    /// Whether `token` opens the first start.
    pub(crate) fn is_start(&self, token: &str) -> bool {
        *self.start() == Some(Digest::of(token.as_bytes()))
    }

    /// The first start is over.
    pub(crate) fn end_start(&self) {
        *self.start() = None;
    }

    fn start(&self) -> std::sync::MutexGuard<'_, Option<Digest>> {
        self.0.start.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says when the certificate ends that browsers are shown; the first word counts.
    pub fn note_certificate(&self, end: Timestamp) {
        let _ = self.0.certificate_end.set(end);
    }

    pub(crate) fn certificate_end(&self) -> Option<Timestamp> {
        self.0.certificate_end.get().copied()
    }

    pub(crate) fn meter(&self) -> &Meter {
        &self.0.meter
    }

    pub(crate) fn config(&self) -> &Config {
        &self.0.config
    }

    pub(crate) fn sessions(&self) -> &Sessions {
        &self.0.sessions
    }

    /// The work that waits, and what is being done.
    pub(crate) fn jobs(&self) -> &Jobs {
        &self.0.jobs
    }

    pub(crate) fn throttle(&self) -> &Throttle {
        &self.0.throttle
    }

    /// Now, by the desk's clock.
    pub(crate) fn now(&self) -> Timestamp {
        (self.0.config.clock)()
    }

    /// Today, in Japan.
    pub(crate) fn today(&self) -> Date {
        app::day_of(self.now())
    }

    /// The hospital, speaking `language`.
    pub(crate) fn app(&self, language: Language) -> App {
        self.lent(language).clone()
    }

    /// The same, lent for what is read at once, by its key, on the thread that asks. All else goes through [`Desk::call`].
    pub(crate) fn lent(&self, language: Language) -> &App {
        let known = self.0.apps.iter().find(|(known, _)| *known == language);
        // Every language was opened.
        known.or(self.0.apps.first()).map_or_else(|| unreachable!(), |(_, app)| app)
    }

    /// Who acts, now: `user:sato`, `token:name` or `program:round`.
    pub(crate) fn act(&self, actor: String) -> Act {
        Act { actor: Actor(actor), now: self.now() }
    }

    /// What stands today, as it was after entry `seen` of the record or later.
    pub(crate) async fn board(&self, seen: u64) -> Result<Arc<Board>, Problem> {
        self.board_on(self.today(), seen).await
    }

    async fn board_on(&self, today: Date, seen: u64) -> Result<Arc<Board>, Problem> {
        let app = self.app(self.config().language);
        let mark = app.clone();
        let moment = self.call(move || mark.moment()).await?;
        let make = async |_| Ok(Arc::new(self.call(move || app.board(today)).await?));
        self.0.board.get(today, moment, seen, make).await
    }

    /// The lists beside the devices, as they were after entry `seen` of the record or later.
    pub(crate) async fn lists(&self, seen: u64) -> Result<Arc<Lists>, Problem> {
        Ok(Arc::clone(&self.drawn(seen).await?.drawing.lists))
    }

    /// What is known of the weaknesses of all that runs, as it was after entry `seen` of the record or later.
    pub(crate) async fn weaknesses(&self, seen: u64) -> Result<Arc<WeakBook>, Problem> {
        Ok(Arc::clone(&self.drawn(seen).await?.drawing.weaknesses))
    }

    /// What the documents in force tell today, as they were after entry `seen` of the record or later.
    pub(crate) async fn picture(&self, seen: u64) -> Result<Arc<Picture>, Problem> {
        Ok(Arc::clone(&self.drawn(seen).await?.drawing.picture))
    }

    /// What the page of the morning is made of, as it was after entry `seen` of the record or later.
    pub(crate) async fn morning(&self, seen: u64) -> Result<Arc<Morning>, Problem> {
        let (today, app) = (self.today(), self.app(self.config().language));
        let moment = self.call(move || app.moment()).await?;
        let make = async |_| {
            let (board, picture) =
                (self.board_on(today, moment).await?, self.picture(moment).await?);
            Ok(Arc::new(self.call(move || Ok(Morning::of(board, &picture))).await?))
        };
        self.0.morning.get(today, moment, seen, make).await
    }

    /// The first [`QUEUE_KEPT`] pairs of the queue in `language`, as they were after entry `seen` of the record or later.
    pub(crate) async fn queue(
        &self,
        seen: u64,
        language: Language,
    ) -> Result<Arc<QueueView>, Problem> {
        let at = self.0.apps.iter().position(|(known, _)| *known == language);
        let drawn = self.drawn(seen).await?;
        // Every language has one.
        drawn.drawing.queues.get(at.unwrap_or_default()).cloned().ok_or_else(Problem::stopped)
    }

    /// What follows from the documents, words on identity and zones alone: drawn anew only where one of these has changed, however
    /// often somebody signs in or decides something.
    async fn drawn(&self, seen: u64) -> Result<Arc<Drawn>, Problem> {
        let (today, app) = (self.today(), self.app(self.config().language));
        let marked = app.clone();
        let moment = self.call(move || marked.moment()).await?;
        let make = async |earlier: Option<Arc<Drawn>>| {
            let marked = app.clone();
            let mark = self.call(move || marked.picture_mark()).await?;
            if let Some(same) = earlier.filter(|earlier| earlier.mark == mark) {
                return Ok(same);
            }
            let speakers: Vec<App> = self.0.apps.iter().map(|(_, app)| app.clone()).collect();
            let draw = move || app.drawing(&speakers, QUEUE_KEPT, today);
            Ok(Arc::new(Drawn { mark, drawing: self.call(draw).await? }))
        };
        self.0.drawing.get(today, moment, seen, make).await
    }

    /// Shows `certificate` on the page about it. The first one counts.
    pub fn present(&self, certificate: &Certificate) {
        let _ = self.0.certificate.set(Presented {
            fingerprint: certificate.fingerprint.clone(),
            is_own: certificate.is_own,
            ends: certificate.ends,
            der: certificate.der.clone(),
        });
    }

    /// The certificate that browsers are shown; none where the desk is open to this PC alone.
    pub(crate) fn certificate(&self) -> Option<&Presented> {
        self.0.certificate.get()
    }

    /// Work beside the pages.
    pub(crate) fn errands(&self) -> &Errands {
        &self.0.errands
    }

    /// What became of the work that runs by itself.
    pub(crate) fn log(&self) -> &schedule::Log {
        &self.0.log
    }

    /// Does what is due now and would be done by itself: the round of the morning.
    pub async fn keep_time(&self) {
        schedule::step(self).await;
    }

    /// The ledger, as it was after entry `seen` of the record or later.
    pub(crate) async fn roll(&self, seen: u64) -> Result<Arc<Roll>, Problem> {
        let (today, app) = (self.today(), self.app(self.config().language));
        let moment = self.call(move || app.moment()).await?;
        let make = async |_| {
            let board = self.board_on(today, moment).await?;
            let drawn = self.drawn(moment).await?;
            let lines = Arc::clone(&drawn.drawing.lines);
            Ok(Arc::new(self.call(move || Ok(Roll::of(lines, &board))).await?))
        };
        self.0.roll.get(today, moment, seen, make).await
    }

    /// Does `work` where it may block, when it is its turn.
    pub(crate) async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, Problem> {
        let _turn = self.0.turns.acquire().await.map_err(|_| Problem::stopped())?;
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|_| Problem::stopped())?
            .map_err(Problem::from)
    }
}

/// An address as throttles and records name it: IPv4 as such, and of IPv6 the network of one subscriber.
pub(crate) fn address_of(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}
