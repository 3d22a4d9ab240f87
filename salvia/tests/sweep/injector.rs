//! Counts the polls of a run and disturbs it at one of them.
//!
//! It holds what can be taken away, the runtime and the roots, so that a body can drop the very
//! root that waits for it, in the middle of its own poll.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, TryLockError};
use std::task::{Context, Poll};

use futures::task::AtomicWaker;
use salvia::{Collect, Collected, QueryError, Revision, Runtime, Snapshot};

use crate::ask::{Answer, write};
use crate::kind::Kind;
use crate::lab::{Hook, Lab, lock};
use crate::operation::{Mutation, Question};
use crate::program::State;
use crate::scene::Scene;

pub(crate) type Told = Result<Answer, QueryError>;
type Asking = Pin<Box<dyn Future<Output = Told> + Send>>;

/// One of the two futures that ask.
#[derive(Default)]
struct Root {
    future: Mutex<Option<Asking>>,
    /// To be dropped as soon as its own poll is over.
    doomed: AtomicBool,
    /// Never to be polled again.
    forgotten: AtomicBool,
    told: Mutex<Option<Told>>,
}

pub(crate) struct Injector {
    pub(crate) kind: Kind,
    at: u64,
    /// Bodies take time.
    slow: bool,
    polls: AtomicU64,
    fired: AtomicBool,
    runtime: Mutex<Option<Arc<Runtime>>>,
    lab: Mutex<Option<Lab>>,
    roots: [Root; 2],
    driver: AtomicWaker,
    disturbing: Mutation,
    /// The inputs after the last closure, and at every revision.
    newest: Mutex<State>,
    states: Mutex<HashMap<Revision, State>>,
    pub(crate) held: Mutex<Option<Snapshot>>,
    /// Roots that are kept without being polled.
    kept: Mutex<Vec<Asking>>,
    /// What a collection took.
    pub(crate) collected: Mutex<Collected>,
    /// What a commit got wrong.
    wrong: Mutex<Option<String>>,
}

impl fmt::Debug for Injector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} at poll {}", self.kind, self.at)
    }
}

/// A disturbance with its way back to the injector: a hook is called by reference.
#[derive(Debug)]
pub(crate) struct Points(pub(crate) Arc<Injector>);

impl Hook for Points {
    fn at(&self) {
        if self.0.counts() {
            self.0.disturb(true);
        }
    }

    fn takes_time(&self) -> bool {
        self.0.slow
    }
}

impl Injector {
    pub(crate) fn new(kind: Kind, at: u64, scene: &Scene) -> Arc<Self> {
        Arc::new(Self {
            kind,
            at,
            slow: scene.slow,
            polls: AtomicU64::new(0),
            fired: AtomicBool::new(false),
            runtime: Mutex::default(),
            lab: Mutex::default(),
            roots: Default::default(),
            driver: AtomicWaker::new(),
            disturbing: scene.disturbing.clone(),
            newest: Mutex::new(State::unset(scene.slots, scene.nodes)),
            states: Mutex::default(),
            held: Mutex::default(),
            kept: Mutex::default(),
            collected: Mutex::default(),
            wrong: Mutex::default(),
        })
    }

    /// From here on polls are counted, and disturbed.
    pub(crate) fn arm(&self, runtime: Arc<Runtime>, lab: Lab) {
        *lock(&self.runtime) = Some(runtime);
        *lock(&self.lab) = Some(lab);
    }

    pub(crate) fn polls(&self) -> u64 {
        self.polls.load(Ordering::Relaxed)
    }

    pub(crate) fn has_fired(&self) -> bool {
        self.fired.load(Ordering::Relaxed)
    }

    pub(crate) fn runtime(&self) -> Option<Arc<Runtime>> {
        lock(&self.runtime).clone()
    }

    /// Takes away what keeps the runtime, without disturbing.
    pub(crate) fn disarm(&self) -> Option<Arc<Runtime>> {
        (0..2).for_each(|which| self.drop_root(which));
        drop(lock(&self.held).take());
        let kept = std::mem::take(&mut *lock(&self.kept));
        drop(kept);
        drop(lock(&self.lab).take());
        lock(&self.runtime).take()
    }

    fn counts(&self) -> bool {
        self.polls.fetch_add(1, Ordering::Relaxed) + 1 == self.at
    }

    /// A poll that is no body's.
    fn driver_is_here(self: &Arc<Self>) {
        if self.counts() {
            self.disturb(false);
        }
    }

    fn disturb(self: &Arc<Self>, in_body: bool) {
        self.fired.store(true, Ordering::Relaxed);
        match self.kind {
            Kind::Undisturbed => {}
            Kind::DropBoth => (0..2).for_each(|which| self.drop_root(which)),
            Kind::DropFirst => self.drop_root(0),
            Kind::DropSecond => self.drop_root(1),
            Kind::ForgetFirst => self.roots[0].forgotten.store(true, Ordering::Relaxed),
            // Without the panic hook: thousands of backtraces would help nobody.
            Kind::Panic if in_body => std::panic::resume_unwind(Box::new("planned")),
            Kind::Panic => {}
            Kind::CommitHere => {
                // Not put off because this task has done enough for now.
                let commit = tokio::task::unconstrained(self.clone().commit_disturbing());
                let mut commit = Box::pin(commit);
                let mut cx = Context::from_waker(std::task::Waker::noop());
                let done = commit.as_mut().poll(&mut cx).is_ready();
                assert!(done, "a commit waits though the turn is free");
            }
            Kind::CommitBeside => drop(tokio::spawn(self.clone().commit_disturbing())),
            Kind::SnapshotDropped => drop(self.runtime().map(|runtime| runtime.snapshot())),
            Kind::SnapshotHeld => {
                *lock(&self.held) = self.runtime().map(|runtime| runtime.snapshot());
            }
            Kind::CollectAll => self.collect(Collect::All),
            Kind::CollectUnused => self.collect(Collect::Unused { revisions: 0 }),
            Kind::DropHandle => drop(lock(&self.runtime).take()),
            Kind::DropAll => {
                drop(lock(&self.runtime).take());
                (0..2).for_each(|which| self.drop_root(which));
            }
            Kind::Shutdown => {
                if let Some(runtime) = lock(&self.runtime).take() {
                    drop(tokio::spawn(async move { runtime.shutdown().await }));
                }
            }
        }
        self.driver.wake();
    }

    fn collect(&self, what: Collect) {
        if let Some(runtime) = self.runtime() {
            *lock(&self.collected) = runtime.collect_garbage(what);
        }
    }

    /// Drops a root now; one that is being polled, after that.
    fn drop_root(&self, which: usize) {
        let root = &self.roots[which];
        let taken = match root.future.try_lock() {
            Ok(mut future) => future.take(),
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner().take(),
            Err(TryLockError::WouldBlock) => {
                root.doomed.store(true, Ordering::Relaxed);
                None
            }
        };
        drop(taken);
    }

    /// Has both roots ask this question.
    pub(crate) fn ask(&self, question: &Question) {
        for root in &self.roots {
            let Some(runtime) = self.runtime() else {
                continue;
            };
            let question = question.clone();
            let asking = async move {
                runtime
                    .try_query(|cx| async move { question.ask(&cx).await })
                    .await
            };
            *lock(&root.future) = Some(Box::pin(asking));
        }
    }

    /// Polls the roots; ready when none is left that goes on.
    pub(crate) fn poll_roots(self: &Arc<Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.driver.register(cx.waker());
        let mut ended = true;
        for root in &self.roots {
            let waits = || lock(&root.future).is_some() && !root.forgotten.load(Ordering::Relaxed);
            if waits() {
                self.driver_is_here();
            }
            if waits() {
                root.poll(cx);
                ended &= !waits();
            }
        }
        if ended {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }

    /// What the roots were told, and `None` for each that was given up.
    pub(crate) fn told(&self) -> [Option<Told>; 2] {
        self.roots.each_ref().map(|root| lock(&root.told).take())
    }

    /// Puts a forgotten root aside, to be kept until the end.
    pub(crate) fn set_aside(&self) {
        let root = &self.roots[0];
        if root.forgotten.swap(false, Ordering::Relaxed) {
            lock(&self.kept).extend(lock(&root.future).take());
        }
    }

    pub(crate) fn wrong(&self) -> Result<(), String> {
        lock(&self.wrong).take().map_or(Ok(()), Err)
    }

    async fn commit_disturbing(self: Arc<Self>) {
        if let Some(runtime) = self.runtime() {
            self.commit(&runtime, &self.disturbing).await;
        }
    }

    /// Commits, and notes what the inputs are at the revision that made.
    pub(crate) async fn commit(&self, runtime: &Arc<Runtime>, mutation: &Mutation) {
        let Some(lab) = lock(&self.lab).clone() else {
            return;
        };
        let lab = &lab;
        let fill = |cx: salvia::InputContext| async move {
            let (from, before) = (runtime.revision(), lock(&self.newest).clone());
            let state = mutation.applied_to(&before);
            for each in &mutation.writes {
                write(each, lab, &cx).await;
            }
            lock(&self.newest).clone_from(&state);
            (from, state != before, state)
        };
        let ((from, changes, state), snapshot) = runtime.mutate_pinned(fill).await;
        let made = snapshot.revision();
        if (made > from) != changes {
            let what = format!("revision {made} on top of {from}, changed: {changes}");
            lock(&self.wrong).get_or_insert(what);
        }
        lock(&self.states).insert(made, state);
    }

    pub(crate) fn revisions(&self) -> usize {
        lock(&self.states).len()
    }

    pub(crate) fn state_at(&self, revision: Revision) -> Option<State> {
        lock(&self.states).get(&revision).cloned()
    }
}

impl Root {
    fn poll(&self, cx: &mut Context<'_>) {
        let mut place = lock(&self.future);
        let Some(future) = place.as_mut() else { return };
        let polled = future.as_mut().poll(cx);
        let doomed = self.doomed.swap(false, Ordering::Relaxed);
        let gone = if doomed || polled.is_ready() {
            place.take()
        } else {
            None
        };
        drop(place);
        drop(gone);
        if let Poll::Ready(told) = polled
            && !doomed
        {
            *lock(&self.told) = Some(told);
        }
    }
}
