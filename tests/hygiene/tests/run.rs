//! The queries and memos of the hygiene crate run, and give what their bodies say.

use engine::Runtime;
use hygiene::memos::{Holder, Nothing, Public, Tree, View};
use hygiene::{attributes, derives, facade, free, hosts, memos, methods, nested, options, thin};

/// Runs queries in a fresh runtime.
macro_rules! assert_queries {
    ($($query:expr => $value:expr,)*) => {{
        let rt = Runtime::new().await;
        rt.query(|cx| async move {
            $(assert_eq!(($query)(&cx).await, $value, stringify!($query));)*
        })
        .await;
    }};
}

#[tokio::test]
async fn free_queries_run() {
    assert_queries! {
        |cx| free::next(1, cx) => 2,
        |cx| free::early(0, cx) => Err(1),
        |cx| free::early(4, cx) => Ok(4),
        |cx| free::items(cx) => 2,
        |cx| free::fibonacci(20, cx) => 6765,
        |cx| free::nothing(cx) => (),
        |cx| free::generic::<_, 2>("x", cx) => ["x", "x"],
        |cx| free::generic::<_, 3>("x", cx) => ["x", "x", "x"],
        |cx| free::names(1, 2, 3, 4, cx) => 10,
        |cx| free::many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, cx)
            => [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14],
    }
}

#[tokio::test]
async fn methods_run() {
    static HOLDER: methods::Holder<u8> = methods::Holder(8);
    assert_queries! {
        |cx| methods::Holder::associated(1, cx) => 1,
        |cx| methods::Holder(2).into_value(cx) => 2,
        |cx| methods::Holder(2).replaced(3, cx) => 3,
        |cx| Box::new(methods::Holder(4)).unboxed(3, cx) => 4,
        |cx| Box::new(methods::Holder(4)).replaced_in_box(5, cx) => 5,
        |cx| HOLDER.copied(cx) => 8,
        |cx| methods::Holder(8).nothing(cx) => (),
        |cx| methods::Holder(6u8).converted::<u32>(cx) => 6u32,
        |cx| methods::Holder(6u8).converted::<u64>(cx) => 6u64,
    }
}

#[tokio::test]
#[allow(deprecated, reason = "asserted to work")]
async fn attributes_are_kept() {
    let variant = if cfg!(debug_assertions) {
        "debug"
    } else {
        "release"
    };
    assert_queries! {
        |cx| attributes::Subject.variant(cx) => variant,
        |cx| attributes::variant(cx) => variant,
        |cx| attributes::Subject.expecting(1, cx) => 3,
        |cx| attributes::Subject.allowing(1, cx) => 4,
        |cx| attributes::Subject.deprecated(2, cx) => 0,
        |cx| attributes::expecting(1, cx) => 5,
        |cx| attributes::deprecated(2, cx) => 0,
        |cx| attributes::sees(cx) => 6,
        |cx| facade::by_crate(cx) => 1,
        |cx| facade::by_self(cx) => 2,
    }
}

#[tokio::test]
async fn queries_with_options_run() {
    assert_queries! {
        |cx| options::spawned(1, cx) => 2,
        |cx| options::detached(cx) => 2,
        |cx| options::circular(1, cx) => Some(1),
        |cx| options::bare(cx) => (),
        |cx| options::generic("x", "y", cx) => "x",
        |cx| options::Holder(3).method(4, cx) => 3,
    }
}

#[tokio::test]
async fn a_query_inside_a_function_runs() {
    let rt = Runtime::new().await;
    let value = rt
        .query(|cx| async move { free::outer(3, &cx).await })
        .await;
    assert_eq!(value, 8);
}

#[tokio::test]
async fn inputs_are_read_and_set() {
    let rt = Runtime::new().await;
    assert_eq!(
        rt.query(|cx| async move { hosts::total(&cx).await }).await,
        7
    );
    rt.mutate(|cx| async move {
        hosts::Price("apple").set(3, &cx).await;
        let apple: u32 = hosts::Price("apple").get(&cx).await;
        hosts::Price("pear").set(apple + 1, &cx).await;
    })
    .await;
    assert_eq!(
        rt.query(|cx| async move { hosts::total(&cx).await }).await,
        14
    );
}

#[test]
fn derived_types_work() {
    use derives::{Declared, List, Names, Never, Packed, Plain, Shape};
    let list = List {
        value: std::rc::Rc::new(1),
        next: None,
    };
    assert_eq!(list.clone(), list);
    assert!(list > List::default());
    let shapes = [
        Shape::Second(1, &[0]),
        Shape::Third { state: 1, f: "a" },
        Shape::First,
    ];
    assert!(shapes.is_sorted() && shapes[2] == Shape::default());
    let text = r#"[Second(1, [0]), Third { state: 1, f: "a" }, First]"#;
    assert_eq!(format!("{shapes:?}"), text);
    assert!(Plain { text: "a" } > Plain::default() && Packed(1, 2) > Packed(1, 1));
    assert_eq!(None::<Never<1>>, None::<Never<1>>.clone());
    assert_eq!(Names(1, 2, 3, 4, 5), Names(1, 2, 3, 4, 5).clone());
    let declared = Declared {
        other: (1, 2),
        next: None,
    };
    assert_eq!(declared.clone(), declared);
}

#[test]
fn thin_objects_are_called() {
    let (mut level, mut sink) = (0, 0);
    assert!(!thin::label(&level));
    assert_eq!(thin::open(&mut level), 2);
    assert!(thin::label(&level));
    assert_eq!(thin::fill(&mut sink), 4);
}

#[test]
fn a_thin_trait_of_another_crate_is_implemented_and_called_here() {
    use slim::{Ref, RefMut};
    use thin::Valve;

    struct Tap(u8);

    impl Valve for Tap {
        fn level(&self) -> u8 {
            self.0 / 2
        }
        fn turn(&mut self, by: u8) -> Option<&mut u8> {
            self.0 += by;
            None
        }
        fn closed() -> Self {
            Self(0)
        }
    }

    let mut tap = Tap::closed();
    let mut valve: RefMut<'_, dyn Valve> = RefMut::new(&mut tap);
    assert_eq!(valve.turn(4), None);
    assert_eq!(valve.level(), 2);
    let valves: [Ref<'_, dyn Valve>; 2] = [Ref::new(&tap), Ref::new(&7)];
    assert_eq!(valves.map(|valve| valve.level()), [2, 7]);
}

#[tokio::test]
#[allow(deprecated, reason = "asserted to work")]
async fn nested_functions_run() {
    assert_eq!(nested::plain(1), 1);
    let ids = |name, n| (nested::in_slot(name), nested::in_slot_of_value(n));
    assert_eq!(ids("a", 1), ids("a", 1));
    assert_ne!(ids("a", 1).0, ids("b", 1).0);
    assert_ne!(ids("a", 1).1, ids("a", 2).1);
    assert_eq!(nested::waiting(0, 1, (2, 3)).await, Err(2));
    assert_eq!(nested::waiting(1, 1, (2, 3)).await, Ok(6));
    assert_eq!(nested::names(1, 2, 3, 4).await, 10);
    assert_eq!(*nested::Holder(1).shared().await, 1);
    assert_eq!(nested::Holder(1).taken().await, 2);
    assert_eq!(nested::Holder(1).finish(), 1);
    assert_eq!(nested::deprecated(3), 0);
    nested::nothing();
}

#[test]
fn memos_run() {
    let view = |text| View {
        text,
        value: 1,
        name: "n",
        mark: std::marker::PhantomData,
    };
    for _ in 0..2 {
        assert_eq!(memos::single(1), 2);
        assert_eq!(memos::lru(&view("ab"), 1), 4);
        assert_eq!(memos::shared("abc"), 3);
        assert_eq!(memos::generic([7], "a"), Some(7));
        assert_eq!(memos::generic::<u8, 0>([], "a"), None);
        assert_eq!((memos::early(0), memos::early(1)), (Ok(0), Err(1)));
        let fork = Tree::Fork {
            left: Box::new(Tree::Name("a")),
            right: Some(Box::new(Tree::All(vec![Tree::Leaf, Tree::Leaf]))),
        };
        assert_eq!(memos::leaves(&fork, None, Nothing), 3);
        assert_eq!(
            Holder::associated(&Holder('a'), Public::new(1), 1, 2, 3),
            'a'
        );
        assert_eq!(Holder::associated(&Holder(1), Public::new(1), 1, 2, 3), 1);
    }
}

#[test]
fn views_are_made_from_their_keys() {
    use engine::Param;
    let view = View {
        text: "a",
        value: 1,
        name: "n",
        mark: std::marker::PhantomData,
    };
    let key = view.to_key();
    let again = View::<i32>::view(&key);
    assert_eq!((again.text, again.value, again.name), ("a", 1, "n"));
    assert!(again.matches(&key));
}
