//! What pages need beside themselves: styles and small modules, inside the program.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// A file that is served as it is.
struct Asset {
    name: &'static str,
    /// The name with a mark of its content.
    served_as: &'static str,
    media: &'static str,
    bytes: &'static [u8],
}

// `ASSETS`, made by `build.rs`.
include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// Where the asset `name` is found; the place of nothing where there is none, which a test keeps from happening.
pub(crate) fn address(name: &str) -> String {
    let served =
        ASSETS.iter().find(|asset| asset.name == name).map_or(name, |asset| asset.served_as);
    format!("/assets/{served}")
}

/// Answers with an asset. Its address changes with its content, so it may be kept for ever.
pub(crate) async fn show(Path(name): Path<String>) -> Response {
    match ASSETS.iter().find(|asset| asset.served_as == name) {
        Some(asset) => (
            [
                (header::CONTENT_TYPE, asset.media),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ],
            asset.bytes,
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The mark beside the address of a page.
pub(crate) async fn icon() -> Response {
    match ASSETS.iter().find(|asset| asset.name == "mark.svg") {
        Some(asset) => ([(header::CONTENT_TYPE, asset.media)], asset.bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_asset_that_a_template_names_is_there() {
        let mut seen = 0;
        for template in crate::frame::templates() {
            for name in template.split("asset(\"").skip(1).filter_map(|rest| rest.split('"').next())
            {
                assert!(ASSETS.iter().any(|asset| asset.name == name), "{name}");
                seen += 1;
            }
        }
        assert!(seen > 0);
    }
}
