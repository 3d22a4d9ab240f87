//! Ids of futures: allotted when a function is called, kept until the future ends.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use ::futures::FutureExt;
use ::futures::future::join_all;
use salvia::nested;
use salvia::scope::{CallId, call, call_in_slot, root};

#[nested]
async fn yielding(times: u32) -> CallId {
    let before = CallId::current();
    let mut inside = Vec::new();
    for _ in 0..times {
        tokio::task::yield_now().await;
        assert_eq!(CallId::current(), before);
        inside.push(call(CallId::current));
        let parent = CallId::current();
        assert_eq!(parent, before);
    }
    // What is counted goes on from poll to poll.
    for (nth, id) in inside.iter().enumerate() {
        assert!(!inside[..nth].contains(id));
    }
    before
}

#[tokio::test]
async fn an_id_is_kept_across_awaits() {
    let outside = CallId::current();
    let id = yielding(5).await;
    assert_ne!(id, outside);
    assert_eq!(CallId::current(), outside);
}

#[tokio::test]
async fn joined_futures_keep_each_its_own_id() {
    let (a, (b, c)) = tokio::join!(yielding(3), async {
        tokio::join!(yielding(5), yielding(1))
    });
    assert!(a != b && b != c && a != c);
}

/// Ids in the order of the calls, whatever the order of the polls.
#[tokio::test(start_paused = true)]
async fn the_order_of_polls_makes_no_difference() {
    #[nested]
    async fn after(milliseconds: u64) -> CallId {
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
        call(CallId::current)
    }
    #[nested]
    async fn all(naps: [u64; 3]) -> Vec<CallId> {
        join_all(naps.map(after)).await
    }
    let id = root(|| call(CallId::current));
    let round = |naps| id.scope(async move { all(naps).await });
    let ids = round([1, 2, 3]).await;
    assert_eq!(ids, round([3, 2, 1]).await);
    assert!(ids[0] != ids[1] && ids[1] != ids[2]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_id_migrates_with_its_task() {
    let id = call_in_slot("a", CallId::current);
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            tokio::spawn(id.scope(async {
                let before = CallId::current();
                let mut threads = std::collections::HashSet::new();
                for _ in 0..200 {
                    tokio::task::yield_now().await;
                    threads.insert(std::thread::current().id());
                    assert_eq!(CallId::current(), before);
                }
                (before, yielding(20).await, threads.len())
            }))
        })
        .collect();
    let mut first = None;
    for task in tasks {
        let (seen, below, _) = task.await.unwrap();
        assert_eq!(seen, id);
        assert_eq!(*first.get_or_insert(below.clone()), below);
    }
}

#[tokio::test]
async fn a_task_begins_outside_of_any_call_unless_it_is_given_an_id() {
    let outside = CallId::current();
    let id = call(CallId::current);
    id.scope(async {
        let plain = tokio::spawn(async { CallId::current() }).await.unwrap();
        assert_eq!(plain, outside);
        let current = CallId::current();
        let taken = tokio::spawn(current.scope(async { CallId::current() }))
            .await
            .unwrap();
        assert_eq!(taken, current);
    })
    .await;
}

/// Between its polls nothing of a future is seen.
#[tokio::test]
async fn a_pending_future_leaves_nothing_behind() {
    let outside = CallId::current();
    let mut call = Box::pin(yielding(3));
    loop {
        let polled = ::futures::poll!(&mut call);
        assert_eq!(CallId::current(), outside);
        if polled.is_ready() {
            break;
        }
    }
    let mut dropped = Box::pin(yielding(3));
    assert!(::futures::poll!(&mut dropped).is_pending());
    drop(dropped);
    assert_eq!(CallId::current(), outside);
}

#[tokio::test]
async fn the_id_is_put_back_when_a_poll_unwinds() {
    #[nested]
    async fn panics() {
        tokio::task::yield_now().await;
        call(|| panic!("on purpose"));
    }
    let id = call(CallId::current);
    id.scope(async {
        let before = CallId::current();
        assert!(AssertUnwindSafe(panics()).catch_unwind().await.is_err());
        assert_eq!(CallId::current(), before);
    })
    .await;
}

/// A future that is polled inside another one, turn by turn.
#[tokio::test]
async fn futures_inside_one_another_do_not_mix() {
    let [one, other] = root(|| ["a", "b"].map(|slot| call_in_slot(slot, CallId::current)));
    let inner = other.scope(async {
        let mut ids = Vec::new();
        for _ in 0..3 {
            ids.push((CallId::current(), call(CallId::current)));
            tokio::task::yield_now().await;
        }
        ids
    });
    let outer = one.scope(async {
        let mut inner = Box::pin(inner);
        loop {
            assert_eq!(CallId::current(), one);
            call(|| ());
            match ::futures::poll!(&mut inner) {
                std::task::Poll::Ready(ids) => return ids,
                std::task::Poll::Pending => tokio::task::yield_now().await,
            }
        }
    });
    let ids = outer.await;
    assert!(ids.iter().all(|(current, _)| *current == other));
    assert!(ids[0].1 != ids[1].1 && ids[1].1 != ids[2].1);
}

#[test]
fn ids_and_their_futures_go_from_thread_to_thread() {
    fn is_send<T: Send>(_: &T) {}
    fn is_plain<T: Send + Sync + Unpin + Clone + Eq + std::hash::Hash + 'static>() {}
    is_plain::<CallId>();
    is_send(&yielding(1));
    is_send(&CallId::current().scope(async {}));
}

#[test]
fn a_call_of_an_async_function_that_is_never_polled_counts_all_the_same() {
    fn first(future: impl Future<Output = CallId>) -> CallId {
        future.now_or_never().unwrap()
    }
    #[nested]
    async fn id() -> CallId {
        CallId::current()
    }
    let ids: Vec<_> = root(|| {
        let calls: Vec<_> = (0..3).map(|_| id()).collect();
        let mut calls = calls.into_iter();
        drop(calls.next());
        calls.map(first).collect()
    });
    assert_ne!(ids[0], ids[1]);
}
