//! Watches: no change is slept through, and the last value always comes.

use std::sync::Arc;

use salvia::{Runtime, Watch};

use crate::kit::{explore, go, pause};
use crate::world::{ask, assert_rising, bump, finish, go_bump, half, plain, top, world};

fn watch_top(rt: &Arc<Runtime>) -> Watch<u64> {
    rt.watch(|cx| async move { top(&cx).await })
}

#[test]
fn a_watch_that_a_commit_wakes_sees_the_last_value() {
    explore(|| async {
        let (rt, runs) = world();
        let mut watch = watch_top(&rt);
        let watcher = go(async move {
            let mut seen = vec![];
            while seen.last() != Some(&2) {
                seen.push(watch.next().await.expect("the runtime goes on"));
            }
            seen
        });
        let writer = go({
            let rt = rt.clone();
            async move {
                bump(&rt, 0).await;
                pause().await;
                bump(&rt, 0).await;
            }
        });
        writer.value().await;
        let seen = watcher.value().await;
        assert_rising(&seen);
        finish(rt, &runs).await;
    });
}

#[test]
fn a_watch_of_what_often_stays_is_told_of_every_change_below() {
    explore(|| async {
        let (rt, runs) = world();
        let mut watch = rt.watch(|cx| async move { (half(0, &cx).await, plain(&cx).await.1) });
        let watcher = go(async move {
            let mut seen = vec![];
            while seen.last() != Some(&(1, 1)) {
                seen.push(watch.next().await.expect("the runtime goes on"));
            }
            seen
        });
        let writer = go_bump(&rt, &[0, 0]);
        let other = go_bump(&rt, &[1]);
        writer.value().await;
        other.value().await;
        let seen = watcher.value().await;
        assert_rising(&seen);
        finish(rt, &runs).await;
    });
}

#[test]
fn a_watch_beside_the_end_of_its_runtime_ends() {
    explore(|| async {
        let (rt, runs) = world();
        let mut watch = watch_top(&rt);
        let watcher = go(async move {
            let mut seen = vec![];
            while let Some(value) = watch.next().await {
                seen.push(value);
            }
            assert_eq!(watch.next().await, None);
            seen
        });
        let writer = go_bump(&rt, &[0]);
        writer.value().await;
        pause().await;
        finish(rt, &runs).await;
        let seen = watcher.value().await;
        assert!(
            [&[][..], &[0], &[1], &[0, 1]].contains(&&seen[..]),
            "{seen:?}"
        );
    });
}

#[test]
fn a_watch_ends_with_the_last_handle() {
    explore(|| async {
        let (rt, runs) = world();
        let mut watch = watch_top(&rt);
        let watcher = go(async move { while watch.next().await.is_some() {} });
        let asker = go(async move { ask!(rt, half(0)).await });
        assert_eq!(asker.value().await, (0, 0));
        watcher.value().await;
        runs.check().await;
    });
}

#[test]
fn a_watch_that_takes_the_place_of_a_dropped_one_hears_its_own_changes() {
    explore(|| async {
        let (rt, runs) = world();
        let mut first = watch_top(&rt);
        assert_eq!(first.next().await, Some(0));
        let replaced = go({
            let rt = rt.clone();
            async move {
                drop(first);
                // It is given the slot of the first, which propagation may be on the way to.
                let mut second = rt.watch(|cx| async move { plain(&cx).await });
                while second.next().await != Some((1, 1)) {}
            }
        });
        let writer = go_bump(&rt, &[0, 1]);
        writer.value().await;
        replaced.value().await;
        finish(rt, &runs).await;
    });
}

#[test]
fn a_watch_whose_poll_is_dropped_loses_no_value() {
    explore(|| async {
        let (rt, runs) = world();
        let watch = Arc::new(futures::lock::Mutex::new(watch_top(&rt)));
        let gone = go({
            let watch = watch.clone();
            async move { watch.lock().await.next().await }
        });
        let writer = go_bump(&rt, &[0]);
        let first = gone.cancelled().await;
        let mut watch = watch.lock().await;
        let mut last = first.flatten();
        while last != Some(1) {
            last = watch.next().await;
        }
        writer.value().await;
        drop(watch);
        finish(rt, &runs).await;
    });
}
