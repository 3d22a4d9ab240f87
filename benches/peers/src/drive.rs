//! Where a workload runs: as a task of tokio, or on a thread.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Room for engines that recurse on the stack: a chain of a thousand. It is mapped where it is used.
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
        .thread_stack_size(STACK)
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

/// Two tasks at once; the sum of what they give.
pub(crate) async fn two_tasks<F>(work: impl Fn() -> F) -> u64
where
    F: Future<Output = u64> + Send + 'static,
{
    let (one, other) = (tokio::spawn(work()), tokio::spawn(work()));
    let value = |joined: Result<u64, tokio::task::JoinError>| {
        joined.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
    };
    value(one.await).wrapping_add(value(other.await))
}

/// Two threads at once; the sum of what they give.
pub(crate) fn two_threads<F: FnOnce() -> u64 + Send>(work: impl Fn() -> F) -> u64 {
    std::thread::scope(|scope| {
        let threads = [scope.spawn(work()), scope.spawn(work())];
        let values = threads.map(|thread| {
            thread
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        values.iter().sum()
    })
}
