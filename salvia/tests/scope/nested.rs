//! `#[nested]` functions.

use std::fmt::{self, Debug};
use std::sync::{Arc, Mutex};

use salvia::nested;
use salvia::scope::{CallId, call, root};

#[nested]
fn plain() -> CallId {
    CallId::current()
}

#[nested]
async fn waiting() -> CallId {
    tokio::task::yield_now().await;
    CallId::current()
}

#[nested(slot = "name")]
fn row(name: &str, _width: u32) -> CallId {
    CallId::current()
}

#[test]
fn a_nested_function_is_a_call_where_it_is_called() {
    root(|| {
        let here = CallId::current();
        let ids = [plain(), plain()];
        assert_ne!(ids[0], ids[1]);
        assert_ne!(ids[0], here);
        let in_loop: Vec<_> = (0..3).map(|_| plain()).collect();
        assert!(in_loop[0] != in_loop[1] && in_loop[1] != in_loop[2]);
        assert_eq!(CallId::current(), here);
    });
    let at_one_place = || plain();
    assert_eq!(at_one_place(), at_one_place());
}

#[test]
fn what_is_no_part_of_the_slot_makes_no_difference() {
    let at_one_place = |name: &str, width| row(name, width);
    root(|| {
        let bob = at_one_place("bob", 80);
        assert_eq!(bob, at_one_place("bob", 120));
        assert_ne!(bob, at_one_place("ann", 80));
        assert_ne!(bob, call(|| at_one_place("bob", 80)));
    });
}

/// The expression may give a reference, a value, or what has to be computed.
#[test]
fn a_slot_is_any_expression_over_the_parameters() {
    #[nested(slot = "&n")]
    fn by_reference(n: u32) -> CallId {
        CallId::current()
    }
    #[nested(slot = "n")]
    fn by_value(n: u32) -> CallId {
        CallId::current()
    }
    #[nested(slot = "(name, n % 10)")]
    fn computed(name: &'static str, n: u32) -> CallId {
        CallId::current()
    }
    #[nested(slot = "key")]
    fn generic<T: Clone + Eq + std::hash::Hash + Send + Sync + 'static>(key: T) -> (CallId, T) {
        (CallId::current(), key)
    }
    #[nested(slot = "a + b")]
    async fn of_a_pattern((a, b): (u32, u32), mut c: String) -> CallId {
        c.push('x');
        tokio::task::yield_now().await;
        CallId::current()
    }
    #[nested(slot = "name.len()")]
    async fn awaited(name: String) -> (CallId, String) {
        (CallId::current(), name)
    }
    let each: [&dyn Fn(u32) -> CallId; 6] = [
        &|n| by_reference(n),
        &|n| by_value(n),
        &|n| computed("a", n),
        &|n| generic(n).0,
        &|n| ::futures::executor::block_on(of_a_pattern((n, 1), String::new())),
        &|n| ::futures::executor::block_on(awaited("a".repeat(n as usize))).0,
    ];
    for id in each {
        assert_eq!(id(1), id(1));
        assert_ne!(id(1), id(2));
    }
    let at_one_place = |n| computed("a", n);
    assert_eq!(at_one_place(1), at_one_place(11));
}

/// By value, as everywhere; and what is a key of another type is not taken for one.
#[test]
fn a_slot_may_be_a_view() {
    #[derive(Clone, Copy, salvia::Projection)]
    struct Title<'a> {
        text: &'a str,
        number: u32,
    }
    #[nested(slot = "title")]
    fn titled(title: Title<'_>) -> (CallId, usize) {
        (CallId::current(), title.text.len())
    }
    #[nested(slot = "(text, nth)")]
    async fn in_column(text: &str, nth: u32) -> CallId {
        CallId::current()
    }
    #[nested(slot = "Some(text)")]
    fn perhaps(text: &str) -> CallId {
        CallId::current()
    }
    #[derive(Clone, PartialEq, Eq, Hash)]
    struct Own(u32);
    #[nested(slot = "(1, Own(n))")]
    fn own(n: u32) -> CallId {
        CallId::current()
    }
    type Id<'f> = &'f dyn Fn(&str, u32) -> CallId;
    let each: [Id<'_>; 4] = [
        &|text, number| titled(Title { text, number }).0,
        &|text, nth| ::futures::executor::block_on(in_column(text, nth)),
        &|text, _| perhaps(text),
        &|text, _| own(text.len() as u32),
    ];
    for id in each {
        assert_eq!(id("a", 1), id(&String::from("a"), 1));
        assert_ne!(id("a", 1), id("ab", 1));
    }
    assert!(each[..2].iter().all(|id| id("a", 1) != id("a", 2)));
}

struct Widget(u32);

impl Widget {
    #[nested]
    fn shared(&self) -> (CallId, &u32) {
        (CallId::current(), &self.0)
    }

    #[nested(slot = "&self.0")]
    fn changed(&mut self, by: u32) -> (CallId, &mut u32) {
        self.0 += by;
        (CallId::current(), &mut self.0)
    }

    #[nested]
    async fn waited(&self) -> (CallId, &u32) {
        tokio::task::yield_now().await;
        (CallId::current(), &self.0)
    }

    #[nested(slot = "self.0")]
    async fn taken(mut self, by: u32) -> (CallId, u32) {
        self.0 += by;
        tokio::task::yield_now().await;
        (CallId::current(), self.0)
    }
}

#[tokio::test]
async fn methods_and_async_functions_can_be_nested() {
    let mut widget = Widget(1);
    assert_ne!(widget.shared().0, widget.shared().0);
    let ids: Vec<_> = [1, 1].map(|by| widget.changed(by).0).into();
    assert_ne!(ids[0], ids[1], "the slot was another one");
    let (one, other) = tokio::join!(widget.waited(), widget.waited());
    assert!(one.0 != other.0 && one.1 == other.1);
    assert_eq!(Widget(3).taken(4).await.1, 7);
    assert_ne!(waiting().await, CallId::current());
}

/// Everything a function may do, it may do if it is nested.
#[tokio::test]
async fn bodies_mean_what_they_meant() {
    #[nested]
    fn early(n: u32) -> Result<u32, String> {
        if n == 0 {
            return Err("none".to_owned());
        }
        Ok(n.to_string().parse::<u32>().map_err(|_| "odd")? + 1)
    }
    #[nested]
    async fn later(n: &str) -> Result<Arc<dyn Debug + Send + Sync>, std::num::ParseIntError> {
        if n.is_empty() {
            return Ok(Arc::new(0));
        }
        let n: u32 = n.parse()?;
        tokio::task::yield_now().await;
        Ok(Arc::new(n))
    }
    #[nested]
    fn shown<'a>(items: &'a [u32], _: ()) -> impl Iterator<Item = String> + 'a {
        items.iter().map(ToString::to_string)
    }
    #[nested]
    async fn shown_later(mut items: Vec<u32>) -> impl Debug {
        items.push(3);
        items
    }
    #[nested]
    fn never(message: &str) -> ! {
        panic!("{message}")
    }
    #[nested]
    fn boxed() -> Box<dyn fmt::Display> {
        Box::new("x")
    }
    #[nested]
    async fn nothing() {}
    fn chain(n: u32) -> std::pin::Pin<Box<dyn Future<Output = u32> + Send>> {
        Box::pin(recursive(n))
    }
    #[nested]
    async fn recursive(n: u32) -> u32 {
        if n == 0 { 0 } else { 1 + chain(n - 1).await }
    }
    assert_eq!((early(0), early(1)), (Err("none".to_owned()), Ok(2)));
    assert_eq!(format!("{:?}", later("7").await), "Ok(7)");
    assert!(later("x").await.is_err() && later("").await.is_ok());
    assert_eq!(shown(&[1, 2], ()).collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!(format!("{:?}", shown_later(vec![1]).await), "[1, 3]");
    assert!(std::panic::catch_unwind(|| never("on purpose")).is_err());
    assert_eq!(boxed().to_string(), "x");
    nothing().await;
    assert_eq!(recursive(5).await, 5);
}

trait Shape {
    fn id(&self) -> CallId;

    #[nested]
    fn twice(&self) -> [CallId; 2] {
        [self.id(), self.id()]
    }

    async fn later(&self, text: &str) -> (CallId, usize);
}

impl Shape for Widget {
    #[nested]
    fn id(&self) -> CallId {
        CallId::current()
    }

    #[nested(slot = "text")]
    async fn later(&self, text: &str) -> (CallId, usize) {
        tokio::task::yield_now().await;
        (CallId::current(), text.len())
    }
}

#[tokio::test]
async fn methods_of_traits_can_be_nested() {
    let [one, other] = Widget(1).twice();
    assert_ne!(one, other);
    let id = |text: &'static str| async move { Widget(1).later(text).await.0 };
    assert_eq!(id("a").await, id("a").await);
    assert_ne!(id("a").await, id("b").await);
}

/// Says that it is gone.
struct Noted(&'static str, Arc<Mutex<Vec<&'static str>>>);

impl Drop for Noted {
    fn drop(&mut self) {
        self.1.lock().expect("nobody panics").push(self.0);
    }
}

/// As in any `async fn`: arguments live as long as the future, used or not, and go in reverse order.
#[tokio::test]
async fn arguments_of_an_async_function_live_until_its_end() {
    #[nested]
    async fn holding(
        _first: Noted,
        _: Noted,
        (_pair, _): (Noted, u8),
        log: Arc<Mutex<Vec<&'static str>>>,
    ) {
        tokio::task::yield_now().await;
        log.lock().unwrap().push("body");
    }
    async fn usual(
        _first: Noted,
        _: Noted,
        (_pair, _): (Noted, u8),
        log: Arc<Mutex<Vec<&'static str>>>,
    ) {
        tokio::task::yield_now().await;
        log.lock().unwrap().push("body");
    }
    let logs = [Arc::new(Mutex::default()), Arc::new(Mutex::default())];
    let noted = |name, nth: usize| Noted(name, logs[nth].clone());
    holding(
        noted("first", 0),
        noted("second", 0),
        (noted("pair", 0), 1),
        logs[0].clone(),
    )
    .await;
    usual(
        noted("first", 1),
        noted("second", 1),
        (noted("pair", 1), 1),
        logs[1].clone(),
    )
    .await;
    assert_eq!(*logs[0].lock().unwrap(), *logs[1].lock().unwrap());
    assert_eq!(
        *logs[0].lock().unwrap(),
        ["body", "pair", "second", "first"]
    );
}

#[test]
fn the_id_is_put_back_when_a_nested_function_unwinds() {
    #[nested]
    fn panics() {
        panic!("on purpose");
    }
    root(|| {
        let before = CallId::current();
        assert!(std::panic::catch_unwind(panics).is_err());
        assert_eq!(CallId::current(), before);
    });
}
