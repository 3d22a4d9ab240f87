//! One measured figure, and how a child process tells it to its parent.

use crate::clock::Spent;

/// What a figure is an amount of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Nanoseconds; CPU time and wall time.
    Time,
    /// How many times as much was done; by CPU time and by wall time.
    Times,
    /// Live bytes of the heap.
    Bytes,
    /// A hundredth.
    Percent,
}

/// One figure of a workload. Of bytes and percents the two values are the same.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) unit: Unit,
    pub(crate) value: Spent,
}

impl Figure {
    pub(crate) fn new(name: &str, unit: Unit, value: Spent) -> Self {
        Figure {
            name: name.to_string(),
            unit,
            value,
        }
    }

    pub(crate) fn time(name: &str, value: Spent) -> Self {
        Self::new(name, Unit::Time, value)
    }

    /// One line for the parent.
    pub(crate) fn to_line(&self) -> String {
        let unit = match self.unit {
            Unit::Time => "time",
            Unit::Times => "times",
            Unit::Bytes => "bytes",
            Unit::Percent => "percent",
        };
        format!(
            "figure\t{}\t{unit}\t{}\t{}",
            self.name, self.value.cpu, self.value.wall
        )
    }

    /// What [`to_line`](Self::to_line) said; `None` for a line that says something else.
    pub(crate) fn from_line(line: &str) -> Option<Self> {
        let mut parts = line.strip_prefix("figure\t")?.split('\t');
        let name = parts.next()?;
        let unit = match parts.next()? {
            "time" => Unit::Time,
            "times" => Unit::Times,
            "bytes" => Unit::Bytes,
            "percent" => Unit::Percent,
            _ => return None,
        };
        let cpu = parts.next()?.parse().ok()?;
        let wall = parts.next()?.parse().ok()?;
        Some(Figure::new(name, unit, Spent { cpu, wall }))
    }
}

/// What a workload gave, or why an engine has none of it.
pub(crate) type Outcome = Result<Vec<Figure>, &'static str>;
