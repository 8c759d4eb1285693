//! The certificate of the desk: a given one, or one of its own making.

use std::fs;
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::Digest;
use jiff::Timestamp;
use jiff::civil::Date;
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::validity;

/// How long a certificate of our own lasts: until the PCs that trust it are replaced, but not for ever.
const YEARS: i16 = 5;

/// A certificate with its key, ready to be used.
#[derive(Debug, Clone)]
pub struct Certificate {
    pub(crate) config: Arc<ServerConfig>,
    /// SHA-256 of the certificate, as browsers show it.
    pub fingerprint: String,
    /// The certificate itself, without its key.
    pub(crate) der: Vec<u8>,
    /// Whether this program made it.
    pub is_own: bool,
    /// Where it stands.
    pub file: PathBuf,
    /// When it ends; none where that cannot be read.
    pub ends: Option<Timestamp>,
}

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file could not be read or written.
    #[error("cannot use the file {0}")]
    File(PathBuf, #[source] io::Error),
    /// A file holds no certificate or no key, or the two do not belong together.
    #[error("{0} holds no certificate and key that belong together")]
    Unfit(PathBuf),
}

impl Certificate {
    /// A certificate chain and its key, both as PEM.
    ///
    /// # Errors
    ///
    /// [`TlsError`] where a file cannot be read, or the two do not belong together.
    pub fn given(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let chain = read(certificate)?;
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(&chain)
            .collect::<Result<_, _>>()
            .map_err(|_| TlsError::Unfit(certificate.to_owned()))?;
        let first = chain.first().ok_or_else(|| TlsError::Unfit(certificate.to_owned()))?;
        let (fingerprint, der, ends) = (fingerprint(first), first.to_vec(), validity::end(first));
        let key_der = PrivateKeyDer::from_pem_slice(&read(key)?)
            .map_err(|_| TlsError::Unfit(key.to_owned()))?;
        let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key_der))
            .map_err(|_| TlsError::Unfit(certificate.to_owned()))?;
        let mut config = config;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            config: Arc::new(config),
            fingerprint,
            der,
            is_own: false,
            file: certificate.to_owned(),
            ends,
        })
    }

    /// The certificate that stands in `folder`; where there is none, one of our own making for the desk that listens on `ip`.
    ///
    /// # Errors
    ///
    /// [`TlsError`] where the folder cannot be written, or what stands there is no certificate.
    pub fn own(folder: &Path, ip: IpAddr, now: Timestamp) -> Result<Self, TlsError> {
        let (certificate, key) = (folder.join("certificate.pem"), folder.join("key.pem"));
        if !certificate.exists() {
            make(folder, &certificate, &key, &names_of(ip), app::day_of(now))?;
        }
        Ok(Self { is_own: true, ..Self::given(&certificate, &key)? })
    }
}

fn make(
    folder: &Path,
    certificate: &Path,
    key: &Path,
    names: &[String],
    today: Date,
) -> Result<(), TlsError> {
    let unfit = |_| TlsError::Unfit(certificate.to_owned());
    let mut params = CertificateParams::new(names.to_vec()).map_err(unfit)?;
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, "Mimawari");
    params.distinguished_name = name;
    let day = |year: i16| {
        rcgen::date_time_ymd(year.into(), today.month() as u8, today.day().min(28) as u8)
    };
    params.not_before = rcgen::date_time_ymd(today.year().into(), 1, 1);
    params.not_after = day(today.year() + YEARS);
    let pair = KeyPair::generate().map_err(unfit)?;
    let signed = params.self_signed(&pair).map_err(unfit)?;
    fs::create_dir_all(folder).map_err(|error| TlsError::File(folder.to_owned(), error))?;
    write_secret(key, pair.serialize_pem().as_bytes())?;
    fs::write(certificate, signed.pem())
        .map_err(|error| TlsError::File(certificate.to_owned(), error))
}

/// Writes what only the owner of the data folder may read.
fn write_secret(path: &Path, bytes: &[u8]) -> Result<(), TlsError> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| io::Write::write_all(&mut file, bytes));
    written.map_err(|error| TlsError::File(path.to_owned(), error))
}

fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    fs::read(path).map_err(|error| TlsError::File(path.to_owned(), error))
}

/// As browsers show it: pairs of digits with colons.
fn fingerprint(certificate: &CertificateDer<'_>) -> String {
    let pairs = Digest::of(certificate).0.map(|byte| format!("{byte:02X}"));
    pairs.join(":")
}

/// Names by which PCs of the hospital may reach the desk that listens on `ip`.
fn names_of(ip: IpAddr) -> Vec<String> {
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    names.extend(host_name());
    if !ip.is_unspecified() && !ip.is_loopback() {
        names.push(ip.to_string());
    }
    names
}

/// The name of this PC, where the system tells it.
fn host_name() -> Option<String> {
    let told = std::env::var("COMPUTERNAME").or_else(|_| std::env::var("HOSTNAME")).ok();
    let name = told.or_else(|| fs::read_to_string("/etc/hostname").ok())?.trim().to_lowercase();
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    (!name.is_empty() && name.chars().all(is_name)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_of_our_own_is_made_once() {
        let folder = tempfile::tempdir().unwrap();
        let ip = "10.1.2.3".parse().unwrap();
        assert!(names_of(ip).contains(&"10.1.2.3".to_owned()));
        let made = Certificate::own(folder.path(), ip, Timestamp::UNIX_EPOCH).unwrap();
        let again = Certificate::own(folder.path(), ip, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(made.fingerprint, again.fingerprint);
        assert_eq!(made.fingerprint.len(), 95);
    }

    #[test]
    fn what_is_no_certificate_is_refused_by_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("certificate.pem");
        fs::write(&file, "hello").unwrap();
        let refused = Certificate::given(&file, &file);
        assert!(matches!(refused, Err(TlsError::Unfit(path)) if path == file));
        let missing = Certificate::given(&folder.path().join("none"), &file);
        assert!(matches!(missing, Err(TlsError::File(..))));
    }
}
