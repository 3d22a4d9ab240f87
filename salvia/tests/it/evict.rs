//! Values that go, and come back when somebody asks.

use salvia::{Collect, QueryContext, Runtime, query};

use crate::kit::{Counts, Slot, builder, counted, put, ran, runtime};

#[query(lru = 2)]
async fn page(n: i64, cx: &QueryContext) -> i64 {
    ran(cx, format!("page({n})"));
    Slot(1).get(cx).await / 10 + n
}

#[query]
async fn title(n: i64, cx: &QueryContext) -> i64 {
    ran(cx, format!("title({n})"));
    page(n, cx).await * 100
}

async fn ask(rt: &std::sync::Arc<Runtime>, pages: &[i64]) -> Vec<i64> {
    rt.query(async |cx| {
        let mut values = Vec::new();
        for &n in pages {
            values.push(page(n, &cx).await);
        }
        values
    })
    .await
}

#[tokio::test]
async fn a_query_keeps_as_many_values_as_its_limit_says() {
    let (rt, counts) = counted();
    assert_eq!(ask(&rt, &[1, 2, 1, 2, 2]).await, [1, 2, 1, 2, 2]);
    assert_eq!(counts.take(), ["page(1)", "page(2)"]);
    // The second one was taken longer ago.
    assert_eq!(ask(&rt, &[1, 3, 1, 3]).await, [1, 3, 1, 3]);
    assert_eq!(counts.take(), ["page(3)"]);
    assert_eq!(ask(&rt, &[2]).await, [2]);
    assert_eq!(counts.take(), ["page(2)"]);
}

#[tokio::test]
async fn a_limit_holds_over_many_keys() {
    let (rt, counts) = counted();
    let all: Vec<i64> = (0..1_000).collect();
    assert_eq!(ask(&rt, &all).await, all);
    counts.take();
    assert_eq!(ask(&rt, &[998, 999]).await, [998, 999]);
    assert!(counts.take().is_empty());
    assert_eq!(rt.collect_garbage(Collect::All).values, 2);
}

#[tokio::test]
async fn early_cut_off_works_without_the_value() {
    let (rt, counts) = counted();
    let titles = async |rt: &std::sync::Arc<Runtime>| {
        rt.query(async |cx| {
            (
                title(1, &cx).await,
                title(2, &cx).await,
                title(3, &cx).await,
            )
        })
        .await
    };
    assert_eq!(titles(&rt).await, (100, 200, 300));
    counts.take();
    // Not all three pages still have their values, and nobody needs them.
    put(&rt, 2, 5).await;
    assert_eq!(titles(&rt).await, (100, 200, 300));
    assert!(counts.take().is_empty());
    // The value of an evicted page is compared with nothing: it counts as another one.
    put(&rt, 1, 10).await;
    assert_eq!(titles(&rt).await, (200, 300, 400));
    counts.take();
    assert_eq!(titles(&rt).await, (200, 300, 400));
    assert!(counts.take().is_empty());
}

#[query]
async fn half(n: i64, cx: &QueryContext) -> i64 {
    ran(cx, format!("half({n})"));
    Slot(1).get(cx).await / 2 + n
}

#[query]
async fn sum(cx: &QueryContext) -> i64 {
    ran(cx, "sum");
    half(1, cx).await + half(2, cx).await
}

async fn total(rt: &std::sync::Arc<Runtime>) -> i64 {
    rt.query(async |cx| sum(&cx).await).await
}

#[tokio::test]
async fn what_was_collected_is_made_again_when_somebody_asks() {
    let (rt, counts) = counted();
    assert_eq!(total(&rt).await, 3);
    counts.take();
    let collected = rt.collect_garbage(Collect::All);
    assert_eq!(
        (collected.values, collected.nodes, collected.inputs),
        (3, 3, 1)
    );
    assert_eq!(total(&rt).await, 3);
    assert_eq!(counts.take(), ["half(1)", "half(2)", "sum"]);
    put(&rt, 1, 4).await;
    assert_eq!(total(&rt).await, 7);
}

#[tokio::test]
async fn an_input_that_was_set_is_never_collected() {
    let (rt, _) = counted();
    put(&rt, 1, 4).await;
    assert_eq!(total(&rt).await, 7);
    assert_eq!(rt.collect_garbage(Collect::All).inputs, 0);
    assert_eq!(total(&rt).await, 7);
}

#[tokio::test]
async fn what_was_taken_lately_is_not_unused() {
    let (rt, counts) = counted();
    let ask = async |n| rt.query(async |cx| half(n, &cx).await).await;
    ask(1).await;
    put(&rt, 9, 1).await;
    ask(2).await;
    put(&rt, 9, 2).await;
    ask(3).await;
    counts.take();
    let collected = rt.collect_garbage(Collect::Unused { revisions: 1 });
    assert_eq!(collected.values, 1);
    let values = (ask(1).await, ask(2).await, ask(3).await);
    assert_eq!(values, (1, 2, 3));
    assert_eq!(counts.take(), ["half(1)"]);
}

#[tokio::test]
async fn a_slot_that_is_used_again_is_no_dependency_of_the_one_who_read_the_old_node() {
    let (rt, counts) = counted();
    assert_eq!(total(&rt).await, 3);
    // The reader goes dirty, so nothing holds what it read any more.
    put(&rt, 1, 1).await;
    assert_eq!(
        rt.collect_garbage(Collect::Unused { revisions: 0 }).inputs,
        0
    );
    rt.collect_garbage(Collect::All);
    // Other nodes take the slots, with values that did not change.
    for n in 10..20 {
        rt.query(async |cx| half(n, &cx).await).await;
    }
    put(&rt, 1, 2).await;
    counts.take();
    assert_eq!(total(&rt).await, 5);
    assert_eq!(counts.of("sum"), 1);
}

#[tokio::test]
async fn a_snapshot_reads_its_revision_after_a_collection() {
    let (rt, _) = counted();
    assert_eq!(total(&rt).await, 3);
    let old = rt.snapshot();
    put(&rt, 1, 10).await;
    assert_eq!(total(&rt).await, 13);
    rt.collect_garbage(Collect::All);
    assert_eq!(old.query(async |cx| sum(&cx).await).await, 3);
    assert_eq!(total(&rt).await, 13);
}

#[tokio::test]
async fn a_running_update_is_not_collected() {
    let (rt, counts, gate) = crate::kit::gated();
    #[query]
    async fn slow(cx: &QueryContext) -> i64 {
        ran(cx, "slow");
        let value = Slot(1).get(cx).await;
        crate::kit::pass(cx).await;
        value
    }
    let asking = tokio::spawn({
        let rt = rt.clone();
        async move { rt.query(async |cx| slow(&cx).await).await }
    });
    gate.entered().await;
    assert_eq!(rt.collect_garbage(Collect::All).nodes, 0);
    gate.open();
    assert_eq!(asking.await.expect("it ends"), 0);
    assert_eq!(counts.take(), ["slow"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asking_and_collecting_at_once_gives_the_same_answers() {
    let (rt, _) = counted();
    let collector = tokio::spawn({
        let rt = rt.clone();
        async move {
            for _ in 0..300 {
                rt.collect_garbage(Collect::All);
                tokio::task::yield_now().await;
            }
        }
    });
    for round in 0..300 {
        put(&rt, 1, round % 7).await;
        assert_eq!(total(&rt).await, (round % 7) / 2 * 2 + 3);
    }
    collector.await.expect("collecting fails nowhere");
}

#[tokio::test]
async fn a_budget_is_held_and_every_answer_right() {
    let counts = Counts::default();
    let rt = builder()
        .resource(counts.clone())
        .memory_budget(200_000)
        .build();
    for n in 0..20_000 {
        assert_eq!(rt.query(async |cx| half(n, &cx).await).await, n);
    }
    let kept = rt.collect_garbage(Collect::All);
    assert!(kept.values > 100 && kept.values < 1_000, "{kept:?}");
}

#[tokio::test]
async fn a_handle_outlives_the_value_it_is_of() {
    #[query(shared, no_eq)]
    async fn block(n: u8, _cx: &QueryContext) -> Vec<u8> {
        vec![n; 10]
    }
    let rt = runtime();
    let held = rt.query(async |cx| block(1, &cx).await).await;
    assert_eq!(rt.collect_garbage(Collect::All).values, 1);
    assert_eq!(*held, [1; 10]);
}
