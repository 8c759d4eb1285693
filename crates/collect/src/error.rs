//! Why a file was not fetched.

use std::path::{Path, PathBuf};
use std::{fmt, io};

use domain::{Message, msg};

/// Why a file was not fetched. What stood in its place stands there still.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The address is none that may be asked.
    #[error("`{url}` may not be asked")]
    Address {
        /// The address.
        url: String,
    },
    /// The answer leads to where nobody may be sent.
    #[error("`{url}` leads on to `{to}`")]
    Redirect {
        /// What was asked.
        url: String,
        /// Where it led.
        to: String,
    },
    /// The answer led on and on.
    #[error("`{url}` leads on without end")]
    Redirects {
        /// What was asked.
        url: String,
    },
    /// Nothing is there.
    #[error("nothing is at `{url}`")]
    Missing {
        /// What was asked.
        url: String,
    },
    /// They want to be asked later.
    #[error("`{url}` is to be asked again in {seconds} s")]
    Later {
        /// What was asked.
        url: String,
        /// In how many seconds.
        seconds: u64,
    },
    /// Any other answer that is not the file.
    #[error("`{url}` answers {status}")]
    Status {
        /// What was asked.
        url: String,
        /// The answer.
        status: u16,
    },
    /// A web page came in place of the file.
    #[error("`{url}` answers with a web page")]
    Page {
        /// What was asked.
        url: String,
    },
    /// It is larger than such a file may be.
    #[error("`{url}` is larger than {limit} bytes")]
    TooLarge {
        /// What was asked.
        url: String,
        /// The limit, in bytes.
        limit: u64,
    },
    /// Nobody could say whether all of it came, or there is nothing in it.
    #[error("it cannot be told whether all of `{url}` came")]
    Unmeasured {
        /// What was asked.
        url: String,
    },
    /// The connection failed or was cut; what came is kept.
    #[error("the connection to `{url}` failed")]
    Connection {
        /// What was asked.
        url: String,
        /// Why, as the library says it.
        cause: String,
    },
    /// Nobody is there: no internet, no such host, or a proxy in between. Asking again at once changes nothing.
    #[error("`{url}` cannot be reached")]
    Unreachable {
        /// What was asked.
        url: String,
        /// Why, as the library says it.
        cause: String,
    },
    /// Whoever answers cannot show that it is whom we asked.
    #[error("`{url}` is not to be trusted")]
    Untrusted {
        /// What was asked.
        url: String,
        /// Why, as the library says it.
        cause: String,
    },
    /// The host did not answer before, or asked to be left alone; it is not asked again today.
    #[error("`{url}` is not asked: its host did not answer before")]
    Silent {
        /// What would have been asked.
        url: String,
    },
    /// No certificates could be read from the system, so nobody can be trusted.
    #[error("the system has no certificates")]
    Certificates {
        /// Why.
        cause: String,
    },
    /// Another program is fetching into the folder.
    #[error("somebody else fetches into `{0}`")]
    AtWork(PathBuf),
    /// The folder cannot be written, or is full.
    #[error("`{path}` cannot be written")]
    Folder {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        cause: io::Error,
    },
}

impl FetchError {
    pub(crate) fn folder(path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |cause| Self::Folder { path, cause }
    }

    pub(crate) fn connection(url: &impl fmt::Display, cause: &impl fmt::Display) -> Self {
        Self::Connection { url: url.to_string(), cause: cause.to_string() }
    }

    /// What the library said when nothing came.
    pub(crate) fn of(url: &impl fmt::Display, error: &ureq::Error) -> Self {
        let (url, cause) = (url.to_string(), error.to_string());
        match error {
            ureq::Error::Tls(_) | ureq::Error::Rustls(_) => Self::Untrusted { url, cause },
            // What fails while hands are shaken comes as an error of input and output.
            ureq::Error::Io(error) if is_of_tls(error) => Self::Untrusted { url, cause },
            ureq::Error::Io(error) if is_of_nobody(error) => Self::Unreachable { url, cause },
            ureq::Error::HostNotFound
            | ureq::Error::ConnectionFailed
            | ureq::Error::ConnectProxyFailed(_) => Self::Unreachable { url, cause },
            _ => Self::Connection { url, cause },
        }
    }

    /// Whether the same question may well be answered in a moment.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(self, Self::Connection { .. })
    }

    /// Whether it is the host that does not want to, rather than the file that is not there.
    pub(crate) fn is_of_host(&self) -> bool {
        matches!(
            self,
            Self::Connection { .. }
                | Self::Unreachable { .. }
                | Self::Untrusted { .. }
                | Self::Later { .. }
        )
    }

    /// Whether every other file would meet with it too.
    pub fn is_for_all(&self) -> bool {
        matches!(self, Self::Certificates { .. } | Self::AtWork(_) | Self::Folder { .. })
    }

    /// The sentence for the user.
    pub fn message(&self) -> Message {
        match self {
            Self::Address { url } => msg!("collect.address", url = url),
            Self::Redirect { url, to } => msg!("collect.redirect", url = url, to = to),
            Self::Redirects { url } => msg!("collect.redirects", url = url),
            Self::Missing { url } => msg!("collect.missing", url = url),
            Self::Later { url, seconds } => {
                msg!("collect.later", url = url, minutes = seconds.div_ceil(60))
            }
            Self::Status { url, status } => {
                msg!("collect.status", url = url, status = u64::from(*status))
            }
            Self::Page { url } => msg!("collect.page", url = url),
            Self::TooLarge { url, limit } => {
                msg!("collect.too_large", url = url, limit = limit >> 20)
            }
            Self::Unmeasured { url } => msg!("collect.unmeasured", url = url),
            Self::Connection { url, cause } => {
                msg!("collect.connection", url = url, cause = cause)
            }
            Self::Unreachable { url, cause } => {
                msg!("collect.unreachable", url = url, cause = cause)
            }
            Self::Untrusted { url, cause } => msg!("collect.untrusted", url = url, cause = cause),
            Self::Silent { url } => msg!("collect.silent", url = url),
            Self::Certificates { cause } => msg!("collect.certificates", cause = cause),
            Self::AtWork(path) => msg!("collect.at_work", path = path.display().to_string()),
            Self::Folder { path, cause } => {
                msg!("collect.folder", path = path.display().to_string(), cause = cause.to_string())
            }
        }
    }
}

fn is_of_tls(error: &io::Error) -> bool {
    error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()).is_some()
}

fn is_of_nobody(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionRefused, HostUnreachable, NetworkUnreachable};
    matches!(error.kind(), ConnectionRefused | HostUnreachable | NetworkUnreachable)
}
