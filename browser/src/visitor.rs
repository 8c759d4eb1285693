//! A person in front of a browser: what they see, type and press, and what the browser complains of.

use std::net::TcpListener;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};
use tokio::process::{Child, Command};
use tokio::time::sleep;
use url::Url;

/// The accessibility checker (testdata/axe/SOURCES.md).
const AXE: &str = include_str!("../../testdata/axe/axe.min.js");

/// How long a page may take to show what is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// Chromedriver, as long as it is needed.
pub(crate) struct Driver {
    _child: Child,
    address: String,
}

impl Driver {
    /// Starts chromedriver on a port that is free.
    pub(crate) async fn start() -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let child = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("chromedriver cannot be started")?;
        Ok(Self { _child: child, address: format!("http://127.0.0.1:{port}") })
    }

    /// Opens a browser `width` pixels wide.
    pub(crate) async fn browser(&self, width: u32, height: u32, base: &str) -> Result<Visitor> {
        let arguments = [
            "--headless=new".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--disable-background-networking".to_owned(),
            "--no-first-run".to_owned(),
            "--lang=ja".to_owned(),
            format!("--window-size={width},{height}"),
        ];
        // A window is never narrower than 500 pixels; a phone is asked for by its own measures.
        let mut options = json!({ "args": arguments });
        if width < 500 {
            options["mobileEmulation"] = json!({ "deviceMetrics": { "width": width, "height": height, "pixelRatio": 1.0, "touch": false } });
        }
        let wanted = json!({
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let Value::Object(wanted) = wanted else { bail!("not an object") };
        let mut tries = 0;
        loop {
            let connector = hyper_util::client::legacy::connect::HttpConnector::new();
            let mut builder = ClientBuilder::new(connector);
            match builder.capabilities(wanted.clone()).connect(&self.address).await {
                Ok(client) => return Ok(Visitor { client, base: base.to_owned(), width }),
                // Chromedriver is not listening yet.
                Err(_) if tries < 50 => sleep(Duration::from_millis(200)).await,
                Err(error) => return Err(error).context("no browser"),
            }
            tries += 1;
        }
    }
}

/// A person in front of a browser.
pub(crate) struct Visitor {
    client: Client,
    base: String,
    /// How wide the page is.
    pub(crate) width: u32,
}

impl Visitor {
    /// Opens a path of the desk, or a whole address.
    pub(crate) async fn open(&self, path: &str) -> Result<()> {
        let address =
            if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) };
        self.client.goto(&address).await.with_context(|| address)
    }

    /// The path and query of the page.
    pub(crate) async fn path(&self) -> Result<String> {
        let address = self.client.current_url().await?;
        let query = address.query().map_or_else(String::new, |query| format!("?{query}"));
        Ok(format!("{}{query}", address.path()))
    }

    /// The text of the page.
    pub(crate) async fn text(&self) -> Result<String> {
        Ok(self.client.find(Locator::Css("body")).await?.text().await?)
    }

    /// Waits until the page says `words`.
    pub(crate) async fn sees(&self, words: &str) -> Result<()> {
        let mut waited = Duration::ZERO;
        loop {
            // A page that is just being left has no body.
            let text = self.text().await.unwrap_or_default();
            if text.contains(words) {
                return Ok(());
            }
            if waited > PATIENCE {
                bail!("「{words}」 was not seen on {}:\n{text}", self.path().await?);
            }
            sleep(Duration::from_millis(100)).await;
            waited += Duration::from_millis(100);
        }
    }

    /// The first element of a CSS selector.
    pub(crate) async fn find(&self, selector: &str) -> Result<Element> {
        let path = self.path().await?;
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(selector)).await;
        found.with_context(|| format!("{selector} on {path}"))
    }

    /// How many elements a CSS selector has.
    pub(crate) async fn count(&self, selector: &str) -> Result<usize> {
        Ok(self.client.find_all(Locator::Css(selector)).await?.len())
    }

    /// Types into the field of a name, in place of what stands there.
    pub(crate) async fn fill(&self, name: &str, text: &str) -> Result<()> {
        let field = self.find(&format!("main [name='{name}']")).await?;
        field.clear().await?;
        field.send_keys(text).await?;
        Ok(())
    }

    /// Gives files to a field that takes files.
    pub(crate) async fn choose_files(&self, selector: &str, files: &[String]) -> Result<()> {
        self.find(selector).await?.send_keys(&files.join("\n")).await?;
        Ok(())
    }

    /// Presses the first element of a CSS selector.
    pub(crate) async fn press(&self, selector: &str) -> Result<()> {
        let element = self.find(selector).await?;
        element.click().await.with_context(|| selector.to_owned())
    }

    /// Presses the button or link that says `words`.
    pub(crate) async fn press_words(&self, words: &str) -> Result<()> {
        let xpath =
            format!("//main//*[self::button or self::a][contains(normalize-space(.), '{words}')]");
        let wait = self.client.wait().at_most(PATIENCE);
        let found = wait.for_element(Locator::XPath(&xpath)).await;
        let element = found.with_context(|| format!("no button says 「{words}」"))?;
        element.click().await.with_context(|| words.to_owned())
    }

    /// Presses a key, wherever the focus is.
    pub(crate) async fn key(&self, key: char) -> Result<()> {
        let keys = KeyActions::new("keys".to_owned())
            .then(KeyAction::Down { value: key })
            .then(KeyAction::Up { value: key });
        self.client.perform_actions(keys).await?;
        Ok(())
    }

    /// Goes on with Tab until `selector` has the focus; fails where that never happens.
    pub(crate) async fn tab_to(&self, selector: &str) -> Result<()> {
        for _ in 0..200 {
            let script =
                "return document.activeElement && document.activeElement.matches(arguments[0])";
            let there = self.client.execute(script, vec![json!(selector)]).await?;
            if there == json!(true) {
                return Ok(());
            }
            self.key(char::from(Key::Tab)).await?;
        }
        bail!("{selector} cannot be reached with Tab on {}", self.path().await?)
    }

    /// Runs a script on the page, as the tools of a browser do.
    pub(crate) async fn run(&self, script: &str) -> Result<Value> {
        Ok(self.client.execute(script, Vec::new()).await?)
    }

    /// Fails where axe-core finds something of WCAG 2.2 A or AA, the page is wider than its window, or the browser complained.
    pub(crate) async fn is_sound(&self) -> Result<()> {
        let path = self.path().await?;
        let wider =
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        let wider = self.client.execute(wider, Vec::new()).await?.as_i64().unwrap_or_default();
        if wider > 0 {
            bail!("{path} is {wider} pixels wider than {}", self.width);
        }
        self.client.execute(AXE, Vec::new()).await?;
        let script = "const done = arguments[arguments.length - 1];
            axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
               .then((found) => done(found.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.target).join(', '))));";
        let found = self.client.execute_async(script, Vec::new()).await?;
        if found.as_array().is_none_or(|list| !list.is_empty()) {
            bail!("{path} at {}: {found}", self.width);
        }
        let complaints = self.complaints().await?;
        if !complaints.is_empty() {
            bail!("{path} at {}: {}", self.width, complaints.join("\n"));
        }
        Ok(())
    }

    /// What the browser wrote to its console since it was last asked: errors, and what the security policy stopped.
    pub(crate) async fn complaints(&self) -> Result<Vec<String>> {
        let entries = self.client.issue_cmd(ConsoleLog).await?;
        let entries = entries.as_array().cloned().unwrap_or_default();
        // The browser's own line about an answer that a sign-in was not, or not yet, complete: the page says so, and nothing is wrong.
        let is_sign_in = |entry: &Value| {
            let said = entry["message"].as_str().unwrap_or_default();
            said.contains("/login - Failed to load resource") && said.contains("status of 401")
        };
        let is_bad = |entry: &&Value| {
            matches!(entry["level"].as_str(), Some("SEVERE")) && !is_sign_in(entry)
        };
        Ok(entries.iter().filter(is_bad).map(|entry| entry["message"].to_string()).collect())
    }

    /// The page as a PNG: all of it, down to its end or 6,000 pixels.
    pub(crate) async fn picture(&self) -> Result<Vec<u8>> {
        let script = "return document.documentElement.scrollHeight";
        let height = self.client.execute(script, Vec::new()).await?.as_u64().unwrap_or(800);
        let clip = json!({ "x": 0, "y": 0, "width": self.width, "height": height.clamp(600, 6000), "scale": 1 });
        let picture = self.client.issue_cmd(FullPicture(clip)).await?;
        let encoded = picture["data"].as_str().context("no picture")?;
        Ok(BASE64_STANDARD.decode(encoded)?)
    }

    /// When the first of the page was painted, in milliseconds after it was asked for.
    pub(crate) async fn painted(&self) -> Result<f64> {
        let script = "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime";
        self.run(script).await?.as_f64().context("nothing was painted")
    }

    /// The page as a PDF of A4 pages.
    pub(crate) async fn paper(&self) -> Result<Vec<u8>> {
        let mut builder = fantoccini::wd::PrintConfigurationBuilder::default();
        builder = builder.size(fantoccini::wd::PrintSize { width: 21.0, height: 29.7 });
        let asked = builder.build().map_err(|error| anyhow::anyhow!("{error:?}"))?;
        Ok(self.client.print(asked).await?)
    }

    /// Prints the page on A4, and gives how many bytes the PDF has and how many pages.
    pub(crate) async fn print(&self) -> Result<(usize, usize)> {
        let pdf = self.paper().await?;
        let pages = pdf.windows(11).filter(|part| part == b"/Type /Page").count();
        let trees = pdf.windows(12).filter(|part| part == b"/Type /Pages").count();
        Ok((pdf.len(), pages.saturating_sub(trees)))
    }

    /// Closes the browser.
    pub(crate) async fn leave(self) -> Result<()> {
        Ok(self.client.close().await?)
    }
}

/// Chromedriver's own command for what stands on the console.
#[derive(Debug)]
struct ConsoleLog;

impl WebDriverCompatibleCommand for ConsoleLog {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({ "type": "browser" }).to_string()))
    }
}

/// Chromedriver's own command for a picture of more than the window shows.
#[derive(Debug)]
struct FullPicture(Value);

impl WebDriverCompatibleCommand for FullPicture {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (http::Method, Option<String>) {
        let asked = json!({
            "cmd": "Page.captureScreenshot",
            "params": { "format": "png", "captureBeyondViewport": true, "clip": self.0 },
        });
        (http::Method::POST, Some(asked.to_string()))
    }
}
