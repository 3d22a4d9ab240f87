//! Values whose `Drop` or `Clone` panics: they fail whom they concern, and take nothing else with them.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use salvia::{Input, InputAccess, QueryContext, QueryError, QueryErrorKind, Runtime, query};

use crate::kit::{Live, Slot, Tracked, builder, put, soon};

/// Which numbers panic, and when; none as long as it is zero.
#[derive(Debug, Clone, Default)]
struct Fuse(Arc<[AtomicI64; 2]>);

impl Fuse {
    fn on_drop(&self, number: i64) {
        self.0[0].store(number, Ordering::SeqCst);
    }

    fn on_clone(&self, number: i64) {
        self.0[1].store(number, Ordering::SeqCst);
    }

    fn burns(&self, when: usize, number: i64) -> bool {
        number != 0 && self.0[when].load(Ordering::SeqCst) == number
    }
}

/// A number that panics as its fuse says.
#[derive(Debug)]
struct Brittle(i64, Fuse);

impl Clone for Brittle {
    fn clone(&self) -> Self {
        assert!(!self.1.burns(1, self.0), "clone of {}", self.0);
        Self(self.0, self.1.clone())
    }
}

impl Drop for Brittle {
    fn drop(&mut self) {
        if self.1.burns(0, self.0) && !std::thread::panicking() {
            panic!("drop of {}", self.0);
        }
    }
}

impl PartialEq for Brittle {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for Brittle {}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
struct Shelf;

impl Input<Option<Brittle>> for Shelf {
    fn initial(&self) -> Option<Brittle> {
        None
    }
}

/// Numbered inputs that are counted while they live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
struct Counted(u32);

impl Input<Option<Tracked>> for Counted {
    fn initial(&self) -> Option<Tracked> {
        None
    }
}

/// Slot 1, as a value that may panic.
#[query]
async fn brittle(cx: &QueryContext) -> Brittle {
    let fuse = (*cx.resource::<Fuse>()).clone();
    Brittle(Slot(1).get(cx).await, fuse)
}

#[query]
async fn above(cx: &QueryContext) -> i64 {
    brittle(cx).await.0
}

fn runtime() -> (Arc<Runtime>, Fuse) {
    let fuse = Fuse::default();
    (builder().resource(fuse.clone()).build(), fuse)
}

async fn at_the_root(rt: &Arc<Runtime>) -> Result<i64, QueryError> {
    rt.try_query(|cx| async move { brittle(&cx).await.0 }).await
}

async fn in_a_body(rt: &Arc<Runtime>) -> Result<i64, QueryError> {
    rt.try_query(|cx| async move { above(&cx).await }).await
}

fn assert_names_brittle(error: &QueryError) {
    let panicked = matches!(error.kind(), QueryErrorKind::Panicked { .. });
    assert!(panicked && error.query() == "brittle()", "{error}");
}

/// The new value is there and right, so the `Drop` of the old one is nobody's failure.
#[tokio::test]
async fn a_drop_that_panics_in_a_superseded_value_fails_nobody() {
    soon(async {
        let (rt, fuse) = runtime();
        put(&rt, 1, 13).await;
        assert_eq!(in_a_body(&rt).await.ok(), Some(13));
        put(&rt, 1, 14).await;
        fuse.on_drop(13);
        assert_eq!(at_the_root(&rt).await.ok(), Some(14));
        assert_eq!(in_a_body(&rt).await.ok(), Some(14));
        put(&rt, 1, 15).await;
        assert_eq!(in_a_body(&rt).await.ok(), Some(15));
    })
    .await;
}

/// Which is not stored, so a later `Clone` may do; wherever the value is asked for.
#[tokio::test]
async fn a_clone_that_panics_is_a_failure_that_names_the_query() {
    soon(async {
        let (rt, fuse) = runtime();
        put(&rt, 1, 77).await;
        fuse.on_clone(77);
        for _ in 0..2 {
            assert_names_brittle(&at_the_root(&rt).await.expect_err("no copy can be had"));
            assert_names_brittle(&in_a_body(&rt).await.expect_err("no copy can be had"));
        }
        let caught = rt.query(|cx| async move { brittle(&cx).catch().await.map(|_| ()) });
        assert_names_brittle(&caught.await.expect_err("no copy can be had"));
        fuse.on_clone(0);
        assert_eq!(at_the_root(&rt).await.ok(), Some(77));
        assert_eq!(in_a_body(&rt).await.ok(), Some(77));
        put(&rt, 1, 78).await;
        assert_eq!(in_a_body(&rt).await.ok(), Some(78));
    })
    .await;
}

/// Sets the brittle input and all counted ones in one commit.
async fn put_all(rt: &Arc<Runtime>, number: i64, fuse: &Fuse, live: &Live) {
    let value = Brittle(number, fuse.clone());
    rt.mutate(|cx| async move {
        Shelf.set(Some(value), &cx).await;
        for n in 0..8 {
            let value = Tracked::new(number.unsigned_abs(), live);
            Counted(n).set(Some(value), &cx).await;
        }
    })
    .await;
}

/// The commit stands, and the other old values of the same commit go too.
#[tokio::test]
async fn a_drop_that_panics_in_an_old_input_value_leaves_the_commit_whole() {
    soon(async {
        let (rt, fuse) = runtime();
        let live = Live::default();
        put_all(&rt, 13, &fuse, &live).await;
        let (before, alive) = (rt.revision(), live.count());
        fuse.on_drop(13);
        put_all(&rt, 14, &fuse, &live).await;
        assert!(rt.revision() > before);
        assert_eq!(live.count(), alive, "old values are kept");
        let read = rt.query(|cx| async move {
            let shelf: Option<Brittle> = Shelf.get(&cx).await;
            let last = Counted(7).get(&cx).await;
            (shelf.map(|value| value.0), last.map(|value| value.0))
        });
        assert_eq!(read.await, (Some(14), Some(14)));
        put_all(&rt, 15, &fuse, &live).await;
        assert_eq!(live.count(), alive);
    })
    .await;
}

/// The pairs of inputs that only a snapshot could see go with it, all of them.
#[tokio::test]
async fn a_drop_that_panics_in_an_input_value_of_a_snapshot_keeps_no_other() {
    soon(async {
        let (rt, fuse) = runtime();
        let live = Live::default();
        put_all(&rt, 13, &fuse, &live).await;
        let alive = live.count();
        let snapshot = rt.snapshot();
        put_all(&rt, 14, &fuse, &live).await;
        assert!(live.count() > alive, "the snapshot holds the old values");
        fuse.on_drop(13);
        drop(snapshot);
        assert_eq!(live.count(), alive);
        put_all(&rt, 15, &fuse, &live).await;
        assert_eq!(live.count(), alive);
    })
    .await;
}

#[query]
async fn counted(n: u32, cx: &QueryContext) -> Tracked {
    let number = Slot(1).get(cx).await.unsigned_abs() + u64::from(n);
    Tracked::new(number, &cx.resource::<Live>())
}

/// The results that were kept for a snapshot go with it, all of them.
#[tokio::test]
async fn a_drop_that_panics_in_a_result_of_a_snapshot_keeps_no_other() {
    async fn all(cx: QueryContext) -> i64 {
        for n in 0..20 {
            counted(n, &cx).await;
        }
        brittle(&cx).await.0
    }
    soon(async {
        let (fuse, live) = (Fuse::default(), Live::default());
        let rt = builder()
            .resource(fuse.clone())
            .resource(live.clone())
            .build();
        put(&rt, 1, 13).await;
        assert_eq!(rt.query(all).await, 13);
        let alive = live.count();
        let snapshot = rt.snapshot();
        put(&rt, 1, 14).await;
        assert_eq!(rt.query(all).await, 14);
        assert_eq!(snapshot.query(all).await, 13);
        assert!(live.count() > alive, "the snapshot holds the old results");
        fuse.on_drop(13);
        drop(snapshot);
        assert_eq!(live.count(), alive);
        assert_eq!(rt.query(all).await, 14);
    })
    .await;
}
