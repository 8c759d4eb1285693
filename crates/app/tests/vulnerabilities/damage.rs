//! An index that is not what was written, or not there.

use app::AppError;

use super::*;

/// Turns one bit of the file.
fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 1;
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_damaged_index_is_told_and_mended_by_the_next_import() {
    let desk = Desk::with(&[OSV, KEV]);
    let (feeds, index) = (desk.feeds(), desk.index());
    flip(&index, feeds.bytes as usize - 1);
    assert_eq!(desk.feeds().state, "damaged");
    assert_eq!(desk.feeds().sources, Vec::new());
    let error = desk.app.match_parts(&[parts(DROPWIZARD)], now()).unwrap_err();
    assert!(
        matches!(&error, AppError::Feeds(said) if said.key == "app.feeds_damaged"),
        "{error:?}"
    );
    let again = desk.import(&[OSV, KEV]);
    assert_eq!(again.warnings.len(), 1, "only what was brought now is in it: {again:?}");
    assert_eq!((desk.feeds(), desk.index()), (feeds, index), "the very bytes of before");
    assert!(is_exploited(&desk));
}

#[test]
fn wherever_it_is_damaged_no_answer_is_wrong() {
    let desk = Desk::with(&[OSV, KEV]);
    let (index, right) = (desk.index(), desk.matched(DROPWIZARD));
    let whole = fs::read(&index).unwrap();
    let (mut told, step) = (0, whole.len() / 40);
    for at in (0..whole.len()).step_by(step).chain([whole.len() - 1]) {
        flip(&index, at);
        let is_told = match desk.app.match_parts(&[parts(DROPWIZARD)], now()) {
            Ok(view) => {
                assert_eq!(view, right, "byte {at}");
                false
            }
            Err(AppError::Feeds(_)) => true,
            Err(error) => panic!("byte {at}: {error:?}"),
        };
        told += usize::from(is_told);
        assert!(["ready", "damaged"].contains(&desk.feeds().state.as_str()), "byte {at}");
        fs::write(&index, &whole).unwrap();
    }
    assert!(told > 5, "{told} of the damaged places were touched");
}

#[test]
fn however_short_it_is_nothing_panics() {
    let desk = Desk::with(&[EPSS_2022]);
    let index = desk.index();
    let whole = fs::read(&index).unwrap();
    for length in [0, 1, 8, 1024, whole.len() / 2, whole.len() - 1] {
        fs::write(&index, &whole[..length]).unwrap();
        assert_eq!(desk.feeds().state, "damaged", "{length} bytes");
        assert!(desk.app.match_parts(&[parts(DROPWIZARD)], now()).is_err(), "{length} bytes");
    }
    let view = desk.import(&[EPSS_2022]);
    assert_eq!((view.warnings.len(), view.feeds.state.as_str()), (1, "ready"));
}

#[test]
fn an_index_that_is_gone_is_lost_and_not_never() {
    let desk = Desk::with(&[OSV]);
    fs::remove_file(desk.index()).unwrap();
    assert_eq!(desk.feeds().state, "lost");
    let view = desk.matched(DROPWIZARD);
    assert_eq!((view.judged, view.unjudged), (0, view.components));
    let again = desk.import(&[KEV]);
    assert_eq!((again.warnings.len(), again.feeds.state.as_str()), (1, "ready"));
    assert_eq!(desk.sources().len(), 1);
}
