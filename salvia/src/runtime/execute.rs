//! Execution: running a body to its value, in a fresh frame.
//!
//! A panic of the body, or of the user code around it, becomes an error that names the bound
//! query. A dependency's failure ends the body at that await: the driver drops it.

use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::{Context, Poll};

use crate::error::QueryError;
use crate::node::bound::{Running, Work};
use crate::runtime::cycle::name;
use crate::runtime::frame::Frame;
use crate::runtime::poll::{Doing, Mark};
use crate::runtime::update::Lead;
use crate::sync::Arc;
use crate::value::Value;

type Payload = Box<dyn Any + Send>;

/// Calls user code, and makes a panic a value. The engine's own data is not touched meanwhile,
/// so nothing can be left half-done.
pub(crate) fn guarded<T>(user_code: impl FnOnce() -> T) -> Result<T, Payload> {
    catch_unwind(AssertUnwindSafe(user_code))
}

/// Runs the body. Also says whether it handled a failure itself, so that its value must not
/// be stored.
pub(crate) async fn execute(lead: &Lead) -> Result<(Value, bool), QueryError> {
    let asker = &lead.asker;
    let frame = Frame::body(
        asker.engine.clone(),
        asker.pin.clone(),
        lead.claim().clone(),
        lead.edge.slot,
    );
    let started = guarded(|| start(lead, frame.clone()));
    let body = started.map_err(|payload| QueryError::panicked(name(lead.claim()), payload))?;
    let mut execution = Execution {
        body: Some(body),
        frame,
    };
    let value = poll_fn(|cx| execution.poll(lead, cx)).await?;
    Ok((value, execution.frame.is_poisoned()))
}

/// Makes the body's future. Clones the arguments, which is user code.
fn start(lead: &Lead, frame: Arc<Frame>) -> Running {
    let bound = &lead.claim().bound;
    match &bound.kind.work {
        Work::Query(start) => start(&bound.key, frame),
        Work::Input => unreachable!("an input's value is always there"),
    }
}

/// A running body and its frame.
struct Execution {
    body: Option<Running>,
    frame: Arc<Frame>,
}

impl Execution {
    fn poll(&mut self, lead: &Lead, cx: &mut Context<'_>) -> Poll<Result<Value, QueryError>> {
        let body = self
            .body
            .as_mut()
            .expect("a body is polled until it has ended");
        let polled = {
            let _mark = Mark::enter(Doing::Body, Arc::as_ptr(&lead.asker.engine));
            guarded(|| body.as_mut().poll(cx))
        };
        if matches!(polled, Ok(Poll::Pending)) {
            // First the waker, then the look: a failure in another task wakes or is seen.
            self.frame.driven_by(cx.waker());
        }
        let ended = match (self.frame.failure(), polled) {
            (Some(error), _) => Err(error),
            (None, Ok(Poll::Pending)) => return Poll::Pending,
            (None, Ok(Poll::Ready(value))) => Ok(value),
            (None, Err(payload)) => Err(QueryError::panicked(name(lead.claim()), payload)),
        };
        Poll::Ready(self.end(lead, ended))
    }

    /// Drops the body. Its locals are user code; a panic there is a panic of the run.
    fn end(&mut self, lead: &Lead, ended: Result<Value, QueryError>) -> Result<Value, QueryError> {
        let body = self.body.take();
        match guarded(|| drop(body)) {
            Err(payload) if ended.is_ok() => Err(QueryError::panicked(name(lead.claim()), payload)),
            _ => ended,
        }
    }
}
