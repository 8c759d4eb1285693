//! Files that scripts send: streamed to the disk, each into a file of the data folder that has no name, so that nothing of them is
//! left behind whatever happens; then read one after the other.

use std::fs::File;
use std::io::{ErrorKind, Read, Seek};
use std::pin::Pin;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use domain::size::in_words;
use domain::{Message, msg};
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;

use super::call::{Call, PATIENCE, bad, too_slow};
use crate::problem::Problem;
use crate::receive::Pieces;

/// What one call may bring.
#[derive(Debug, Clone, Copy)]
pub(super) struct Most {
    /// Files.
    pub(super) files: usize,
    /// Bytes of one file.
    pub(super) file: u64,
    /// Bytes over all files.
    pub(super) all: u64,
    /// What a file is called that is sent as the body itself, without a name; none where it must have one.
    pub(super) usual_name: Option<&'static str>,
}

impl Most {
    /// What is imported.
    pub(super) const IMPORTED: Self = Self {
        files: 1000,
        file: app::MAX_FILE_BYTES,
        all: 4 * app::MAX_FILE_BYTES,
        usual_name: None,
    };

    fn too_large(&self) -> Problem {
        let message = msg!(
            "web.api.too_large",
            limit = in_words(self.file),
            all = in_words(self.all),
            files = self.files
        );
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, message)
    }
}

/// Bytes of a mapping.
const MOST_MAPPING: usize = 1 << 20;

/// What is left free on the disk whatever is sent: the database and the system need room to go on.
const RESERVE: u64 = 256 << 20;

/// What came.
pub(super) struct Delivery {
    pub(super) files: Vec<Parcel>,
    /// Which column is which, as JSON.
    pub(super) mapping: Option<String>,
}

/// A file that came, waiting on the disk.
pub(super) struct Parcel {
    pub(super) name: String,
    file: File,
    size: u64,
}

impl Parcel {
    /// All of it.
    pub(super) fn read(mut self) -> Result<Vec<u8>, Message> {
        let mut bytes = Vec::with_capacity(usize::try_from(self.size).unwrap_or_default());
        let read = self.file.rewind().and_then(|()| self.file.read_to_end(&mut bytes));
        read.map(|_| bytes).map_err(|_| msg!("web.api.lost", name = self.name))
    }
}

/// Takes the files of a call: parts of `multipart/form-data` with their names, or the body itself under the name in `name`.
pub(super) async fn receive(
    call: &Call,
    mut request: Request,
    most: &Most,
) -> Result<Delivery, Problem> {
    let announced = announced(request.headers());
    if announced > most.all {
        return Err(most.too_large());
    }
    has_room(call, announced).await?;
    // The limit is our own: what is beyond it is told in words.
    DefaultBodyLimit::disable().apply(&mut request);
    let media = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let delivery = if media.is_some_and(|media| media.starts_with("multipart/")) {
        parts(call, request, most).await?
    } else {
        let name = call.text("name").or(most.usual_name);
        let name = name.ok_or_else(|| bad(msg!("web.api.name_needed")))?;
        Delivery { files: vec![whole(call, name, request, most).await?], mapping: None }
    };
    if delivery.files.is_empty() {
        return Err(bad(msg!("web.api.no_files")));
    }
    Ok(delivery)
}

fn announced(headers: &HeaderMap) -> u64 {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    length.and_then(|length| length.parse().ok()).unwrap_or_default()
}

/// Whether the disk has room for what is sent, and for what must go on beside it.
async fn has_room(call: &Call, announced: u64) -> Result<(), Problem> {
    let free = call.visitor.read(|app| Ok(app.free_bytes())).await?;
    match free {
        Some(free) if free < announced.saturating_add(RESERVE) => Err(no_room()),
        _ => Ok(()),
    }
}

async fn parts(call: &Call, request: Request, most: &Most) -> Result<Delivery, Problem> {
    let parts = Multipart::from_request(request, &()).await;
    let mut parts = parts.map_err(|_| bad(msg!("web.api.bad_multipart")))?;
    let mut delivery = Delivery { files: Vec::new(), mapping: None };
    let mut left = most.all;
    loop {
        let next = timeout(PATIENCE, parts.next_field()).await.map_err(|_| too_slow())?;
        let field = next.map_err(|error| broken(&error, most))?;
        let Some(mut field) = field else { return Ok(delivery) };
        if field.file_name().is_none() && field.name() == Some("mapping") {
            delivery.mapping = Some(mapping(&mut field, most).await?);
            continue;
        }
        let Some(name) = field.file_name().filter(|name| !name.is_empty()).map(str::to_owned)
        else {
            return Err(bad(msg!("web.api.part_unknown")));
        };
        if delivery.files.len() >= most.files {
            return Err(most.too_large());
        }
        let mut writing = Writing::begin(call, name, left, most)?;
        while let Some(bytes) = chunk(&mut field, most).await? {
            writing.take(&bytes).await?;
        }
        left = left.saturating_sub(writing.size);
        delivery.files.push(writing.end().await?);
    }
}

async fn chunk(field: &mut Field<'_>, most: &Most) -> Result<Option<Bytes>, Problem> {
    let chunk = timeout(PATIENCE, field.chunk()).await.map_err(|_| too_slow())?;
    chunk.map_err(|error| broken(&error, most))
}

async fn mapping(field: &mut Field<'_>, most: &Most) -> Result<String, Problem> {
    let mut text = Vec::new();
    while let Some(bytes) = chunk(field, most).await? {
        text.extend_from_slice(&bytes);
        if text.len() > MOST_MAPPING {
            return Err(bad(msg!("web.api.bad_mapping")));
        }
    }
    String::from_utf8(text).map_err(|_| bad(msg!("web.api.bad_mapping")))
}

async fn whole(call: &Call, name: &str, request: Request, most: &Most) -> Result<Parcel, Problem> {
    let mut writing = Writing::begin(call, name.to_owned(), most.all, most)?;
    let mut body = Whole(request.into_body());
    while let Some(bytes) = body.next().await? {
        writing.take(&bytes).await?;
    }
    writing.end().await
}

/// The body of a call as one file.
pub(super) struct Whole(pub(super) Body);

impl Pieces for Whole {
    async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        loop {
            let frame = std::future::poll_fn(|context| Pin::new(&mut self.0).poll_frame(context));
            match timeout(PATIENCE, frame).await.map_err(|_| too_slow())? {
                None => return Ok(None),
                Some(Err(_)) => return Err(bad(msg!("web.api.broken_off"))),
                Some(Ok(frame)) => {
                    if let Ok(bytes) = frame.into_data() {
                        return Ok(Some(bytes));
                    }
                }
            }
        }
    }
}

/// A file that is being written.
struct Writing {
    name: String,
    file: tokio::fs::File,
    size: u64,
    /// Bytes it may have.
    may_have: u64,
    most: Most,
}

impl Writing {
    fn begin(call: &Call, name: String, left: u64, most: &Most) -> Result<Self, Problem> {
        let folder = call.visitor.app().folder().to_owned();
        let file = tempfile::tempfile_in(folder).map_err(|error| unwritable(&error))?;
        let (file, may_have) = (tokio::fs::File::from_std(file), most.file.min(left));
        Ok(Self { name, file, size: 0, may_have, most: *most })
    }

    async fn take(&mut self, bytes: &Bytes) -> Result<(), Problem> {
        self.size = self.size.saturating_add(bytes.len() as u64);
        if self.size > self.may_have {
            return Err(self.most.too_large());
        }
        self.file.write_all(bytes).await.map_err(|error| unwritable(&error))
    }

    async fn end(mut self) -> Result<Parcel, Problem> {
        self.file.flush().await.map_err(|error| unwritable(&error))?;
        Ok(Parcel { name: self.name, file: self.file.into_std().await, size: self.size })
    }
}

fn no_room() -> Problem {
    Problem::new(StatusCode::INSUFFICIENT_STORAGE, msg!("web.api.no_room"))
}

fn unwritable(error: &std::io::Error) -> Problem {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => no_room(),
        _ => {
            tracing::error!(%error, "a file that was sent could not be written");
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, msg!("web.api.unwritable"))
        }
    }
}

/// Parts that do not hold together, or a connection that broke off.
fn broken(error: &MultipartError, most: &Most) -> Problem {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => most.too_large(),
        _ => bad(msg!("web.api.broken_off")),
    }
}
