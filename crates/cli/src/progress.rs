//! A progress bar on a terminal, for anything longer than a second.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use app::Step;
use indicatif::{ProgressBar, ProgressStyle};
use reference::Catalogue;

/// Shorter work is done before anyone looks.
const WAIT: Duration = Duration::from_secs(1);

/// Shows which file an import is at.
pub(crate) struct Bar {
    bar: Option<ProgressBar>,
    begun: Instant,
    names: Vec<String>,
    steps: [String; 3],
}

impl Bar {
    /// A bar over files of these names; silent where stderr is no terminal.
    pub(crate) fn new(names: Vec<String>, texts: &Catalogue) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::hidden().with_style(
                ProgressStyle::with_template("{spinner} [{pos}/{len}] {msg} ({elapsed})")
                    .unwrap_or_else(|_| ProgressStyle::default_bar()),
            );
            bar.set_length(names.len() as u64);
            bar
        });
        let steps = ["cli.step_reading", "cli.step_joining", "cli.step_storing"]
            .map(|key| texts.text(key).into_owned());
        Self { bar, begun: Instant::now(), names, steps }
    }

    /// Shows that file `index` is at `step`.
    pub(crate) fn show(&mut self, index: usize, step: Step) {
        let Some(bar) = &self.bar else { return };
        let step = match step {
            Step::Reading => &self.steps[0],
            Step::Joining => &self.steps[1],
            Step::Storing => &self.steps[2],
        };
        let name = self.names.get(index).map_or("", String::as_str);
        bar.set_message(format!("{}: {step}", crate::table::plain(name)));
        bar.set_position(index as u64);
        if bar.is_hidden() && (self.begun.elapsed() >= WAIT || self.names.len() > 3) {
            bar.set_draw_target(indicatif::ProgressDrawTarget::stderr());
            bar.enable_steady_tick(Duration::from_millis(120));
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// A line that moves while something is done that cannot be counted; silent where stderr is no terminal.
pub(crate) struct Spinner(Option<ProgressBar>);

impl Spinner {
    /// Says `text` from now on.
    pub(crate) fn new(text: String) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{spinner} {msg} ({elapsed})");
            let bar = ProgressBar::new_spinner()
                .with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
                .with_message(text);
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        Self(bar)
    }

    /// Says `text` from now on.
    pub(crate) fn say(&self, text: &str) {
        if let Some(bar) = &self.0 {
            bar.set_message(crate::table::plain(text));
        }
    }

    /// Says `text` on a line that stays, terminal or not.
    pub(crate) fn line(&self, text: &str) {
        let text = crate::table::plain(text);
        match &self.0 {
            Some(bar) => bar.println(text),
            None => eprintln!("{text}"),
        }
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
