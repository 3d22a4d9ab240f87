//! Work nobody waits for ends, and work that never waits lets others in.

use std::sync::Arc;
use std::time::Duration;

use salvia::{QueryContext, query};

use crate::kit::{Live, Slot, Token, builder, pass, put, runtime, soon};

/// A long run of hits lets others have a turn now and then, although it never waits.
#[tokio::test]
async fn a_long_run_of_hits_lets_others_in() {
    #[query]
    async fn one(cx: &QueryContext) -> i64 {
        Slot(1).get(cx).await
    }
    soon(async {
        let rt = runtime();
        let turns = Arc::new(std::sync::atomic::AtomicU32::new(0));
        let other = tokio::spawn({
            let turns = turns.clone();
            async move {
                loop {
                    turns.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                    tokio::task::yield_now().await;
                }
            }
        });
        rt.query(|cx| async move {
            for _ in 0..100_000 {
                one(&cx).await;
            }
        })
        .await;
        other.abort();
        let turns = turns.load(std::sync::atomic::Ordering::SeqCst);
        assert!(turns > 5, "{turns} turns");
    })
    .await;
}

/// A computation whose last caller is gone is given up after a while, and can be asked for again.
#[tokio::test(start_paused = true)]
async fn a_computation_nobody_waits_for_is_given_up() {
    #[query]
    async fn stuck(cx: &QueryContext) -> i64 {
        let _held: Token = cx.resource::<Live>().token();
        pass(cx).await;
        Slot(1).get(cx).await
    }
    let (counts, gate, live) = (
        crate::kit::Counts::default(),
        crate::kit::Gate::default(),
        Live::default(),
    );
    let rt = builder()
        .resource(counts)
        .resource(gate.clone())
        .resource(live.clone())
        .build();
    let caller = tokio::spawn({
        let rt = rt.clone();
        async move { rt.query(|cx| async move { stuck(&cx).await }).await }
    });
    gate.entered().await;
    caller.abort();
    // The clock stands still but for this.
    tokio::time::sleep(Duration::from_secs(60)).await;
    live.settles_at(0).await;
    gate.open();
    put(&rt, 1, 4).await;
    assert_eq!(
        soon(rt.query(|cx| async move { stuck(&cx).await })).await,
        4
    );
}

/// A task that was spawned by a closure and met a failure does not wait for ever, nor keep its runtime.
#[tokio::test]
async fn a_spawned_task_that_met_a_failure_ends() {
    #[query]
    async fn broken(_cx: &QueryContext) -> i64 {
        crate::kit::boom("broken");
        0
    }
    soon(async {
        let live = Live::default();
        let rt = builder().resource(live.token()).build();
        let (tell, told) = tokio::sync::oneshot::channel();
        let outcome = rt.try_query(|cx| async move {
            let cx = Arc::new(cx);
            let task = tokio::spawn({
                let cx = cx.clone();
                async move { broken(&cx).await }
            });
            let _ = tell.send(task.abort_handle());
            task.await.expect("it is not told by a panic")
        });
        assert!(outcome.await.is_err());
        let task = told.await.expect("it was spawned");
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        assert!(task.is_finished(), "it waits for ever");
        drop(rt);
        live.settles_at(0).await;
    })
    .await;
}

#[query]
async fn link(n: u32, cx: &QueryContext) -> u32 {
    let _alive = cx.resource::<Live>().token();
    if n == 0 {
        std::future::pending::<()>().await;
    }
    link(n - 1, cx).await + 1
}

/// Who has lingered in vain is followed at once by what it waited for.
#[tokio::test(start_paused = true)]
async fn a_chain_that_nobody_waits_for_is_given_up_in_one_go() {
    soon(async {
        let live = Live::default();
        let rt = builder().resource(live.clone()).build();
        let asking = tokio::spawn({
            let rt = rt.clone();
            async move { rt.query(async |cx| link(300, &cx).await).await }
        });
        while live.count() < 301 {
            tokio::task::yield_now().await;
        }
        asking.abort();
        let began = tokio::time::Instant::now();
        while live.count() > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert!(began.elapsed() < Duration::from_millis(500));
    })
    .await;
}

/// Hits alone keep no thread: whoever asks in a loop takes turns with others.
#[tokio::test]
async fn a_loop_of_hits_lets_other_tasks_run() {
    soon(async {
        let rt = runtime();
        let reader = tokio::spawn({
            let rt = rt.clone();
            async move {
                loop {
                    rt.query(async |cx| Slot(1).get(&cx).await).await;
                }
            }
        });
        tokio::task::yield_now().await;
        put(&rt, 1, 1).await;
        reader.abort();
    })
    .await;
}

/// So many commits of so many writes come before another task of the thread is polled.
async fn commits_in_a_row(writes: u32) -> u32 {
    let rt = runtime();
    let other = tokio::spawn(async {});
    let mut commits = 0;
    while !other.is_finished() {
        commits += 1;
        let value = i64::from(commits);
        rt.mutate(async |cx| {
            for n in 0..writes {
                Slot(n).set(value, &cx).await;
            }
        })
        .await;
    }
    commits
}

/// The same of mutations that only read.
async fn read_in_a_row() -> u32 {
    let rt = runtime();
    let other = tokio::spawn(async {});
    let mut mutations = 0;
    while !other.is_finished() {
        mutations += 1;
        rt.mutate(async |cx| {
            for n in 0..20 {
                let _: i64 = Slot(n).get(&cx).await;
            }
        })
        .await;
    }
    mutations
}

/// Nor do commits, and the longer they are the fewer come in a row.
#[tokio::test]
async fn a_loop_of_commits_lets_other_tasks_run() {
    soon(async {
        // tokio lets a task do so much without a pause.
        const AT_ONCE: u32 = 128;
        let (short, long) = (commits_in_a_row(1).await, commits_in_a_row(20).await);
        // The first and the last of a row are on both sides of a pause.
        assert!((AT_ONCE..=4 * AT_ONCE + 2).contains(&short), "{short}");
        assert!(long <= AT_ONCE + 2, "{long}");
        let read = read_in_a_row().await;
        assert!(read <= AT_ONCE + 2, "{read}");
    })
    .await;
}
