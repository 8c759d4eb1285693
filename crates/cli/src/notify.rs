//! Tells systemd that the desk answers, and that it is closing: `sd_notify(3)` is one datagram to a socket named in the environment.

/// The desk answers.
pub(crate) const READY: &str = "READY=1";

/// The desk is closing.
pub(crate) const STOPPING: &str = "STOPPING=1";

/// Tells the service manager, where there is one that wants to know.
#[cfg(target_os = "linux")]
pub(crate) fn tell(state: &str) {
    use std::os::linux::net::SocketAddrExt;
    use std::os::unix::net::{SocketAddr, UnixDatagram};

    let Some(name) = std::env::var_os("NOTIFY_SOCKET") else { return };
    let bytes = name.as_encoded_bytes();
    let address = match bytes.strip_prefix(b"@") {
        Some(name) => SocketAddr::from_abstract_name(name),
        None => SocketAddr::from_pathname(&name),
    };
    let told = address
        .and_then(|address| UnixDatagram::unbound()?.send_to_addr(state.as_bytes(), &address));
    if let Err(error) = told {
        tracing::warn!(%error, "the service manager could not be told");
    }
}

/// There is no such service manager here.
#[cfg(not(target_os = "linux"))]
pub(crate) fn tell(_state: &str) {}
