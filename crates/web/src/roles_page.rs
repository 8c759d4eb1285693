//! The page `docs/desk/roles.md`: every route with who may use it, from the table that the guard itself obeys.

use std::fmt::Write as _;

use domain::{Permission, Role};
use reference::Catalogue;

use crate::routes::{Access, listed};

/// The page, in the language of `texts`.
pub fn roles_markdown(texts: &Catalogue) -> String {
    let mut page = format!(
        "{}\n\n# {}\n\n{}\n\n",
        "<!-- Written by `cargo xtask generate` from the program itself. Do not edit by hand. -->",
        texts.text("web.roles.title"),
        texts.text("web.roles.about"),
    );
    permissions(&mut page, texts);
    let mut routes = listed();
    routes.sort_by_key(|route| (route.path, route.method.to_string()));
    let _ =
        write!(page, "\n| {} | {} |", texts.text("web.roles.route"), texts.text("web.roles.asks"));
    for role in Role::ALL {
        let _ = write!(page, " {} |", texts.text(&format!("role.{}", role.key())));
    }
    let _ = writeln!(page, "\n|---|---|{}", "---|".repeat(Role::ALL.len()));
    for route in routes {
        let _ =
            write!(page, "| `{} {}` | {} |", route.method, route.path, asks(route.access, texts));
        for role in Role::ALL {
            let _ = write!(page, " {} |", mark(may(route.access, *role)));
        }
        page.push('\n');
    }
    page
}

/// What each permission is for, and which roles have it.
fn permissions(page: &mut String, texts: &Catalogue) {
    for permission in Permission::ALL {
        let roles: Vec<String> = Role::ALL
            .iter()
            .filter(|role| role.may(*permission))
            .map(|role| texts.text(&format!("role.{}", role.key())).into_owned())
            .collect();
        let name = texts.text(&format!("permission.{}", permission.key()));
        let _ = writeln!(page, "- **{name}**: {}", roles.join(", "));
    }
}

fn asks(access: Access, texts: &Catalogue) -> String {
    match access {
        Access::Open => texts.text("web.roles.open").into_owned(),
        Access::SignedIn => texts.text("web.roles.signed_in").into_owned(),
        Access::May(permission) => {
            texts.text(&format!("permission.{}", permission.key())).into_owned()
        }
        Access::Script(permission) => format!(
            "{} ({})",
            texts.text(&format!("permission.{}", permission.key())),
            texts.text("web.roles.script")
        ),
    }
}

fn may(access: Access, role: Role) -> bool {
    match access {
        Access::Open | Access::SignedIn => true,
        Access::May(permission) | Access::Script(permission) => role.may(permission),
    }
}

fn mark(may: bool) -> &'static str {
    if may { "○" } else { "–" }
}

#[cfg(test)]
mod tests {
    use reference::Language;

    use super::*;

    #[test]
    fn every_route_stands_on_the_page_with_who_may() {
        let page = roles_markdown(&Catalogue::load(Language::En));
        for route in listed() {
            assert!(
                page.contains(&format!("| `{} {}` |", route.method, route.path)),
                "{}",
                route.path
            );
        }
        let line = page.lines().find(|line| line.contains("`POST /api/v1/zones`")).unwrap();
        assert_eq!(line.matches('○').count(), 2, "{line}");
        assert!(!page.contains('['), "every word has its text");
    }
}
