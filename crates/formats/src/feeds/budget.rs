//! How much one record may become. A record names a product once and speaks of it a thousand times; a hostile one would have a long
//! name copied a million times.

use domain::{Condition, ProductName, msg};

use super::gather::Reject;

/// What the words of one record may weigh, in bytes: several times what a maker's largest come to.
const MAX: usize = 64 << 20;

/// What is left of it.
#[derive(Debug)]
pub(super) struct Budget {
    left: usize,
    number: u64,
}

impl Budget {
    /// For the `number`th record.
    pub(super) fn new(number: u64) -> Self {
        Self { left: MAX, number }
    }

    /// Takes `bytes` of it.
    pub(super) fn spend(&mut self, bytes: usize) -> Result<(), Reject> {
        let Some(left) = self.left.checked_sub(bytes) else {
            return Err(Reject::Told(msg!("feed.refused_large", number = self.number)));
        };
        self.left = left;
        Ok(())
    }
}

/// What a product weighs.
pub(super) fn product(name: &ProductName) -> usize {
    let one = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    let list = |texts: &[String]| -> usize { texts.iter().map(|text| text.len() + 24).sum() };
    let single = [&name.vendor, &name.name, &name.ecosystem, &name.package];
    let lists =
        [&name.families, &name.platforms, &name.purls, &name.cpes, &name.models, &name.serials];
    let singles: usize = single.into_iter().map(one).sum();
    let lists: usize = lists.into_iter().map(|texts| list(texts)).sum();
    size_of::<ProductName>() + singles + lists
}

/// What conditions weigh.
pub(super) fn conditions(conditions: &[Condition]) -> usize {
    let any = conditions.iter().flat_map(|condition| &condition.any);
    any.map(|criterion| product(&criterion.product) + 64).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spent_is_gone() {
        let mut budget = Budget::new(7);
        assert!(budget.spend(MAX - 1).is_ok() && budget.spend(1).is_ok());
        let Err(Reject::Told(message)) = budget.spend(1) else { panic!("it was spent") };
        assert_eq!(message, msg!("feed.refused_large", number = 7_u64));
    }

    #[test]
    fn a_long_name_weighs_what_it_is_long() {
        let name =
            |length| ProductName { vendor: Some("v".repeat(length)), ..ProductName::default() };
        assert_eq!(product(&name(1000)) - product(&name(1)), 999);
    }
}
