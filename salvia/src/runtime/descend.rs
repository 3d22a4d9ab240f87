//! Descent: from a dirty node down the dirty edges, or to who lends it its end, to what really has to run, and up again,
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
use crate::node::bound::Bound;
use crate::node::edge::Edge;
use crate::node::memo::Standing;
use crate::runtime::asker::Asker;
use crate::runtime::engine::{EngineArc, Scheduling};
use crate::runtime::fetch::Fetch;
use crate::runtime::guard::discard;
use crate::runtime::poll::{Inside, Outermost};
use crate::runtime::update::Change;
use crate::runtime::visit::{Step, Visit};

/// So many steps are taken before other tasks get their turn.
const STEPS_IN_A_ROW: u32 = 4_096;

/// A way that must not be gone in vain twice. A circle may be found when it has been gone a second time.
const LONG: usize = 64;

/// How a descent ends.
enum End {
    /// Where it began, at the latest. With what has changed of that, if something has.
    Done(Option<Change>),
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

impl Descent {
    /// A descent from a node, if it is one to descend from.
    pub(crate) fn begin(asker: &Asker, edge: Edge) -> Option<Box<Self>> {
        let request = asker.request()?;
        if asker.engine().scheduling == Scheduling::TaskPerNode || !request.may_descend() {
            return None;
        }
        let first = Visit::open(asker, edge)?;
        let mut descent = Box::<Descent>::default();
        descent.visits.push(first);
        Some(descent)
    }

    /// Goes on until there is nothing more to gain. Gives what has changed of the node it began at, if that is known.
    pub(crate) fn poll(&mut self, asker: &Asker, cx: &mut Context<'_>) -> Poll<Option<Change>> {
        // Once for all that it runs.
        let inside = Inside::enter(EngineArc::as_ptr(asker.engine()));
        let _tokio = inside
            .is_some()
            .then(|| asker.engine().tasks.tokio().enter());
        if let End::Done(change) = ready!(self.go(asker, cx)) {
            return Poll::Ready(change);
        }
        if self.visits.len() > LONG
            && let Some(request) = asker.request()
        {
            // Each of those on the way would go it again.
            request.stop_descending();
        }
        Poll::Ready(None)
    }

    fn go(&mut self, asker: &Asker, cx: &mut Context<'_>) -> Poll<End> {
        let first = self.visits.first().map(|visit| visit.edge);
        // What ran last, and gave a value that is right here.
        let mut ran = None;
        for _ in 0..STEPS_IN_A_ROW {
            let Some((visit, above)) = self.visits.split_last_mut() else {
                return Poll::Ready(End::Done(None));
            };
            let Some(step) = visit.step(asker) else {
                if !visit.renew(asker, above.last_mut()) {
                    return Poll::Ready(End::Stopped);
                }
                discard(self.leave());
                continue;
            };
            let (here, is_first) = (visit.edge, above.is_empty());
            if step.runs() && !Outermost::has_time() {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            match step {
                Step::Next => {}
                Step::Right => discard(self.leave()),
                // Its node has moved past the revision, and stands for this one no more.
                Step::Down(below) if Some(below.edge) == ran => return Poll::Ready(End::Stopped),
                Step::Run(edge, _) if Some(edge) == ran && !planted("runs-until-it-stands") => {
                    return Poll::Ready(End::Stopped);
                }
                Step::Down(below) if !self.goes_round(asker, below.edge.slot) => {
                    self.visits.push(below);
                }
                Step::Run(edge, _) if Some(edge) == first => return Poll::Ready(End::Done(None)),
                Step::Changed(edge) => {
                    let visit = self.leave().expect("it was looked at just now");
                    let change = visit.changed(edge);
                    if is_first {
                        // The node it began at is for its asker to run.
                        return Poll::Ready(End::Done(Some(change)));
                    }
                    let bound = change.memo.bound.clone();
                    if !ready!(run(asker, here, bound, Some(change), cx)) {
                        return Poll::Ready(End::Stopped);
                    }
                    ran = Some(here);
                }
                Step::Run(edge, bound) => {
                    if !ready!(run(asker, edge, bound, None, cx)) {
                        return Poll::Ready(End::Stopped);
                    }
                    ran = Some(edge);
                }
                Step::Down(_) | Step::Stop => return Poll::Ready(End::Stopped),
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    /// Takes the last visit away.
    fn leave(&mut self) -> Option<Visit> {
        let visit = self.visits.pop();
        let depth = self.visits.len();
        self.milestone = self.milestone.filter(|&(place, _)| place < depth);
        visit
    }

    /// Whether the way down has come by a node a second time: recorded edges of different times may lead in a circle. It is
    /// found when a circle is complete after a milestone, which are twice as far from each other each time; at the latest
    /// when the way is longer than there are slots.
    fn goes_round(&mut self, asker: &Asker, slot: u32) -> bool {
        let depth = self.visits.len();
        if self.milestone.is_some_and(|(_, met)| met == slot)
            || depth > asker.engine().store.slots() as usize
        {
            return true;
        }
        if depth.is_power_of_two() {
            self.milestone = Some((depth, slot));
        }
        false
    }
}

/// Runs a node where it is asked for. False if it does not end at once, or badly.
fn run(
    asker: &Asker,
    edge: Edge,
    bound: Bound,
    known: Option<Change>,
    cx: &mut Context<'_>,
) -> Poll<bool> {
    let mut fetch = Fetch::run(edge, bound, known);
    // Pending: it goes on in its task, where the asker will find it.
    let Poll::Ready(Ok(seen)) = fetch.poll(asker, cx) else {
        return Poll::Ready(false);
    };
    // Whether the node has it still shows when it is looked at again.
    let is_right = seen.standing == Standing::Published && seen.memo.covers(asker.revision());
    discard(seen);
    Poll::Ready(is_right)
}
