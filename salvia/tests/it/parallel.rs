//! Concurrency of siblings: what was asked for at once is waited for at once, computed and checked, and never more than that.
//!
//! The clock stands still but for what everybody waits for, so a claim about time is one about who waited for whom.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::future::join_all;
use futures::stream::{self, FuturesUnordered, StreamExt};
use salvia::{QueryContext, Runtime, query};
use tokio::time::{Instant, sleep};

use crate::kit::{Counts, Slot, builder, put, ran, within};

mod busy;
mod commits;

const MILLISECOND: Duration = Duration::from_millis(1);

/// Leaves are 0 to 999; slot `n` is the one of leaf `n`.
const LEAVES: u32 = 1_000;

/// How many leaves are waiting, and how many have been at most.
#[derive(Debug, Clone, Default)]
struct Crowd(Arc<[AtomicUsize; 2]>);

impl Crowd {
    async fn wait(&self) {
        let here = self.0[0].fetch_add(1, Ordering::SeqCst) + 1;
        self.0[1].fetch_max(here, Ordering::SeqCst);
        sleep(MILLISECOND).await;
        self.0[0].fetch_sub(1, Ordering::SeqCst);
    }

    /// The most since the last call.
    fn most(&self) -> usize {
        self.0[1].swap(0, Ordering::SeqCst)
    }
}

/// Takes a millisecond. Its value says in which ten its slot is, so that small changes are none.
#[query]
async fn leaf(n: u32, cx: &QueryContext) -> i64 {
    ran(cx, "leaf");
    cx.resource::<Crowd>().wait().await;
    Slot(n).get(cx).await / 10
}

fn leaves(cx: &QueryContext) -> impl Iterator<Item = salvia::Query<'_, (u32,), i64>> {
    (0..LEAVES).map(|n| leaf(n, cx))
}

#[query]
async fn joined(cx: &QueryContext) -> i64 {
    ran(cx, "top");
    join_all(leaves(cx)).await.into_iter().sum()
}

#[query]
async fn unordered(cx: &QueryContext) -> i64 {
    ran(cx, "top");
    let mut running: FuturesUnordered<_> = leaves(cx).collect();
    let mut sum = 0;
    while let Some(value) = running.next().await {
        sum += value;
    }
    sum
}

#[query]
async fn buffered(cx: &QueryContext) -> i64 {
    ran(cx, "top");
    let running = stream::iter(leaves(cx)).buffer_unordered(LEAVES as usize);
    running
        .fold(0, |sum, value| async move { sum + value })
        .await
}

/// Ten at a time: the next is called when one has ended.
#[query]
async fn by_ten(cx: &QueryContext) -> i64 {
    ran(cx, "top");
    let running = stream::iter(leaves(cx)).buffer_unordered(10);
    running
        .fold(0, |sum, value| async move { sum + value })
        .await
}

#[query]
async fn in_a_row(cx: &QueryContext) -> i64 {
    ran(cx, "top");
    let mut sum = 0;
    for leaf in leaves(cx) {
        sum += leaf.await;
    }
    sum
}

struct World {
    rt: Arc<Runtime>,
    counts: Counts,
    crowd: Crowd,
}

impl World {
    fn new() -> Self {
        let (counts, crowd) = (Counts::default(), Crowd::default());
        let builder = builder().resource(counts.clone());
        let rt = builder.resource(crowd.clone()).build();
        World { rt, counts, crowd }
    }

    /// Sets every slot of these leaves.
    async fn put(&self, slots: impl IntoIterator<Item = u32>, value: i64) {
        self.rt
            .mutate(|cx| async move {
                for slot in slots {
                    Slot(slot).set(value, &cx).await;
                }
            })
            .await;
    }

    /// What has happened since the last time: the time it took, in milliseconds; how many leaves and tops ran; how many leaves
    /// waited at the same time at most.
    fn since(&self, began: Instant) -> (u128, usize, usize, usize) {
        let (leaf, top) = (self.counts.of("leaf"), self.counts.of("top"));
        self.counts.take();
        (began.elapsed().as_millis(), leaf, top, self.crowd.most())
    }
}

/// Asks the world for a query, and asserts its value and what it took.
macro_rules! check {
    ($world:ident, $top:ident is $value:expr; $what:expr) => {{
        let began = Instant::now();
        let value = $world.rt.query(|cx| async move { $top(&cx).await }).await;
        assert_eq!((value, $world.since(began)), ($value, $what));
    }};
}

/// A thousand leaves take the time of one: cold, changed, checked without a change, and after a part of them was.
macro_rules! takes_the_time_of_one {
    ($top:ident) => {
        within(60, async {
            let world = World::new();
            check!(world, $top is 0; (1, 1_000, 1, 1_000));

            // All changed, for whoever reads them and then only for themselves.
            world.put(0..LEAVES, 10).await;
            check!(world, $top is 1_000; (1, 1_000, 1, 1_000));
            world.put(0..LEAVES, 11).await;
            check!(world, $top is 1_000; (1, 1_000, 0, 1_000));

            // A part, which makes the run one of hits and misses, in two mixtures; then all.
            world.put((0..LEAVES).filter(|n| n % 3 == 0), 20).await;
            check!(world, $top is 1_334; (1, 334, 1, 334));
            world.put(0..LEAVES, 22).await;
            check!(world, $top is 2_000; (1, 1_000, 1, 1_000));
            world.put(500..LEAVES, 33).await;
            check!(world, $top is 2_500; (1, 500, 1, 500));
            world.put(0..LEAVES, 39).await;
            check!(world, $top is 3_000; (1, 1_000, 1, 1_000));
            world.put(0..LEAVES, 38).await;
            check!(world, $top is 3_000; (1, 1_000, 0, 1_000));

            // The same after a part was only checked.
            world.put((0..LEAVES).filter(|n| n % 7 == 0), 37).await;
            check!(world, $top is 3_000; (1, 143, 0, 143));
            world.put(0..LEAVES, 36).await;
            check!(world, $top is 3_000; (1, 1_000, 0, 1_000));
        })
        .await
    };
}

#[tokio::test(start_paused = true)]
async fn a_thousand_joined_leaves_take_the_time_of_one() {
    takes_the_time_of_one!(joined);
}

#[tokio::test(start_paused = true)]
async fn a_thousand_leaves_in_no_order_take_the_time_of_one() {
    takes_the_time_of_one!(unordered);
}

#[tokio::test(start_paused = true)]
async fn a_thousand_buffered_leaves_take_the_time_of_one() {
    takes_the_time_of_one!(buffered);
}

/// One that changes among many that do not: the run begins at once, and what it asks for again is on its way.
#[tokio::test(start_paused = true)]
async fn one_change_among_a_thousand_costs_the_time_of_one() {
    within(60, async {
        for changed in [0, 500, LEAVES - 1] {
            let world = World::new();
            check!(world, joined is 0; (1, 1_000, 1, 1_000));
            world
                .rt
                .mutate(|cx| async move {
                    for n in 0..LEAVES {
                        Slot(n).set(if n == changed { 10 } else { 1 }, &cx).await;
                    }
                })
                .await;
            check!(world, joined is 1; (1, 1_000, 1, 1_000));
        }
    })
    .await;
}

/// A check waits for no more at once than the body did, and for no fewer.
#[tokio::test(start_paused = true)]
async fn leaves_ten_at_a_time_are_checked_ten_at_a_time() {
    within(60, async {
        let world = World::new();
        check!(world, by_ten is 0; (100, 1_000, 1, 10));
        world.put(0..LEAVES, 1).await;
        check!(world, by_ten is 0; (100, 1_000, 0, 10));
        world.put(0..LEAVES, 10).await;
        check!(world, by_ten is 1_000; (100, 1_000, 1, 10));
        world.put(500..600, 11).await;
        check!(world, by_ten is 1_000; (10, 100, 0, 10));
        world.put(0..LEAVES, 12).await;
        check!(world, by_ten is 1_000; (100, 1_000, 0, 10));
    })
    .await;
}

/// What was awaited in a row is checked in a row, one at a time.
#[tokio::test(start_paused = true)]
async fn leaves_in_a_row_are_checked_in_a_row() {
    within(60, async {
        let world = World::new();
        check!(world, in_a_row is 0; (1_000, 1_000, 1, 1));
        world.put(0..LEAVES, 1).await;
        check!(world, in_a_row is 0; (1_000, 1_000, 0, 1));
        world.put(0..LEAVES, 10).await;
        check!(world, in_a_row is 1_000; (1_000, 1_000, 1, 1));
    })
    .await;
}

/// The slot that holds the length, beyond those of the leaves.
const LENGTH: u32 = LEAVES;

#[query]
async fn length(cx: &QueryContext) -> u32 {
    cx.resource::<Crowd>().wait().await;
    Slot(LENGTH).get(cx).await as u32
}

/// A leaf that must exist.
#[query]
async fn item(n: u32, cx: &QueryContext) -> i64 {
    ran(cx, format!("item({n})"));
    cx.resource::<Crowd>().wait().await;
    Slot(n).get(cx).await
}

#[query]
async fn guarded(n: u32, cx: &QueryContext) -> i64 {
    ran(cx, format!("guarded({n})"));
    if n < length(cx).await {
        item(n, cx).await
    } else {
        -1
    }
}

/// Many guards beside each other, each followed by what it guards.
#[query]
async fn all_guarded(cx: &QueryContext) -> i64 {
    let guards: Vec<_> = (0..10).map(|n| guarded(n, cx)).collect();
    join_all(guards).await.into_iter().sum()
}

/// A check never runs ahead of a guard: of an item that is gone nothing runs, however many are checked at once.
#[tokio::test(start_paused = true)]
async fn nothing_behind_a_guard_runs_before_it() {
    within(60, async {
        let world = World::new();
        let sum = async |world: &World| {
            let asked = world.rt.query(|cx| async move { all_guarded(&cx).await });
            asked.await
        };
        put(&world.rt, LENGTH, 10).await;
        assert_eq!(sum(&world).await, 0);
        world.counts.take();

        // Every item changes, and most of them are gone.
        world.put(0..10, 5).await;
        put(&world.rt, LENGTH, 3).await;
        let began = Instant::now();
        assert_eq!(sum(&world).await, 3 * 5 - 7);
        assert_eq!(
            began.elapsed(),
            2 * MILLISECOND,
            "the length, then the items"
        );
        let ran = world.counts.take();
        let items: Vec<_> = ran.iter().filter(|name| name.starts_with("item")).collect();
        assert_eq!(items, ["item(0)", "item(1)", "item(2)"]);
        assert_eq!(ran.len(), 3 + 10);

        // The length is checked and is what it was: now the items may be, together.
        put(&world.rt, LENGTH, 4).await;
        put(&world.rt, LENGTH, 3).await;
        world.put(0..10, 6).await;
        let began = Instant::now();
        assert_eq!(sum(&world).await, 3 * 6 - 7);
        assert_eq!(began.elapsed(), 2 * MILLISECOND);
        let ran = world.counts.take();
        let all = [
            "guarded(0)",
            "guarded(1)",
            "guarded(2)",
            "item(0)",
            "item(1)",
            "item(2)",
        ];
        assert_eq!(ran, all);
    })
    .await;
}

/// Nor does a run that has begun on a change: what it does not come to is not run, though it was recorded beside the others.
#[tokio::test(start_paused = true)]
async fn a_shrunken_list_runs_no_item_beyond_its_end() {
    #[query]
    async fn total(cx: &QueryContext) -> i64 {
        ran(cx, "total");
        let items: Vec<_> = (0..length(cx).await).map(|n| item(n, cx)).collect();
        join_all(items).await.into_iter().sum()
    }
    within(60, async {
        let world = World::new();
        let ask = |cx: QueryContext| async move { total(&cx).await };
        put(&world.rt, LENGTH, 1_000).await;
        assert_eq!(world.rt.query(ask).await, 0);
        for len in [999, 500, 1] {
            world.counts.take();
            world
                .rt
                .mutate(|cx| async move {
                    Slot(LENGTH).set(len, &cx).await;
                    for n in 0..LEAVES {
                        Slot(n).set(len, &cx).await;
                    }
                })
                .await;
            let began = Instant::now();
            assert_eq!(world.rt.query(ask).await, len * len);
            assert_eq!(began.elapsed(), 2 * MILLISECOND);
            assert_eq!(world.counts.take().len() as i64, 1 + len);
            for n in 0..LEAVES {
                assert_eq!(world.counts.of(&format!("item({n})")), 0);
            }
        }
    })
    .await;
}
