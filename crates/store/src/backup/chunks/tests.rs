use super::*;

/// Records of a little more than two chunks, hard and easy to compress.
fn records() -> Vec<u8> {
    let mut state = 1u32;
    let mut next = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let hard = std::iter::repeat_with(&mut next).take(CHUNK_BYTES);
    hard.chain(std::iter::repeat_n(b'a', CHUNK_BYTES + 1000)).collect()
}

fn written(records: &[u8], passphrase: Option<&str>) -> Vec<u8> {
    let passphrase = passphrase.map(Passphrase::new);
    let mut writer = ChunkWriter::new(Vec::new(), passphrase.as_ref()).unwrap();
    writer.write_all(records).unwrap();
    writer.finish(b"{}").unwrap().1
}

fn read(file: &[u8], passphrase: Option<&str>) -> Result<(Vec<u8>, Vec<u8>, u64), BackupError> {
    let passphrase = passphrase.map(Passphrase::new);
    let mut reader = ChunkReader::new(file, passphrase.as_ref())?;
    let mut records = Vec::new();
    loop {
        match reader.next()? {
            (Kind::Records, chunk) => records.extend(chunk),
            (Kind::Manifest, manifest) => return Ok((records, manifest, reader.read_so_far().0)),
        }
    }
}

#[test]
fn what_was_written_is_read_again() {
    for passphrase in [None, Some("合言葉")] {
        for records in [records(), b"little".to_vec(), Vec::new()] {
            let file = written(&records, passphrase);
            let (found, manifest, chunks) = read(&file, passphrase).unwrap();
            assert!(found == records && manifest == b"{}");
            assert_eq!(chunks, records.len().div_ceil(CHUNK_BYTES) as u64 + 1);
        }
    }
}

#[test]
fn every_flipped_byte_is_found() {
    let file = written(b"some records of no great length", None);
    for at in 0..file.len() {
        let mut damaged = file.clone();
        damaged[at] ^= 1;
        let found = read(&damaged, None).unwrap_err();
        match found {
            BackupError::NotABackup => assert!(at < 16),
            BackupError::Damaged { chunk: 0, offset: 0 } => assert!((16..69).contains(&at), "{at}"),
            // A length in the header makes it read on into the chunks, past their end.
            BackupError::Truncated { .. } => assert!((18..20).contains(&at), "{at}"),
            BackupError::Damaged { chunk, offset } => {
                assert!(chunk > 0 && offset as usize <= at, "{at}");
            }
            other => panic!("{at}: {other}"),
        }
    }
}

#[test]
fn a_flipped_byte_is_named_by_its_chunk_and_place() {
    let mut file = written(&records(), None);
    let at = 69 + HEAD_BYTES + CHUNK_BYTES + SUM_BYTES;
    file[at + HEAD_BYTES] ^= 0x80;
    let found = read(&file, None).unwrap_err();
    assert!(
        matches!(found, BackupError::Damaged { chunk: 2, offset } if offset == at as u64),
        "{found}"
    );
}

#[test]
fn a_file_that_was_cut_off_anywhere_is_told_so() {
    for passphrase in [None, Some("合言葉")] {
        let file = written(b"some records", passphrase);
        // Making the key takes its time: for an encrypted file a few places are enough.
        let step = if passphrase.is_some() { 23 } else { 1 };
        for length in (0..file.len()).step_by(step) {
            let found = read(&file[..length], passphrase).unwrap_err();
            assert!(
                matches!(found, BackupError::Truncated { offset } if offset == length as u64),
                "{length}: {found}"
            );
        }
    }
}

#[test]
fn more_behind_the_end_is_damage() {
    let mut file = written(b"some records", None);
    file.push(0);
    assert!(matches!(read(&file, None), Err(BackupError::Damaged { chunk: 3, .. })));
}

#[test]
fn a_chunk_of_another_backup_does_not_fit() {
    let (mut one, other) = (written(b"some records", None), written(b"same records", None));
    one.truncate(69);
    one.extend(&other[69..]);
    assert!(matches!(read(&one, None), Err(BackupError::Damaged { chunk: 1, offset: 69 })));
}

#[test]
fn a_passphrase_is_asked_for_and_must_be_the_right_one() {
    let file = written(b"some records", Some("合言葉"));
    assert!(matches!(read(&file, None), Err(BackupError::PassphraseNeeded)));
    assert!(matches!(read(&file, Some("合い言葉")), Err(BackupError::WrongPassphrase)));
    assert!(!file.windows(12).any(|part| part == b"some records"));
    let mut damaged = file.clone();
    let last = damaged.len() - 40;
    damaged[last] ^= 1;
    assert!(matches!(read(&damaged, Some("合言葉")), Err(BackupError::Damaged { .. })));
}

#[test]
fn a_passphrase_for_a_backup_without_one_does_no_harm() {
    assert!(read(&written(b"some records", None), Some("合言葉")).is_ok());
}

#[test]
fn a_newer_format_is_told_and_other_files_are_refused() {
    let mut newer = MAGIC.to_vec();
    newer.extend([0, 2, 0, 3, 9, 9, 9]);
    let sum = Digest::of(&newer);
    newer.extend(sum.0);
    assert!(matches!(read(&newer, None), Err(BackupError::Newer)));
    for other in [&b"PK\x03\x04 a workbook"[..], b"SQLite format 3\0 ...", b"x"] {
        assert!(matches!(read(other, None), Err(BackupError::NotABackup)));
    }
    assert!(matches!(read(b"", None), Err(BackupError::Truncated { offset: 0 })));
}

#[test]
fn a_length_that_is_too_large_is_not_believed() {
    let mut file = written(b"", None);
    file.truncate(69);
    file.extend(head(Kind::Records, true, u32::MAX as usize, u32::MAX as usize));
    assert!(matches!(read(&file, None), Err(BackupError::Damaged { chunk: 1, offset: 69 })));
}
