//! The open desk: the hospital, who is signed in, and what all pages share.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use app::{Act, App, AppError, Board, Lists};
use domain::{Actor, Digest};
use jiff::Timestamp;
use jiff::civil::Date;
use reference::{Catalogue, Language};
use tokio::sync::Semaphore;

use crate::cached::Cached;
use crate::guard::TABLE;
use crate::meter::Meter;
use crate::problem::Problem;
use crate::sessions::{Sessions, random_token};
use crate::throttle::Throttle;

/// Calls into `app` that run at one time; the others wait their turn. A hospital PC has two or four cores.
const AT_ONCE: usize = 4;

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
    lists: Cached<Lists>,
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
            lists: Cached::default(),
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
        let known = self.0.apps.iter().find(|(known, _)| *known == language);
        // Every language was opened.
        known.or(self.0.apps.first()).map(|(_, app)| app.clone()).unwrap_or_else(|| unreachable!())
    }

    /// Who acts, now: `user:sato`, `token:name` or `program:round`.
    pub(crate) fn act(&self, actor: String) -> Act {
        Act { actor: Actor(actor), now: self.now() }
    }

    /// What stands today, as it was after entry `seen` of the record or later.
    pub(crate) async fn board(&self, seen: u64) -> Result<Arc<Board>, Problem> {
        let today = self.today();
        let app = self.app(self.config().language);
        let mark = app.clone();
        let moment = self.call(move || mark.moment()).await?;
        self.0.board.get(moment, seen, || self.call(move || app.board(today))).await
    }

    /// The lists beside the devices, as they were after entry `seen` of the record or later.
    pub(crate) async fn lists(&self, seen: u64) -> Result<Arc<Lists>, Problem> {
        let app = self.app(self.config().language);
        let mark = app.clone();
        let moment = self.call(move || mark.moment()).await?;
        self.0.lists.get(moment, seen, || self.call(move || app.lists())).await
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
