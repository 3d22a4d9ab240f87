//! The recorder says exactly what ran, and a failed assertion what is wrong and why it ran.

use std::sync::Arc;

use salvia::testing::Recorder;
use salvia::{QueryContext, Runtime, assert_ran, query};

use crate::kit::{Slot, builder, panic_text, put, soon};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Team {
    Red,
    Blue,
}

impl Team {
    #[query]
    async fn score(self, cx: &QueryContext) -> i64 {
        Slot(self as u32).get(cx).await
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Colour {
    Red,
}

#[query]
async fn score(_of: Colour, _cx: &QueryContext) -> i64 {
    1
}

#[query]
async fn leader(cx: &QueryContext) -> i64 {
    Team::Red.score(cx).await.max(Team::Blue.score(cx).await)
}

fn recorded() -> (Arc<Runtime>, Recorder) {
    let recorder = Recorder::new();
    let rt = builder().observer(recorder.clone()).build();
    (rt, recorder)
}

async fn ask(rt: &Arc<Runtime>) -> i64 {
    rt.query(|cx| async move { leader(&cx).await }).await
}

#[tokio::test]
async fn what_ran_is_asserted_exactly_and_in_any_order() {
    soon(async {
        let (rt, recorder) = recorded();
        assert_ran!(recorder, []);
        ask(&rt).await;
        assert_ran!(recorder, ["leader()", "score(Red)", "score(Blue)"]);
        assert_ran!(
            &recorder,
            ["Team::score(Blue)", "score(Red)".to_owned(), "leader()"],
        );
        assert_eq!(
            recorder.ran(),
            ["Team::score(Red)", "Team::score(Blue)", "leader()"]
        );
        recorder.mark();
        ask(&rt).await;
        assert_ran!(recorder, []);
        put(&rt, 0, -1).await;
        ask(&rt).await;
        put(&rt, 0, -2).await;
        ask(&rt).await;
        assert_ran!(
            recorder,
            ["score(Red)", "leader()", "score(Red)", "leader()"]
        );
    })
    .await;
}

#[tokio::test]
async fn a_longer_path_tells_apart_what_has_one_name() {
    soon(async {
        let (rt, recorder) = recorded();
        rt.query(|cx| async move { Team::Red.score(&cx).await + score(Colour::Red, &cx).await })
            .await;
        assert_ran!(recorder, ["score(Red)", "score(Red)"]);
        assert_ran!(recorder, ["score(Red)", "Team::score(Red)"]);
        assert_ran!(
            recorder,
            ["recorder::score(Red)", "recorder::Team::score(Red)"]
        );
        let wrong = async { assert_ran!(recorder, ["Team::score(Red)", "Team::score(Red)"]) };
        assert!(panic_text(wrong).await.contains("unexpected: score(Red)"));
        let half = async { assert_ran!(recorder, ["core(Red)", "score(Red)"]) };
        assert!(panic_text(half).await.contains("missing:    core(Red)"));
    })
    .await;
}

#[tokio::test]
async fn a_failed_assertion_names_what_is_missing_and_what_is_unexpected_with_its_cause() {
    soon(async {
        let (rt, recorder) = recorded();
        ask(&rt).await;
        recorder.mark();
        put(&rt, 0, 4).await;
        ask(&rt).await;
        rt.query(|cx| async move { score(Colour::Red, &cx).await })
            .await;
        let text = panic_text(async { assert_ran!(recorder, ["score(Blue)", "leader()"]) }).await;
        assert_eq!(
            text,
            "assert_ran!: other queries ran than expected\
             \n  missing:    score(Blue)\
             \n  unexpected: Team::score(Red) (Slot(0) changed)\
             \n  unexpected: score(Red) (first run)"
        );
        let text = panic_text(async { assert_ran!(recorder, []) }).await;
        assert!(
            text.contains("unexpected: leader() (Team::score(Red) changed)"),
            "{text}"
        );
    })
    .await;
}

/// Nothing of the runtime is kept by what was recorded.
#[tokio::test]
async fn a_recorder_outlives_its_runtime() {
    soon(async {
        let (rt, recorder) = recorded();
        ask(&rt).await;
        drop(rt);
        assert_ran!(recorder, ["leader()", "score(Red)", "score(Blue)"]);
    })
    .await;
}
