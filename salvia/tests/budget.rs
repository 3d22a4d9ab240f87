//! What a runtime with a budget really takes, by the count of the allocator.
//!
//! A binary of its own, for it counts what its whole process allocates. Its tests run one after the other.

use std::alloc::System;
use std::sync::{Arc, Mutex, PoisonError};

use salvia::{QueryContext, Runtime, query};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const BUDGET: usize = 4 << 20;

/// So many times what the budget has room for is asked for.
const TIMES: usize = 100;

fn live() -> usize {
    let stats = ALLOCATOR.stats();
    stats.bytes_allocated - stats.bytes_deallocated
}

/// The bytes of a text on the heap.
fn length(text: &String) -> usize {
    text.capacity()
}

#[query(size = length)]
async fn text(number: u64, _cx: &QueryContext) -> String {
    format!("{number:>1000}")
}

#[query]
async fn square(number: u64, _cx: &QueryContext) -> u64 {
    number * number
}

/// Values of about `size` bytes each, asked for once; gives the most that was taken at any time.
fn peak<V: PartialEq + std::fmt::Debug + Send>(
    size: usize,
    ask: impl AsyncFn(u64, &QueryContext) -> V + Copy + Send + Sync + 'static,
    expected: impl Fn(u64) -> V,
) -> usize {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let tokio = tokio::runtime::Builder::new_current_thread().build();
    tokio.expect("a thread is there").block_on(async {
        let before = live();
        let rt: Arc<Runtime> = Runtime::builder().memory_budget(BUDGET).build();
        let mut peak = 0;
        for number in 0..(BUDGET / size * TIMES) as u64 {
            let value = rt.query(async move |cx| ask(number, &cx).await).await;
            assert_eq!(value, expected(number));
            peak = peak.max(live() - before);
        }
        assert!(peak > BUDGET / 2, "what there is room for is kept: {peak}");
        peak
    })
}

#[test]
fn a_budget_is_held_with_large_values() {
    let peak = peak(1_300, text, |number| format!("{number:>1000}"));
    assert!(peak <= BUDGET / 4 * 5, "{peak} of {BUDGET} bytes");
}

#[test]
fn a_budget_is_held_with_small_values() {
    let peak = peak(250, square, |number| number * number);
    assert!(peak <= BUDGET / 4 * 5, "{peak} of {BUDGET} bytes");
}
