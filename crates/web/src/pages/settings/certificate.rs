//! The certificate of the desk: by what it is known, until when it counts, and how PCs come to trust it.

use askama::Template;
use domain::msg;

use super::{Tab, tabs};
use crate::answer::{Answer, download, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::problem::Problem;
use crate::routes::{Access, Route};

/// A certificate that ends within so many days is a warning: renewing it means a walk to every PC.
const SOON: i64 = 60;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/settings/certificate", Access::SignedIn, show),
        Route::get("/settings/certificate.cer", Access::SignedIn, take),
    ]
}

#[derive(Template)]
#[template(path = "settings/certificate.html")]
struct CertificatePage {
    frame: Frame,
    tabs: Vec<Tab>,
    tab: &'static str,
    /// Fingerprint, whether the program made it, and its last day.
    shown: Option<(String, bool, Option<String>)>,
    warning: Option<String>,
}

async fn show(visitor: Visitor) -> Answer {
    let now = visitor.desk.now();
    let frame = visitor.frame("settings").await?;
    let certificate = visitor.desk.certificate();
    let ends = certificate.and_then(|certificate| certificate.ends);
    let warning = ends.and_then(|ends| {
        let left = ends.duration_since(now).as_hours() / 24;
        let day = app::day_of(ends);
        match left {
            _ if ends <= now => Some(msg!("web.certificate.over", day = day)),
            left if left < SOON => Some(msg!("web.certificate.soon", day = day, days = left)),
            _ => None,
        }
    });
    page(&CertificatePage {
        tabs: tabs(&frame),
        tab: "certificate",
        shown: certificate.map(|certificate| {
            let ends = certificate.ends.map(|ends| app::day_of(ends).to_string());
            (certificate.fingerprint.clone(), certificate.is_own, ends)
        }),
        warning: warning.map(|warning| frame.say(&warning)),
        frame,
    })
}

/// The certificate as Windows takes it. The key is never part of it.
async fn take(visitor: Visitor) -> Answer {
    let certificate = visitor.desk.certificate().ok_or_else(Problem::no_page)?;
    download("mimawari.cer", "application/pkix-cert", certificate.der.clone())
}
