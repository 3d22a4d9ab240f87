//! Descent: from a dirty node down the dirty edges to what really has to run, and up again,
//! renewing on the way what turns out unchanged.
//!
//! It is validation for the usual case, where everything ends at once: edges in order, the first
//! change stops it, but with an explicit stack and without claims, so that a long chain costs
//! neither stack nor tasks. Whatever is not the usual case ends it: the node it began at is then
//! looked at like any other.
//!
//! A node is renewed under its lock if nobody told it anything since the descent came by, which
//! its count of tells says; so a change that comes in between is not lost.

use std::task::{Context, Poll, ready};

use crate::bug::planted;
use crate::node::bound::Work;
use crate::node::dirty::DirtyEdges;
use crate::node::edge::{Edge, ReverseEdge};
use crate::node::interval::{Interval, joined};
use crate::node::memo::Memo;
use crate::node::state::State;
use crate::revision::Revision;
use crate::runtime::engine::Scheduling;
use crate::runtime::fetch::Fetch;
use crate::runtime::frame::Asker;
use crate::runtime::guard::discard;
use crate::runtime::poll::Outermost;
use crate::runtime::update::Change;
use crate::sync::Arc;

/// So many steps are taken before other tasks get their turn.
const STEPS_IN_A_ROW: u32 = 4_096;

/// A way that must not be gone in vain twice. A circle may be found when it has been gone a second time.
const LONG: usize = 64;

/// How a descent ends.
enum End {
    /// Where it began, at the latest.
    Done,
    /// On the way, at something that is not a case for it.
    Stopped,
}

#[derive(Default)]
pub(crate) struct Descent {
    /// From the node it began at downwards, each an edge of the one before.
    visits: Vec<Visit>,
    /// One of the visits, by its place among them and its slot.
    milestone: Option<(usize, u32)>,
}

/// A dirty node, as it was when the descent came by.
struct Visit {
    edge: Edge,
    memo: Arc<Memo>,
    dirty_at: Revision,
    /// The edges still to check.
    dirty: DirtyEdges,
    /// How often the node had been told something.
    tells: u32,
    /// The latest `valid_from` of what was checked.
    valid_from: Revision,
}

/// What the next dirty edge of a visited node calls for.
enum Step {
    /// It is unchanged: on to the next.
    Next,
    /// What it leads to is dirty too.
    Down(Visit),
    /// Something has to run: what the edge leads to, or the visited node itself, since that has changed.
    Run(Edge, Option<Change>),
    /// Not a case for a descent.
    Stop,
}

impl Descent {
    /// A descent from a node, if it is one to descend from.
    pub(crate) fn begin(asker: &Asker, edge: Edge) -> Option<Box<Self>> {
        let request = asker.request.as_ref()?;
        if asker.engine.scheduling == Scheduling::TaskPerNode || !request.may_descend() {
            return None;
        }
        let first = Visit::open(asker, edge)?;
        let mut descent = Box::<Descent>::default();
        descent.visits.push(first);
        Some(descent)
    }

    /// Goes on until there is nothing more to gain.
    pub(crate) fn poll(&mut self, asker: &Asker, cx: &mut Context<'_>) -> Poll<()> {
        let end = ready!(self.go(asker, cx));
        if let End::Stopped = end
            && self.visits.len() > LONG
            && let Some(request) = &asker.request
        {
            // Each of those on the way would go it again.
            request.stop_descending();
        }
        Poll::Ready(())
    }

    fn go(&mut self, asker: &Asker, cx: &mut Context<'_>) -> Poll<End> {
        let first = self.visits.first().map(|visit| visit.edge);
        for _ in 0..STEPS_IN_A_ROW {
            let Some(visit) = self.visits.last_mut() else {
                return Poll::Ready(End::Done);
            };
            let Some(step) = visit.step(asker) else {
                if !visit.renew(asker) {
                    return Poll::Ready(End::Stopped);
                }
                self.leave();
                continue;
            };
            match step {
                Step::Next => {}
                Step::Down(below) if !self.goes_round(asker, below.edge.slot) => {
                    self.visits.push(below);
                }
                Step::Run(edge, known) => {
                    if Some(edge) == first {
                        // The node it began at is for its asker to run.
                        return Poll::Ready(End::Done);
                    }
                    if !ready!(self.run(asker, edge, known, cx)) {
                        return Poll::Ready(End::Stopped);
                    }
                }
                Step::Down(_) | Step::Stop => return Poll::Ready(End::Stopped),
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    /// Runs a node where it is asked for. False if it does not end at once, or badly.
    fn run(
        &mut self,
        asker: &Asker,
        edge: Edge,
        known: Option<Change>,
        cx: &mut Context<'_>,
    ) -> Poll<bool> {
        if !Outermost::has_time() {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let Some(memo) = asker.engine.store.memo(edge) else {
            return Poll::Ready(false);
        };
        let mut fetch = Fetch::run(edge, memo.bound.clone(), known);
        drop(memo);
        // Pending: it goes on in its task, where the asker will find it.
        let Poll::Ready(Ok(seen)) = fetch.poll(asker, cx) else {
            return Poll::Ready(false);
        };
        discard(seen);
        let there = asker.engine.store.node(edge.slot).look();
        let is_kept = there
            .as_ref()
            .is_some_and(|memo| memo.covers(asker.revision()));
        drop(there);
        if self.visits.last().is_some_and(|visit| visit.edge == edge) {
            self.leave();
        }
        Poll::Ready(is_kept)
    }

    fn leave(&mut self) {
        if let Some(visit) = self.visits.pop() {
            discard(visit);
        }
        let depth = self.visits.len();
        self.milestone = self.milestone.filter(|&(place, _)| place < depth);
    }

    /// Whether the way down has come by a node a second time: recorded edges of different times may lead in a circle. It is
    /// found when a circle is complete after a milestone, which are twice as far from each other each time; at the latest
    /// when the way is longer than there are nodes.
    fn goes_round(&mut self, asker: &Asker, slot: u32) -> bool {
        let depth = self.visits.len();
        if self.milestone.is_some_and(|(_, met)| met == slot)
            || depth > asker.engine.store.slots() as usize
        {
            return true;
        }
        if depth.is_power_of_two() {
            self.milestone = Some((depth, slot));
        }
        false
    }
}

impl Visit {
    /// Takes up a node, if it has been run before, is dirty, and nobody is at it.
    fn open(asker: &Asker, edge: Edge) -> Option<Self> {
        let state = asker.engine.store.node(edge.slot).state.lock();
        let memo = state.memo()?;
        let Interval {
            valid_from,
            dirty_at,
        } = memo.interval();
        let revision = asker.revision();
        let is_plain = memo.finding().is_some()
            && valid_from <= revision
            && dirty_at <= revision
            && memo.edge(edge.slot) == edge
            && !memo.mark().is_volatile()
            && matches!(memo.bound.kind.work, Work::Query(_))
            && state.records().next().is_none();
        is_plain.then(|| Visit {
            edge,
            memo: memo.clone(),
            dirty_at,
            dirty: state.dirty.clone(),
            tells: state.tells(),
            valid_from: Revision::FIRST,
        })
    }

    /// What is left to do when an edge has changed.
    fn changed(&self, edge: Edge) -> Step {
        let change = Change {
            memo: self.memo.clone(),
            dirty_at: self.dirty_at,
            edge,
        };
        Step::Run(self.edge, Some(change))
    }

    /// What there is to do about the next dirty edge. `None` if none is left.
    fn step(&mut self, asker: &Asker) -> Option<Step> {
        let number = self.dirty.first(0)?;
        Some(self.look(asker, number).unwrap_or(Step::Stop))
    }

    fn look(&mut self, asker: &Asker, number: u32) -> Option<Step> {
        let edge = self.memo.read(number)?;
        let revision = asker.revision();
        let there = asker.engine.store.node(edge.slot).look();
        let memo = there.as_ref()?;
        if memo.edge(edge.slot) != edge && !planted("generation-ignored") {
            return Some(self.changed(edge));
        }
        let wants_value = planted("check-wants-value");
        if !memo.covers(revision) || wants_value && memo.value().is_none() {
            drop(there);
            return Some(below(asker, edge));
        }
        if memo.changed_at() >= self.dirty_at {
            return Some(self.changed(edge));
        }
        let taken = memo.taken();
        drop(there);
        let reader = ReverseEdge {
            reader: self.edge.slot,
            number,
        };
        if asker.engine.subscribe(edge, reader, revision) != Revision::NEVER {
            return None;
        }
        self.valid_from = self.valid_from.max(taken.valid_from);
        self.dirty.remove(number);
        Some(Step::Next)
    }

    /// Opens the interval again: all that was dirty is unchanged and subscribed to. False if
    /// anything came in between.
    fn renew(&self, asker: &Asker) -> bool {
        let past = Interval {
            dirty_at: self.dirty_at,
            ..self.memo.interval()
        };
        let valid_from = joined(past, self.valid_from);
        let is_unmoved = |state: &State| {
            state.has(&self.memo)
                && state.tells() == self.tells
                && self.memo.interval().dirty_at == self.dirty_at
                && !self.memo.mark().is_volatile()
                && state.records().next().is_none()
        };
        let engine = &asker.engine;
        let is_renewed = engine.reopen(self.edge, &self.memo, valid_from, is_unmoved);
        if is_renewed {
            engine.validated(&self.memo.bound, asker.revision());
            engine.sweep_again(self.edge, &self.memo.bound);
        }
        is_renewed
    }
}

/// What to do about a dependency that is not known right at the asker's revision.
fn below(asker: &Asker, edge: Edge) -> Step {
    match Visit::open(asker, edge) {
        Some(visit) => Step::Down(visit),
        None => Step::Run(edge, None),
    }
}
