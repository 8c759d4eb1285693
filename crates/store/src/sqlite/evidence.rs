//! Evidence (原本): the bytes that came in, in chunks, and proven on the way out.

use std::io::{Read, Write};

use domain::Digest;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use rusqlite::params;

use super::db::count;
use super::{Change, View};
use crate::StoreError;

const CHUNK: usize = 1024 * 1024;

/// How a document will be kept: its digest, and its chunks deflated where that pays.
///
/// Making it needs no store, so it can be made while the document is being read.
#[derive(Debug)]
pub struct Packing {
    digest: Digest,
    /// Each chunk deflated; `None` for one that stays as it is.
    chunks: Vec<Option<Vec<u8>>>,
}

impl Packing {
    /// The packing of the document `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        let mut worth_packing = true;
        let mut chunks = Vec::new();
        for chunk in bytes.chunks(CHUNK) {
            let packed = if worth_packing { pack(chunk) } else { None };
            // A workbook is packed already: what the first chunk does not gain, the others will not.
            worth_packing &= packed.is_some() || !chunks.is_empty();
            chunks.push(packed);
        }
        Self { digest: Digest::of(bytes), chunks }
    }

    /// The digest of the document.
    pub fn digest(&self) -> Digest {
        self.digest
    }
}

impl Change {
    /// Keeps a document, every byte of it, and gives its digest.
    ///
    /// What is kept already is not kept twice; where the kept bytes were damaged, these take their place.
    pub fn keep_evidence(&mut self, bytes: &[u8]) -> Result<Digest, StoreError> {
        let packing = Packing::of(bytes);
        self.keep_packed(bytes, &packing)?;
        Ok(packing.digest)
    }

    /// Keeps a document as [`Change::keep_evidence`] does; `packing` must be that of `bytes`.
    pub fn keep_packed(&mut self, bytes: &[u8], packing: &Packing) -> Result<(), StoreError> {
        self.keep(packing.digest, bytes, packing)
    }

    /// Keeps `copy`, in which secrets are masked, for the document whose own bytes have the digest `evidence`.
    pub fn keep_masked(&mut self, evidence: Digest, copy: &[u8]) -> Result<(), StoreError> {
        self.keep(evidence, copy, &Packing::of(copy))
    }

    fn keep(&self, evidence: Digest, bytes: &[u8], packing: &Packing) -> Result<(), StoreError> {
        match self.view.evidence(evidence) {
            Ok(Some(_)) => return Ok(()),
            Ok(None) => {}
            Err(StoreError::EvidenceDamaged { .. }) => self.remove(evidence)?,
            Err(other) => return Err(other),
        }
        self.run_sql(
            "INSERT INTO evidence (facility, digest, kept, size) VALUES (?1, ?2, ?3, ?4)",
            params![self.view.facility, evidence.0, packing.digest.0, count(bytes.len() as u64)],
        )?;
        self.keep_chunks(evidence, bytes, packing)
    }

    /// Lets the kept bytes of `evidence` go. Its imports and what was read from it stay.
    pub fn let_evidence_go(&mut self, evidence: Digest) -> Result<(), StoreError> {
        self.remove(evidence)
    }

    fn remove(&self, evidence: Digest) -> Result<(), StoreError> {
        for sql in [
            "DELETE FROM evidence_chunk WHERE facility = ?1 AND digest = ?2",
            "DELETE FROM evidence WHERE facility = ?1 AND digest = ?2",
        ] {
            self.run_sql(sql, params![self.view.facility, evidence.0])?;
        }
        Ok(())
    }

    fn keep_chunks(
        &self,
        evidence: Digest,
        bytes: &[u8],
        packing: &Packing,
    ) -> Result<(), StoreError> {
        let chunks = bytes.chunks(CHUNK).zip(&packing.chunks);
        for (seq, (chunk, packed)) in (0i64..).zip(chunks) {
            let stored = packed.as_deref().unwrap_or(chunk);
            self.run_sql(
                "INSERT INTO evidence_chunk (facility, digest, seq, packed, bytes)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
                params![self.view.facility, evidence.0, seq, packed.is_some(), stored],
            )?;
        }
        Ok(())
    }
}

impl View {
    /// What the kept bytes of `evidence` take in the database; none where nothing of it is kept.
    pub fn evidence_size(&self, evidence: Digest) -> Result<Option<u64>, StoreError> {
        self.db.one(
            "SELECT (SELECT coalesce(sum(length(c.bytes)), 0) FROM evidence_chunk c
                     WHERE c.facility = e.facility AND c.digest = e.digest)
             FROM evidence e WHERE e.facility = ?1 AND e.digest = ?2",
            params![self.facility, evidence.0],
            |mut row| row.number(),
        )
    }

    /// The kept bytes of `evidence`, proven against their digest before anyone sees them.
    ///
    /// Fails with [`StoreError::EvidenceDamaged`] where they are not the ones that came in.
    pub fn evidence(&self, evidence: Digest) -> Result<Option<Vec<u8>>, StoreError> {
        let key = params![self.facility, evidence.0];
        let kept = self.db.one(
            "SELECT kept FROM evidence WHERE facility = ?1 AND digest = ?2",
            key,
            |mut row| row.digest(),
        )?;
        let Some(kept) = kept else { return Ok(None) };
        let mut bytes = Vec::new();
        self.db.each::<StoreError>(
            "SELECT packed, bytes FROM evidence_chunk
             WHERE facility = ?1 AND digest = ?2 ORDER BY seq",
            key,
            |mut row| {
                let packed = row.integer()? != 0;
                let chunk = row.bytes()?;
                if packed {
                    unpack(chunk, &mut bytes);
                } else {
                    bytes.extend_from_slice(chunk);
                }
                Ok(())
            },
        )?;
        if Digest::of(&bytes) != kept {
            return Err(StoreError::EvidenceDamaged { digest: evidence });
        }
        Ok(Some(bytes))
    }
}

/// The deflated chunk, where that saves at least a sixteenth.
fn pack(chunk: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::with_capacity(chunk.len() / 2), Compression::fast());
    encoder.write_all(chunk).ok()?;
    let packed = encoder.finish().ok()?;
    (packed.len() < chunk.len() - chunk.len() / 16).then_some(packed)
}

/// Appends the inflated chunk, never more than a chunk can hold. What cannot be inflated is left out: the digest will tell.
fn unpack(packed: &[u8], bytes: &mut Vec<u8>) {
    let _ = DeflateDecoder::new(packed).take(CHUNK as u64).read_to_end(bytes);
}
