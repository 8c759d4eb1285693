//! Makes `data/oui/vendors.txt.z` from the registries the IEEE publishes, in the form Debian's `ieee-data` has them:
//!
//! ```text
//! cargo run -p mimawari-reference --example oui_table -- oui.csv mam.csv oui36.csv iab.csv > crates/reference/data/oui/vendors.txt.z
//! ```
//!
//! Each line of the table is a vendor and its blocks: the name, a tab, and the leading hexadecimal digits of every block (6, 7 or 9),
//! joined by spaces. The whole is one zlib stream (RFC 1950). Placeholders that name nobody are left out.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;
use std::{env, io};

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// Holders the registry lists where no vendor is to be named: the registry itself for subdivided blocks, and hidden owners.
const NOBODY: [&str; 2] = ["IEEE Registration Authority", "Private"];

fn main() -> Result<(), Box<dyn Error>> {
    let mut vendors: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in env::args().skip(1) {
        for row in csv::Reader::from_path(file)?.records() {
            let row = row?;
            let (Some(prefix), Some(name)) = (row.get(1), row.get(2)) else { continue };
            let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
            if !NOBODY.contains(&name.as_str()) {
                vendors.entry(name).or_default().push(prefix.to_ascii_lowercase());
            }
        }
    }
    let mut packed = ZlibEncoder::new(io::stdout().lock(), Compression::best());
    for (name, mut prefixes) in vendors {
        prefixes.sort();
        writeln!(packed, "{name}\t{}", prefixes.join(" "))?;
    }
    packed.finish()?.flush()?;
    Ok(())
}
