//! Observers that come and go, what they are told of failures and of values given up, and how inputs are named.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use salvia::{Collect, Event, Input, InputAccess, Observer, QueryContext, Runtime, query};

use crate::kit::{Slot, boom, builder, put, runtime, soon};

/// Keeps every event as a line, without durations.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

impl Observer for Lines {
    fn event(&self, event: &Event) {
        let line = match event {
            Event::Executed { query, .. } => format!("executed {query}"),
            Event::Failed { query, error, .. } => format!("failed {query}: {error}"),
            Event::Evicted {
                query, revision, ..
            } => format!("evicted {query} at {revision}"),
            other => other.to_string(),
        };
        self.lines().push(line);
    }
}

impl Lines {
    fn lines(&self) -> std::sync::MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.lines())
    }
}

#[query]
async fn value(n: u32, cx: &QueryContext) -> i64 {
    Slot(n).get(cx).await
}

async fn ask(rt: &Arc<Runtime>, n: u32) -> i64 {
    rt.query(|cx| async move { value(n, &cx).await }).await
}

#[tokio::test]
async fn an_observer_is_told_from_when_it_comes_until_it_goes() {
    soon(async {
        let (built, late) = (Lines::default(), Lines::default());
        let rt = builder().observer(built.clone()).build();
        ask(&rt, 0).await;
        let observing = rt.observe(late.clone());
        ask(&rt, 1).await;
        drop(observing);
        ask(&rt, 2).await;
        assert_eq!(late.take(), ["executed value(1)"]);
        assert_eq!(built.take().len(), 3);
    })
    .await;
}

#[tokio::test]
async fn an_observer_that_panics_is_left_out_alone() {
    struct Bad;
    impl Observer for Bad {
        fn event(&self, _: &Event) {
            boom("an observer panics on purpose");
        }
    }
    soon(async {
        let (rt, good) = (runtime(), Lines::default());
        let _bad = rt.observe(Bad);
        let _good = rt.observe(good.clone());
        ask(&rt, 0).await;
        ask(&rt, 1).await;
        assert_eq!(good.take(), ["executed value(0)", "executed value(1)"]);
    })
    .await;
}

#[tokio::test]
async fn an_observer_keeps_no_runtime_and_goes_with_what_keeps_it() {
    struct Held(#[expect(dead_code, reason = "only counted")] Arc<()>);
    impl Observer for Held {
        fn event(&self, _: &Event) {}
    }
    soon(async {
        let (rt, alive) = (runtime(), Arc::new(()));
        let first = rt.observe(Held(alive.clone()));
        let second = rt.observe(Held(alive.clone()));
        drop(first);
        assert_eq!(Arc::strong_count(&alive), 2);
        let gone = Arc::downgrade(&rt);
        drop(rt);
        assert!(gone.upgrade().is_none());
        drop(second);
        assert_eq!(Arc::strong_count(&alive), 1);
    })
    .await;
}

#[tokio::test]
async fn a_body_that_panics_is_told_and_so_is_who_asked_for_it() {
    #[query]
    async fn broken(cx: &QueryContext) -> i64 {
        let value = value(0, cx).await;
        boom("no luck");
        value
    }
    #[query]
    async fn above(cx: &QueryContext) -> i64 {
        broken(cx).await
    }
    #[query]
    async fn copes(cx: &QueryContext) -> bool {
        above(cx).catch().await.is_err()
    }
    soon(async {
        let lines = Lines::default();
        let rt = builder().observer(lines.clone()).build();
        assert!(rt.query(|cx| async move { copes(&cx).await }).await);
        assert_eq!(
            lines.take(),
            [
                "executed value(0)",
                "failed broken(): query `broken()` panicked: no luck",
                "failed above(): query `broken()` panicked: no luck",
                "executed copes()",
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn a_body_that_cannot_begin_has_failed() {
    #[derive(Debug, PartialEq, Eq, Hash)]
    struct Unclonable;
    impl Clone for Unclonable {
        fn clone(&self) -> Self {
            panic!("no copies")
        }
    }
    #[query]
    async fn of(_what: Unclonable, _cx: &QueryContext) -> i64 {
        1
    }
    soon(async {
        let lines = Lines::default();
        let rt = builder().observer(lines.clone()).build();
        let asked = rt.try_query(|cx| async move { of(Unclonable, &cx).await });
        assert!(asked.await.is_err());
        assert_eq!(
            lines.take(),
            ["failed of(Unclonable): query `of(Unclonable)` panicked: no copies"]
        );
    })
    .await;
}

#[query(lru = 1)]
async fn newest(n: u32, cx: &QueryContext) -> i64 {
    Slot(n).get(cx).await
}

#[tokio::test]
async fn a_value_past_the_limit_of_its_query_is_told_when_it_goes() {
    soon(async {
        let lines = Lines::default();
        let rt = builder().observer(lines.clone()).build();
        put(&rt, 9, 1).await;
        rt.query(|cx| async move { newest(1, &cx).await }).await;
        lines.take();
        rt.query(|cx| async move { newest(2, &cx).await }).await;
        let mut told = lines.take();
        told.sort();
        assert_eq!(told, ["evicted newest(1) at r1", "executed newest(2)"]);
    })
    .await;
}

#[tokio::test]
async fn collected_values_are_told_one_by_one() {
    soon(async {
        let lines = Lines::default();
        let rt = builder().observer(lines.clone()).build();
        ask(&rt, 1).await;
        ask(&rt, 2).await;
        lines.take();
        assert_eq!(rt.collect_garbage(Collect::All).values, 2);
        let mut told = lines.take();
        told.sort();
        assert_eq!(told, ["evicted value(1) at r0", "evicted value(2) at r0"]);
        ask(&rt, 1).await;
        assert_eq!(lines.take(), ["executed value(1)"]);
    })
    .await;
}

#[tokio::test]
async fn values_beyond_the_budget_are_told_when_they_go() {
    #[query(size = Vec::capacity)]
    async fn big(n: u32, _cx: &QueryContext) -> Vec<u8> {
        vec![n as u8; 1 << 16]
    }
    soon(async {
        let lines = Lines::default();
        let rt = builder()
            .memory_budget(1 << 18)
            .observer(lines.clone())
            .build();
        for n in 0..32 {
            rt.query(|cx| async move { big(n, &cx).await }).await;
        }
        let told = lines.take();
        let evicted = told.iter().filter(|line| line.starts_with("evicted big("));
        assert_eq!(evicted.count() as u64, rt.stats().evictions);
        assert!(rt.stats().evictions >= 24, "{}", rt.stats().evictions);
    })
    .await;
}

#[tokio::test]
async fn names_of_one_node_are_equal_and_of_two_nodes_are_not() {
    #[derive(Clone, PartialEq, Eq, Hash)]
    struct Silent(u32);
    #[query]
    async fn of(what: Silent, cx: &QueryContext) -> i64 {
        Slot(0).get(cx).await + i64::from(what.0)
    }
    #[derive(Clone, Default)]
    struct Names(Arc<Mutex<Vec<salvia::BoundName>>>);
    impl Observer for Names {
        fn event(&self, event: &Event) {
            let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            names.extend(event.query().cloned());
        }
    }
    soon(async {
        let (rt, names) = (runtime(), Names::default());
        let ask = |n| rt.query(move |cx| async move { of(Silent(n), &cx).await });
        let _observing = rt.observe(names.clone());
        ask(1).await;
        ask(2).await;
        put(&rt, 0, 1).await;
        ask(1).await;
        let names = names.0.lock().unwrap_or_else(PoisonError::into_inner);
        let [one, two, _slot, again] = &names[..] else {
            panic!("{names:?}");
        };
        assert_eq!(one.to_string(), two.to_string());
        assert_ne!(one, two);
        assert_eq!(one, again);
        let graph = rt.graph();
        let node = graph.nodes.iter().find(|node| node.bound() == two);
        assert_eq!(node.map(|node| node.name.as_str()), Some("of(..)"));
    })
    .await;
}

mod hosts {
    use super::{Input, InputAccess, fmt};

    macro_rules! holds_numbers {
        ($($host:ty),*) => {$(
            impl Input<i64> for $host {
                fn initial(&self) -> i64 {
                    0
                }
            }
        )*};
    }

    #[derive(Debug, Clone, PartialEq, Eq, Hash, InputAccess)]
    pub(super) struct Price(pub(super) &'static str);

    #[derive(Debug, Clone, PartialEq, Eq, Hash, InputAccess)]
    pub(super) struct Limit;

    #[derive(Debug, Clone, PartialEq, Eq, Hash, InputAccess)]
    pub(super) enum Team {
        Red,
    }

    #[derive(Clone, PartialEq, Eq, Hash, InputAccess)]
    pub(super) struct Silent;

    /// Only one of the two says at its definition that it is `Debug`.
    #[derive(Debug, Clone, PartialEq, Eq, Hash, InputAccess)]
    pub(super) struct Open<T>(pub(super) T);

    #[derive(Debug, Clone, PartialEq, Eq, Hash, InputAccess)]
    pub(super) struct Shown<T: fmt::Debug>(pub(super) T);

    #[derive(Clone, PartialEq, Eq, Hash, InputAccess)]
    pub(super) struct Broken;

    impl fmt::Debug for Broken {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            panic!("no text")
        }
    }

    holds_numbers!(Price, Limit, Team, Silent, Open<u8>, Shown<u8>, Broken);
}

/// The names of all nodes, sorted.
fn nodes(rt: &Runtime) -> Vec<String> {
    let mut names: Vec<_> = rt.graph().nodes.into_iter().map(|node| node.name).collect();
    names.sort();
    names
}

#[tokio::test]
async fn an_input_is_named_by_its_host_where_that_is_known_to_be_debug() {
    use hosts::{Broken, Limit, Open, Price, Shown, Silent, Team};
    soon(async {
        let rt = runtime();
        rt.mutate(|cx| async move {
            Price("tea").set(1, &cx).await;
            Limit.set(1, &cx).await;
            Team::Red.set(1, &cx).await;
            Silent.set(1, &cx).await;
            Open(1).set(1, &cx).await;
            Shown(1).set(1, &cx).await;
            Broken.set(1, &cx).await;
        })
        .await;
        assert_eq!(
            nodes(&rt),
            [
                "Broken(..)",
                "Limit",
                "Open(..)",
                "Price(\"tea\")",
                "Shown(1)",
                "Silent(..)",
                "Team(Red)"
            ]
        );
    })
    .await;
}

/// What is not derived does not know how a host is written.
#[tokio::test]
async fn an_input_is_named_by_its_host_once_its_own_methods_were_used() {
    use hosts::Price;
    soon(async {
        let rt = runtime();
        rt.mutate(|cx| async move { cx.update(Price("tea"), |price: &mut i64| *price += 1).await })
            .await;
        assert_eq!(nodes(&rt), ["Price(..)"]);
        rt.query(|cx| async move { Price("cake").get::<i64>(&cx).await })
            .await;
        assert_eq!(nodes(&rt), ["Price(\"cake\")", "Price(\"tea\")"]);
    })
    .await;
}
