//! One sequential world at work: each operation goes to the engine and to the model, and what they
//! say is compared.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;

use futures::FutureExt;
use salvia::{Revision, Runtime, Snapshot};

use crate::ask::{Answer, peek, write};
use crate::lab::{Lab, Tracked};
use crate::operation::{End, Mutation, Op, Question};
use crate::oracle::{Nodes, Oracle, one};
use crate::predict::Predictor;
use crate::program::State;
use crate::subject::Slot;
use crate::world::World;

/// One revision: its inputs, and what was asked and run there.
#[derive(Debug)]
struct Epoch {
    state: State,
    oracle: OnceCell<Oracle>,
    roots: Cell<Nodes>,
    ran: RefCell<BTreeSet<u16>>,
}

impl Epoch {
    fn new(state: State) -> Rc<Self> {
        Rc::new(Self {
            state,
            oracle: OnceCell::new(),
            roots: Cell::new(0),
            ran: RefCell::default(),
        })
    }

    fn oracle(&self) -> &Oracle {
        self.oracle.get_or_init(|| Oracle::new(&self.state))
    }

    fn wants(&self, question: &Question) {
        self.roots.set(self.roots.get() | question.roots());
    }
}

pub(crate) struct Driver {
    exact: bool,
    /// Values may go, so a body may run again.
    forgets: bool,
    rt: Arc<Runtime>,
    lab: Lab,
    now: Rc<Epoch>,
    held: Vec<(Snapshot, Rc<Epoch>)>,
    predictor: Predictor,
}

impl Driver {
    pub(crate) fn new(world: &World) -> Self {
        let limits = world.limits;
        let lab = Lab::new(world.seed, world.noise, world.fault, limits, None);
        let builder = Runtime::builder().resource(lab.clone());
        Self {
            exact: !world.snapshots && !limits.forget(),
            forgets: limits.forget(),
            rt: limits.build(builder).build(),
            lab,
            now: Epoch::new(State::unset(world.slots, world.nodes)),
            held: Vec::new(),
            predictor: Predictor::new(world.slots, world.nodes),
        }
    }

    /// The newest inputs.
    pub(crate) fn state(&self) -> &State {
        &self.now.state
    }

    /// Every node once more, when no snapshot is held any longer.
    pub(crate) async fn quiescence(&mut self) -> Result<(), String> {
        self.held.clear();
        let nodes = (0..self.now.state.code.len() as u16).collect();
        let everything = Question {
            nodes,
            joined: false,
        };
        self.ask(&everything).await
    }

    /// Ends the runtime.
    pub(crate) async fn end(self) -> Result<(), String> {
        self.rt.shutdown().await;
        drop(self.rt);
        self.lab.left_alone().await
    }

    /// Does one operation and checks all that can be checked after it.
    pub(crate) async fn step(&mut self, op: &Op) -> Result<(), String> {
        match op {
            Op::Mutate(mutation) => self.mutate(mutation).await,
            Op::Ask(question) => self.ask(question).await,
            Op::Slot(slot) => self.read_slot(*slot).await,
            Op::Hold => {
                let snapshot = self.rt.snapshot();
                same(
                    "revision of a new snapshot",
                    snapshot.revision(),
                    self.rt.revision(),
                )?;
                self.held.push((snapshot, Rc::clone(&self.now)));
                Ok(())
            }
            Op::Collect(what) => {
                self.rt.collect_garbage(*what);
                Ok(())
            }
            Op::Release(_) | Op::AskHeld(..) if self.held.is_empty() => Ok(()),
            Op::Release(which) => {
                drop(self.held.swap_remove(which % self.held.len()));
                Ok(())
            }
            Op::AskHeld(which, question) => {
                let (snapshot, epoch) = self.held[which % self.held.len()].clone();
                self.ask_held(&snapshot, &epoch, question).await
            }
        }
    }

    async fn ask(&mut self, question: &Question) -> Result<(), String> {
        self.now.wants(question);
        let answer = self
            .rt
            .query(|cx| async move { question.ask(&cx).await })
            .await;
        same(
            "revision of the answer",
            answer.revision,
            self.rt.revision(),
        )?;
        let now = Rc::clone(&self.now);
        answer.check(question, &now.state, now.oracle())?;
        let ran = self.runs(&answer, &now)?;
        for &node in &question.nodes {
            let predicted = self.predictor.ask(node, &now.state);
            same(
                "value predicted and from scratch",
                predicted,
                now.oracle().value(node),
            )?;
        }
        let predicted = self.predictor.take_ran();
        if self.exact && ran != predicted {
            return Err(format!("executed {ran:?}, predicted {predicted:?}"));
        }
        Ok(())
    }

    async fn ask_held(
        &mut self,
        snapshot: &Snapshot,
        epoch: &Epoch,
        question: &Question,
    ) -> Result<(), String> {
        epoch.wants(question);
        let answer = snapshot
            .query(|cx| async move { question.ask(&cx).await })
            .await;
        same(
            "revision of the answer",
            answer.revision,
            snapshot.revision(),
        )?;
        answer.check(question, &epoch.state, epoch.oracle())?;
        self.runs(&answer, epoch).map(drop)
    }

    /// The bodies this answer took, sorted: all at its revision, none twice there, all needed there.
    fn runs(&self, answer: &Answer, epoch: &Epoch) -> Result<Vec<u16>, String> {
        if let Some((revision, node)) = self.lab.torn() {
            return Err(format!(
                "n{node} at revision {revision} saw two different witnesses"
            ));
        }
        let started = self.lab.take_started();
        same(
            "bodies started and finished",
            started.len(),
            self.lab.take_finished().len(),
        )?;
        let mut ran: Vec<u16> = started.iter().map(|run| run.1).collect();
        ran.sort_unstable();
        if let Some((revision, node)) = started.iter().find(|run| run.0 != answer.revision) {
            return Err(format!(
                "n{node} ran at revision {revision}, asked at {}",
                answer.revision
            ));
        }
        let needed = epoch.oracle().needed(epoch.roots.get());
        for &node in &ran {
            if !epoch.ran.borrow_mut().insert(node) && !self.forgets {
                return Err(format!(
                    "n{node} ran twice at revision {}: {ran:?}",
                    answer.revision
                ));
            }
            if needed & one(node) == 0 {
                return Err(format!(
                    "n{node} ran at revision {}, where nothing asked reads it",
                    answer.revision
                ));
            }
        }
        Ok(ran)
    }

    async fn read_slot(&mut self, slot: u16) -> Result<(), String> {
        let slot_key = Slot(self.lab.tracked(slot));
        let read: Tracked<u8> = self
            .rt
            .query(|cx| async move { slot_key.get(&cx).await })
            .await;
        same(
            "value of an input",
            read.value,
            self.now.state.slots[usize::from(slot)],
        )
    }

    async fn mutate(&mut self, mutation: &Mutation) -> Result<(), String> {
        let before = self.rt.revision();
        let after = mutation.applied_to(&self.now.state);
        let pinned = self.apply(mutation, &after).await?;
        if mutation.end.commits() && self.predictor.commit(&self.now.state, &after) {
            self.now = Epoch::new(after);
            if self.rt.revision() <= before {
                return Err("a commit that changes something made no revision".to_owned());
            }
        } else {
            same(
                "revision after a mutation that changes nothing",
                self.rt.revision(),
                before,
            )?;
        }
        if let Some(pinned) = pinned {
            same(
                "revision pinned by the mutation",
                pinned,
                self.rt.revision(),
            )?;
        }
        same("bodies run by a mutation", self.lab.take_started().len(), 0)
    }

    /// Runs the mutation to its end, whichever it is.
    async fn apply(&self, mutation: &Mutation, after: &State) -> Result<Option<Revision>, String> {
        let (rt, lab) = (&self.rt, &self.lab);
        let fill = async |cx: &salvia::InputContext| {
            for each in &mutation.writes {
                write(each, lab, cx).await;
            }
            peek(mutation, after, lab, cx).await
        };
        let fill = &fill;
        match mutation.end {
            End::Commit => rt.mutate(|cx| async move { fill(&cx).await }).await?,
            End::Pinned => {
                let (done, snapshot) = rt.mutate_pinned(|cx| async move { fill(&cx).await }).await;
                return done.map(|()| Some(snapshot.revision()));
            }
            End::TryCommit => rt.try_mutate(|cx| async move { fill(&cx).await }).await?,
            End::RollBack => {
                let rolled = rt
                    .try_mutate(|cx| async move { Err::<(), _>(fill(&cx).await) })
                    .await;
                rolled.expect_err("the closure gave an error")?;
            }
            End::Panic => {
                // Without the panic hook: thousands of backtraces would help nobody.
                let panics = |cx| async move {
                    drop(fill(&cx).await);
                    std::panic::resume_unwind(Box::new("planned"))
                };
                let caught = AssertUnwindSafe(rt.mutate::<_, _>(panics))
                    .catch_unwind()
                    .await;
                let () = caught
                    .err()
                    .map(drop)
                    .ok_or("the panic of a mutation got lost")?;
            }
            End::Abandon => {
                let waits = |cx| async move {
                    drop(fill(&cx).await);
                    std::future::pending::<()>().await;
                };
                let mut abandoned = pin!(rt.mutate(waits));
                same(
                    "a waiting mutation is ready",
                    futures::poll!(&mut abandoned).is_ready(),
                    false,
                )?;
            }
        }
        Ok(None)
    }
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: T, expected: T) -> Result<(), String> {
    if found == expected {
        Ok(())
    } else {
        Err(format!("{what}: {found:?}, expected {expected:?}"))
    }
}
