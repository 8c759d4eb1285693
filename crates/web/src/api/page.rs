//! The page that tells people what scripts can ask.

use askama::Template;

use super::describe::{Readable, readable};
use crate::answer::{Answer, page};
use crate::frame::Frame;
use crate::guard::Visitor;

#[derive(Template)]
#[template(path = "api/page.html")]
struct ApiPage {
    frame: Frame,
    operations: Vec<Readable>,
}

pub(super) async fn show(visitor: Visitor) -> Answer {
    let frame = visitor.frame("api").await?;
    let operations = readable(&frame.texts);
    page(&ApiPage { frame, operations })
}
