//! Answers on an address until it is told to stop.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use crate::guard::Peer;
use crate::{Certificate, Desk, router, schedule};

/// Connections that are open at one time; more wait at the door.
const MOST_CONNECTIONS: usize = 512;

/// A browser that says nothing for so long is hung up on: bytes that come one by one must not keep a place.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long requests under way may take after a stop was asked for.
const LAST_WORDS: Duration = Duration::from_secs(10);

/// Why the desk does not answer.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be listened on.
    #[error("cannot listen on {0}")]
    Listen(SocketAddr, #[source] io::Error),
}

/// A desk that listens, and is about to answer.
#[derive(Debug)]
pub struct Bound {
    listener: std::net::TcpListener,
    address: SocketAddr,
}

impl Bound {
    /// Takes the address; port 0 takes any that is free.
    ///
    /// # Errors
    ///
    /// [`ServeError::Listen`] where somebody else has it, or it is none of this machine.
    pub fn to(address: SocketAddr) -> Result<Self, ServeError> {
        let refused = |error| ServeError::Listen(address, error);
        let listener = std::net::TcpListener::bind(address).map_err(refused)?;
        listener.set_nonblocking(true).map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        Ok(Self { listener, address })
    }

    /// The address it has.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

/// Answers until the process is told to stop (Ctrl+C, or SIGTERM from a service manager), and lets what is under way end.
///
/// # Errors
///
/// Where the system gives no threads, or takes the address away.
///
/// `ready` is called as soon as a stop would be heard.
pub fn run(
    bound: Bound,
    desk: Desk,
    certificate: Option<Certificate>,
    ready: impl FnOnce(),
) -> Result<(), ServeError> {
    let address = bound.address;
    if let Some(certificate) = &certificate {
        desk.present(certificate);
        if let Some(end) = certificate.ends {
            desk.note_certificate(end);
        }
    }
    let lost = |error| ServeError::Listen(address, error);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers())
        .max_blocking_threads(16)
        .thread_keep_alive(Duration::from_secs(5))
        .enable_all()
        .build()
        .map_err(lost)?;
    desk.start_working().map_err(lost)?;
    runtime.block_on(async {
        let listener = TcpListener::from_std(bound.listener).map_err(lost)?;
        tokio::spawn(schedule::run(desk.clone()));
        let stop = told_to_stop();
        ready();
        serve(listener, desk, certificate, stop).await;
        Ok(())
    })
}

/// Threads that speak with browsers: two, so that one may be about a short reading, and no more than there are cores. Two that share
/// one core wake each other for every request, and wait for each other.
fn workers() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| cores.get().min(2))
}

/// Listens for SIGTERM from now on; what it gives ends with that or with Ctrl+C.
fn told_to_stop() -> impl Future<Output = ()> {
    #[cfg(unix)]
    let terminated = {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::terminate())
    };
    async move {
        let interrupted = tokio::signal::ctrl_c();
        #[cfg(unix)]
        if let Ok(mut terminated) = terminated {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
        let _ = interrupted.await;
    }
}

/// Answers until `stop` is over, and then until the requests under way are answered, or ten seconds have passed.
async fn serve(
    listener: TcpListener,
    desk: Desk,
    certificate: Option<Certificate>,
    stop: impl Future<Output = ()>,
) {
    let tls = certificate.map(|certificate| TlsAcceptor::from(certificate.config));
    let (app, door) = (router(desk), Arc::new(Semaphore::new(MOST_CONNECTIONS)));
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Too many open files, for one: others will be closed in a moment.
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let Ok(place) = Arc::clone(&door).acquire_owned().await else { break };
        let (app, tls, watcher) = (app.clone(), tls.clone(), graceful.watcher());
        tokio::spawn(async move {
            let _place = place;
            match tls {
                None => answer(stream, peer, app, watcher).await,
                Some(tls) => answer_safely(stream, peer, app, watcher, &tls).await,
            }
        });
    }
    let under_way = graceful.shutdown();
    if tokio::time::timeout(LAST_WORDS, under_way).await.is_err() {
        tracing::warn!("requests were still under way when the desk was closed");
    }
}

/// Speaks TLS; who speaks plain HTTP here is told so and sent to where TLS is spoken.
async fn answer_safely(
    mut stream: TcpStream,
    peer: SocketAddr,
    app: Router,
    watcher: hyper_util::server::graceful::Watcher,
    tls: &TlsAcceptor,
) {
    let mut first = [0; 1];
    let peeked = tokio::time::timeout(PATIENCE, stream.peek(&mut first)).await;
    let Ok(Ok(1)) = peeked else { return };
    /// The first byte of a TLS handshake (RFC 8446, 5.1).
    const HANDSHAKE: u8 = 22;
    if first != [HANDSHAKE] {
        refuse_plain(&mut stream).await;
        return;
    }
    match tokio::time::timeout(PATIENCE, tls.accept(stream)).await {
        Ok(Ok(stream)) => answer(stream, peer, app, watcher).await,
        Ok(Err(error)) => tracing::debug!(%peer, %error, "no TLS"),
        Err(_) => {}
    }
}

/// Sends a browser that came without TLS to the same page with it.
async fn refuse_plain(stream: &mut TcpStream) {
    let mut head = Vec::new();
    let mut buffer = [0; 1024];
    while head.len() < 8192 && !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match tokio::time::timeout(PATIENCE, stream.read(&mut buffer)).await {
            Ok(Ok(count)) if count > 0 => head.extend_from_slice(&buffer[..count]),
            _ => break,
        }
    }
    let answer = plain_answer(&String::from_utf8_lossy(&head));
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
}

/// The answer to plain HTTP on the address of TLS: the same page with TLS, said in words for who does not follow.
fn plain_answer(head: &str) -> String {
    let path = head.split(' ').nth(1).filter(|path| path.starts_with('/'));
    let host = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("host").then(|| value.trim())
    });
    let is_plain =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"'".contains(&byte));
    let to = match (host.filter(|host| is_plain(host)), path.filter(|path| is_plain(path))) {
        (Some(host), Some(path)) => format!("https://{host}{path}"),
        _ => String::new(),
    };
    let body = format!(
        "この窓口は暗号化された通信 (https) だけを受け付けます。\n{to}\n\nThis desk answers over https only.\n{to}\n"
    );
    let (status, location) = match to.as_str() {
        "" => ("400 Bad Request", String::new()),
        to => ("308 Permanent Redirect", format!("Location: {to}\r\n")),
    };
    format!(
        "HTTP/1.1 {status}\r\n{location}Content-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

async fn answer(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: SocketAddr,
    app: Router,
    watcher: hyper_util::server::graceful::Watcher,
) {
    let service = app.map_request(move |request: Request<hyper::body::Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer));
        request
    });
    let mut builder = hyper::server::conn::http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(PATIENCE);
    let connection =
        builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%peer, %error, "a connection broke off");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_sent_to_the_same_page_over_tls() {
        let answer = plain_answer("GET /devices?q=ct HTTP/1.1\r\nHost: desk.local:8443\r\n\r\n");
        assert!(answer.starts_with("HTTP/1.1 308 "), "{answer}");
        assert!(answer.contains("\r\nLocation: https://desk.local:8443/devices?q=ct\r\n"));
    }

    #[test]
    fn bytes_that_are_no_request_are_told_what_this_is() {
        for head in
            ["", "\0\u{1}", "GET / HTTP/1.0\r\n\r\n", "GET /\"<script> HTTP/1.1\r\nHost: a\r\n\r\n"]
        {
            let answer = plain_answer(head);
            assert!(
                answer.starts_with("HTTP/1.1 400 ") && !answer.contains("<script>"),
                "{answer}"
            );
        }
    }
}
