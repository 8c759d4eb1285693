//! The fingerprints that banners are known by. `data/banners/SOURCES.md` tells where they come from.

use std::io::Read;
use std::sync::LazyLock;

use domain::BannerTable;
use flate2::read::ZlibDecoder;

/// Made by `examples/banner_table`.
const RECOG: &[u8] = include_bytes!("../data/banners/recog.txt.z");

/// The unpacked table has 1.3 MB; more than this would be another file.
const MOST_BYTES: u64 = 8 << 20;

static TEXT: LazyLock<String> = LazyLock::new(|| unpack(RECOG));
static SHIPPED: LazyLock<BannerTable<'static>> = LazyLock::new(|| BannerTable::read(&TEXT));

/// The table that ships with the program. Unpacked when first asked for.
pub fn shipped() -> &'static BannerTable<'static> {
    &SHIPPED
}

/// A damaged table knows nothing; a test reads the one that ships.
fn unpack(packed: &[u8]) -> String {
    let mut text = String::new();
    match ZlibDecoder::new(packed).take(MOST_BYTES).read_to_string(&mut text) {
        Ok(_) => text,
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use domain::BannerKind;

    use super::*;

    #[test]
    fn every_kind_of_banner_has_its_fingerprints() {
        for kind in BannerKind::ALL {
            assert!(!shipped().of(kind.key()).is_empty(), "{kind:?}");
        }
        assert_eq!(shipped().len(), 4_657);
    }

    #[test]
    fn a_damaged_table_knows_nothing() {
        assert_eq!(unpack(&RECOG[..1000]), "");
        assert_eq!(unpack(b"no zlib"), "");
    }
}
