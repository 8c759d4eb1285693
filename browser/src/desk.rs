//! The program under test, in a data folder of its own.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// How long the program may take to open its desk; debug builds on busy machines are slow.
const PATIENCE: Duration = Duration::from_secs(60);

/// A desk that answers.
pub(crate) struct Desk {
    /// Where it answers: `http://127.0.0.1:PORT`.
    pub(crate) base: String,
    /// The link of the first start.
    pub(crate) start: String,
    _program: Child,
    _folder: TempDir,
}

impl Desk {
    /// Starts `program` on a port that is free.
    pub(crate) async fn open(program: &Path) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut child = Command::new(program)
            .args(["serve", "--lang", "ja", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder.path())
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{} cannot be started", program.display()))?;
        let stderr = child.stderr.take().context("no stderr")?;
        let mut lines = BufReader::new(stderr).lines();
        let found = timeout(PATIENCE, async {
            while let Some(line) = lines.next_line().await? {
                if let Some(start) = line.split_whitespace().find(|word| word.contains("/start/")) {
                    return Ok(start.to_owned());
                }
            }
            bail!("the program ended before its desk was open")
        });
        let start: String = found.await.context("the desk was not open in time")??;
        // What it says later must not fill the pipe.
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                eprintln!("desk: {line}");
            }
        });
        let base = start.split("/start/").next().unwrap_or_default().to_owned();
        Ok(Self { base, start, _program: child, _folder: folder })
    }
}
