//! How we ask, and whom we leave alone.

use collect::{FetchError, Got};

use crate::server::{World, cut, whole};

const SOUND: &str = "200 OK\nETag: \"v1\"";

#[test]
fn who_wants_to_be_asked_later_is_asked_later() {
    let world = World::answering(vec![
        whole("429 Too Many Requests\nRetry-After: 120", ""),
        whole("503 Service Unavailable", ""),
        whole("403 Forbidden\nRetry-After: 30", ""),
        whole(SOUND, "0123456789"),
    ]);
    assert_eq!(world.fetch().unwrap(), Got::Fetched { bytes: 10, resumed: 0 });
    // Between any two questions to one host there is a second besides.
    assert_eq!(world.waited(), [120, 1, 20, 1, 30, 1]);
}

#[test]
fn who_keeps_refusing_is_left_alone() {
    let world = World::answering((0..9).map(|_| whole("503 Service Unavailable", "")).collect());
    let got = world.fetch_all(&["a.json", "b.json"]);
    assert!(matches!(got[0], Err(FetchError::Status { status: 503, .. })));
    assert!(matches!(got[1], Err(FetchError::Silent { .. })));
    assert_eq!(world.asked().len(), 4);
}

#[test]
fn who_wants_hours_of_patience_gets_them_another_day() {
    let world = World::answering(vec![whole("429 Too Many Requests\nRetry-After: 86400", "")]);
    assert!(matches!(world.fetch(), Err(FetchError::Later { seconds: 86_400, .. })));
    assert!(world.waited().is_empty());
}

#[test]
fn what_is_not_there_is_asked_for_once() {
    for status in ["404 Not Found", "410 Gone"] {
        let world = World::answering(vec![whole(status, "<h1>gone</h1>")]);
        assert!(matches!(world.fetch(), Err(FetchError::Missing { .. })), "{status}");
        assert_eq!(world.text("feed.json.part"), "");
    }
    for (status, number) in [("401 Unauthorized", 401), ("500 Oops", 500), ("304 Unasked", 304)] {
        let world = World::answering(vec![whole(status, "")]);
        let got = world.fetch();
        assert!(matches!(got, Err(FetchError::Status { status, .. }) if status == number));
    }
}

#[test]
fn what_is_too_large_is_not_taken() {
    let world = World::answering(vec![whole(SOUND, "0123456789")]).taking(9);
    assert!(matches!(world.fetch(), Err(FetchError::TooLarge { limit: 9, .. })));
    assert_eq!((&*world.text("feed.json"), &*world.text("feed.json.part")), ("", ""));
    // One that does not tell is stopped when it is too much.
    let pieces = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
    let world = World::answering(vec![format!("{pieces}a\r\n0123456789\r\n0\r\n\r\n")]).taking(9);
    assert!(matches!(world.fetch(), Err(FetchError::TooLarge { .. })));
    assert_eq!((&*world.text("feed.json"), &*world.text("feed.json.part")), ("", ""));
}

#[test]
fn a_length_that_is_wrong_is_noticed() {
    let world = World::answering((0..4).map(|_| cut("200 OK", "0123456789", 12)).collect());
    assert!(matches!(world.fetch(), Err(FetchError::Connection { .. })));
    assert_eq!(world.text("feed.json"), "");
    // What stands behind the promised length is no part of the file.
    let world = World::answering(vec![cut("200 OK", "0123456789", 8)]);
    assert_eq!(world.fetch().unwrap(), Got::Fetched { bytes: 8, resumed: 0 });
    assert_eq!(world.text("feed.json"), "01234567");
}

#[test]
fn a_page_for_people_is_no_feed() {
    let login = "200 OK\nContent-Type: text/html; charset=utf-8";
    let world = World::answering(vec![whole(login, "<html>Please sign in</html>")]);
    assert!(matches!(world.fetch(), Err(FetchError::Page { .. })));
    assert_eq!(world.text("feed.json"), "");
}

#[test]
fn a_redirect_is_followed_on_this_machine_and_refused_to_plain_http() {
    let world = World::answering(vec![
        whole("302 Found\nLocation: /elsewhere.json", ""),
        whole(SOUND, "0123456789"),
    ]);
    world.fetch().unwrap();
    assert!(world.asked()[1].starts_with("get /elsewhere.json "));
    for location in ["http://example.org/feed.json", "file:///etc/passwd"] {
        let head = format!("302 Found\nLocation: {location}");
        let world = World::answering(vec![whole(&head, "")]);
        let got = world.fetch();
        assert!(matches!(&got, Err(FetchError::Redirect { to, .. }) if to == location), "{got:?}");
    }
}

#[test]
fn who_leads_in_circles_is_not_followed() {
    let round = || whole("302 Found\nLocation: {url}", "");
    let world = World::answering((0..9).map(|_| round()).collect());
    assert!(matches!(world.fetch(), Err(FetchError::Redirects { .. })));
    assert_eq!(world.asked().len(), 6);
}

#[test]
fn a_host_that_is_not_there_is_asked_once_and_not_for_the_next_file() {
    let world = World::nowhere();
    let got = world.fetch_all(&["a.json", "b.json"]);
    assert!(matches!(got[0], Err(FetchError::Unreachable { .. })), "{got:?}");
    assert!(matches!(got[1], Err(FetchError::Silent { .. })), "{got:?}");
    assert!(world.waited().is_empty());
}

#[test]
fn who_hangs_up_without_a_word_is_asked_again() {
    let world = World::answering(vec![String::new(), whole(SOUND, "0123456789")]);
    assert_eq!(world.fetch().unwrap(), Got::Fetched { bytes: 10, resumed: 0 });
    assert_eq!(world.waited(), [10, 1]);
}
