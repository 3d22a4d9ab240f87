//! The node of one watch, and one evaluation at a time in it.

use std::any::TypeId;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::bug::planted;
use crate::node::bound::{Bound, Keys, Kind, Local, Options, Work};
use crate::node::claim::{Claim, Release};
use crate::node::cost::Cost;
use crate::node::memo::{Finding, Mark, Memo, Standing};
use crate::node::record::Record;
use crate::node::state::{Node, State};
use crate::revision::Revision;
use crate::runtime::asker::View;
use crate::runtime::engine::{EngineArc, EngineWeak};
use crate::runtime::frame::{Driven, Frame};
use crate::runtime::guard::{Payload, discard, guarded, wake};
use crate::runtime::{QueryContext, Runtime};
use crate::sync::{Common, Counted, Mutex, Sleep, Thin, sleep_until};

pub(crate) struct Watcher<T> {
    /// Not counted: what the engine holds goes with the runtime, whoever still has a watch.
    engine: EngineWeak,
    slot: u32,
    running: Option<Evaluation<T>>,
    /// When to evaluate again. The first evaluation is due at once.
    due: Revision,
    /// What the last evaluation read cannot be subscribed to: look at every revision.
    always: bool,
    /// Runs out when the last evaluation is to be looked at again.
    timer: Option<Pin<Box<Sleep>>>,
}

struct Evaluation<T> {
    claim: Thin<Claim>,
    /// `None` if the closure has panicked.
    future: Option<Pin<Box<dyn Future<Output = T> + Send>>>,
    driven: Driven<Thin<Frame>>,
}

pub(crate) enum Evaluated<T> {
    Value(T),
    /// A query failed.
    Failed,
}

impl<T> Watcher<T> {
    pub(crate) fn new(engine: &EngineArc) -> Self {
        let slot = engine
            .store
            .add_unlisted(|generation| Bound::new(kind(), generation, ()));
        Watcher {
            engine: EngineArc::downgrade(engine),
            slot,
            running: None,
            due: Revision::FIRST,
            always: true,
            timer: None,
        }
    }

    pub(crate) fn is_evaluating(&self) -> bool {
        self.running.is_some()
    }

    /// Whether there is nothing to evaluate yet. If so, the task is woken when that may be over.
    pub(crate) fn sleeps(&mut self, cx: &mut Context<'_>) -> bool {
        let Some(engine) = self.engine.upgrade() else {
            return false;
        };
        let waker = cx.waker();
        // First the waker, then the look: a commit in between wakes or is seen.
        engine.sleepers.add(self.slot, waker, self.always);
        let mut due = self.due;
        if !self.always {
            let memo = engine.store.node(self.slot).look();
            due = memo.as_ref().map_or(due, |memo| memo.interval().dirty_at);
            if due != Revision::NEVER && !planted("watch-sleeps-while-dirty") {
                // The commit that made it dirty may have told before this was asleep.
                engine.sleepers.add(self.slot, waker, true);
            }
        }
        let timer = self.timer.as_mut();
        let over = timer.is_some_and(|timer| timer.as_mut().poll(cx).is_ready());
        due > engine.clock.revision() && !over && !engine.tasks.is_closed()
    }

    /// Begins an evaluation at the newest revision. False if the runtime has ended.
    pub(crate) fn begin<F>(&mut self, runtime: &Runtime, evaluate: &mut F) -> bool
    where
        F: FnMut(QueryContext) -> Pin<Box<dyn Future<Output = T> + Send>>,
    {
        let engine = runtime.engine();
        let pin = engine.clock.pin();
        if pin.has_ended {
            return false;
        }
        let node = engine.store.node(self.slot);
        let bound = node.look().as_ref().map(|memo| memo.bound.clone());
        let claim = Claim::new(bound.expect("a watch has a memo"), pin.revision);
        node.state
            .lock()
            .add_record(Box::new(Record::executing(claim.clone(), false)));
        let view = View {
            engine: engine.clone(),
            pin,
        };
        let frame = Frame::watch(view, claim.clone(), self.slot);
        let driven = Driven::new(frame.clone());
        let (future, panic) = match guarded(|| evaluate(QueryContext::new(frame))) {
            Ok(future) => (Some(future), None),
            Err(payload) => (None, Some(payload)),
        };
        self.running = Some(Evaluation {
            claim,
            future,
            driven,
        });
        self.go_on(panic);
        true
    }

    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Evaluated<T>> {
        let running = self.running.as_mut().expect("an evaluation has begun");
        let frame = running.driven.frame.clone();
        let future = running.future.as_mut();
        let future = future.expect("what is evaluated has a future");
        let polled = match guarded(|| future.as_mut().poll(cx)) {
            Ok(polled) => polled,
            Err(payload) => {
                self.go_on(Some(payload));
                return Poll::Ready(Evaluated::Failed);
            }
        };
        if polled.is_pending() {
            frame.driven_by(cx.waker());
            // The end of the runtime has to be noticed.
            let engine = frame.asker.engine();
            engine.sleepers.add(self.slot, cx.waker(), false);
            if engine.tasks.is_closed() {
                cx.waker().wake_by_ref();
            }
        }
        let failed = frame.failure().is_some();
        match polled {
            _ if failed => {
                self.end(false);
                Poll::Ready(Evaluated::Failed)
            }
            Poll::Ready(value) => {
                self.end(true);
                Poll::Ready(Evaluated::Value(value))
            }
            Poll::Pending => Poll::Pending,
        }
    }

    /// Passes a panic of the closure on to who polls the watch. The next poll evaluates anew.
    fn go_on(&mut self, panic: Option<Payload>) {
        if let Some(payload) = panic {
            self.end(false);
            self.due = Revision::FIRST;
            std::panic::resume_unwind(payload);
        }
    }

    /// Ends an evaluation, which has given a value or not, and notes when the next is due.
    fn end(&mut self, done: bool) {
        let Some(evaluation) = self.running.take() else {
            return;
        };
        let asker = &evaluation.driven.frame.asker;
        let revision = asker.revision();
        let node = asker.engine().store.node(self.slot);
        let mut state = node.state.lock();
        let mut record = state.take_record(&evaluation.claim);
        let plain = |record: &Record| record.standing == Standing::Published && !record.volatile;
        // What a failure depends on is not recorded, also where the closure handled it.
        let is_handled = evaluation.driven.frame.is_poisoned() && !planted("handled-watch-sleeps");
        let is_whole = done && !is_handled;
        self.always =
            !((is_whole || planted("failed-watch-sleeps")) && record.as_deref().is_some_and(plain));
        self.due = revision.next();
        let expires_at = record.as_ref().and_then(|record| record.expires_at);
        self.timer = expires_at.map(|time| Box::pin(sleep_until(time)));
        let mut before = None;
        if !self.always
            && let Some(record) = &mut record
        {
            before = publish(node, &mut state, record, revision);
        }
        drop(state);
        wake(evaluation.claim.release(Release::Aborted));
        discard((evaluation, record, before));
    }
}

/// Leaves what was read at the node, so that propagation comes by.
fn publish(
    node: &Node,
    state: &mut State,
    record: &mut Record,
    revision: Revision,
) -> Option<Counted<Memo>> {
    state.set_dirty(std::mem::take(&mut record.dirty));
    let dirty_at = record.pending;
    let bound = state.memo()?.bound.clone();
    let finding = Finding {
        value: None,
        changed_at: revision,
        valid_from: revision,
        edges: record.finish(),
    };
    node.put(
        state,
        Counted::several(Memo::build(bound, finding, Mark::PLAIN, dirty_at)),
    )
}

fn kind() -> Common<Kind> {
    struct Watched;
    Common::new::<()>(Kind {
        id: TypeId::of::<Watched>(),
        name: "watch".to_owned(),
        path: "watch".to_owned(),
        same: |_, _| false,
        describe: Box::new(|_, f| f.write_str("..")),
        work: Work::Watch,
        options: Options::default(),
        cost: Cost::default(),
        keys: Keys::of::<()>(),
        kept: Mutex::default(),
        counts: Default::default(),
        local: Local::default(),
    })
}

impl<T> Drop for Watcher<T> {
    fn drop(&mut self) {
        self.end(false);
        if let Some(engine) = self.engine.upgrade() {
            engine.sleepers.remove(self.slot);
            discard(engine.store.remove_unlisted(self.slot));
        }
    }
}
