//! Pictures of every page, for the README and for our own eyes.

use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::desk::Desk;
use crate::pages::PAGES;
use crate::visitor::Driver;
use crate::walk;

/// How wide a desk is, in pixels.
const WIDE: u32 = 1280;

/// Writes `NAME-1280.png`, `NAME-390.png` and, as it is printed, `NAME.pdf` of every page into `folder`.
pub(crate) async fn make(program: &Path, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let (desk, driver) = (Desk::open(program).await?, Driver::start().await?);
    let wide = driver.browser(WIDE, 800, &desk.base).await?;
    walk::first_start(&wide, &desk.start).await?;
    walk::demo(&wide).await?;
    walk::feeds(&wide).await?;
    let narrow = driver.browser(390, 844, &desk.base).await?;
    walk::sign_in(&narrow).await?;
    for visitor in [&wide, &narrow] {
        for (name, path) in PAGES {
            visitor.open(path).await?;
            let file = folder.join(format!("{name}-{}.png", visitor.width));
            fs::write(&file, visitor.picture().await?)?;
            println!("{}: first painted after {:.0} ms", file.display(), visitor.painted().await?);
            if visitor.width == WIDE {
                fs::write(folder.join(format!("{name}.pdf")), visitor.paper().await?)?;
            }
        }
    }
    wide.leave().await?;
    narrow.leave().await
}
