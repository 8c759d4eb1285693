//! Reads a workbook or a text table and says how many rows and cells it has and how long that took.
//!
//! `cargo run --release -p mimawari-formats --example rows -- FILE`

use std::ops::ControlFlow;
use std::time::Instant;

use formats::table::{Row, RowSink, SheetInfo};

#[derive(Default)]
struct Count {
    rows: u64,
    cells: u64,
    bytes: u64,
    print: bool,
}

impl RowSink for Count {
    fn sheet(&mut self, sheet: &SheetInfo) -> ControlFlow<()> {
        if self.print {
            println!("{sheet:?}");
        }
        ControlFlow::Continue(())
    }

    fn row(&mut self, _: &SheetInfo, row: &Row) -> ControlFlow<()> {
        self.rows += 1;
        for cell in row.cells() {
            self.cells += 1;
            self.bytes += cell.text.len() as u64;
        }
        if self.print {
            let cells: Vec<_> =
                row.cells().map(|cell| (cell.column, cell.text, cell.kind, cell.marks)).collect();
            println!("{} hidden {} full {} {cells:?}", row.number, row.hidden, row.full_width);
        }
        ControlFlow::Continue(())
    }

    fn end(&mut self, _: &SheetInfo) {}
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("rows FILE [--print]")?;
    let bytes = std::fs::read(&path)?;
    let mut count = Count { print: arguments.next().is_some(), ..Count::default() };
    let start = Instant::now();
    match formats::container::sniff(&bytes) {
        formats::container::Container::Xlsx => {
            let info = formats::xlsx::read(&bytes, &mut count)
                .map_err(|refusal| format!("{refusal:?}"))?;
            println!("{info:#?}");
        }
        _ => {
            let text = String::from_utf8_lossy(&bytes);
            println!("{:?}", formats::delimited::read(&text, &mut count));
        }
    }
    let elapsed = start.elapsed().as_millis();
    println!(
        "{} rows, {} cells, {} bytes of text in {elapsed} ms",
        count.rows, count.cells, count.bytes
    );
    Ok(())
}
