//! What is copied of borrowed arguments, and what is compared of shared ones.

use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use salvia::{QueryContext, Shared, query};

use crate::kit::{Counts, Slot, builder, counted, put, ran, runtime, soon};

/// A key that counts its clones, and its comparisons.
#[derive(Debug)]
struct Counting(u32, Arc<[AtomicUsize; 2]>);

impl Counting {
    fn new(number: u32) -> Self {
        Self(number, Arc::default())
    }

    fn clones(&self) -> usize {
        self.1[0].load(Ordering::Relaxed)
    }

    fn comparisons(&self) -> usize {
        self.1[1].load(Ordering::Relaxed)
    }
}

impl Clone for Counting {
    fn clone(&self) -> Self {
        self.1[0].fetch_add(1, Ordering::Relaxed);
        Self(self.0, self.1.clone())
    }
}

impl PartialEq for Counting {
    fn eq(&self, other: &Self) -> bool {
        self.1[1].fetch_add(1, Ordering::Relaxed);
        self.0 == other.0
    }
}

impl Eq for Counting {}

impl Hash for Counting {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

/// One owned key on a miss, none on a hit, and none when the node is there and has to be checked or run again.
#[tokio::test]
async fn a_key_is_made_once() {
    #[query]
    async fn scaled(by: &Counting, cx: &QueryContext) -> i64 {
        ran(cx, "scaled");
        i64::from(by.0) * Slot(1).get(cx).await
    }
    soon(async {
        let (rt, counts) = counted();
        let by = Counting::new(3);
        for (round, clones) in [(1, 1), (2, 1), (2, 1), (3, 1)] {
            put(&rt, 1, round).await;
            let found = rt.query(async |cx| scaled(&by, &cx).await).await;
            assert_eq!((found, by.clones()), (3 * round, clones));
        }
        assert_eq!(counts.take(), ["scaled"; 3]);
    })
    .await;
}

/// What is owned and shares what it holds with its key is not looked at, whether views stand beside it or not.
#[tokio::test]
async fn a_shared_argument_is_compared_by_pointer() {
    #[query]
    async fn slice(of: Arc<[Counting]>, _cx: &QueryContext) -> usize {
        of.len()
    }
    #[query]
    async fn beside(text: &str, of: Option<Arc<[Counting]>>, _cx: &QueryContext) -> usize {
        text.len() + of.map_or(0, |of| of.len())
    }
    #[query]
    async fn of_one(of: &Arc<Counting>, _cx: &QueryContext) -> u32 {
        of.0
    }
    soon(async {
        let shared: Arc<[Counting]> = (0..100).map(Counting::new).collect();
        let one = Arc::new(Counting::new(1));
        runtime()
            .query(async |cx| {
                for _ in 0..3 {
                    assert_eq!(slice(shared.clone(), &cx).await, 100);
                    assert_eq!(beside("ab", Some(shared.clone()), &cx).await, 102);
                    assert_eq!(of_one(&one, &cx).await, 1);
                }
                let compared = || {
                    shared
                        .iter()
                        .chain([&*one])
                        .map(Counting::comparisons)
                        .sum::<usize>()
                };
                assert_eq!(compared(), 0);
                let equal: Arc<[Counting]> = (0..100).map(Counting::new).collect();
                assert_eq!(slice(equal.clone(), &cx).await, 100);
                let there: usize = equal.iter().map(Counting::comparisons).sum();
                assert_eq!(compared() + there, 100, "equal at another address");
            })
            .await;
    })
    .await;
}

/// A value that shares what it holds with the one before is cut off without a look at it.
#[tokio::test]
async fn early_cut_off_of_a_shared_value_compares_pointers() {
    #[derive(Debug, Clone)]
    struct Kept(Arc<[Counting]>);

    #[query]
    async fn handle(cx: &QueryContext) -> (Arc<[Counting]>, u8) {
        ran(cx, "handle");
        let _: i64 = Slot(1).get(cx).await;
        (cx.resource::<Kept>().0.clone(), 1)
    }
    #[query(shared)]
    async fn shared_handle(cx: &QueryContext) -> Option<Arc<[Counting]>> {
        ran(cx, "shared_handle");
        let _: i64 = Slot(1).get(cx).await;
        Some(cx.resource::<Kept>().0.clone())
    }
    #[query]
    async fn above(cx: &QueryContext) -> usize {
        ran(cx, "above");
        let shared: Shared<Option<Arc<[Counting]>>> = shared_handle(cx).await;
        handle(cx).await.0.len() + shared.iter().len()
    }
    soon(async {
        let kept = Kept((0..100).map(Counting::new).collect());
        let counts = Counts::default();
        let rt = builder()
            .resource(counts.clone())
            .resource(kept.clone())
            .build();
        for round in 0..3 {
            put(&rt, 1, round).await;
            assert_eq!(rt.query(async |cx| above(&cx).await).await, 101);
        }
        assert_eq!(counts.of("above"), 1);
        assert_eq!((counts.of("handle"), counts.of("shared_handle")), (3, 3));
        assert_eq!(kept.0.iter().map(Counting::comparisons).sum::<usize>(), 0);
    })
    .await;
}
