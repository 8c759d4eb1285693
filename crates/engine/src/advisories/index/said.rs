//! What is said of a product.

use domain::advisory::Claim;

use super::code::{Coded, Garbled, Input};
use super::layer::Layer;
use super::posting::{Place, Posting};
use super::{Index, IndexError, SLOT, Section, fixed};
use crate::advisories::key::Key;

/// What an advisory says of a product, as it stands in the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The number of the advisory in this index.
    pub advisory: u32,
    /// The place of the claim among those of the advisory.
    pub place: u32,
    /// The claim.
    pub claim: Claim,
}

impl Index<'_> {
    /// Everything said of a product, by advisory and place.
    pub fn said_of(&self, key: &Key) -> Result<Vec<Said>, IndexError> {
        let Some(posting) = self.posting(key)? else { return Ok(Vec::new()) };
        let mut shown = Vec::new();
        for said in self.all(&posting)? {
            if !self.is_hidden(said.advisory)? {
                shown.push(said);
            }
        }
        Ok(shown)
    }

    /// Whether another word on its vulnerability stands in the second file.
    fn is_hidden(&self, advisory: u32) -> Result<bool, IndexError> {
        let (None, own) = self.place(advisory) else { return Ok(false) };
        Ok(self.unhidden(own)?.is_none())
    }

    /// What stands under a key. Claims of hidden advisories may be among it, no spans of theirs.
    pub(in crate::advisories) fn posting(&self, key: &Key) -> Result<Option<Posting>, IndexError> {
        let base = self.base.posting(key)?;
        let Some(over) = &self.over else { return Ok(base) };
        Ok(over.joined(base, over.layer.posting(key)?))
    }

    /// The claims under a key that numbers do not say, by advisory and place.
    pub(in crate::advisories) fn others(&self, posting: &Posting) -> Result<Vec<Said>, IndexError> {
        self.read_claims(posting.others.iter())
    }

    /// All claims under a key, by advisory and place.
    pub(in crate::advisories) fn all(&self, posting: &Posting) -> Result<Vec<Said>, IndexError> {
        self.read_claims(posting.others.iter().chain(&posting.plain))
    }

    /// A claim of which numbers say which versions it reaches.
    pub(in crate::advisories) fn plain(
        &self,
        posting: &Posting,
        claim: u32,
    ) -> Result<Said, IndexError> {
        self.claim(*posting.plain.get(claim as usize).ok_or(IndexError::Damaged)?)
    }

    fn read_claims<'p>(
        &self,
        places: impl Iterator<Item = &'p Place>,
    ) -> Result<Vec<Said>, IndexError> {
        let mut said: Vec<Said> =
            places.map(|place| self.claim(*place)).collect::<Result<_, _>>()?;
        said.sort_by_key(|said| (said.advisory, said.place));
        Ok(said)
    }

    fn claim(&self, (at, length): Place) -> Result<Said, IndexError> {
        let over = self.over.as_ref();
        let over = over.and_then(|over| Some((over, at.checked_sub(over.first_claim)?)));
        let Some((over, own)) = over else { return self.base.claim((at, length)) };
        let said = over.layer.claim((own, length))?;
        Ok(Said { advisory: over.first_advisory + said.advisory, ..said })
    }
}

impl Layer<'_> {
    /// What stands under a key.
    fn posting(&self, key: &Key) -> Result<Option<Posting>, IndexError> {
        let text = key.to_string();
        for slot in self.equal(Section::Slots, SLOT, key.hash())? {
            let slot = self.entry(Section::Slots, SLOT, slot)?;
            let bytes = self.bytes(Section::Postings, fixed(&slot, 8)?, fixed(&slot, 16)?)?;
            let mut input = Input(&bytes);
            if String::read(&mut input)? == text {
                return Ok(Some(Posting::read(&mut input)?));
            }
        }
        Ok(None)
    }

    pub(super) fn claim(&self, (at, length): Place) -> Result<Said, IndexError> {
        Ok(Said::read(&mut Input(&self.bytes(Section::Claims, at, length)?))?)
    }
}

impl Coded for Said {
    fn write(&self, out: &mut Vec<u8>) {
        self.advisory.write(out);
        self.place.write(out);
        self.claim.write(out);
    }

    fn read(input: &mut Input<'_>) -> Result<Self, Garbled> {
        let (advisory, place) = (u32::read(input)?, u32::read(input)?);
        Ok(Self { advisory, place, claim: Claim::read(input)? })
    }
}
