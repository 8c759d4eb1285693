//! A newcomer's first hour.

use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::desk::Desk;
use crate::pages::PAGES;
use crate::visitor::{Driver, Visitor};

/// Who the newcomer is.
const LOGIN: &str = "sato";
const PASSWORD: &str = "minato no kaze 2026";

/// Walks through all of it; stops at the first thing that is wrong.
pub(crate) async fn walk(program: &Path) -> Result<()> {
    let (desk, driver) = (Desk::open(program).await?, Driver::start().await?);
    let wide = driver.browser(1280, 800, &desk.base).await?;
    step("first start", first_start(&wide, &desk.start)).await?;
    step("keyboard only", keyboard(&wide)).await?;
    step("the demo hospital", demo(&wide)).await?;
    let narrow = driver.browser(390, 844, &desk.base).await?;
    step("signing in on a phone", sign_in(&narrow)).await?;
    step("every page is sound at 1280 pixels", all_sound(&wide)).await?;
    step("every page is sound at 390 pixels", all_sound(&narrow)).await?;
    step("the second factor", second_factor(&wide, &driver, &desk.base)).await?;
    wide.leave().await?;
    narrow.leave().await
}

async fn step(name: &str, doing: impl Future<Output = Result<()>>) -> Result<()> {
    doing.await.with_context(|| name.to_owned())?;
    println!("ok  {name}");
    Ok(())
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

/// Brings the demo hospital in.
pub(crate) async fn demo(visitor: &Visitor) -> Result<()> {
    visitor.open("/").await?;
    visitor.sees("今日の見回り").await
}

/// Opens every page and looks at it as axe-core does.
async fn all_sound(visitor: &Visitor) -> Result<()> {
    for (name, path) in PAGES {
        visitor.open(path).await?;
        if *path == "/nowhere" {
            visitor.complaints().await?;
        }
        visitor.is_sound().await.with_context(|| (*name).to_owned())?;
        let (bytes, _) = visitor.print().await?;
        ensure!(bytes > 1000, "{name} does not print");
    }
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
