//! The client: one question after the other, with patience.

use std::sync::Arc;
use std::time::Duration;

use ureq::Agent;
use ureq::http::HeaderMap;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::address::Address;
use crate::{Event, FetchError, header};

/// Who asks: whoever runs a server may want to know.
const USER_AGENT: &str = concat!(
    "mimawari/",
    env!("CARGO_PKG_VERSION"),
    " (vulnerability feeds for a hospital; +",
    env!("CARGO_PKG_REPOSITORY"),
    ")"
);

/// The NVD asks for six seconds between two questions (<https://nvd.nist.gov/developers/start-here>, best practices).
const NVD_PAUSE: Duration = Duration::from_secs(6);

/// Between two questions to any other host.
const PAUSE: Duration = Duration::from_secs(1);

/// How often the same is asked before it is left for another day.
pub(crate) const TRIES: u32 = 4;

/// What is waited before the second try where the answer does not say; twice as long before each further one.
const FIRST_WAIT: Duration = Duration::from_secs(10);

/// Whoever wants more patience than this gets it another day.
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);

/// Redirects of one question. GitHub leads on once.
const REDIRECTS: u32 = 5;

/// How waiting is done: tests do not.
pub trait Patience {
    /// Lets `time` pass.
    fn wait(&mut self, time: Duration);
}

/// Waiting as people know it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sleeping;

impl Patience for Sleeping {
    fn wait(&mut self, time: Duration) {
        std::thread::sleep(time);
    }
}

/// Asks one question after the other.
pub struct Client {
    agent: Agent,
    patience: Box<dyn Patience>,
    /// Hosts that were asked before.
    asked: Vec<String>,
    /// Hosts that did not answer, or wanted to be left alone for long.
    silent: Vec<String>,
}

/// An answer whose content is still to be read.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: ureq::Body,
}

/// Headers of a question.
pub(crate) type Asked<'q> = [(&'static str, &'q str)];

impl Client {
    /// A client that trusts whom the operating system trusts, and goes by the proxy that the environment names (`HTTPS_PROXY`,
    /// `NO_PROXY`).
    ///
    /// # Errors
    ///
    /// [`FetchError::Certificates`] where the operating system has no certificates.
    pub fn new(patience: impl Patience + 'static) -> Result<Self, FetchError> {
        let found = rustls_native_certs::load_native_certs();
        if found.certs.is_empty() {
            let causes: Vec<String> = found.errors.iter().map(ToString::to_string).collect();
            return Err(FetchError::Certificates { cause: causes.join("; ") });
        }
        let roots: Vec<Certificate<'static>> =
            found.certs.iter().map(|der| Certificate::from_der(der).to_owned()).collect();
        Ok(Self::with_roots(&roots, patience))
    }

    /// A client that reaches nothing but this machine: it trusts nobody.
    pub fn for_this_machine(patience: impl Patience + 'static) -> Self {
        Self::with_roots(&[], patience)
    }

    fn with_roots(roots: &[Certificate<'static>], patience: impl Patience + 'static) -> Self {
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::new_with_certs(roots))
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        let agent = Agent::config_builder()
            .tls_config(tls)
            .user_agent(USER_AGENT)
            // Every address is told before it is asked, and judged: see `Address::follow`.
            .max_redirects(0)
            .http_status_as_error(false)
            .timeout_resolve(seconds(30))
            .timeout_connect(seconds(60))
            .timeout_recv_response(seconds(120))
            // A server that falls silent; how long the whole takes depends on the line.
            .timeout_per_read(seconds(60))
            .build()
            .new_agent();
        Self { agent, patience: Box::new(patience), asked: Vec::new(), silent: Vec::new() }
    }

    /// Asks for `address`, following where it leads, and waiting where it says so. A host that does not answer is not asked again.
    pub(crate) fn ask(
        &mut self,
        address: &Address,
        headers: &Asked<'_>,
        tell: &mut dyn FnMut(Event<'_>),
    ) -> Result<Answer, FetchError> {
        if self.silent.iter().any(|host| host == address.host()) {
            return Err(FetchError::Silent { url: address.to_string() });
        }
        let answer = self.ask_patiently(address, headers, tell);
        let gives_up = match &answer {
            Ok(answer) => wants_patience(answer),
            Err(error) => error.is_of_host(),
        };
        if gives_up {
            self.silent.push(address.host().to_owned());
        }
        answer
    }

    fn ask_patiently(
        &mut self,
        address: &Address,
        headers: &Asked<'_>,
        tell: &mut dyn FnMut(Event<'_>),
    ) -> Result<Answer, FetchError> {
        let mut wait = FIRST_WAIT;
        for _ in 1..TRIES {
            let time = match self.ask_once(address, headers, tell) {
                Err(error) if error.is_passing() => wait,
                Ok(answer) if wants_patience(&answer) => {
                    header::retry_after(&answer.headers).unwrap_or(wait)
                }
                other => return other,
            };
            if time > LONGEST_WAIT {
                return Err(FetchError::Later {
                    url: address.to_string(),
                    seconds: time.as_secs(),
                });
            }
            self.wait(time, tell);
            wait *= 2;
        }
        self.ask_once(address, headers, tell)
    }

    /// Lets time pass, and says so.
    pub(crate) fn wait(&mut self, time: Duration, tell: &mut dyn FnMut(Event<'_>)) {
        tell(Event::Waiting { seconds: time.as_secs() });
        self.patience.wait(time);
    }

    fn ask_once(
        &mut self,
        address: &Address,
        headers: &Asked<'_>,
        tell: &mut dyn FnMut(Event<'_>),
    ) -> Result<Answer, FetchError> {
        let mut address = address.clone();
        for _ in 0..=REDIRECTS {
            self.pause(&address);
            tell(Event::Asking { url: address.as_str() });
            let answer = self.send(&address, headers)?;
            if !matches!(answer.status, 301 | 302 | 303 | 307 | 308) {
                return Ok(answer);
            }
            let Some(location) = header::text(&answer.headers, "location") else {
                return Ok(answer);
            };
            address = address.follow(location)?;
        }
        Err(FetchError::Redirects { url: address.to_string() })
    }

    /// Nobody is asked twice without a pause.
    fn pause(&mut self, address: &Address) {
        let host = address.host();
        if self.asked.iter().any(|asked| asked == host) {
            let nvd = host == "nvd.nist.gov";
            self.patience.wait(if nvd { NVD_PAUSE } else { PAUSE });
        } else {
            self.asked.push(host.to_owned());
        }
    }

    fn send(&self, address: &Address, headers: &Asked<'_>) -> Result<Answer, FetchError> {
        let mut request = self.agent.get(address.as_str()).header("accept", "*/*");
        // What is kept are the bytes as they are published; ranges count those.
        request = request.header("accept-encoding", "identity");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.config();
        if address.is_here() {
            request = request.proxy(None);
        }
        let answer = request.build().call();
        let answer = answer.map_err(|error| FetchError::of(address, &error))?;
        let (parts, body) = answer.into_parts();
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body })
    }
}

/// Too many questions (RFC 6585, 4), or not now (RFC 9110, 15.6.4); the NVD refuses for a while where it is asked too often.
fn wants_patience(answer: &Answer) -> bool {
    match answer.status {
        429 | 503 => true,
        403 => header::retry_after(&answer.headers).is_some(),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
