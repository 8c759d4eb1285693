//! The client's own trust, against a server on this machine that speaks TLS.

use std::io::{Read, Write};
use std::net::TcpListener;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, Stream};

use super::*;

struct Impatient;

impl Patience for Impatient {
    fn wait(&mut self, _: Duration) {}
}

/// A server that answers one question, and the certificate that it shows.
fn server() -> (String, Certificate<'static>) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/feed.json", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let mut connection = ServerConnection::new(Arc::new(config)).unwrap();
        let mut stream = Stream::new(&mut connection, &mut socket);
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
    });
    (url, Certificate::from_der(cert.der()).to_owned())
}

fn ask(client: &mut Client, url: &str) -> Result<u16, FetchError> {
    let address = Address::of(url).unwrap();
    client.ask(&address, &[], &mut |_| {}).map(|answer| answer.status)
}

#[test]
fn whom_the_system_trusts_is_asked_over_tls() {
    let (url, certificate) = server();
    let mut client = Client::with_roots(&[certificate], Impatient);
    assert_eq!(ask(&mut client, &url).unwrap(), 204);
}

#[test]
fn whom_nobody_vouches_for_is_told_nothing() {
    let ((url, _), (_, other)) = (server(), server());
    let mut client = Client::with_roots(&[other], Impatient);
    let got = ask(&mut client, &url);
    assert!(matches!(got, Err(FetchError::Untrusted { .. })), "{got:?}");
}
