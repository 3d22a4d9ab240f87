//! What snapshots keep alive: what they can see, no more, and no longer than they live.

use std::sync::Arc;

use salvia::{Input, InputAccess, QueryContext, Runtime, query};

use crate::kit::{Live, Tracked, runtime, soon};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
struct Big;

impl Input<Option<Tracked>> for Big {
    fn initial(&self) -> Option<Tracked> {
        None
    }
}

#[query]
async fn copied(cx: &QueryContext) -> Option<Tracked> {
    Big.get(cx).await
}

async fn put_big(rt: &Arc<Runtime>, number: u64, live: &Live) {
    let value = Some(Tracked::new(number, live));
    rt.mutate(|cx| async move { Big.set(value, &cx).await })
        .await;
}

async fn number(rt: &Arc<Runtime>) -> Option<u64> {
    rt.query(|cx| async move { copied(&cx).await.map(|value| value.0) })
        .await
}

/// Dropping the last snapshot frees what only it needed: the input's old values and the results of old revisions.
#[tokio::test]
async fn dropping_a_snapshot_frees_what_only_it_needed() {
    soon(async {
        let rt = runtime();
        let live = Live::default();
        put_big(&rt, 1, &live).await;
        number(&rt).await;
        put_big(&rt, 2, &live).await;
        assert_eq!(number(&rt).await, Some(2));
        let without = live.count();

        let old = rt.snapshot();
        put_big(&rt, 3, &live).await;
        assert_eq!(number(&rt).await, Some(3));
        let seen = old
            .query(|cx| async move { copied(&cx).await.map(|value| value.0) })
            .await;
        assert_eq!(seen, Some(2));
        assert!(live.count() > without, "the snapshot holds the old value");

        let clone = old.clone();
        drop(old);
        assert!(live.count() > without, "its clone does as well");
        drop(clone);
        live.settles_at(without).await;
    })
    .await;
}

/// An idle snapshot keeps the values it can see, not every one that came after.
#[tokio::test]
async fn an_idle_snapshot_does_not_keep_the_values_in_between() {
    soon(async {
        let rt = runtime();
        let live = Live::default();
        put_big(&rt, 0, &live).await;
        number(&rt).await;
        let idle = rt.snapshot();
        for value in 1..=20 {
            put_big(&rt, value, &live).await;
            number(&rt).await;
        }
        let after_20 = live.count();
        for value in 21..=500 {
            put_big(&rt, value, &live).await;
            number(&rt).await;
        }
        assert!(
            live.count() <= after_20,
            "{} alive, {after_20} after the first edits",
            live.count()
        );
        assert_eq!(
            idle.query(|cx| async move { copied(&cx).await.map(|v| v.0) })
                .await,
            Some(0)
        );
    })
    .await;
}

/// Many snapshots of many values of one input go in any order, and cost what they are.
#[tokio::test]
async fn many_snapshots_may_go_in_any_order() {
    soon(async {
        let rt = runtime();
        let live = Live::default();
        let orders: [fn(usize) -> usize; 3] = [|n| n, |n| 299 - n, |n| n * 7 % 300];
        for order in orders {
            let mut held = Vec::new();
            for number in 0..300 {
                put_big(&rt, number, &live).await;
                held.push(Some(rt.snapshot()));
            }
            for n in 0..300 {
                let snapshot = held[order(n)].take().expect("each goes once");
                let seen =
                    snapshot.query(|cx| async move { Big.get(&cx).await.map(|value| value.0) });
                assert_eq!(seen.await, Some(order(n) as u64));
            }
        }
        live.settles_at(2).await;
    })
    .await;
}
