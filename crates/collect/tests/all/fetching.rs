//! Files come whole, are gone on with, and are not asked for twice.

use collect::{Event, FetchError, Folder, Got};

use crate::server::{World, cut, whole};

const TAGGED: &str = "200 OK\nETag: \"v1\"";
const REST: &str = "206 Partial Content\nETag: \"v1\"\nContent-Range: bytes 4-9/10";
const CONTENT: &str = "0123456789";

fn fetched(bytes: u64, resumed: u64) -> Got {
    Got::Fetched { bytes, resumed }
}

/// A world in which four bytes of ten came, the line was cut, and nobody answered after that.
fn cut_off(then: Vec<String>) -> World {
    let mut answers = vec![cut(TAGGED, "0123", 10)];
    answers.extend(then);
    World::answering(answers)
}

#[test]
fn a_file_is_fetched_whole_and_its_address_is_told_before() {
    let world = World::answering(vec![whole(TAGGED, CONTENT)]);
    let mut told = Vec::new();
    let got = world.fetch_telling(&mut |event| told.push(format!("{event:?}"))).unwrap();
    assert_eq!(got, fetched(10, 0));
    assert_eq!(world.text("feed.json"), CONTENT);
    assert_eq!(world.text("feed.json.part"), "");
    assert!(told[0].starts_with("Asking") && told[0].contains("/feed.json"), "{told:?}");
    assert_eq!(told.last().unwrap(), &format!("{:?}", Event::Came { bytes: 10, of: Some(10) }));
    let asked = &world.asked()[0];
    assert!(asked.contains("user-agent: mimawari/") && asked.contains("accept-encoding: identity"));
    assert!(!asked.contains("range:"), "{asked}");
}

#[test]
fn a_cut_is_gone_on_with_where_it_was() {
    let world = cut_off(vec![whole(REST, "456789")]);
    assert_eq!(world.fetch().unwrap(), fetched(10, 4));
    assert_eq!(world.text("feed.json"), CONTENT);
    let asked = &world.asked()[1];
    assert!(asked.contains("range: bytes=4-") && asked.contains("if-range: \"v1\""), "{asked}");
}

#[test]
fn another_run_goes_on_with_what_the_last_one_left() {
    let world = cut_off(vec![
        cut(REST, "45", 6),
        cut("206 Partial Content\nContent-Range: bytes 6-9/10", "", 4),
        cut("206 Partial Content\nContent-Range: bytes 6-9/10", "", 4),
        whole("206 Partial Content\nContent-Range: bytes 6-9/10", "6789"),
    ]);
    assert!(matches!(world.fetch(), Err(FetchError::Connection { .. })));
    assert_eq!((&*world.text("feed.json"), &*world.text("feed.json.part")), ("", "012345"));
    assert_eq!(world.fetch().unwrap(), fetched(10, 6));
    assert_eq!(world.text("feed.json"), CONTENT);
    assert!(world.asked()[4].contains("range: bytes=6-"));
}

#[test]
fn a_file_that_changed_in_between_begins_anew() {
    let world = cut_off(vec![whole("200 OK\nETag: \"v2\"", "abcdefgh")]);
    assert_eq!(world.fetch().unwrap(), fetched(8, 0));
    assert_eq!(world.text("feed.json"), "abcdefgh", "nothing of the older one is in it");
}

#[test]
fn a_server_that_minds_no_if_range_mixes_nothing() {
    let other = "206 Partial Content\nETag: \"v2\"\nContent-Range: bytes 4-9/10";
    let world = cut_off(vec![whole(other, "efghij"), whole(TAGGED, CONTENT)]);
    assert_eq!(world.fetch().unwrap(), fetched(10, 0));
    assert_eq!(world.text("feed.json"), CONTENT);
    for range in ["bytes 3-9/10", "bytes 4-8/10", "bytes 4-9/*", "4-9"] {
        let head = format!("206 Partial Content\nContent-Range: {range}");
        let world = cut_off(vec![whole(&head, "456789"), whole(TAGGED, CONTENT)]);
        assert_eq!(world.fetch().unwrap(), fetched(10, 0), "{range}");
        assert_eq!(world.text("feed.json"), CONTENT, "{range}");
    }
}

#[test]
fn a_part_that_is_longer_than_the_file_begins_anew() {
    let refusal = "416 Range Not Satisfiable\nContent-Range: bytes */3";
    let world = cut_off(vec![whole(refusal, ""), whole("200 OK\nETag: \"v2\"", "abc")]);
    assert_eq!(world.fetch().unwrap(), fetched(3, 0));
    assert!(!world.asked()[2].contains("range:"));
}

#[test]
fn without_a_strong_validator_a_cut_begins_anew() {
    for head in ["200 OK\nETag: W/\"v1\"", "200 OK"] {
        let world = World::answering(vec![cut(head, "0123", 10), whole(head, CONTENT)]);
        assert_eq!(world.fetch().unwrap(), fetched(10, 0), "{head}");
        assert!(!world.asked()[1].contains("range"), "{head}");
    }
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    let dated = "200 OK\nETag: \"v1\"\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT";
    let world = World::answering(vec![whole(dated, CONTENT), whole("304 Not Modified", "")]);
    world.fetch().unwrap();
    assert_eq!(world.fetch().unwrap(), Got::Unchanged { bytes: 10 });
    let asked = &world.asked()[1];
    assert!(asked.contains("if-none-match: \"v1\""), "{asked}");
    assert!(asked.contains("if-modified-since: sun, 06 nov 1994 08:49:37 gmt"), "{asked}");
}

#[test]
fn a_file_that_was_damaged_or_deleted_here_is_fetched_again() {
    let world = World::answering(vec![
        whole(TAGGED, CONTENT),
        whole(TAGGED, CONTENT),
        whole(TAGGED, CONTENT),
    ]);
    world.fetch().unwrap();
    world.write("feed.json", "01234");
    assert_eq!(world.fetch().unwrap(), fetched(10, 0));
    world.write(".mimawari-fetch.json", "{ broken");
    assert_eq!(world.fetch().unwrap(), fetched(10, 0));
    assert!(world.asked().iter().all(|asked| !asked.contains("if-none-match")));
}

#[test]
fn a_newer_version_that_is_cut_leaves_the_older_one_in_place() {
    let newer = "200 OK\nETag: \"v2\"";
    let mut answers = vec![whole(TAGGED, CONTENT)];
    answers.push(cut(newer, "abcd", 10));
    answers.extend((0..3).map(|_| cut("206 Partial Content\nContent-Range: bytes 4-9/10", "", 6)));
    let world = World::answering(answers);
    world.fetch().unwrap();
    assert!(world.fetch().is_err());
    assert_eq!((&*world.text("feed.json"), &*world.text("feed.json.part")), (CONTENT, "abcd"));
}

#[test]
fn pieces_without_a_length_say_themselves_when_they_end() {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
    let sound = format!("{head}5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n");
    let world = World::answering(vec![format!("{head}5\r\n01234\r\n"), sound]);
    assert_eq!(world.fetch().unwrap(), fetched(10, 0));
    assert_eq!(world.text("feed.json"), CONTENT);
    assert_eq!(world.asked().len(), 2, "the first was cut, and that was noticed");
}

#[test]
fn what_nobody_can_measure_is_not_taken_for_whole() {
    let endless = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n0123".to_owned();
    for answer in [endless, whole("200 OK", "")] {
        let world = World::answering(vec![answer]);
        assert!(matches!(world.fetch(), Err(FetchError::Unmeasured { .. })));
        assert_eq!(world.text("feed.json"), "");
    }
}

#[test]
fn two_do_not_fetch_into_one_folder_at_once() {
    let folder = tempfile::TempDir::new().unwrap();
    let first = Folder::open(folder.path()).unwrap();
    assert!(matches!(Folder::open(folder.path()), Err(FetchError::AtWork(_))));
    drop(first);
    assert!(Folder::open(folder.path()).is_ok());
}
