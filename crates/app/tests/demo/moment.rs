//! What is at hand is what would be read otherwise.

use super::*;

#[test]
fn every_device_is_at_hand_once_the_ground_is_read_and_is_then_told_as_in_full() {
    let hospital = Hospital::demo();
    hospital.round();
    let app = &hospital.app;
    let devices = hospital.devices();
    let mut told = 0;
    for device in &devices {
        app.at_once(|moment| {
            let full = moment.device_named(&device.id, DEMO_DATE)?;
            let soon = moment.device_at_hand(&device.id, DEMO_DATE)?;
            // One that is made of much is left to where time may be taken.
            assert!(soon.is_some() || full.observations.len() > 16, "{}", device.id);
            told += usize::from(soon.is_some());
            assert!(soon.is_none_or(|soon| soon == full), "{}", device.id);
            Ok(())
        })
        .unwrap();
    }
    assert!(told > devices.len() * 9 / 10, "{told} of {}", devices.len());
}

#[test]
fn nothing_is_at_hand_before_it_was_read_after_a_change_or_by_another_name() {
    let hospital = Hospital::demo();
    let id = hospital.id("CT-01").to_string();
    let at_hand =
        |name: &str| hospital.app.at_once(|moment| moment.device_at_hand(name, DEMO_DATE)).unwrap();
    hospital.round();
    assert_eq!(at_hand(&id), None, "the round is a change");
    let full = hospital.app.device_named(&id, DEMO_DATE).unwrap();
    assert_eq!(at_hand(&id), Some(full));
    for name in ["CT-01", "000000000000", ""] {
        assert_eq!(at_hand(name), None, "{name}");
    }
}
