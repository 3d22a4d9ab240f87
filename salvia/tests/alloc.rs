//! What a hit costs: no allocation, and no task switch.
//!
//! A binary of its own, for it counts what its whole process allocates. The harness allocates beside the tests now and then, so a
//! claim is about the quietest of several rounds: what a hit allocates it would allocate in every round.

use std::alloc::System;
use std::future::Future;
use std::path::Path;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use salvia::{Input, InputAccess, Projection, QueryContext, Runtime, query};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Hits in a round: fewer than the few thousand after which a frame gives way once.
const HITS: u64 = 500;

const ROUNDS: usize = 20;

/// Runs `test` on this thread, and no other test beside it: two that count at the same time would count each other.
fn alone(test: impl Future<Output = ()>) {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let tokio = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a thread is there");
    let outcome =
        tokio.block_on(async { tokio::time::timeout(Duration::from_secs(5), test).await });
    outcome.expect("no test waits");
}

/// Allocations since `region` began, counting a block that moved as one.
fn allocations(region: &Region<'_, System>) -> usize {
    let change = region.change();
    change.allocations + change.reallocations
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
struct Factor;

impl Input<u64> for Factor {
    fn initial(&self) -> u64 {
        3
    }
}

#[query]
async fn scaled(n: u64, cx: &QueryContext) -> u64 {
    let factor: u64 = Factor.get(cx).await;
    factor * n
}

#[query]
async fn constant(n: u64, _cx: &QueryContext) -> u64 {
    n
}

/// Asks again and again for what is there, and gives the least a round allocated.
async fn least_for_hits(cx: &QueryContext) -> usize {
    let mut least = usize::MAX;
    for _ in 0..ROUNDS {
        // The first calls make the nodes and the edges to them.
        let mut sum = scaled(7, cx).await + constant(8, cx).await;
        let region = Region::new(ALLOCATOR);
        for _ in 0..HITS {
            sum += scaled(7, cx).await + constant(8, cx).await;
        }
        least = least.min(allocations(&region));
        assert_eq!(sum, (HITS + 1) * 29);
    }
    least
}

#[query]
async fn least_inside_a_body(cx: &QueryContext) -> usize {
    least_for_hits(cx).await
}

/// A hit at the root allocates nothing.
#[test]
fn a_hit_allocates_nothing_at_the_root() {
    alone(async {
        let rt = Runtime::new().await;
        assert_eq!(
            rt.query(|cx| async move { least_for_hits(&cx).await })
                .await,
            0
        );
    });
}

/// A hit inside another query's body allocates nothing.
#[test]
fn a_hit_allocates_nothing_in_a_body() {
    alone(async {
        let rt = Runtime::new().await;
        assert_eq!(
            rt.query(|cx| async move { least_inside_a_body(&cx).await })
                .await,
            0
        );
    });
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Own(String);

impl Own {
    #[query]
    async fn length(&self, _cx: &QueryContext) -> usize {
        self.0.len()
    }
}

#[derive(Projection)]
struct Line<'a> {
    text: &'a str,
    words: &'a [String],
}

#[query]
#[expect(clippy::too_many_arguments, reason = "one of each kind")]
async fn views(
    text: &str,
    slice: &[u64],
    path: &Path,
    own: &Own,
    line: Line<'_>,
    several: (Option<&str>, &[u64]),
    shared: Arc<[u64]>,
    _cx: &QueryContext,
) -> usize {
    let (option, more) = several;
    let option = option.map_or(0, str::len);
    let line = line.text.len() + line.words.len();
    text.len()
        + slice.len()
        + path.as_os_str().len()
        + own.0.len()
        + line
        + option
        + more.len()
        + shared.len()
}

#[query]
async fn list(of: Vec<Option<&str>>, _cx: &QueryContext) -> usize {
    of.into_iter().flatten().map(str::len).sum()
}

/// What is borrowed is found as it is: no hit makes an owned key.
#[test]
fn a_hit_with_borrowed_arguments_allocates_nothing() {
    alone(async {
        let rt = Runtime::new().await;
        let own = Own("own".to_owned());
        let words = ["a".to_owned(), "b".to_owned()];
        let shared: Arc<[u64]> = [1, 2].into();
        let ask = async |cx: &QueryContext| {
            let path = Path::new("path");
            let line = Line {
                text: "line",
                words: &words,
            };
            let several = (Some("text"), &[1][..]);
            let views = views(
                "text",
                &[1, 2, 3],
                path,
                &own,
                line,
                several,
                shared.clone(),
                cx,
            );
            views.await + own.length(cx).await
        };
        let least = rt.query(async |cx| {
            let mut least = usize::MAX;
            for _ in 0..ROUNDS {
                let mut sum = ask(&cx).await;
                let region = Region::new(ALLOCATOR);
                for _ in 1..HITS {
                    sum += ask(&cx).await;
                }
                least = least.min(allocations(&region));
                assert_eq!(sum, HITS as usize * (4 + 3 + 4 + 3 + 6 + 5 + 2 + 3));
            }
            least
        });
        assert_eq!(least.await, 0);
    });
}

/// A vector of views is the caller's; nothing else is allocated.
#[test]
fn a_hit_with_a_vector_of_views_allocates_the_vector_only() {
    alone(async {
        let rt = Runtime::new().await;
        let least = rt.query(async |cx| {
            let mut least = usize::MAX;
            for _ in 0..ROUNDS {
                list(vec![Some("a"), None], &cx).await;
                let region = Region::new(ALLOCATOR);
                for _ in 0..HITS {
                    assert_eq!(list(vec![Some("a"), None], &cx).await, 1);
                }
                least = least.min(allocations(&region));
            }
            least
        });
        assert_eq!(least.await, HITS as usize);
    });
}

/// The same query asked with a text, owned or borrowed: what a miss allocates for the borrowed one is its owned key, which
/// the other brings with it.
#[test]
fn a_miss_with_a_borrowed_text_makes_one_owned_key() {
    #[query]
    async fn owned(text: String, _cx: &QueryContext) -> usize {
        text.len()
    }
    #[query]
    async fn borrowed(text: &str, _cx: &QueryContext) -> usize {
        text.len()
    }
    alone(async {
        let rt = Runtime::new().await;
        let least = rt.query(async |cx| {
            // The first calls make what the two queries have once.
            owned("first".to_owned(), &cx).await;
            borrowed("first", &cx).await;
            let mut least = [usize::MAX; 2];
            for round in 0..ROUNDS {
                let text = round.to_string();
                let region = Region::new(ALLOCATOR);
                owned(text.clone(), &cx).await;
                least[0] = least[0].min(allocations(&region));
                let region = Region::new(ALLOCATOR);
                borrowed(&text, &cx).await;
                least[1] = least[1].min(allocations(&region));
            }
            least
        });
        let [owned, borrowed] = least.await;
        // The owned one is cloned for its body, the view is of the key.
        assert_eq!(borrowed + 1, owned);
    });
}

/// The same after other inputs changed: a hit in a new revision is one as well.
#[test]
fn a_hit_in_a_new_revision_allocates_nothing() {
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
    struct Unrelated;
    impl Input<u64> for Unrelated {
        fn initial(&self) -> u64 {
            0
        }
    }
    alone(async {
        let rt = Runtime::new().await;
        rt.query(|cx| async move { scaled(7, &cx).await }).await;
        let mut least = usize::MAX;
        for round in 1..=ROUNDS as u64 {
            rt.mutate(|cx| async move { Unrelated.set(round, &cx).await })
                .await;
            let allocated = rt.query(|cx| async move {
                let region = Region::new(ALLOCATOR);
                assert_eq!(scaled(7, &cx).await, 21);
                allocations(&region)
            });
            least = least.min(allocated.await);
        }
        assert_eq!(least, 0);
    });
}

/// The counting counts: a miss allocates, and so does a clone of a value that owns something.
#[test]
fn what_allocates_is_counted() {
    #[query]
    async fn text(n: u64, _cx: &QueryContext) -> String {
        n.to_string()
    }
    alone(async {
        let rt = Runtime::new().await;
        let (miss, hit) = rt
            .query(|cx| async move {
                let region = Region::new(ALLOCATOR);
                text(1, &cx).await;
                let miss = allocations(&region);
                let region = Region::new(ALLOCATOR);
                text(1, &cx).await;
                (miss, allocations(&region))
            })
            .await;
        assert!(miss > 1 && hit >= 1, "{miss} for a miss, {hit} for a hit");
    });
}

/// The future of a hit, polled once with a waker nobody hears.
fn at_first_poll<F: Future>(future: F) -> Option<F::Output> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

/// A hit is there at the first poll: no task switch, at the root and in a body.
#[test]
fn a_hit_is_ready_at_its_first_poll() {
    #[query]
    async fn polls(cx: &QueryContext) -> bool {
        scaled(9, cx).await;
        (0..100).all(|_| at_first_poll(scaled(9, cx)) == Some(27))
    }
    alone(async {
        let rt = Runtime::new().await;
        rt.query(|cx| async move {
            assert_eq!(scaled(9, &cx).await, 27);
            for _ in 0..100 {
                assert_eq!(at_first_poll(scaled(9, &cx)), Some(27));
            }
            assert!(polls(&cx).await);
        })
        .await;
    });
}

/// Opening a query that hits does not switch tasks either.
#[test]
fn a_query_of_hits_is_ready_at_its_first_poll() {
    alone(async {
        let rt = Runtime::new().await;
        rt.query(|cx| async move { scaled(9, &cx).await }).await;
        let asked = rt.query(|cx| async move { scaled(9, &cx).await });
        assert_eq!(at_first_poll(asked), Some(27));
    });
}

/// A graph that is walked through piece by piece takes a few bytes a node, where its names would take many.
#[test]
fn the_pieces_of_a_graph_take_a_few_bytes_a_node() {
    const NODES: usize = 20_000;
    alone(async {
        let rt = Runtime::new().await;
        let ask = async |cx: QueryContext| {
            for n in 0..NODES as u64 {
                scaled(n, &cx).await;
            }
        };
        rt.query(ask).await;
        let region = Region::new(ALLOCATOR);
        let live = || {
            let change = region.change();
            change
                .bytes_allocated
                .saturating_sub(change.bytes_deallocated)
        };
        let (mut pieces, mut most) = (0, 0);
        for _ in rt.graph_parts() {
            pieces += 1;
            most = most.max(live());
        }
        // An input more, and an edge of each node to it.
        assert_eq!(pieces, 2 * NODES + 1);
        assert!(most < 10 * NODES, "{most} bytes at once");
        let whole = rt.graph();
        assert!(live() > 50 * NODES, "{} nodes", whole.nodes.len());
    });
}
