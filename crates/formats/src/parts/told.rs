//! What is told of a document: warnings with their place, each kind of them a bounded number of times.

use std::collections::HashMap;

use domain::{Message, Place, Warning, msg};

use crate::text::excerpt;

/// How many warnings of a kind are named one by one.
const MAX_OF_A_KIND: u64 = 200;

/// Keys of faults against the specification begin so.
pub(super) const FAULT: &str = "parts.fault_";

/// What was told so far, and where the reader stands.
#[derive(Debug, Default)]
pub(super) struct Told {
    place: Place,
    warnings: Vec<Warning>,
    counts: HashMap<String, u64>,
}

impl Told {
    /// From here on it is told of `place`.
    pub(super) fn stand(&mut self, place: Place) {
        self.place = place;
    }

    /// Where the reader stands.
    pub(super) fn place(&self) -> Place {
        self.place.clone()
    }

    /// Tells something of the place.
    pub(super) fn say(&mut self, message: Message) {
        match self.counts.get_mut(&*message.key) {
            Some(count) => {
                *count += 1;
                if *count > MAX_OF_A_KIND {
                    return;
                }
            }
            None => {
                self.counts.insert(message.key.clone().into_owned(), 1);
            }
        }
        self.warnings.push(Warning { place: self.place.clone(), message });
    }

    /// A field that the specification asks for is not there.
    pub(super) fn missing(&mut self, field: &'static str) {
        self.say(msg!("parts.fault_missing", field = field));
    }

    /// A field is no text, list or object where it should be.
    pub(super) fn wrong_type(&mut self, field: &str) {
        self.say(msg!("parts.fault_type", field = excerpt(field)));
    }

    /// A field holds what the specification does not know there.
    pub(super) fn wrong_value(&mut self, field: &'static str, text: &str) {
        self.say(msg!("parts.fault_value", field = field, text = excerpt(text)));
    }

    /// A field stands twice in one object.
    pub(super) fn twice_in_one(&mut self, field: &str) {
        self.say(msg!("parts.fault_field_twice", field = excerpt(field)));
    }

    /// A text is no package URL.
    pub(super) fn no_purl(&mut self, text: &str) {
        self.say(msg!("parts.purl_unread", text = excerpt(text)));
    }

    /// A text is no CPE name.
    pub(super) fn no_cpe(&mut self, text: &str) {
        self.say(msg!("parts.cpe_unread", text = excerpt(text)));
    }

    /// Everything that was told, in the order of reading; what was not named one by one is counted at the end.
    pub(super) fn finish(mut self) -> Vec<Warning> {
        let beyond: u64 = self.counts.values().map(|n| n.saturating_sub(MAX_OF_A_KIND)).sum();
        if beyond > 0 {
            self.stand(Place::DOCUMENT);
            self.say(msg!("parts.more", count = beyond));
        }
        self.warnings
    }
}
