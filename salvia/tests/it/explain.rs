//! Why a query last ran, told from what the nodes remember. The clock stands still, so that nothing is told of waits for
//! another task.

use std::sync::Arc;

use salvia::{Explanation, QueryContext, Runtime, query};

use crate::kit::{Slot, panic_text, put, runtime, soon};
use crate::signs::{both, value};

#[query]
async fn top(cx: &QueryContext) -> i64 {
    both(cx).await
}

async fn ask(rt: &Arc<Runtime>) {
    rt.query(|cx| async move { top(&cx).await }).await;
}

async fn why(rt: &Arc<Runtime>) -> Explanation {
    rt.query(|cx| async move { cx.explain(top(&cx)) }).await
}

#[tokio::test(start_paused = true)]
async fn a_query_that_never_ran_says_so_and_is_not_run() {
    soon(async {
        let rt = runtime();
        let why = why(&rt).await;
        assert_eq!(
            why.to_string(),
            "top() has never run to a value that is kept"
        );
        assert_eq!((why.query(), why.ran_at()), ("top()", None));
        assert_eq!(rt.stats().nodes, 0);
        let same = rt.query(async |cx| rt.explain(top(&cx))).await;
        assert_eq!(same, why);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_first_run_has_no_other_reason() {
    soon(async {
        let rt = runtime();
        put(&rt, 0, 1).await;
        ask(&rt).await;
        let why = why(&rt).await;
        assert_eq!(why.to_string(), "top() ran at r1: first run");
        assert_eq!(why.ran_at(), Some(rt.revision()));
        assert!(why.because().is_empty() && why.cut_offs().is_empty());
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_change_is_told_back_to_the_input_and_its_revision() {
    soon(async {
        let rt = runtime();
        ask(&rt).await;
        put(&rt, 1, 5).await;
        // Not read by anybody.
        put(&rt, 7, 1).await;
        ask(&rt).await;
        put(&rt, 7, 2).await;
        ask(&rt).await;
        let why = why(&rt).await;
        assert_eq!(
            why.to_string(),
            "\
top() ran at r2: both() changed
  both() ran at r2: sign(1) changed
    sign(1) ran at r2: value(1) changed
      value(1) ran at r2: Slot(1) changed
        Slot(1) was set at r1"
        );
        assert_eq!(why.because(), ["both()", "sign(1)", "value(1)", "Slot(1)"]);
        assert!(why.cut_offs().is_empty());
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn changes_that_were_stopped_are_told_with_where_they_were() {
    soon(async {
        let rt = runtime();
        put(&rt, 0, 1).await;
        ask(&rt).await;
        put(&rt, 0, 2).await;
        ask(&rt).await;
        let why = why(&rt).await;
        assert_eq!(
            why.to_string(),
            "\
top() ran at r1: first run
  cut off at sign(0)
    sign(0) ran at r2: value(0) changed; its value stayed as it was at r1
      value(0) ran at r2: Slot(0) changed
        Slot(0) was set at r2"
        );
        assert_eq!(why.cut_offs(), ["sign(0)"]);
        assert_eq!(why.ran_at().map(|at| at.to_string()), Some("r1".to_owned()));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_is_dirty_or_has_moved_on_is_told_as_such() {
    soon(async {
        let rt = runtime();
        ask(&rt).await;
        put(&rt, 0, 1).await;
        ask(&rt).await;
        put(&rt, 0, -1).await;
        // The leaf alone.
        rt.query(|cx| async move { value(0, &cx).await }).await;
        assert_eq!(
            why(&rt).await.to_string(),
            "\
top() ran at r1: both() changed; it needs a look since r2
  both() ran at r1: sign(0) changed; it needs a look since r2
    sign(0) ran at r1: value(0) changed; it needs a look since r2
      value(0) ran again at r2"
        );
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_run_that_read_the_outside_world_is_told_as_such() {
    #[query]
    async fn outside(cx: &QueryContext) -> u64 {
        cx.untracked();
        cx.revision().to_string().len() as u64
    }
    soon(async {
        let rt = runtime();
        let ask = |cx: QueryContext| async move { outside(&cx).await };
        rt.query(ask).await;
        put(&rt, 0, 1).await;
        rt.query(ask).await;
        let why = rt.query(|cx| async move { cx.explain(outside(&cx)) }).await;
        assert_eq!(
            why.to_string(),
            "outside() ran at r1: it had read the outside world; \
             its value stayed as it was at r0"
        );
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_call_that_was_polled_cannot_be_explained() {
    soon(async {
        let rt = runtime();
        let asked = rt.query(|cx| async move {
            let mut call = value(0, &cx);
            (&mut call).await;
            cx.explain(call)
        });
        let text = panic_text(asked).await;
        assert!(text.contains("not polled"), "{text}");
    })
    .await;
}

/// Neither the walk nor its drop goes as deep as the graph.
#[tokio::test(start_paused = true)]
async fn a_long_chain_is_explained() {
    #[query]
    async fn chain(n: u32, cx: &QueryContext) -> i64 {
        match n.checked_sub(1) {
            Some(below) => chain(below, cx).await + 1,
            None => Slot(0).get(cx).await,
        }
    }
    soon(async {
        const LENGTH: u32 = 20_000;
        let rt = runtime();
        let ask = |cx: QueryContext| async move { chain(LENGTH, &cx).await };
        rt.query(ask).await;
        put(&rt, 0, 1).await;
        rt.query(ask).await;
        let why = rt
            .query(|cx| async move { cx.explain(chain(LENGTH, &cx)) })
            .await;
        assert_eq!(why.because().len(), LENGTH as usize + 1);
        assert!(why.to_string().ends_with("Slot(0) was set at r1"));
    })
    .await;
}

#[cfg(feature = "serde")]
#[tokio::test(start_paused = true)]
async fn an_explanation_can_be_serialized() {
    soon(async {
        let rt = runtime();
        ask(&rt).await;
        put(&rt, 0, 5).await;
        ask(&rt).await;
        let why = rt.query(async |cx| cx.explain(top(&cx))).await;
        let json = serde_json::to_value(&why).expect("it is text and numbers");
        let expected = serde_json::json!({
            "query": "top()",
            "ran_at": 1,
            "because": ["both()", "sign(0)", "value(0)", "Slot(0)"],
            "cut_offs": [],
            "waits": null,
        });
        assert_eq!(json, expected);
    })
    .await;
}
