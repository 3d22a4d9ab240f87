//! Inputs: their initial value, what a mutation sees of its own, what counts as a change.

use salvia::{Input, InputAccess, QueryContext, Runtime, query};

use crate::kit::{Counts, Slot, counted, put, ran, runtime, soon};

#[derive(Debug, Clone, PartialEq, Eq, Hash, InputAccess)]
enum Page {
    Named(String),
    Blank,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Title(String);

impl Input<Title> for Page {
    fn initial(&self) -> Title {
        Title(match self {
            Page::Named(name) => format!("about {name}"),
            Page::Blank => String::new(),
        })
    }
}

#[query]
async fn slot(n: u32, cx: &QueryContext) -> i64 {
    ran(cx, format!("slot({n})"));
    Slot(n).get(cx).await
}

#[query]
async fn title_length(page: Page, cx: &QueryContext) -> usize {
    ran(cx, "title_length");
    let title: Title = page.get(cx).await;
    title.0.len()
}

#[tokio::test]
async fn an_unset_input_gives_its_initial_value() {
    soon(async {
        let (rt, _) = counted();
        let titles = rt.query(|cx| async move {
            let named: Title = Page::Named("salt".into()).get(&cx).await;
            (named, Page::Blank.get::<Title>(&cx).await)
        });
        assert_eq!(
            titles.await,
            (Title("about salt".into()), Title(String::new()))
        );
        // An input that was never asked for is there as well when a query first asks.
        let length =
            rt.query(|cx| async move { title_length(Page::Named("pepper".into()), &cx).await });
        assert_eq!(length.await, 12);
    })
    .await;
}

/// `initial` may be asked before or after a set and as often as the engine likes; the answers do not depend on it.
#[tokio::test]
async fn a_set_input_gives_the_value_set() {
    soon(async {
        let (rt, counts) = counted();
        // Set before anybody asked.
        rt.mutate(|cx| async move { Page::Blank.set(Title("one".into()), &cx).await })
            .await;
        let ask = |cx: QueryContext| async move { title_length(Page::Blank, &cx).await };
        assert_eq!(rt.query(ask).await, 3);
        // Set after it was asked.
        rt.mutate(|cx| async move { Page::Blank.set(Title("three".into()), &cx).await })
            .await;
        assert_eq!(rt.query(ask).await, 5);
        assert_eq!(counts.of("title_length"), 2);
    })
    .await;
}

#[tokio::test]
async fn setting_an_equal_value_changes_nothing() {
    soon(async {
        let (rt, counts) = counted();
        put(&rt, 1, 5).await;
        let ask = |cx: QueryContext| async move { slot(1, &cx).await };
        assert_eq!(rt.query(ask).await, 5);
        let before = rt.revision();

        put(&rt, 1, 5).await;
        assert_eq!(rt.revision(), before, "no change, no revision");
        assert_eq!(rt.query(ask).await, 5);
        assert_eq!(counts.of("slot(1)"), 1);
    })
    .await;
}

/// Also when the equal value is the initial one and nothing was ever set.
#[tokio::test]
async fn setting_the_initial_value_changes_nothing() {
    soon(async {
        let (rt, counts) = counted();
        let before = rt.revision();
        put(&rt, 1, 0).await;
        put(&rt, 2, 0).await;
        assert_eq!(rt.revision(), before);
        let ask = |cx: QueryContext| async move { slot(1, &cx).await };
        rt.query(ask).await;
        put(&rt, 1, 0).await;
        rt.query(ask).await;
        assert_eq!(counts.of("slot(1)"), 1);
        assert_eq!(rt.revision(), before);
    })
    .await;
}

/// A mutation that sets nothing makes no revision either, one that changes two inputs makes one.
#[tokio::test]
async fn a_mutation_makes_one_revision_at_most() {
    soon(async {
        let rt = runtime();
        let first = rt.revision();
        rt.mutate(|_cx| async {}).await;
        assert_eq!(rt.revision(), first);
        rt.mutate(|cx| async move {
            Slot(1).set(1, &cx).await;
            Slot(2).set(2, &cx).await;
        })
        .await;
        let second = rt.revision();
        assert!(second > first);
        put(&rt, 1, 3).await;
        assert!(rt.revision() > second);
    })
    .await;
}

#[tokio::test]
async fn the_last_of_several_sets_wins() {
    soon(async {
        let (rt, counts) = counted();
        let ask = |cx: QueryContext| async move { slot(1, &cx).await };
        rt.query(ask).await;
        rt.mutate(|cx| async move {
            for value in 1..=9 {
                Slot(1).set(value, &cx).await;
            }
        })
        .await;
        assert_eq!(rt.query(ask).await, 9);
        assert_eq!(counts.of("slot(1)"), 2);
    })
    .await;
}

#[tokio::test]
async fn there_and_back_within_a_mutation_is_no_change() {
    soon(async {
        let (rt, counts) = counted();
        put(&rt, 1, 5).await;
        let ask = |cx: QueryContext| async move { slot(1, &cx).await };
        rt.query(ask).await;
        let before = rt.revision();
        rt.mutate(|cx| async move {
            Slot(1).set(6, &cx).await;
            Slot(1).set(5, &cx).await;
            Slot(2).update(&cx).await;
        })
        .await;
        assert_eq!(rt.revision(), before);
        assert_eq!(rt.query(ask).await, 5);
        assert_eq!(counts.of("slot(1)"), 1);
    })
    .await;
}

impl Slot {
    /// There and back by `update` alone. A host may have a method of this name: the derive adds only `get` and `set`.
    async fn update(self, cx: &salvia::InputContext) {
        cx.update(self, |value: &mut i64| *value += 1).await;
        cx.update(self, |value: &mut i64| *value -= 1).await;
    }
}

/// A mutation reads its own writes, through `get` on its context.
#[tokio::test]
async fn get_in_a_mutation_sees_its_own_writes() {
    soon(async {
        let rt = runtime();
        put(&rt, 1, 5).await;
        rt.mutate(|cx| async move {
            assert_eq!(Slot(1).get(&cx).await, 5, "first what was committed");
            assert_eq!(Slot(2).get(&cx).await, 0, "or the initial value");
            Slot(1).set(6, &cx).await;
            Slot(2).set(7, &cx).await;
            assert_eq!((Slot(1).get(&cx).await, Slot(2).get(&cx).await), (6, 7));
            cx.unset::<i64>(Slot(1)).await;
            assert_eq!(Slot(1).get(&cx).await, 0);
        })
        .await;
    })
    .await;
}

/// `get` takes either context, by whatever pointer holds it.
#[tokio::test]
async fn get_is_generic_over_the_context() {
    async fn read(cx: &impl salvia::ReadContext) -> i64 {
        Slot(1).get(cx).await
    }
    soon(async {
        let rt = runtime();
        put(&rt, 1, 5).await;
        rt.mutate(|mut cx| async move {
            assert_eq!(read(&cx).await, 5);
            assert_eq!(read(&&mut cx).await, 5);
            assert_eq!(read(&Box::new(cx)).await, 5);
        })
        .await;
        rt.query(|cx| async move {
            assert_eq!(read(&&cx).await, 5);
            assert_eq!(read(&std::sync::Arc::new(cx)).await, 5);
        })
        .await;
    })
    .await;
}

/// `update` begins at the committed value, the initial value, or what the mutation wrote before.
#[tokio::test]
async fn update_edits_what_is_there() {
    soon(async {
        let rt = runtime();
        put(&rt, 1, 5).await;
        rt.mutate(|cx| async move {
            cx.update(Slot(1), |value: &mut i64| *value *= 2).await;
            cx.update(Slot(2), |value: &mut i64| *value -= 1).await;
            Slot(3).set(100, &cx).await;
            cx.update(Slot(3), |value: &mut i64| *value += 1).await;
            cx.update(Page::Blank, |title: &mut Title| title.0.push('!'))
                .await;
        })
        .await;
        rt.query(|cx| async move {
            let slots = [
                Slot(1).get(&cx).await,
                Slot(2).get(&cx).await,
                Slot(3).get(&cx).await,
            ];
            assert_eq!(slots, [10, -1, 101]);
            assert_eq!(Page::Blank.get::<Title>(&cx).await, Title("!".into()));
        })
        .await;
    })
    .await;
}

/// An update that changes nothing is none.
#[tokio::test]
async fn an_update_to_an_equal_value_changes_nothing() {
    soon(async {
        let (rt, counts) = counted();
        let ask = |cx: QueryContext| async move { slot(1, &cx).await };
        rt.query(ask).await;
        let before = rt.revision();
        rt.mutate(|cx| async move {
            cx.update(Slot(1), |value: &mut i64| *value = value.abs())
                .await
        })
        .await;
        rt.query(ask).await;
        assert_eq!((rt.revision(), counts.of("slot(1)")), (before, 1));
    })
    .await;
}

/// `unset` goes back to `initial()`, as a change like any other.
#[tokio::test]
async fn unset_goes_back_to_the_initial_value() {
    soon(async {
        let (rt, counts) = counted();
        let ask =
            |cx: QueryContext| async move { title_length(Page::Named("x".into()), &cx).await };
        assert_eq!(rt.query(ask).await, 7);
        let set = |cx: salvia::InputContext| async move {
            Page::Named("x".into()).set(Title("xyz".into()), &cx).await
        };
        rt.mutate(set).await;
        assert_eq!(rt.query(ask).await, 3);

        let unset = |cx: salvia::InputContext| async move {
            cx.unset::<Title>(Page::Named("x".into())).await
        };
        rt.mutate(unset).await;
        assert_eq!(rt.query(ask).await, 7);
        assert_eq!(counts.of("title_length"), 3);

        // Unsetting what is not set changes nothing, and setting once more does.
        let before = rt.revision();
        rt.mutate(unset).await;
        assert_eq!(rt.revision(), before);
        rt.mutate(set).await;
        assert_eq!(rt.query(ask).await, 3);
    })
    .await;
}

/// Whoever saw the value in the middle is told when it changes back.
#[tokio::test]
async fn a_value_that_changes_back_is_a_change_to_who_saw_the_middle_one() {
    async fn seen(rt: &std::sync::Arc<Runtime>, counts: &Counts) -> (i64, Vec<String>) {
        (
            rt.query(|cx| async move { slot(1, &cx).await }).await,
            counts.take(),
        )
    }
    soon(async {
        let (rt, counts) = counted();
        let runs = vec!["slot(1)".to_string()];
        assert_eq!(seen(&rt, &counts).await, (0, runs.clone()));
        put(&rt, 1, 1).await;
        assert_eq!(seen(&rt, &counts).await, (1, runs.clone()));
        put(&rt, 1, 0).await;
        assert_eq!(seen(&rt, &counts).await, (0, runs));
        // Not asked in the middle, the answer is right all the same.
        put(&rt, 1, 1).await;
        put(&rt, 1, 0).await;
        assert_eq!(seen(&rt, &counts).await.0, 0);
    })
    .await;
}
