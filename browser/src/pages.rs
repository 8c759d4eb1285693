//! The pages there are, for pictures and for the look at all of them.

/// Every page that can be opened by its address, with the name of its picture.
pub(crate) const PAGES: &[(&str, &str)] = &[
    ("today", "/"),
    ("me", "/me"),
    ("password", "/me/password"),
    ("second-factor", "/me/second-factor"),
    ("no-page", "/nowhere"),
];
