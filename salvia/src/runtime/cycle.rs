//! Cycles: whether a wait would close one.
//!
//! The wait is written down before the walk looks for a way back, so of two requests that close
//! a cycle together at least one sees it. A cycle is one only if it comes back to the asking
//! claim through waits of bodies; it is exact across tasks, and looked for on the slow path alone.
//! The search goes from both ends, each time where there is less to look at, and stops when either
//! has nothing left: a hub with ten thousand waiters costs its askers nothing. What is polled in
//! place is written down at one end only, so forward a search that has come by such an update is not
//! conclusive: a hub that is itself polled in place walks over its waiters.

use crate::bug::planted;
use crate::error::{Cycle, QueryError};
use crate::node::bound::Bound;
use crate::node::claim::Claim;
use crate::node::waits::Wait;
use crate::runtime::engine::Engine;
use crate::runtime::guard::wake;
use crate::runtime::name::text;
use crate::sync::{HashMap, Thin};

/// "The update under `asker` waits for `wanted`", for as long as this lives.
pub(crate) struct Waiting {
    asker: Thin<Claim>,
    wanted: Thin<Claim>,
    /// The wait of a check, which can be given up.
    check: bool,
    /// The places of the two ends.
    places: (usize, usize),
}

/// Where a claim has who asked for it when it was made.
const FIRST_PLACE: usize = 0;

impl Waiting {
    pub(crate) fn new(asker: Thin<Claim>, wanted: Thin<Claim>, check: bool) -> Self {
        let claim = asker.clone();
        let forward = Waiting::forward(&asker, &wanted, check);
        let back = Wait { claim, check };
        let backward = wanted.waits().lock().wanted_by.insert(back);
        Waiting {
            asker,
            wanted,
            check,
            places: (forward, backward),
        }
    }

    /// The same for a claim that was made for the asker, and has it written down.
    pub(crate) fn made_for(asker: Thin<Claim>, wanted: Thin<Claim>, check: bool) -> Self {
        let forward = Waiting::forward(&asker, &wanted, check);
        Waiting {
            asker,
            wanted,
            check,
            places: (forward, FIRST_PLACE),
        }
    }

    fn forward(asker: &Claim, wanted: &Thin<Claim>, check: bool) -> usize {
        let claim = wanted.clone();
        asker.waits().lock().wanted.insert(Wait { claim, check })
    }

    /// Fails with the whole cycle if this wait closes one, unless a query on it has a value for
    /// that. A check that would close one fails, so that its body runs; other checks on the way
    /// round are given up.
    pub(crate) fn look_for_cycle(&self, engine: &Engine) -> Result<(), QueryError> {
        if planted("cycle-across-revisions") {
            self.look_at_nodes_only()?;
        }
        let Some(claims) = self.way_back(self.check || planted("checks-close-cycles")) else {
            self.way_back(true)
                .iter()
                .for_each(|claims| give_up_checks(claims));
            return Ok(());
        };
        let cycle = Cycle::new(claims.iter().map(|claim| text(&claim.bound)).collect());
        if !self.check {
            engine.cycle(&cycle, self.asker.revision);
        }
        if !self.check && resolve(&claims, &cycle) {
            return Ok(());
        }
        Err(QueryError::cycle(cycle))
    }

    /// The planted bug of waits that are told apart by their nodes, whatever the revision.
    fn look_at_nodes_only(&self) -> Result<(), QueryError> {
        let waits = self.asker.waits().lock();
        let back = |wait: &Wait| Bound::ptr_eq(&wait.claim.bound, &self.wanted.bound);
        if waits.wanted_by.iter().any(back) {
            return Err(QueryError::cycle(Cycle::new(Vec::new())));
        }
        Ok(())
    }

    /// The planted bug of a look before the wait is written down.
    pub(crate) fn look_first(
        engine: &Engine,
        asker: &Thin<Claim>,
        wanted: &Thin<Claim>,
    ) -> Result<(), QueryError> {
        Waiting::new(asker.clone(), wanted.clone(), false).look_for_cycle(engine)
    }

    /// The claims from the asker round to the one that waits for the asker.
    fn way_back(&self, checks: bool) -> Option<Vec<Thin<Claim>>> {
        let mut forward = Search::new(self.wanted.clone(), true, checks);
        let mut backward = Search::new(self.asker.clone(), false, checks);
        let mut way = loop {
            if forward.reached(&self.asker) {
                let mut way = forward.trail(&self.asker);
                way.reverse();
                break way;
            }
            if backward.reached(&self.wanted) {
                break backward.trail(&self.wanted);
            }
            let behind = backward.width()?;
            match forward.width() {
                Some(ahead) if ahead < behind => forward.step(),
                None if forward.is_whole => return None,
                _ => backward.step(),
            }
        };
        // Both ways begin at the wanted and end at the asker; a cycle is told from the asker on.
        way.rotate_right(1);
        Some(way)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if planted("dropped-branch-waits") {
            return;
        }
        let (forward, backward) = self.places;
        let there = self.asker.waits().lock().wanted.remove(forward);
        let back = self.wanted.waits().lock().wanted_by.remove(backward);
        drop((there, back));
    }
}

/// A walk over the graph in one direction.
struct Search {
    forward: bool,
    checks: bool,
    /// From each claim that was met to the one it was met from.
    met: HashMap<*const Claim, Option<Thin<Claim>>>,
    todo: Vec<Thin<Claim>>,
    /// It has come by nothing whose way on is not known: forward, what is polled in place is not.
    is_whole: bool,
}

impl Search {
    fn new(start: Thin<Claim>, forward: bool, checks: bool) -> Self {
        let met = HashMap::from_iter([(std::ptr::from_ref(&*start), None)]);
        Search {
            forward,
            checks,
            met,
            todo: vec![start],
            is_whole: true,
        }
    }

    fn reached(&self, claim: &Thin<Claim>) -> bool {
        self.met.contains_key(&std::ptr::from_ref(&**claim))
    }

    /// How many claims the next step has to look at; `None` if there is no next step.
    fn width(&self) -> Option<usize> {
        let waits = self.todo.last()?.waits().lock();
        Some(if self.forward {
            waits.wanted.len()
        } else {
            waits.wanted_by.len()
        })
    }

    fn step(&mut self) {
        let Some(claim) = self.todo.pop() else { return };
        let waits = claim.waits().lock();
        let next = waits.next(self.forward, self.checks);
        // Under the lock: who begins to wait in there later takes it too, and finds all that was written down before.
        self.is_whole &= !claim.is_polling_in_place() || planted("in-place-unseen");
        drop(waits);
        for each in next {
            if !self.reached(&each) {
                self.met
                    .insert(std::ptr::from_ref(&*each), Some(claim.clone()));
                self.todo.push(each);
            }
        }
    }

    /// From `end` back to the start of the search.
    fn trail(&self, end: &Thin<Claim>) -> Vec<Thin<Claim>> {
        let mut way = vec![end.clone()];
        while let Some(Some(from)) = way
            .last()
            .and_then(|at| self.met.get(&std::ptr::from_ref(&**at)))
        {
            way.push(from.clone());
        }
        way
    }
}

/// Tells the queries that have a value for a cycle that they are on one. False if none has.
fn resolve(claims: &[Thin<Claim>], cycle: &Cycle) -> bool {
    let mut any = false;
    for claim in claims
        .iter()
        .filter(|claim| claim.bound.kind().options.cycle.is_some())
    {
        any = true;
        let mut waits = claim.waits().lock();
        waits.cycle = Some(cycle.clone());
        let driver = waits.driver.take();
        drop(waits);
        wake(driver);
    }
    any
}

/// Lets the validations on a cycle run their bodies, which decide whether it is one.
fn give_up_checks(cycle: &[Thin<Claim>]) {
    for (place, claim) in cycle.iter().enumerate() {
        let next = &cycle[(place + 1) % cycle.len()];
        // It may end before it is told; then a later check of the same validation is given up: work, and no harm.
        let is_check = next.waits().lock().is_checked_by(claim);
        if is_check {
            let mut waits = claim.waits().lock();
            waits.give_up = true;
            let driver = waits.driver.take();
            drop(waits);
            wake(driver);
        }
    }
}
