//! A newcomer's first hour.

use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::desk::Desk;
use crate::pages::PAGES;
use crate::visitor::{Driver, Visitor};

/// Who the newcomer is.
const LOGIN: &str = "sato";
const PASSWORD: &str = "minato no kaze 2026";

/// Walks through all of it, and fails where anything on the way was wrong.
///
/// A step that fails is told at once and the walk goes on, so that one run shows all that is to be mended; without the first start and
/// the demo hospital there is nothing to walk through.
pub(crate) async fn walk(program: &Path) -> Result<()> {
    let (desk, driver) = (Desk::open(program).await?, Driver::start().await?);
    let wide = driver.browser(1280, 800, &desk.base).await?;
    let mut diary = Diary::default();
    first_start(&wide, &desk.start).await.context("first start")?;
    diary.note("first start", Ok(()));
    diary.note("keyboard only", keyboard(&wide).await);
    demo(&wide).await.context("dropping the whole demo hospital")?;
    diary.note("dropping the whole demo hospital", Ok(()));
    diary.note("vulnerability data by its page", feeds(&wide).await);
    diary.note("the round and a decision", decision(&wide).await);
    diary.note("a merge and its undo", merge(&wide).await);
    diary.note("searching the ledger, and its export", ledger(&wide).await);
    diary.note("a cell of the ledger put right in its place", in_place(&wide).await);
    diary.note("signing the round, and printing it", sign(&wide).await);
    diary.note("a file that cannot be read", refusal(&wide).await);
    let narrow = driver.browser(390, 844, &desk.base).await?;
    sign_in(&narrow).await.context("signing in on a phone")?;
    for visitor in [&wide, &narrow] {
        for (name, path) in PAGES {
            diary.note(&format!("{name} at {}", visitor.width), sound(visitor, path).await);
        }
    }
    diary.note("the second factor", second_factor(&wide, &driver, &desk.base).await);
    wide.leave().await?;
    narrow.leave().await?;
    diary.end()
}

/// What became of each step.
#[derive(Default)]
struct Diary {
    failed: Vec<String>,
}

impl Diary {
    fn note(&mut self, step: &str, ended: Result<()>) {
        match ended {
            Ok(()) => println!("ok      {step}"),
            Err(error) => {
                println!("FAILED  {step}: {error:#}");
                self.failed.push(step.to_owned());
            }
        }
    }

    fn end(self) -> Result<()> {
        ensure!(self.failed.is_empty(), "failed: {}", self.failed.join(", "));
        Ok(())
    }
}

/// Opens the link of the terminal, and makes the first account.
pub(crate) async fn first_start(visitor: &Visitor, link: &str) -> Result<()> {
    visitor.open("/").await?;
    visitor.sees("最初の管理者").await?;
    visitor.is_sound().await?;
    visitor.open(link).await?;
    visitor.sees("はじめに").await?;
    visitor.is_sound().await?;
    visitor.fill("facility", "みなと中央病院").await?;
    visitor.fill("name", "佐藤 花子").await?;
    visitor.fill("login", LOGIN).await?;
    visitor.fill("password", PASSWORD).await?;
    visitor.fill("again", "something else").await?;
    visitor.press("main button.main").await?;
    visitor.sees("たがいに違います").await?;
    visitor.fill("password", PASSWORD).await?;
    visitor.fill("again", PASSWORD).await?;
    visitor.press("main button.main").await?;
    visitor.sees("今日の見回り").await?;
    visitor.open(link).await?;
    visitor.sees("もう使われた").await?;
    // The browser notes that the page of a used link is not there.
    visitor.complaints().await?;
    Ok(())
}

/// Signs in with the password.
pub(crate) async fn sign_in(visitor: &Visitor) -> Result<()> {
    visitor.open("/login").await?;
    visitor.fill("login", LOGIN).await?;
    visitor.fill("password", PASSWORD).await?;
    visitor.press("main button.main").await?;
    visitor.sees("今日の見回り").await
}

/// Signs out and in again without a mouse.
async fn keyboard(visitor: &Visitor) -> Result<()> {
    visitor.open("/me").await?;
    visitor.tab_to("form[action='/logout'] button").await?;
    visitor.key('\u{e007}').await?;
    visitor.sees("サインイン").await?;
    visitor.tab_to("main [name='login']").await?;
    type_in(visitor, LOGIN).await?;
    visitor.tab_to("main [name='password']").await?;
    type_in(visitor, PASSWORD).await?;
    visitor.key('\u{e007}').await?;
    visitor.sees("今日の見回り").await
}

async fn type_in(visitor: &Visitor, text: &str) -> Result<()> {
    for letter in text.chars() {
        visitor.key(letter).await?;
    }
    Ok(())
}

/// The files of the demo hospital.
fn demo_files() -> Result<Vec<String>> {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/demo-hospital").canonicalize()?;
    let mut files: Vec<String> = std::fs::read_dir(folder)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_none_or(|extension| extension != "md"))
        .map(|path| path.display().to_string())
        .collect();
    files.sort();
    Ok(files)
}

/// Gives files to the page of imports, which sends them at once, and waits until the desk has them.
async fn bring(visitor: &Visitor, files: &[String]) -> Result<()> {
    visitor.open("/imports").await?;
    visitor.choose_files("main input[type=file]:not([webkitdirectory])", files).await?;
    visitor.sees("取り込む前に確かめる").await
}

/// Brings the demo hospital in: all its files at once, looked at before they count.
pub(crate) async fn demo(visitor: &Visitor) -> Result<()> {
    let files = demo_files()?;
    ensure!(files.len() >= 14, "the demo hospital has {} files", files.len());
    bring(visitor, &files).await?;
    visitor.sees(&format!("{} 個を取り込む", files.len())).await?;
    visitor.is_sound().await?;
    visitor.press_words(&format!("{} 個を取り込む", files.len())).await?;
    visitor.sees("取り込みの結果").await?;
    visitor.open("/").await?;
    visitor.press("main form[action='/round'] button").await?;
    visitor.sees("先に見るもの").await
}

/// Brings the demo's vulnerability data in by its page, which sends it at once, and waits until it counts.
pub(crate) async fn feeds(visitor: &Visitor) -> Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/demo-feeds");
    let file = |name: &str| -> Result<String> {
        Ok(folder.join(name).canonicalize()?.display().to_string())
    };
    let files = [file("nvd-fortios.json")?, file("kev-fortios.json")?];
    visitor.open("/feeds").await?;
    visitor.choose_files("main input[type=file]:not([webkitdirectory])", &files).await?;
    visitor.sees("✓ 取り込みました").await?;
    visitor.is_sound().await
}

/// Takes one finding in hand.
async fn decision(visitor: &Visitor) -> Result<()> {
    visitor.open("/").await?;
    visitor.press("main input[name='keys']").await?;
    visitor.press_words("手元に置く").await?;
    visitor.sees("判断する").await?;
    visitor.is_sound().await?;
    visitor.fill("reason", "放射線科に確認中です").await?;
    visitor.press_words("記録する").await?;
    visitor.sees("今日の見回り").await?;
    visitor.open("/findings?state=in_hand").await?;
    ensure!(visitor.count("main a[href*='/findings/one']").await? >= 1, "nothing is in hand");
    Ok(())
}

/// Two registers that call one computer name their own: the wire of the demo hospital leaves nothing in doubt.
const IN_DOUBT: [(&str, &str); 2] = [
    ("eizo.csv", "管理番号,機器名,製造番号,コンピュータ名\nZ1,超音波 91,SN-1001,US-91\n"),
    ("shozai.csv", "管理番号,機器名,製造番号,コンピュータ名\nZ2,エコー 3 号,SN-2002,US-91\n"),
];

/// Says that two devices are one, and takes it back.
async fn merge(visitor: &Visitor) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut files = Vec::new();
    for (name, text) in IN_DOUBT {
        let file = folder.path().join(name);
        std::fs::write(&file, text)?;
        files.push(file.canonicalize()?.display().to_string());
    }
    bring(visitor, &files).await?;
    visitor.press_words("2 個を取り込む").await?;
    visitor.sees("取り込みの結果").await?;
    visitor.open("/queue").await?;
    let before = visitor.count("main section.pair").await?;
    ensure!(before > 0, "nothing is in doubt");
    visitor.press("main form[action='/queue/same'] button").await?;
    visitor.sees("最後に決めたこと").await?;
    let after = visitor.count("main section.pair").await?;
    ensure!(after < before, "{after} pairs after the merge, {before} before");
    visitor.press("main form[action='/queue/undo'] button").await?;
    visitor.open("/queue").await?;
    let undone = visitor.count("main section.pair").await?;
    ensure!(undone == before, "{undone} pairs after the undo, {before} before");
    Ok(())
}

/// Finds a device however it is typed, and takes the list along.
async fn ledger(visitor: &Visitor) -> Result<()> {
    visitor.open("/devices?q=%EF%BC%A3%EF%BC%B4-01").await?;
    visitor.sees("CT-01").await?;
    visitor.open("/devices/export?q=CT").await?;
    visitor.is_sound().await?;
    let script = "return fetch('/devices/export/own.csv?q=CT').then((answer) => answer.text())";
    let list = visitor.run(script).await?;
    let list = list.as_str().unwrap_or_default();
    ensure!(list.starts_with('\u{feff}') || list.contains("CT-01"), "the export: {list}");
    visitor.open("/devices?q=CT-01").await?;
    visitor.press("main table a[href^='/devices/']").await?;
    visitor.sees("わかっていること").await?;
    visitor.is_sound().await?;
    let (bytes, pages) = visitor.print().await?;
    ensure!(bytes > 1000 && pages >= 1, "the chart does not print");
    Ok(())
}

/// Puts a cell of the ledger right where it stands, with the keyboard alone; Esc leaves it as it is.
async fn in_place(visitor: &Visitor) -> Result<()> {
    let button = "td[data-field='location'] .inplace";
    visitor.open("/devices?q=CT-01").await?;
    visitor.tab_to(button).await?;
    visitor.key('\u{e007}').await?;
    type_in(visitor, "Nowhere").await?;
    visitor.is_sound().await?;
    visitor.key('\u{e00c}').await?;
    ensure!(visitor.count("td[data-field] input").await? == 0, "Esc leaves the field");
    visitor.tab_to(button).await?;
    visitor.key('\u{e007}').await?;
    type_in(visitor, "Room-9").await?;
    visitor.key('\u{e007}').await?;
    visitor.sees("Room-9").await?;
    visitor.open("/devices?q=CT-01").await?;
    visitor.sees("Room-9").await?;
    ensure!(!visitor.text().await?.contains("Nowhere"), "what was left is not recorded");
    visitor.is_sound().await
}

/// Signs the day's round, and prints the record on one page.
async fn sign(visitor: &Visitor) -> Result<()> {
    visitor.open("/").await?;
    visitor.press_words("今日の見回りに署名する").await?;
    visitor.open("/rounds").await?;
    visitor.is_sound().await?;
    visitor.press("main a[href^='/rounds/2']").await?;
    visitor.sees("佐藤 花子").await?;
    visitor.is_sound().await?;
    let (_, pages) = visitor.print().await?;
    ensure!(pages == 1, "the record of a round prints on {pages} pages");
    Ok(())
}

/// Brings a file that is nothing: it is refused with a sentence, and changes nothing.
async fn refusal(visitor: &Visitor) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("<script>alert(1)</script>.bin");
    let file = if std::fs::write(&file, [0u8, 159, 146, 150]).is_ok() {
        file
    } else {
        let plain = folder.path().join("nothing.bin");
        std::fs::write(&plain, [0u8, 159, 146, 150])?;
        plain
    };
    bring(visitor, &[file.display().to_string()]).await?;
    visitor.sees("読めません").await?;
    visitor.is_sound().await
}

/// Opens a page, looks at it as axe-core does, and prints it.
async fn sound(visitor: &Visitor, path: &str) -> Result<()> {
    visitor.open(path).await?;
    if path == "/nowhere" {
        visitor.complaints().await?;
    }
    visitor.is_sound().await?;
    let (bytes, _) = visitor.print().await?;
    ensure!(bytes > 1000, "{path} does not print");
    Ok(())
}

/// Enrols a second factor, and signs in with it elsewhere.
async fn second_factor(visitor: &Visitor, driver: &Driver, base: &str) -> Result<()> {
    visitor.open("/me/second-factor").await?;
    let secret = visitor.find("main code").await?.text().await?;
    let totp = totp_rs::Builder::new()
        .with_secret(totp_rs::Secret::try_from_base32(&secret)?)
        .with_account_name(LOGIN)
        .build()?;
    let now = || std::time::UNIX_EPOCH.elapsed().map(|passed| passed.as_secs());
    visitor.fill("code", &totp.generate(now()?).to_string()).await?;
    visitor.press("main button.main").await?;
    visitor.sees("回復コード").await?;
    visitor.is_sound().await?;
    let recovery = visitor.find(".codes code").await?.text().await?;
    let other = driver.browser(1280, 800, base).await?;
    other.open("/login").await?;
    other.fill("login", LOGIN).await?;
    other.fill("password", PASSWORD).await?;
    other.press("main button.main").await?;
    other.sees("確認コード").await?;
    other.is_sound().await?;
    other.fill("password", PASSWORD).await?;
    other.fill("code", &recovery).await?;
    other.press("main button.main").await?;
    other.sees("今日の見回り").await?;
    other.leave().await
}
