//! What did an answer cost: how many queries ran, of how many there are, in what time?
//!
//! A query says that it runs by `note`, its first line. The tally is a resource of the runtime and no input: it
//! never makes anything run again. A query is known from its first run on; one about a file that is gone stays known.

use std::collections::HashSet;
use std::fmt;
use std::hash::{BuildHasher, Hash};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use salvia::QueryContext;
use serde::{Serialize, Serializer};

/// Counts the runs of queries. A clone counts on with the others.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    counts: Arc<Mutex<Counts>>,
}

/// What a tally has seen.
#[derive(Debug, Default)]
struct Counts {
    ran: u64,
    /// Hashes of bound queries. Two of one hash would count as one: of no weight in a figure for people.
    known: HashSet<u64>,
    hasher: std::hash::RandomState,
}

impl Tally {
    /// How many runs there were, and how many different queries have run.
    pub fn read(&self) -> (u64, u64) {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        (counts.ran, counts.known.len() as u64)
    }

    fn note(&self, query: impl Hash) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let hash = counts.hasher.hash_one(query);
        counts.ran += 1;
        counts.known.insert(hash);
    }
}

/// Notes that the query `name`, bound to `arguments`, runs.
pub fn note(cx: &QueryContext, name: &str, arguments: impl Hash) {
    if let Some(tally) = cx.try_resource::<Tally>() {
        tally.note((name, arguments));
    }
}

/// The cost of one answer.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Cost {
    /// Files whose content changed, that came or went.
    pub files: usize,
    /// Directories that came or went.
    pub folders: usize,
    /// Queries that ran.
    pub ran: u64,
    /// Queries there are.
    pub known: u64,
    /// Problems in the answer.
    pub problems: usize,
    /// From the first look at the disk to the answer.
    #[serde(rename = "milliseconds", serialize_with = "as_milliseconds")]
    pub elapsed: Duration,
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, what) = match (self.files, self.folders) {
            (0, folders @ 1..) => (folders, "folder"),
            (files, _) => (files, "file"),
        };
        let (ran, known) = (thousands(self.ran), thousands(self.known));
        let (changed, elapsed) = (counted(count, what), time(self.elapsed));
        write!(
            f,
            "{changed} changed: {ran} of {known} queries ran, {elapsed}"
        )
    }
}

/// `1.8 ms`, or `2.34 s` from a second on.
pub fn time(elapsed: Duration) -> String {
    match elapsed.as_secs_f64() {
        seconds if seconds < 1.0 => format!("{:.1} ms", seconds * 1e3),
        seconds => format!("{seconds:.2} s"),
    }
}

/// `5,210`.
pub fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 file`, `5,210 files`.
pub fn counted(n: usize, what: &str) -> String {
    let ending = if n == 1 { "" } else { "s" };
    format!("{} {what}{ending}", thousands(n as u64))
}

fn as_milliseconds<S: Serializer>(elapsed: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((elapsed.as_secs_f64() * 1e6).round() / 1e3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cost_reads_as_a_sentence() {
        let cost = |files, folders, ran, known, micros| {
            Cost {
                files,
                folders,
                ran,
                known,
                problems: 0,
                elapsed: Duration::from_micros(micros),
            }
            .to_string()
        };
        let table = [
            (
                cost(1, 0, 6, 5210, 1800),
                "1 file changed: 6 of 5,210 queries ran, 1.8 ms",
            ),
            (
                cost(2, 1, 0, 999, 40),
                "2 files changed: 0 of 999 queries ran, 0.0 ms",
            ),
            (
                cost(0, 1, 12, 1_234_567, 2_346_000),
                "1 folder changed: 12 of 1,234,567 queries ran, 2.35 s",
            ),
            (
                cost(0, 0, 0, 0, 0),
                "0 files changed: 0 of 0 queries ran, 0.0 ms",
            ),
        ];
        for (shown, expected) in table {
            assert_eq!(shown, expected);
        }
    }

    #[test]
    fn a_tally_counts_runs_and_different_queries() {
        let tally = Tally::default();
        for path in ["a", "b", "a"] {
            tally.note(("parsed", path));
        }
        tally.note(("links", "a"));
        assert_eq!(tally.read(), (4, 3));
    }
}
