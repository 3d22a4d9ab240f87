//! Paths in queries, and ids as keys of the engine.

use salvia::scope::{CallId, call, call_in_slot, root};
use salvia::{Input, InputAccess, QueryContext, Runtime, nested, query};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
struct Step;

impl Input<u32> for Step {
    fn initial(&self) -> u32 {
        0
    }
}

/// The ids a body sees: its own, and those of two calls.
#[query]
async fn ids(n: u32, cx: &QueryContext) -> (u32, Vec<CallId>) {
    let step: u32 = Step.get(cx).await;
    let mut ids = vec![CallId::current()];
    for _ in 0..2 {
        tokio::task::yield_now().await;
        ids.push(call(CallId::current));
    }
    let _ = n;
    ids.push(CallId::current());
    (step, ids)
}

#[query]
async fn through(n: u32, cx: &QueryContext) -> Vec<CallId> {
    call(|| CallId::current().scope(ids(n, cx))).await.1
}

#[query(spawn)]
async fn in_a_task(n: u32, cx: &QueryContext) -> (CallId, Vec<CallId>) {
    tokio::task::yield_now().await;
    (CallId::current(), ids(n, cx).await.1)
}

#[tokio::test]
async fn ids_in_a_query_never_depend_on_the_caller() {
    let mut seen = Vec::new();
    for caller in 0..4 {
        let rt = Runtime::new().await;
        let asked = rt.query(async |cx| match caller {
            0 => ids(1, &cx).await.1,
            1 => through(1, &cx).await,
            2 => call_in_slot("a", || CallId::current().scope(through(1, &cx))).await,
            _ => in_a_task(1, &cx).await.1,
        });
        seen.push(call_in_slot(caller, || CallId::current().scope(asked)).await);
    }
    assert!(seen.iter().all(|ids| *ids == seen[0]), "{seen:#?}");
}

#[tokio::test]
async fn a_bound_query_is_the_beginning_of_a_path() {
    let rt = Runtime::new().await;
    rt.query(async |cx| {
        let (one, two) = (ids(1, &cx).await.1, ids(2, &cx).await.1);
        assert_eq!(one[0], one[3], "before and after awaits and calls");
        assert_ne!(one[1], one[2], "calls are counted");
        for (one, two) in one.iter().zip(&two) {
            assert_ne!(one, two, "other arguments, another query");
        }
        assert_ne!(in_a_task(1, &cx).await.0, one[0], "another function");
        assert_ne!(one[0], root(CallId::current));
    })
    .await;
}

#[tokio::test]
async fn ids_in_a_query_are_the_same_in_every_revision_and_runtime() {
    let mut seen = Vec::new();
    for _ in 0..2 {
        let rt = Runtime::new().await;
        for step in 0..3 {
            rt.mutate(async |cx| Step.set(step, &cx).await).await;
            let (now, ids) = rt.query(async |cx| ids(1, &cx).await).await;
            assert_eq!(now, step, "it ran again");
            seen.push(ids);
        }
    }
    assert!(seen.iter().all(|ids| *ids == seen[0]));
    let hash = |ids: &[CallId]| ids.iter().collect::<std::collections::HashSet<_>>().len();
    assert_eq!(hash(&seen.concat()), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ids_in_queries_are_the_same_on_every_worker() {
    let rt = Runtime::new().await;
    let ask = || {
        rt.query(async |cx| ::futures::future::join_all((0..32).map(|n| in_a_task(n, &cx))).await)
    };
    let seen = ask().await;
    rt.mutate(async |cx| Step.set(1, &cx).await).await;
    assert_eq!(seen, ask().await);
    let distinct: std::collections::HashSet<_> = seen.iter().map(|(id, _)| id).collect();
    assert_eq!(distinct.len(), 32);
}

/// The id around a query is current again after it, whether it ran or was there.
#[tokio::test]
async fn a_query_leaves_the_id_of_its_caller_as_it_was() {
    #[query]
    async fn fails(_cx: &QueryContext) -> u32 {
        call(|| panic!("on purpose"))
    }
    let rt = Runtime::new().await;
    let id = call(CallId::current);
    rt.query(async |cx| {
        let inside = async {
            for _ in 0..2 {
                ids(7, &cx).await;
                assert_eq!(CallId::current(), id);
                assert!(fails(&cx).catch().await.is_err());
                assert_eq!(CallId::current(), id);
            }
        };
        id.scope(inside).await;
    })
    .await;
}

/// State that belongs to a place.
#[derive(Debug, Clone, PartialEq, Eq, Hash, InputAccess)]
struct Clicks(CallId);

impl Input<u32> for Clicks {
    fn initial(&self) -> u32 {
        0
    }
}

#[nested(slot = "label")]
fn button(label: &str) -> Clicks {
    Clicks(CallId::current())
}

#[query]
async fn total(cx: &QueryContext) -> u32 {
    let mut sum = 0;
    for label in ["ok", "cancel"] {
        sum += button(label).get(cx).await;
    }
    sum
}

#[query]
async fn button_of(label: &'static str, _cx: &QueryContext) -> Clicks {
    button(label)
}

#[query]
async fn clicks(of: Clicks, cx: &QueryContext) -> u32 {
    of.get(cx).await
}

#[tokio::test]
async fn an_id_is_the_host_of_an_input_and_an_argument() {
    let rt = Runtime::new().await;
    let ok = rt.query(async |cx| button_of("ok", &cx).await).await;
    rt.mutate(async |cx| ok.clone().set(3, &cx).await).await;
    let seen = rt.query(async |cx| {
        let ok = button_of("ok", &cx).await;
        let cancel = button_of("cancel", &cx).await;
        (
            clicks(ok, &cx).await,
            clicks(cancel, &cx).await,
            total(&cx).await,
        )
    });
    assert_eq!(seen.await, (3, 0, 0));
}

/// Typed storage: an input is its host's type, its values' type and the id.
#[tokio::test]
async fn two_types_of_state_at_one_place_are_two_inputs() {
    #[derive(Debug, Clone, PartialEq, Eq, Hash, InputAccess)]
    struct Local<T>(CallId, std::marker::PhantomData<T>);

    impl<T: salvia::Stashable + std::hash::Hash + Default> Input<T> for Local<T> {
        fn initial(&self) -> T {
            T::default()
        }
    }

    #[nested]
    fn local<T>() -> Local<T> {
        Local(CallId::current(), std::marker::PhantomData)
    }

    let place = [
        root(|| call(|| local::<u32>().0)),
        root(|| call(|| local::<u64>().0)),
    ];
    let rt = Runtime::new().await;
    let id = place[0].clone();
    let (small, big) = (
        Local::<u32>(id.clone(), Default::default()),
        Local::<u64>(id, Default::default()),
    );
    rt.mutate(async |cx| small.clone().set(1, &cx).await).await;
    let seen = rt.query(async |cx| (small.clone().get(&cx).await, big.clone().get(&cx).await));
    assert_eq!(seen.await, (1, 0));
}

/// The value a query has for a cycle is computed below the query as well.
#[tokio::test]
async fn the_value_for_a_cycle_never_depends_on_the_caller() {
    fn broken(_: &salvia::Cycle) -> Vec<CallId> {
        vec![CallId::current(), call(CallId::current)]
    }

    #[query(cycle = broken)]
    async fn circular(cx: &QueryContext) -> Vec<CallId> {
        circular(cx).await
    }

    let mut seen = Vec::new();
    for caller in 0..2 {
        let rt = Runtime::new().await;
        let asked = rt.query(async |cx| circular(&cx).await);
        seen.push(call_in_slot(caller, || CallId::current().scope(asked)).await);
    }
    assert_eq!(seen[0], seen[1]);
    assert_ne!(seen[0][0], root(CallId::current));
}

#[test]
fn ids_in_a_memo_never_depend_on_the_caller() {
    #[salvia::memo(single)]
    fn alone(_n: u32) -> CallId {
        call(CallId::current)
    }
    #[salvia::memo(lru = 4, shared)]
    fn shared(_n: u32) -> CallId {
        call(CallId::current)
    }
    for id in [alone, shared] {
        // Other arguments, so that each runs.
        let below = call(|| call_in_slot("a", || id(1)));
        assert_eq!(below, id(2));
    }
}
