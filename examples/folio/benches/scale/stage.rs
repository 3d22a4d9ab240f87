//! A stage that is measured once: its time, the queries that ran, and the memory of the process behind it.

use std::fs;
use std::time::{Duration, Instant};

use folio::core::cost::{Tally, thousands, time};
use folio::core::workspace::Workspace;

/// The folder whose stages these are.
pub(crate) struct Stages {
    tally: Tally,
    documents: usize,
    /// Memory before anything was known.
    before: u64,
    stage: Stage,
}

struct Stage {
    start: Instant,
    processor: Duration,
    ran: u64,
}

impl Stage {
    fn begin(tally: &Tally) -> Self {
        Stage {
            start: Instant::now(),
            processor: processor(),
            ran: tally.read().0,
        }
    }
}

impl Stages {
    /// Begins the first one.
    pub(crate) fn begin(workspace: &Workspace) -> Self {
        println!("| cold | time | processor time | queries ran | memory, bytes a document |");
        println!("|---|---|---|---|---|");
        Stages {
            tally: workspace.tally().clone(),
            documents: 1,
            before: resident(),
            stage: Stage::begin(workspace.tally()),
        }
    }

    /// There are so many documents, as is known now.
    pub(crate) fn of(&mut self, documents: usize) {
        self.documents = documents.max(1);
    }

    /// Ends one, and begins the next.
    pub(crate) fn end(&mut self, name: &str) {
        let elapsed = time(self.stage.start.elapsed());
        let processor = time(processor() - self.stage.processor);
        let ran = thousands(self.tally.read().0 - self.stage.ran);
        let bytes = resident().saturating_sub(self.before) / self.documents as u64;
        let bytes = thousands(bytes);
        println!("| {name} | {elapsed} | {processor} | {ran} | {bytes} |");
        self.stage = Stage::begin(&self.tally);
    }
}

/// Bytes of memory that are in use, as Linux says; 0 where it does not.
fn resident() -> u64 {
    let statm = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = statm
        .split(' ')
        .nth(1)
        .and_then(|pages| pages.parse::<u64>().ok());
    pages.unwrap_or_default() * 4096
}

/// Time of the processor so far, of all threads, in hundredths of a second as Linux counts it.
fn processor() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let ticks = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|ticks| ticks.parse::<u64>().ok());
    Duration::from_millis(ticks.sum::<u64>() * 10)
}
