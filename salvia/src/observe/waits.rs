//! What a bound query had to wait for, as it is told.

use std::fmt;
use std::time::Duration;

use crate::node::edge::Edge;
use crate::node::waited::Waited;
use crate::revision::Revision;

/// What a bound query had to wait for in its last run; see [`Explanation::waits`](crate::Explanation::waits).
///
/// Times are measured on tokio's clock, and only for what could not end where it was asked for. Waits for several
/// queries overlap where these were joined: then each is told as long as it was, and together they are longer than
/// [`total`](Self::total). To wait for a query that somebody else had asked for before is a wait for it too.
///
/// With the feature `serde`: `at`, `checked`, `total`, `outside`, `longest` (of objects with `on` and `time`) and `others`, as the
/// methods of these names give them, revisions as numbers and times in nanoseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Waits {
    #[cfg_attr(feature = "serde", serde(serialize_with = "as_number"))]
    at: Revision,
    checked: bool,
    #[cfg_attr(feature = "serde", serde(serialize_with = "as_nanos"))]
    total: Duration,
    #[cfg_attr(feature = "serde", serde(serialize_with = "as_nanos"))]
    outside: Duration,
    longest: Vec<Wait>,
    others: u32,
}

/// A wait for one bound query: one of [`Waits::longest`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Wait {
    on: Option<String>,
    #[cfg_attr(feature = "serde", serde(serialize_with = "as_nanos"))]
    time: Duration,
}

#[cfg(feature = "serde")]
fn as_number<S: serde::Serializer>(at: &Revision, to: S) -> Result<S::Ok, S::Error> {
    serde::Serialize::serialize(&at.raw(), to)
}

#[cfg(feature = "serde")]
fn as_nanos<S: serde::Serializer>(time: &Duration, to: S) -> Result<S::Ok, S::Error> {
    let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
    serde::Serialize::serialize(&nanos, to)
}

impl Waits {
    /// `names` finds the names of what was waited for, where it is still there.
    pub(crate) fn told(waited: &Waited, names: impl Fn(Edge) -> Option<String>) -> Self {
        let longest = waited.longest.iter().map(|awaited| Wait {
            on: names(awaited.edge),
            time: awaited.time,
        });
        Waits {
            at: waited.at,
            checked: waited.at != waited.ran_at,
            total: waited.total,
            outside: waited.outside,
            longest: longest.collect(),
            others: waited.others,
        }
    }

    /// The revision of the run, or of the check, that waited.
    pub fn at(&self) -> Revision {
        self.at
    }

    /// Whether it was not a run that waited but a later check, which found that there was no need to run: for that what it
    /// reads had to be brought up to date. A run waits for its own check too, which is part of it.
    pub fn checked(&self) -> bool {
        self.checked
    }

    /// How long it was waiting in all, from each time it could not go on until it did.
    pub fn total(&self) -> Duration {
        self.total
    }

    /// How much of [`total`](Self::total) it was waiting for no query at all, but for something outside of the engine: a
    /// timer, a channel, I/O.
    pub fn outside(&self) -> Duration {
        self.outside
    }

    /// The bound queries it waited for longest, four at most, the longest first. One that it waited for several times is told
    /// once, with the longest time.
    pub fn longest(&self) -> &[Wait] {
        &self.longest
    }

    /// How many waits for queries there were beside the [`longest`](Self::longest).
    pub fn others(&self) -> u32 {
        self.others
    }
}

impl Wait {
    /// The bound query that was waited for, such as `score(Red)`; `None` if it is there no more.
    pub fn on(&self) -> Option<&str> {
        self.on.as_deref()
    }

    /// How long it was waiting from when the query was found not to be there until it was taken, or given up.
    pub fn time(&self) -> Duration {
        self.time
    }
}

impl fmt::Display for Waits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.checked {
            write!(f, "its check at {} ", self.at)?;
        }
        write!(f, "waited {}", Shown(self.total))?;
        if self.longest.is_empty() {
            return write!(f, " outside of queries");
        }
        for (place, wait) in self.longest.iter().enumerate() {
            let before = if place == 0 { ": " } else { ", " };
            let on = wait.on().unwrap_or("a query that is gone");
            write!(f, "{before}{} for {on}", Shown(wait.time))?;
        }
        if self.others > 0 {
            write!(f, ", less for {} more", self.others)?;
        }
        if !self.outside.is_zero() {
            write!(f, ", {} outside of queries", Shown(self.outside))?;
        }
        let sum: Duration = self.longest.iter().map(Wait::time).sum();
        if sum > self.total {
            write!(f, " (at the same time)")?;
        }
        Ok(())
    }
}

/// A time with a digit after the point where there are few before it.
struct Shown(Duration);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.0.as_nanos();
        let units = [(1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "µs")];
        let Some((size, unit)) = units.into_iter().find(|&(size, _)| nanos >= size) else {
            return write!(f, "{nanos} ns");
        };
        // Cut off, so that no unit comes to a thousand.
        match (nanos / size, nanos % size * 10 / size) {
            (whole @ 100.., _) | (whole, 0) => write!(f, "{whole} {unit}"),
            (whole, tenth) => write!(f, "{whole}.{tenth} {unit}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_in_the_unit_of_their_size() {
        let table = [
            (0, "0 ns"),
            (999, "999 ns"),
            (1_000, "1 µs"),
            (1_260, "1.2 µs"),
            (99_940, "99.9 µs"),
            (999_999, "999 µs"),
            (5_000_000, "5 ms"),
            (12_345_678, "12.3 ms"),
            (2_050_000_000, "2 s"),
            (61_900_000_000, "61.9 s"),
        ];
        for (nanos, text) in table {
            assert_eq!(Shown(Duration::from_nanos(nanos)).to_string(), text);
        }
    }
}
