//! Files that a form sends: taken as they come, and handed on piece by piece, so that nothing holds them as a whole.

use app::{Act, App, AppError, DeliveryIntake, Intake};
use axum::body::Bytes;
use axum::extract::multipart::{Field, Multipart, MultipartRejection};
use axum::http::{HeaderMap, StatusCode, header};
use jiff::Timestamp;

use crate::guard::Visitor;
use crate::problem::Problem;

/// How much of a file is handed over to be written at once.
const PIECE: usize = 1 << 20;

/// How much of a refused upload is still taken and thrown away, so that the browser reads the answer.
const MOST_DRAINED: u64 = 4 << 30;

/// Where files go that a form sends.
pub(crate) trait Receiver: Send + Sized + 'static {
    /// Makes room for about `expected` bytes, where that is known, which `name` brings.
    fn open(app: &App, expected: Option<u64>, name: &str, act: &Act) -> Result<Self, AppError>;

    /// A file begins. False where it is passed over.
    fn begin(&mut self, name: &str, modified: Option<Timestamp>) -> Result<bool, AppError>;

    /// More of the file that began last.
    fn write(&mut self, bytes: &[u8]) -> Result<(), AppError>;

    /// Everything is there: gives the id under which it stands.
    fn finish(self) -> Result<String, AppError>;
}

/// A file that comes piece by piece.
pub(crate) trait Pieces: Send {
    /// The next piece; none where the file ends.
    fn next(&mut self) -> impl Future<Output = Result<Option<Bytes>, Problem>> + Send;
}

/// A part of a form.
struct Part<'f>(Field<'f>);

impl Pieces for Part<'_> {
    async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        self.0.chunk().await.map_err(|_| Problem::bad_form())
    }
}

impl Receiver for Intake {
    fn open(app: &App, expected: Option<u64>, name: &str, act: &Act) -> Result<Self, AppError> {
        app.begin_upload(expected, name, act)
    }

    fn begin(&mut self, name: &str, modified: Option<Timestamp>) -> Result<bool, AppError> {
        Self::begin(self, name, modified)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), AppError> {
        Self::write(self, bytes)
    }

    fn finish(self) -> Result<String, AppError> {
        Self::finish(self)
    }
}

impl Receiver for DeliveryIntake {
    fn open(app: &App, expected: Option<u64>, name: &str, act: &Act) -> Result<Self, AppError> {
        app.begin_delivery(expected, name, act)
    }

    fn begin(&mut self, name: &str, _: Option<Timestamp>) -> Result<bool, AppError> {
        Self::begin(self, name)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), AppError> {
        Self::write(self, bytes)
    }

    fn finish(self) -> Result<String, AppError> {
        Self::finish(self)
    }
}

/// Takes the files of a form as they come; gives the id under which they stand.
pub(crate) async fn receive<R: Receiver>(
    visitor: &Visitor,
    headers: &HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Result<String, Problem> {
    let Ok(mut form) = form else { return Err(Problem::bad_form()) };
    let received = match open::<R>(visitor, headers).await {
        Ok(receiver) => take_files(visitor, &mut form, receiver).await,
        Err(problem) => Err(problem),
    };
    if received.is_err() {
        drain(&mut form).await;
    }
    received.map_err(refused)
}

/// Takes one file as it comes; gives the id under which it stands.
pub(crate) async fn receive_file<R: Receiver>(
    visitor: &Visitor,
    headers: &HeaderMap,
    name: String,
    mut pieces: impl Pieces,
) -> Result<String, Problem> {
    let mut receiver = open::<R>(visitor, headers).await.map_err(refused)?;
    let begin = move |_: &App| receiver.begin(&name, None).map(|is_taken| (receiver, is_taken));
    let is_taken;
    (receiver, is_taken) = visitor.read(begin).await.map_err(refused)?;
    receiver = take_file(visitor, &mut pieces, receiver, is_taken).await.map_err(refused)?;
    finish(visitor, receiver).await
}

async fn open<R: Receiver>(visitor: &Visitor, headers: &HeaderMap) -> Result<R, Problem> {
    let expected = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    let expected: Option<u64> = expected.and_then(|length| length.parse().ok());
    let name = visitor.who()?.name.clone();
    let act = visitor.desk.act(visitor.actor());
    visitor.read(move |app| R::open(app, expected, &name, &act)).await
}

/// What an upload is refused for is its size, unless the server itself failed.
fn refused(problem: Problem) -> Problem {
    let status = match problem.status {
        StatusCode::CONFLICT => StatusCode::PAYLOAD_TOO_LARGE,
        other => other,
    };
    Problem { status, ..problem }
}

/// Everything is there. What does not fit then is no upload.
async fn finish<R: Receiver>(visitor: &Visitor, receiver: R) -> Result<String, Problem> {
    visitor.read(move |_| receiver.finish()).await.map_err(|problem| match problem.status {
        StatusCode::CONFLICT => Problem { status: StatusCode::BAD_REQUEST, ..problem },
        _ => problem,
    })
}

/// Takes every file of the form.
async fn take_files<R: Receiver>(
    visitor: &Visitor,
    form: &mut Multipart,
    mut receiver: R,
) -> Result<String, Problem> {
    let mut modified = None;
    while let Some(field) = form.next_field().await.map_err(|_| Problem::bad_form())? {
        match (field.name(), field.file_name()) {
            // A small module of ours says when the next file was changed; forms alone do not.
            (Some("modified"), None) => modified = moment(field).await,
            (Some("file"), Some(name)) => {
                let (name, at) = (name.to_owned(), modified.take());
                let begin = move |_: &App| receiver.begin(&name, at).map(|is| (receiver, is));
                let is_taken;
                (receiver, is_taken) = visitor.read(begin).await?;
                receiver = take_file(visitor, &mut Part(field), receiver, is_taken).await?;
            }
            _ => {}
        }
    }
    finish(visitor, receiver).await
}

async fn take_file<R: Receiver>(
    visitor: &Visitor,
    pieces: &mut impl Pieces,
    mut receiver: R,
    is_taken: bool,
) -> Result<R, Problem> {
    let mut piece = Vec::new();
    loop {
        let more = pieces.next().await?;
        let is_end = more.is_none();
        if is_taken {
            piece.extend_from_slice(more.as_deref().unwrap_or_default());
        }
        if piece.len() >= PIECE || (is_end && !piece.is_empty()) {
            let bytes = std::mem::take(&mut piece);
            receiver = visitor.read(move |_| receiver.write(&bytes).map(|()| receiver)).await?;
        }
        if is_end {
            return Ok(receiver);
        }
    }
}

/// Milliseconds since 1970, as browsers say when a file was changed.
async fn moment(mut field: Field<'_>) -> Option<Timestamp> {
    let mut text = Vec::new();
    while let Ok(Some(piece)) = field.chunk().await {
        if text.len() + piece.len() > 20 {
            return None;
        }
        text.extend_from_slice(&piece);
    }
    Timestamp::from_millisecond(std::str::from_utf8(&text).ok()?.parse().ok()?).ok()
}

/// Takes what still comes and throws it away: a browser reads no answer while it is sending.
async fn drain(form: &mut Multipart) {
    let mut drained = 0;
    while let Ok(Some(mut field)) = form.next_field().await {
        while let Ok(Some(piece)) = field.chunk().await {
            drained += piece.len() as u64;
            if drained > MOST_DRAINED {
                return;
            }
        }
    }
}
