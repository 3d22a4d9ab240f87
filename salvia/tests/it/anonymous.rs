//! Anonymous nodes: what runs, what is remembered, and which node is which. What is dropped, and when, is in `dropped`; old
//! snapshots, failures and dropped callers are in `disturbed`.

mod busy;
mod disturbed;
mod dropped;
mod handled;
mod hosted;
mod kept;
mod known;
mod many;
mod turns;

use std::sync::Arc;

use futures::future::join_all;
use salvia::scope::{CallId, call};
use salvia::{Input, InputAccess, QueryContext, Runtime, Snapshot, query};

use crate::kit::{Counts, Slot, counted, put, ran};

/// Which rows there are, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
struct Rows;

impl Input<Vec<u32>> for Rows {
    fn initial(&self) -> Vec<u32> {
        Vec::new()
    }
}

/// State of a row's own.
#[derive(Debug, Clone, PartialEq, Eq, Hash, InputAccess)]
struct Clicks(CallId);

impl Input<i64> for Clicks {
    fn initial(&self) -> i64 {
        0
    }
}

/// A row as it is shown: where its state is, its number, its slot, its clicks.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    id: CallId,
    number: u32,
    clicks: i64,
    slot: i64,
}

async fn row(number: u32, cx: &QueryContext) -> Row {
    ran(cx, format!("row {number}"));
    let id = CallId::current();
    Row {
        clicks: Clicks(id.clone()).get(cx).await,
        slot: Slot(number).get(cx).await,
        number,
        id,
    }
}

#[query]
async fn list(cx: &QueryContext) -> Vec<Row> {
    ran(cx, "list");
    let rows: Vec<u32> = Rows.get(cx).await;
    let rows = rows
        .iter()
        .map(|number| cx.memo_in_slot(number, *number, row));
    join_all(rows.collect::<Vec<_>>()).await
}

async fn set_rows(rt: &Arc<Runtime>, rows: &[u32]) {
    rt.mutate(async |cx| Rows.set(rows.to_vec(), &cx).await)
        .await;
}

async fn show(rt: &Arc<Runtime>) -> Vec<Row> {
    rt.query(async |cx| list(&cx).await).await
}

async fn show_at(snapshot: &Snapshot) -> Vec<Row> {
    snapshot.query(async |cx| list(&cx).await).await
}

async fn click(rt: &Arc<Runtime>, id: &CallId, clicks: i64) {
    rt.mutate(async |cx| Clicks(id.clone()).set(clicks, &cx).await)
        .await;
}

fn numbers(rows: &[Row]) -> Vec<u32> {
    rows.iter().map(|row| row.number).collect()
}

fn clicks(rows: &[Row]) -> Vec<i64> {
    rows.iter().map(|row| row.clicks).collect()
}

/// A runtime with a list of these rows that was shown once.
async fn shown(rows: &[u32]) -> (Arc<Runtime>, Counts, Vec<Row>) {
    let (rt, counts) = counted();
    set_rows(&rt, rows).await;
    let shown = show(&rt).await;
    counts.take();
    (rt, counts, shown)
}

#[tokio::test]
async fn a_node_runs_once_and_again_when_what_it_reads_has_changed() {
    let (rt, counts) = counted();
    set_rows(&rt, &[1, 2]).await;
    assert_eq!(numbers(&show(&rt).await), [1, 2]);
    assert_eq!(counts.take(), ["list", "row 1", "row 2"]);
    show(&rt).await;
    assert!(counts.take().is_empty());
    put(&rt, 2, 7).await;
    assert_eq!(show(&rt).await[1].slot, 7);
    assert_eq!(counts.take(), ["list", "row 2"]);
}

#[tokio::test]
async fn other_rows_do_not_run_when_one_is_added_or_clicked() {
    let (rt, counts, before) = shown(&[1, 2]).await;
    set_rows(&rt, &[1, 2, 3]).await;
    show(&rt).await;
    assert_eq!(counts.take(), ["list", "row 3"]);
    click(&rt, &before[0].id, 5).await;
    assert_eq!(clicks(&show(&rt).await), [5, 0, 0]);
    assert_eq!(counts.take(), ["list", "row 1"]);
}

#[tokio::test]
async fn reordering_runs_no_row() {
    let (rt, counts, before) = shown(&[1, 2, 3]).await;
    set_rows(&rt, &[3, 1, 2]).await;
    let after = show(&rt).await;
    assert_eq!(numbers(&after), [3, 1, 2]);
    assert_eq!(after[0].id, before[2].id);
    assert_eq!(counts.take(), ["list"]);
    put(&rt, 2, 1).await;
    show(&rt).await;
    assert_eq!(counts.take(), ["list", "row 2"]);
}

#[tokio::test]
async fn a_node_runs_again_with_another_input_and_keeps_its_id() {
    #[query]
    async fn shout(cx: &QueryContext) -> (String, CallId) {
        let number: i64 = Slot(0).get(cx).await;
        let text = format!("{}!", number / 10);
        let shouted = cx.memo(&*text, async |text, cx| {
            ran(cx, format!("shout {text}"));
            (text.to_uppercase(), CallId::current())
        });
        shouted.await
    }
    let (rt, counts) = counted();
    let ask = async || rt.query(async |cx| shout(&cx).await).await;
    let (text, id) = ask().await;
    put(&rt, 0, 5).await;
    assert_eq!(ask().await, (text, id.clone()));
    assert_eq!(counts.take(), ["shout 0!"], "the input is equal");
    put(&rt, 0, 10).await;
    assert_eq!(ask().await, ("1!".to_owned(), id));
    assert_eq!(counts.take(), ["shout 1!"]);
}

#[tokio::test]
async fn an_equal_value_runs_no_parent() {
    #[query]
    async fn parity(cx: &QueryContext) -> bool {
        ran(cx, "parent");
        let is_even = cx.memo((), async |(), cx| {
            ran(cx, "node");
            Slot(0).get::<i64>(cx).await % 2 == 0
        });
        is_even.await
    }
    let (rt, counts) = counted();
    for (value, expected) in [(0, true), (2, true), (3, false)] {
        put(&rt, 0, value).await;
        assert_eq!(rt.query(async |cx| parity(&cx).await).await, expected);
    }
    assert_eq!(counts.take(), ["node", "node", "node", "parent", "parent"]);
}

/// Views, tuples of them, and references to values, all without a type in the closure.
#[tokio::test]
async fn inputs_are_borrowed_in_every_form() {
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    struct Title(String);

    #[query]
    async fn lengths(cx: &QueryContext) -> Vec<usize> {
        let (text, title, numbers) = ("four".to_owned(), Title("title".to_owned()), vec![1, 2]);
        vec![
            cx.memo(&*text, async |text, _cx| text.len()).await,
            cx.memo(&title, async |title, _cx| title.0.len()).await,
            cx.memo((&*text, &numbers[..]), async |(text, numbers), cx| {
                tokio::task::yield_now().await;
                let _: i64 = Slot(0).get(cx).await;
                text.len() + numbers.len()
            })
            .await,
            cx.memo(Some(&*text), async |text, _cx| text.map_or(0, str::len))
                .await,
        ]
    }
    let (rt, _) = counted();
    assert_eq!(rt.query(async |cx| lengths(&cx).await).await, [4, 5, 6, 4]);
}

#[tokio::test]
async fn places_counts_and_slots_tell_nodes_apart() {
    #[query]
    async fn ids(cx: &QueryContext) -> Vec<CallId> {
        let id = async |(): (), _: &QueryContext| CallId::current();
        let mut ids = Vec::new();
        for _ in 0..2 {
            ids.push(cx.memo((), async |(), _cx| CallId::current()).await);
        }
        let once = call(|| cx.memo((), async |(), _cx| CallId::current()));
        ids.push(once.await);
        for slot in [1_u8, 2] {
            ids.push(
                cx.memo_in_slot(&slot, (), async |(), _cx| CallId::current())
                    .await,
            );
        }
        ids.push(id((), cx).await);
        ids
    }
    let (rt, _) = counted();
    let ids = rt.query(async |cx| ids(&cx).await).await;
    let different: std::collections::HashSet<_> = ids.iter().collect();
    assert_eq!(different.len(), ids.len(), "{ids:#?}");
    assert_eq!(rt.stats().nodes, 1 + 5);
}

/// One place of a generic function, one slot, and two types: two nodes, each with its own value.
#[tokio::test]
async fn one_id_with_two_types_is_two_nodes() {
    async fn named<T: 'static>(cx: &QueryContext) -> (&'static str, CallId) {
        cx.memo_in_slot(&7, (), async |(), cx| {
            ran(cx, std::any::type_name::<T>());
            (std::any::type_name::<T>(), CallId::current())
        })
        .await
    }
    #[query]
    async fn both(cx: &QueryContext) -> [(&'static str, CallId); 3] {
        let small = named::<u8>(cx).await;
        [small, named::<u16>(cx).await, named::<u8>(cx).await]
    }
    let (rt, counts) = counted();
    let [one, other, again] = rt.query(async |cx| both(&cx).await).await;
    assert_eq!((one.0, other.0), ("u8", "u16"));
    assert!(one.1 == other.1 && one == again);
    assert_eq!(counts.take(), ["u16", "u8"]);
    assert_eq!(rt.stats().nodes, 1 + 2);
}

/// One view is the argument of a query and of a memo, the input of a node, and its slot.
#[tokio::test]
async fn one_view_is_an_argument_an_input_and_a_slot() {
    #[derive(Debug, Clone, Copy, salvia::Projection)]
    struct Title<'a> {
        text: &'a str,
        number: u32,
    }
    #[salvia::memo(lru = 4)]
    fn shown(title: Title<'_>) -> String {
        format!("{}{}", title.text, title.number)
    }
    #[query]
    async fn twice(title: Title<'_>, cx: &QueryContext) -> (String, CallId) {
        cx.memo_in_slot(title, title, async |title, cx| {
            ran(cx, title.text);
            (shown(title).repeat(2), CallId::current())
        })
        .await
    }
    #[query]
    async fn all(cx: &QueryContext) -> Vec<(String, CallId)> {
        let rows: Vec<u32> = Rows.get(cx).await;
        let text = String::from("a");
        let mut shown = Vec::new();
        for number in rows {
            let title = Title {
                text: &text,
                number,
            };
            let row = cx.memo_in_slot(title, (title, 1), async |(title, _), cx| {
                ran(cx, format!("row {}", title.number));
                (twice(title, cx).await.0, CallId::current())
            });
            shown.push(row.await);
        }
        shown
    }
    let (rt, counts) = counted();
    let ask = async || rt.query(async |cx| all(&cx).await).await;
    set_rows(&rt, &[1, 2]).await;
    let before = ask().await;
    assert_eq!((&*before[0].0, &*before[1].0), ("a1a1", "a2a2"));
    assert_ne!(before[0].1, before[1].1);
    assert_eq!(counts.take(), ["a", "a", "row 1", "row 2"]);
    set_rows(&rt, &[2, 1]).await;
    let after = ask().await;
    assert_eq!((&after[0], &after[1]), (&before[1], &before[0]));
    assert!(counts.take().is_empty(), "a row is found again by its view");
}

#[tokio::test]
async fn the_id_is_that_of_the_place_whoever_asks_and_whenever() {
    let (rt, counts, first) = shown(&[1]).await;
    let (other, _, elsewhere) = shown(&[1]).await;
    drop((other, counts));
    assert_eq!(first, elsewhere);
    rt.collect_garbage(salvia::Collect::All);
    assert_eq!(show(&rt).await, first);
}

/// A root has no run that could leave anything out: its nodes are there for the next one.
#[tokio::test]
async fn a_root_finds_its_nodes_again() {
    let (rt, counts) = counted();
    let ask = async |n: i64| {
        rt.query(async |cx| {
            let twice = cx.memo(n, async |n, cx| {
                ran(cx, format!("twice {n}"));
                2 * n
            });
            twice.await
        })
        .await
    };
    assert_eq!([ask(1).await, ask(2).await, ask(1).await], [2, 4, 2]);
    assert_eq!(counts.take(), ["twice 1", "twice 2"]);
}

#[tokio::test]
async fn a_node_is_named_after_the_function_around_it_or_its_own() {
    let recorder = salvia::testing::Recorder::new();
    let rt = crate::kit::builder()
        .resource(Counts::default())
        .observer(recorder.clone())
        .build();
    set_rows(&rt, &[1]).await;
    show(&rt).await;
    salvia::assert_ran!(recorder, ["list()", "row(..)"]);
    recorder.mark();
    rt.query(async |cx| cx.memo((), async |(), _cx| ()).await)
        .await;
    let ran = recorder.ran();
    assert!(ran[0].ends_with("::{closure}(..)"), "{ran:?}");
}
