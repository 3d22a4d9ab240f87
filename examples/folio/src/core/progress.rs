//! A bar that shows how far a first check is: on a terminal, nothing in a pipe.
//!
//! It is drawn on standard error, so a report never gets mixed up with it. Once ended it stays silent: a re-check is over
//! before a bar could be seen.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

/// A bar, or nothing. A clone is the same bar.
#[derive(Debug, Clone)]
pub struct Progress {
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Shows nothing.
    pub fn none() -> Self {
        Progress { bar: None }
    }

    /// A bar if standard error is a terminal.
    pub fn on_terminal() -> Self {
        let bar = || {
            let bar = ProgressBar::new(0);
            let style = ProgressStyle::with_template("{msg:>9} [{bar:40}] {pos}/{len}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        };
        Progress {
            bar: std::io::stderr().is_terminal().then(bar),
        }
    }

    /// Starts a stage of so many steps.
    pub fn begin(&self, stage: &'static str, steps: usize) {
        if let Some(bar) = self.running() {
            bar.set_message(stage);
            bar.set_length(steps as u64);
            bar.set_position(0);
        }
    }

    /// One step more.
    pub fn step(&self) {
        if let Some(bar) = self.running() {
            bar.inc(1);
        }
    }

    /// Takes the bar off the screen, for good.
    pub fn end(&self) {
        if let Some(bar) = self.running() {
            bar.finish_and_clear();
        }
    }

    fn running(&self) -> Option<&ProgressBar> {
        self.bar.as_ref().filter(|bar| !bar.is_finished())
    }
}
