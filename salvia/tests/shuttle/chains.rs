//! Chains of queries that read one another and nothing else: one change ends all of their values, and one check may find them
//! right again.

use salvia::{Collect, QueryContext, query};

use crate::kit::{explore, go, pause};
use crate::world::{Cell, ask, bump, finish, go_ask, go_bump, half, run, world};

/// So many steps above half of the first cell.
#[query]
async fn link(n: u8, cx: &QueryContext) -> u64 {
    let run = run(cx, format!("link({n})"));
    let value = match n {
        0 => half(0, cx).await,
        _ => link(n - 1, cx).await + 1,
    };
    pause().await;
    run.done(value)
}

/// A link, and the second cell, which is read later.
#[query]
async fn beside(cx: &QueryContext) -> (u64, u64) {
    let run = run(cx, "beside");
    let first = link(2, cx).await;
    pause().await;
    run.done((first, Cell(1).get(cx).await))
}

/// What `link(n)` is where the first cell has been set this often.
fn linked(times: u64, n: u64) -> u64 {
    times / 2 + n
}

#[test]
fn a_chain_is_right_at_each_revision_whoever_asks_and_writes() {
    explore(|| async {
        let (rt, runs) = world();
        assert_eq!(ask!(rt, link(3)).await, (0, 3));
        let readers = [go_ask!(rt, link(3)), go_ask!(rt, link(2))];
        let writer = go_bump(&rt, &[0, 0]);
        for (reader, n) in readers.into_iter().zip([3, 2]) {
            let (revision, value) = reader.value().await;
            assert_eq!(value, linked(revision, n));
        }
        writer.value().await;
        assert_eq!(ask!(rt, link(3)).await, (2, 4));
        finish(rt, &runs).await;
    });
}

#[test]
fn who_reads_a_link_and_something_else_hears_of_both() {
    explore(|| async {
        let (rt, runs) = world();
        ask!(rt, link(3)).await;
        let reader = go_ask!(rt, beside);
        let writer = go_bump(&rt, &[0, 0, 1]);
        let (revision, value) = reader.value().await;
        assert_eq!(value, (linked(revision.min(2), 2), revision / 3));
        writer.value().await;
        assert_eq!(ask!(rt, beside).await, (3, (3, 1)));
        bump(&rt, 0).await;
        bump(&rt, 0).await;
        assert_eq!(ask!(rt, beside).await, (5, (4, 1)));
        finish(rt, &runs).await;
    });
}

#[test]
fn a_check_of_a_chain_beside_a_commit_does_not_hide_it() {
    explore(|| async {
        let (rt, runs) = world();
        ask!(rt, link(3)).await;
        ask!(rt, beside).await;
        // Half of it stays: the lowest link is checked, and opens what was closed.
        bump(&rt, 0).await;
        let readers = [go_ask!(rt, link(3)), go_ask!(rt, link(1))];
        let other = go_ask!(rt, beside);
        bump(&rt, 0).await;
        for (reader, n) in readers.into_iter().zip([3, 1]) {
            let (revision, value) = reader.value().await;
            assert_eq!(value, linked(revision, n));
        }
        let (revision, value) = other.value().await;
        assert_eq!(value, (linked(revision, 2), 0));
        assert_eq!(ask!(rt, link(3)).await, (2, 4));
        assert_eq!(ask!(rt, beside).await, (2, (3, 0)));
        finish(rt, &runs).await;
    });
}

/// Values and nodes of a chain go while others ask and write.
#[test]
fn a_collection_beside_a_chain_loses_no_change() {
    explore(|| async {
        let (rt, _) = world();
        ask!(rt, link(2)).await;
        ask!(rt, beside).await;
        let collector = go({
            let rt = rt.clone();
            async move {
                rt.collect_garbage(Collect::All);
            }
        });
        let reader = go({
            let rt = rt.clone();
            async move { ask!(rt, link(3)).await.1 }
        });
        let writer = go_bump(&rt, &[0, 0]);
        assert!((3..5).contains(&reader.value().await));
        collector.value().await;
        writer.value().await;
        assert_eq!(ask!(rt, link(3)).await, (2, 4));
        assert_eq!(ask!(rt, beside).await, (2, (3, 0)));
        rt.shutdown().await;
    });
}
