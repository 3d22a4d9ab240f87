//! Where a workload runs: as a task of tokio, or on a thread.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Room for engines that recurse on the stack: a chain of a thousand.
const STACK: usize = 256 << 20;

/// Worker threads of the tokio runtime.
const WORKERS: usize = 2;

/// Runs a workload as a task of a tokio runtime: as in a server, with two workers; with `PEERS_TOKIO=current` on one thread.
pub(crate) fn in_task<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    let current = std::env::var("PEERS_TOKIO").is_ok_and(|flavor| flavor == "current");
    let mut builder = if current {
        tokio::runtime::Builder::new_current_thread()
    } else {
        tokio::runtime::Builder::new_multi_thread()
    };
    let tokio = builder
        .worker_threads(WORKERS)
        .enable_all()
        .build()
        .expect("threads are there");
    tokio.block_on(async {
        tokio::spawn(work)
            .await
            .unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
    })
}

/// Runs a workload of a synchronous engine, on a thread with a large stack. Such an engine never waits.
pub(crate) fn on_a_thread<T: Send, F: Future<Output = T>>(work: impl FnOnce() -> F + Send) -> T {
    let poll = move || match pin!(work()).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("a synchronous engine is ready at once"),
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, poll)
            .expect("a thread is there");
        thread
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}
