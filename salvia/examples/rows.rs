//! A list as a user interface shows it: rows that come, go and change places, each with a counter of clicks of its own.
//!
//! What is on the screen is one query, `List::render`. A row in it is an anonymous node, found again by the key of its entry,
//! so an edit costs what it affects: reordering runs no row, a click runs one. The clicks are an input hosted on the row's
//! call id, so they come and go with it. The text of a row is a memo, which the rows of equal text share; it takes the same
//! borrowed view that is the input of the row. An observer counts what runs, and the program asserts it to the last row.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, PoisonError};

use salvia::scope::CallId;
use salvia::thin::Ref;
use salvia::{
    Event, Input, InputAccess, Observer, Projection, QueryContext, Runtime, Stashable, memo,
    perfect_derive, query,
};

/// What can stand in a list.
trait Item: Stashable {
    /// As the rows show it.
    fn view(&self) -> View<'_>;
}

/// What is shown of an item. It borrows, and is an argument of the memo and the input of a row alike.
#[derive(Debug, Clone, Copy, Projection)]
struct View<'a> {
    title: &'a str,
    stars: u32,
}

/// One entry, known by its key wherever it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry<T> {
    key: u32,
    item: T,
}

/// A list of items, by its name. Whatever `T` is, this is a plain handle: an ordinary derive would ask all of that of `T`.
#[perfect_derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[derive(InputAccess)]
struct List<T> {
    name: &'static str,
    of: PhantomData<fn() -> T>,
}

impl<T: Stashable> Input<Arc<Vec<Entry<T>>>> for List<T> {
    fn initial(&self) -> Arc<Vec<Entry<T>>> {
        Arc::default()
    }
}

/// How often a row was clicked. It is hosted on the place of the row.
#[derive(Debug, Clone, PartialEq, Eq, Hash, InputAccess)]
struct Clicks(CallId);

impl Input<u32> for Clicks {
    fn initial(&self) -> u32 {
        0
    }
}

/// A row on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    /// Where a click goes.
    place: CallId,
    text: String,
}

impl<T: Item> List<T> {
    /// The rows whose title contains `filter`.
    #[query]
    async fn render(&self, filter: &str, cx: &QueryContext) -> Vec<Row> {
        let entries = self.get(cx).await;
        let mut rows = Vec::new();
        for entry in entries.iter() {
            let view = entry.item.view();
            if view.title.contains(filter) {
                rows.push(cx.memo_in_slot(&entry.key, view, row).await);
            }
        }
        rows
    }
}

/// The body of a row.
async fn row(view: View<'_>, cx: &QueryContext) -> Row {
    let place = CallId::current();
    let clicks = Clicks(place.clone()).get(cx).await;
    let text = text(view, clicks);
    Row { place, text }
}

/// Rows of equal text share it, also those of other lists.
#[memo(lru = 64)]
fn text(view: View<'_>, clicks: u32) -> String {
    let stars = "*".repeat(view.stars as usize);
    format!("{}{stars} ({clicks})", view.title)
}

/// What ran since the last look, by the name of the query.
#[derive(Debug, Clone, Default)]
struct Executions(Arc<Mutex<BTreeMap<String, usize>>>);

impl Executions {
    fn take(&self) -> BTreeMap<String, usize> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Observer for Executions {
    fn event(&self, event: &Event) {
        if let Event::Executed { query, .. } = event {
            let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            *counts.entry(query.name().to_owned()).or_default() += 1;
        }
    }
}

/// Which revisions were made.
#[derive(Debug, Clone, Default)]
struct Commits(Arc<Mutex<usize>>);

impl Observer for Commits {
    fn event(&self, event: &Event) {
        if let Event::Committed { .. } = event {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        }
    }
}

/// Observers of several types as one. They are told through thin references: no table of anything but `event`.
struct Both<A, B>(A, B);

impl<A: Observer, B: Observer> Observer for Both<A, B> {
    fn event(&self, event: &Event) {
        let observers: [Ref<'_, dyn Observer>; 2] = [Ref::new(&self.0), Ref::new(&self.1)];
        for observer in observers {
            observer.event(event);
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Film {
    title: String,
    stars: u32,
}

impl Item for Film {
    fn view(&self) -> View<'_> {
        let Film { title, stars } = self;
        let stars = *stars;
        View { title, stars }
    }
}

/// A title is all there is.
impl Item for &'static str {
    fn view(&self) -> View<'_> {
        let (title, stars) = (*self, 0);
        View { title, stars }
    }
}

/// A program that shows a list, and sees what that took.
struct Screen<T> {
    rt: Arc<Runtime>,
    list: List<T>,
    executions: Executions,
}

impl<T: Item> Screen<T> {
    fn new(rt: &Arc<Runtime>, executions: &Executions, name: &'static str) -> Self {
        let of = PhantomData;
        Screen {
            rt: rt.clone(),
            list: List { name, of },
            executions: executions.clone(),
        }
    }

    async fn set(&self, entries: impl IntoIterator<Item = (u32, T)>) {
        let entries = entries.into_iter().map(|(key, item)| Entry { key, item });
        let entries: Arc<Vec<Entry<T>>> = Arc::new(entries.collect());
        let list = self.list;
        self.rt
            .mutate(async |cx| list.set(entries, &cx).await)
            .await;
    }

    /// The rows, and how often `render` and `row` ran for them.
    async fn show(&self, filter: &str) -> (Vec<Row>, [usize; 2]) {
        let list = self.list;
        let rows = self.rt.query(async |cx| list.render(filter, &cx).await);
        let rows = rows.await;
        let ran = self.executions.take();
        let count = |name| ran.get(name).copied().unwrap_or_default();
        (rows, [count("List::render"), count("row")])
    }

    async fn texts(&self, filter: &str) -> (Vec<String>, [usize; 2]) {
        let (rows, ran) = self.show(filter).await;
        (rows.into_iter().map(|row| row.text).collect(), ran)
    }

    async fn click(&self, row: &Row) {
        let clicks = Clicks(row.place.clone());
        self.rt
            .mutate(async |cx| cx.update(clicks, |clicks: &mut u32| *clicks += 1).await)
            .await;
    }

    /// How many nodes and inputs the runtime keeps.
    fn kept(&self) -> (usize, usize) {
        let stats = self.rt.stats();
        (stats.nodes, stats.inputs)
    }
}

fn films(entries: &[(u32, &str)]) -> Vec<(u32, Film)> {
    let film = |&(key, title): &(u32, &str)| {
        let (title, stars) = (title.to_owned(), 3);
        (key, Film { title, stars })
    };
    entries.iter().map(film).collect()
}

const ALIEN: (u32, &str) = (1, "Alien");
const BRAZIL: (u32, &str) = (2, "Brazil");
const CUBE: (u32, &str) = (3, "Cube");

async fn session(rt: &Arc<Runtime>, executions: &Executions) {
    let screen = Screen::new(rt, executions, "films");
    screen.set(films(&[ALIEN, BRAZIL, CUBE])).await;
    let (rows, ran) = screen.show("").await;
    assert_eq!(rows[0].text, "Alien*** (0)");
    assert_eq!(ran, [1, 3]);
    assert_eq!(screen.show("").await, (rows.clone(), [0, 0]));

    // A click runs its row, and the list that shows it.
    screen.click(&rows[1]).await;
    let expected = ["Alien*** (0)", "Brazil*** (1)", "Cube*** (0)"].map(str::to_owned);
    assert_eq!(screen.texts("").await, (expected.to_vec(), [1, 1]));

    // Reordering runs no row, and each has its clicks.
    screen.set(films(&[BRAZIL, CUBE, ALIEN])).await;
    let expected = ["Brazil*** (1)", "Cube*** (0)", "Alien*** (0)"].map(str::to_owned);
    assert_eq!(screen.texts("").await, (expected.to_vec(), [1, 0]));

    // An item that has changed is another input of the same row: it runs again, and keeps its clicks.
    screen.set(films(&[(2, "Brasil"), CUBE, ALIEN])).await;
    let expected = ["Brasil*** (1)", "Cube*** (0)", "Alien*** (0)"].map(str::to_owned);
    assert_eq!(screen.texts("").await, (expected.to_vec(), [1, 1]));

    // One list, three rows; the list, and three counters.
    assert_eq!(screen.kept(), (4, 4));
    deleted_and_brought_back(&screen).await;
    another_filter_and_another_list(&screen).await;
}

/// Deleting a row frees its node and its input; bringing it back starts at the beginning.
async fn deleted_and_brought_back(screen: &Screen<Film>) {
    screen.set(films(&[CUBE, ALIEN])).await;
    let (rows, ran) = screen.show("").await;
    assert_eq!((rows.len(), ran), (2, [1, 0]));
    assert_eq!(screen.kept(), (3, 3));

    screen.set(films(&[BRAZIL, CUBE, ALIEN])).await;
    let expected = ["Brazil*** (0)", "Cube*** (0)", "Alien*** (0)"].map(str::to_owned);
    assert_eq!(screen.texts("").await, (expected.to_vec(), [1, 1]));
    assert_eq!(screen.kept(), (4, 4));
}

/// The rows of two calls of `render` are two rows, with clicks of their own: an id begins at the bound query.
async fn another_filter_and_another_list(screen: &Screen<Film>) {
    let (rows, ran) = screen.show("i").await;
    assert_eq!((rows.len(), ran), (2, [1, 2]));
    screen.click(&rows[0]).await;
    assert_eq!(screen.show("").await.1, [0, 0]);
    let expected = ["Brazil*** (1)", "Alien*** (0)"].map(str::to_owned);
    assert_eq!(screen.texts("i").await, (expected.to_vec(), [1, 1]));

    // One code for lists of all types.
    let names = Screen::new(&screen.rt, &screen.executions, "names");
    names.set([(7, "Ada"), (8, "Ada")]).await;
    let (rows, ran) = names.show("").await;
    assert_eq!((rows[0].text.as_str(), ran), ("Ada (0)", [1, 2]));
    assert_eq!(rows[0].text, rows[1].text);
    assert_ne!(rows[0].place, rows[1].place);
}

/// Runs the session on a tokio of its own.
pub(crate) fn on(workers: usize) {
    let tokio = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers)
        .enable_all()
        .build()
        .expect("threads can be started");
    let (executions, commits) = (Executions::default(), Commits::default());
    let rt = Runtime::builder()
        .tokio(tokio.handle().clone())
        .observer(Both(executions.clone(), commits.clone()))
        .build();
    let running = tokio.spawn(async move { session(&rt, &executions).await });
    tokio.block_on(running).expect("the session ends well");
    // Eight mutations, and one commit that reset the clicks of the deleted row.
    let made = *commits.0.lock().unwrap_or_else(PoisonError::into_inner);
    assert_eq!(made, 9);
}

// The test suite runs this program as well.
pub(crate) fn main() {
    for workers in [1, 4] {
        on(workers);
    }
    println!("no row ran that did not have to");
}
