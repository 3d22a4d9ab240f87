//! One measured figure, and how a child process tells it to its parent.

use crate::clock::Spent;

/// What a figure is an amount of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Nanoseconds.
    Time,
    /// How many times as much was done.
    Times,
    /// Live bytes of the heap.
    Bytes,
    /// A hundredth.
    Percent,
}

const UNITS: [(Unit, &str); 4] = [
    (Unit::Time, "time"),
    (Unit::Times, "times"),
    (Unit::Bytes, "bytes"),
    (Unit::Percent, "percent"),
];

/// One line of a workload: a figure, or why there is none.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) found: Result<Amount, String>,
}

/// By CPU time and by wall time, or the same twice where no clock is in it. A part that says nothing is not a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Amount {
    pub(crate) unit: Unit,
    pub(crate) value: Spent,
}

impl Entry {
    pub(crate) fn new(name: &str, unit: Unit, value: Spent) -> Self {
        Entry {
            name: name.to_string(),
            found: Ok(Amount { unit, value }),
        }
    }

    pub(crate) fn time(name: &str, value: Spent) -> Self {
        Self::new(name, Unit::Time, value)
    }

    /// A figure without a clock.
    pub(crate) fn plain(name: &str, unit: Unit, value: f64) -> Self {
        let value = Spent {
            cpu: value,
            wall: value,
        };
        Self::new(name, unit, value)
    }

    /// A figure that the engine cannot have.
    pub(crate) fn none(name: &str, reason: &str) -> Self {
        Entry {
            name: name.to_string(),
            found: Err(reason.to_string()),
        }
    }

    /// One line for the parent.
    pub(crate) fn to_line(&self) -> String {
        match &self.found {
            Ok(Amount { unit, value }) => {
                let known = UNITS.iter().find(|(known, _)| known == unit);
                let unit = known.map_or("", |(_, name)| *name);
                format!(
                    "figure\t{}\t{unit}\t{}\t{}",
                    self.name, value.cpu, value.wall
                )
            }
            Err(reason) => format!("none\t{}\t{reason}", self.name),
        }
    }

    /// What [`to_line`](Self::to_line) said; `None` for a line that says something else.
    pub(crate) fn from_line(line: &str) -> Option<Self> {
        let parts: Vec<_> = line.split('\t').collect();
        match parts[..] {
            ["none", name, reason] => Some(Entry::none(name, reason)),
            ["figure", name, unit, cpu, wall] => {
                let (unit, _) = *UNITS.iter().find(|(_, known)| *known == unit)?;
                let value = Spent {
                    cpu: cpu.parse().ok()?,
                    wall: wall.parse().ok()?,
                };
                Some(Entry::new(name, unit, value))
            }
            _ => None,
        }
    }
}

/// What a workload gave, or why an engine has none of it: an empty reason for what nobody would look for in the table.
pub(crate) type Outcome = Result<Vec<Entry>, &'static str>;
