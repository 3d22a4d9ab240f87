//! What has happened: the observer, which notes events as they come, within bounds.
//!
//! It is called by whoever does the work, so it only counts and keeps: names are rendered when somebody looks. The lock is
//! held over no user code; what falls out of the bounds may hold the last of a user's key, and is dropped after it.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use salvia::{BoundName, Event, GraphNode, Observer, Revision};

/// Revisions that are remembered.
pub(crate) const STEPS: usize = 160;

/// Runs, and changed inputs, that are remembered of one revision.
pub(crate) const RUNS: usize = 200;

/// Nodes whose runs are counted.
const TALLIES: usize = 1 << 18;

/// Nodes that are looked up under one lock, for whoever works may wait for it.
const AT_ONCE: usize = 1_000;

/// How far back a run is looked for that has come to an equal value.
const NEAR: usize = 64;

/// See the module.
pub(crate) struct History(Mutex<Inner>);

struct Inner {
    began: Instant,
    /// Goes up with every event.
    change: u64,
    /// By rising revision.
    steps: VecDeque<Step>,
    tallies: HashMap<BoundName, Tally>,
}

/// One revision.
#[derive(Clone)]
pub(crate) struct Step {
    pub(crate) revision: Revision,
    /// When it was first heard of, since the beginning.
    pub(crate) at: Duration,
    pub(crate) counts: Counts,
    pub(crate) changed: Vec<BoundName>,
    pub(crate) runs: Vec<Run>,
}

/// What has happened at one revision.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) inputs: u64,
    pub(crate) executed: u64,
    pub(crate) failed: u64,
    pub(crate) validated: u64,
    pub(crate) cut_off: u64,
    pub(crate) evicted: u64,
    pub(crate) cancelled: u64,
    pub(crate) cycles: u64,
}

/// An execution that has ended, in whatever way.
#[derive(Clone)]
pub(crate) struct Run {
    pub(crate) query: BoundName,
    pub(crate) event: Event,
    /// It came to an equal value.
    pub(crate) cut_off: bool,
}

/// What one node has done since the beginning.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) runs: u64,
    pub(crate) failures: u64,
    /// With what it waited for.
    pub(crate) took: Duration,
    /// The last time it ran or, of an input, was set.
    pub(crate) change: u64,
}

impl History {
    pub(crate) fn new(revision: Revision) -> Self {
        History(Mutex::new(Inner {
            began: Instant::now(),
            change: 0,
            steps: VecDeque::from([Step::new(revision, Duration::ZERO)]),
            tallies: HashMap::new(),
        }))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Nothing in here can panic half-way.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Goes up whenever something has happened.
    pub(crate) fn change(&self) -> u64 {
        self.lock().change
    }

    /// Each remembered revision, with when it was first heard of.
    pub(crate) fn timeline(&self) -> Vec<(Revision, Duration, Counts)> {
        let inner = self.lock();
        let steps = inner.steps.iter();
        steps
            .map(|step| (step.revision, step.at, step.counts))
            .collect()
    }

    /// The newest revision that is remembered, or the one with this name.
    pub(crate) fn step(&self, named: Option<&str>) -> Option<Step> {
        let inner = self.lock();
        match named {
            None => inner.steps.back().cloned(),
            Some(name) => {
                let mut steps = inner.steps.iter();
                steps
                    .find(|step| step.revision.to_string() == name)
                    .cloned()
            }
        }
    }

    /// The tallies of these nodes, in their order.
    pub(crate) fn tallies(&self, nodes: &[GraphNode]) -> Vec<Tally> {
        let mut tallies = Vec::with_capacity(nodes.len());
        for nodes in nodes.chunks(AT_ONCE) {
            let inner = self.lock();
            let tally = |node: &GraphNode| inner.tallies.get(node.bound()).copied();
            tallies.extend(nodes.iter().map(|node| tally(node).unwrap_or_default()));
        }
        tallies
    }

    /// Forgets what was counted of nodes that are there no more, if it is of more than there are.
    pub(crate) fn keep(&self, nodes: usize, is_there: impl Fn(&BoundName) -> bool) {
        let mut inner = self.lock();
        if inner.tallies.len() <= nodes {
            return;
        }
        let gone: Vec<_> = inner
            .tallies
            .extract_if(|name, _| !is_there(name))
            .collect();
        drop(inner);
        drop(gone);
    }
}

impl Observer for History {
    fn event(&self, event: &Event) {
        let dropped = self.lock().note(event);
        drop(dropped);
    }
}

impl Inner {
    /// Notes an event. Gives what is no longer remembered.
    fn note(&mut self, event: &Event) -> Option<Step> {
        self.change += 1;
        self.count(event);
        let dropped = self.make_step(event.revision());
        let place = self
            .steps
            .binary_search_by_key(&event.revision(), |step| step.revision);
        // An old snapshot may be older than all that is remembered.
        if let Ok(place) = place {
            self.steps[place].note(event);
        }
        dropped
    }

    fn count(&mut self, event: &Event) {
        let (name, took, failures) = match event {
            Event::Executed {
                query, duration, ..
            } => (query, *duration, 0),
            Event::Failed {
                query, duration, ..
            } => (query, *duration, 1),
            Event::InputChanged { input, .. } => (input, Duration::ZERO, 0),
            _ => return,
        };
        if self.tallies.len() >= TALLIES && !self.tallies.contains_key(name) {
            return;
        }
        let tally = self.tallies.entry(name.clone()).or_default();
        tally.runs += 1;
        tally.failures += failures;
        tally.took += took;
        tally.change = self.change;
    }

    fn make_step(&mut self, revision: Revision) -> Option<Step> {
        let is_newer = self
            .steps
            .back()
            .is_none_or(|last| last.revision < revision);
        if !is_newer {
            return None;
        }
        let oldest = (self.steps.len() >= STEPS).then(|| self.steps.pop_front());
        self.steps
            .push_back(Step::new(revision, self.began.elapsed()));
        oldest.flatten()
    }
}

impl Step {
    fn new(revision: Revision, at: Duration) -> Self {
        Step {
            revision,
            at,
            counts: Counts::default(),
            changed: Vec::new(),
            runs: Vec::new(),
        }
    }

    fn note(&mut self, event: &Event) {
        match event {
            Event::Executed { query, .. } => {
                self.counts.executed += 1;
                self.ran(query, event);
            }
            Event::Failed { query, .. } => {
                self.counts.failed += 1;
                self.ran(query, event);
            }
            Event::Cancelled { query, .. } => {
                self.counts.cancelled += 1;
                self.ran(query, event);
            }
            Event::CutOff { query, .. } => {
                self.counts.cut_off += 1;
                let mut near = self.runs.iter_mut().rev().take(NEAR);
                if let Some(run) = near.find(|run| run.query == *query) {
                    run.cut_off = true;
                }
            }
            Event::InputChanged { input, .. } => {
                self.counts.inputs += 1;
                if self.changed.len() < RUNS {
                    self.changed.push(input.clone());
                }
            }
            Event::Validated { .. } => self.counts.validated += 1,
            Event::Evicted { .. } => self.counts.evicted += 1,
            Event::Cycle { .. } => self.counts.cycles += 1,
            _ => {}
        }
    }

    fn ran(&mut self, query: &BoundName, event: &Event) {
        if self.runs.len() < RUNS {
            self.runs.push(Run {
                query: query.clone(),
                event: event.clone(),
                cut_off: false,
            });
        }
    }
}

impl fmt::Debug for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("History").finish_non_exhaustive()
    }
}
