//! What went wrong, as a page or as JSON.

use app::{AppError, Trouble};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::{Message, msg};

/// Why a request was not answered. The guard makes a page of it in the visitor's language, or JSON for scripts.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    pub(crate) message: Message,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, message: Message) -> Self {
        Self { status, message }
    }

    /// There is no such page.
    pub(crate) fn no_page() -> Self {
        Self::new(StatusCode::NOT_FOUND, msg!("web.problem.no_page"))
    }

    /// What was sent does not fit the page.
    pub(crate) fn bad_form() -> Self {
        Self::new(StatusCode::BAD_REQUEST, msg!("web.problem.bad_form"))
    }

    /// The program is being stopped, or work of it broke off.
    pub(crate) fn stopped() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, msg!("web.problem.stopped"))
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        let status = match error.trouble() {
            Trouble::Conflict => StatusCode::CONFLICT,
            Trouble::Fault => StatusCode::INTERNAL_SERVER_ERROR,
            Trouble::Full => StatusCode::INSUFFICIENT_STORAGE,
            Trouble::Gone => StatusCode::GONE,
            Trouble::Missing => StatusCode::NOT_FOUND,
            Trouble::NotNow => StatusCode::SERVICE_UNAVAILABLE,
        };
        if status.is_server_error() {
            tracing::error!(error = %error, "a request could not be answered");
        }
        Self { status, message: error.message() }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
