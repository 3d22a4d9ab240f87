//! The lines of a program as they come: a thread reads them into a channel, so that a test waits for the line it expects
//! until a deadline that only a hung program reaches.

use std::io::{BufRead, BufReader, Read};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// Longer than a test ever waits for a program that is well.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);

/// What a program writes.
pub(crate) struct Lines(Receiver<String>);

impl Lines {
    pub(crate) fn of(output: impl Read + Send + 'static) -> Self {
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Lines(lines)
    }

    /// All lines up to the first that is `last`.
    pub(crate) fn until(&self, last: impl Fn(&str) -> bool) -> Vec<String> {
        let end = Instant::now() + DEADLINE;
        let mut seen = Vec::new();
        loop {
            let line = self
                .0
                .recv_timeout(end.saturating_duration_since(Instant::now()));
            seen.push(line.unwrap_or_else(|error| panic!("{error}, after {seen:#?}")));
            if seen.last().is_some_and(|line| last(line)) {
                return seen;
            }
        }
    }

    /// What stands behind `before`, once there is a line that begins so.
    pub(crate) fn after(&self, before: &str) -> String {
        let mut seen = self.until(|line| line.starts_with(before));
        seen.pop().unwrap().split_off(before.len())
    }
}
