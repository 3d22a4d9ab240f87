//! Depth: recursion of queries costs tasks, not stack, however big the bodies are.

use salvia::{QueryContext, query};

use crate::kit::{Slot, runtime, within};

const DEPTH: u32 = 300;

/// Uses a buffer to its end, so that it has to be there. No more than that: a long body would be
/// given a task for the time it takes, and here it is to be the stack.
#[inline(never)]
fn fill(buffer: &mut [u8]) -> i64 {
    buffer.fill(1);
    i64::from(buffer[0]) + i64::from(buffer[buffer.len() - 1])
}

/// Its poll has 40 kB of locals on the stack while the ones below are polled.
#[query]
async fn deep(n: u32, cx: &QueryContext) -> i64 {
    let sum = {
        let mut buffer = [0; 40_000];
        fill(std::hint::black_box(&mut buffer))
    };
    if n == 0 {
        sum + Slot(0).get(cx).await
    } else {
        sum + deep(n - 1, cx).await
    }
}

/// On the stack a tokio worker has by default; first from scratch, then from one check down to the next.
#[test]
fn deep_recursion_of_big_bodies_does_not_overflow_the_stack() {
    let tokio = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_stack_size(2 * 1024 * 1024)
        .enable_all()
        .build()
        .expect("threads can be had");
    let work = tokio.spawn(within(10, async {
        let rt = runtime();
        let all = i64::from(DEPTH + 1) * 2;
        for edit in 0..2 {
            crate::kit::put(&rt, 0, edit).await;
            let asked = rt.query(|cx| async move { deep(DEPTH, &cx).await });
            assert_eq!(asked.await, all + edit);
        }
    }));
    tokio.block_on(work).expect("it has its answer");
}
