//! Makes `data/banners/recog.txt.z` and `testdata/banners/examples.jsonl.z` from the files of Recog:
//!
//! ```text
//! cargo run -p mimawari-reference --example banner_table -- recog/xml crates/reference/data/banners/recog.txt.z testdata/banners/examples.jsonl.z
//! ```

use std::path::Path;
use std::{env, fs};

mod recog;

fn main() -> Result<(), recog::Fault> {
    let words: Vec<String> = env::args().skip(1).collect();
    let [folder, table, examples] = words.as_slice() else {
        return Err("banner_table FOLDER TABLE EXAMPLES".into());
    };
    let sets = recog::read_folder(Path::new(folder))?;
    fs::write(table, recog::table(&sets)?)?;
    fs::write(examples, recog::examples(&sets)?)?;
    Ok(())
}
