//! How long a section took: CPU time of the whole process, and time on the wall.
//!
//! CPU time is what the ratios are about: on a machine that does other work as well it is the steadier of the two, and it
//! counts what an engine does on threads that nobody waits for. Reading it is a system call, so what an empty section takes is
//! subtracted from every section.

use std::sync::OnceLock;
use std::time::Instant;

use rustix::time::{ClockId, clock_gettime};

/// CPU time and wall time, in nanoseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Spent {
    pub(crate) cpu: f64,
    pub(crate) wall: f64,
}

impl Spent {
    /// The share of one of `n`.
    pub(crate) fn per(self, n: u64) -> Self {
        let n = n as f64;
        Spent {
            cpu: self.cpu / n,
            wall: self.wall / n,
        }
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Spent {
            cpu: self.cpu + other.cpu,
            wall: self.wall + other.wall,
        }
    }

    fn minus(self, other: Self) -> Self {
        Spent {
            cpu: (self.cpu - other.cpu).max(0.0),
            wall: (self.wall - other.wall).max(0.0),
        }
    }
}

/// A section that is being timed.
#[derive(Debug)]
pub(crate) struct Section {
    cpu: f64,
    wall: Instant,
}

impl Section {
    pub(crate) fn begin() -> Self {
        empty();
        Self::begin_raw()
    }

    pub(crate) fn end(self) -> Spent {
        self.end_raw().minus(empty())
    }

    fn begin_raw() -> Self {
        // The outer clock is the dear one, so that the inner is not disturbed by it.
        let cpu = process_cpu();
        Section {
            cpu,
            wall: Instant::now(),
        }
    }

    fn end_raw(&self) -> Spent {
        let wall = self.wall.elapsed().as_nanos() as f64;
        Spent {
            cpu: process_cpu() - self.cpu,
            wall,
        }
    }
}

fn process_cpu() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}

/// What a section takes in which nothing happens.
fn empty() -> Spent {
    static EMPTY: OnceLock<Spent> = OnceLock::new();
    *EMPTY.get_or_init(|| {
        let mut samples = Samples::default();
        for _ in 0..2_000 {
            samples.push(Section::begin_raw().end_raw());
        }
        samples.median()
    })
}

/// The same section, timed several times.
#[derive(Debug, Default)]
pub(crate) struct Samples {
    cpu: Vec<f64>,
    wall: Vec<f64>,
}

impl Samples {
    pub(crate) fn push(&mut self, spent: Spent) {
        self.cpu.push(spent.cpu);
        self.wall.push(spent.wall);
    }

    /// How many times as much is done in the other sections, of which each does `work` times what one of these does. By the
    /// wall alone, for CPU time is the same on however many cores; and by the quickest of each, which had the cores to itself if
    /// any had.
    pub(crate) fn speed_up(&self, work: f64, others: &Samples) -> Spent {
        let quickest =
            |samples: &Samples| samples.wall.iter().copied().fold(f64::INFINITY, f64::min);
        Spent {
            cpu: f64::NAN,
            wall: work * quickest(self) / quickest(others),
        }
    }

    pub(crate) fn median(&self) -> Spent {
        Spent {
            cpu: median(&self.cpu),
            wall: median(&self.wall),
        }
    }
}

/// The middle of the values; of an even number the mean of the two in the middle. Zero of none.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => 0.0,
        n if n % 2 == 1 => values[n / 2],
        n => f64::midpoint(values[n / 2 - 1], values[n / 2]),
    }
}
