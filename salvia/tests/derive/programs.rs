//! Generic types as programs have them.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::Debug;
use std::mem::ManuallyDrop;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::sync::{Arc, Mutex, RwLock};

use salvia::{bounded_derive, perfect_derive};

use crate::kit::{Bare, implements};

#[perfect_derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Expr<'src, Ann, Name: AsRef<str> = &'src str> {
    Var(Name, Ann),
    Lambda {
        param: Name,
        body: Box<Expr<'src, Ann, Name>>,
        source: &'src str,
    },
    Call(Box<Self>, Vec<Self>, Ann),
    Let(
        Vec<(Name, Expr<'src, Ann, Name>)>,
        Box<Expr<'src, Ann, Name>>,
    ),
}

#[test]
fn a_syntax_tree_with_annotations_is_derived() {
    let var = |name| Expr::Var(name, 1);
    let lambda = |param, body| Expr::Lambda {
        param,
        body: Box::new(body),
        source: "",
    };
    let tree = Expr::Let(
        vec![("f", lambda("x", var("x")))],
        Box::new(Expr::Call(Box::new(var("f")), vec![var("y")], 2)),
    );
    assert_eq!(tree.clone(), tree);
    assert!(tree > var("z"));
    assert!(
        implements!(Expr<'static, f64, String>: Clone + PartialOrd)
            && !implements!(Expr<'static, f64, String>: Eq)
    );
}

#[perfect_derive(Clone, Debug, PartialEq)]
enum Json<S> {
    Null,
    Number(f64),
    Text(S),
    Array(Vec<Json<S>>),
    Object(HashMap<String, Json<S>>),
}

#[test]
fn a_json_value_is_derived_for_any_text() {
    let object = |value| Json::Object(HashMap::from([("a".to_owned(), value)]));
    let value = Json::Array(vec![object(Json::Text("b")), Json::Null]);
    assert_eq!(value.clone(), value);
    assert_ne!(Json::<u8>::Number(f64::NAN), Json::Number(f64::NAN));
    assert_eq!(
        format!("{:?}", object(Json::Text("c"))),
        r#"Object({"a": Text("c")})"#
    );
}

#[perfect_derive(Clone, Debug, Default)]
struct Graph<T> {
    value: T,
    peers: Vec<Rc<RefCell<Graph<T>>>>,
    up: Option<Weak<RefCell<Graph<T>>>>,
    locked: Arc<Mutex<Vec<Graph<T>>>>,
    shared: Arc<RwLock<Option<Self>>>,
}

#[test]
fn a_graph_of_shared_nodes_is_derived() {
    let peer = Rc::new(RefCell::new(Graph::<u8>::default()));
    let graph = Graph {
        value: 1,
        peers: vec![peer.clone()],
        up: Some(Rc::downgrade(&peer)),
        ..Graph::default()
    };
    graph
        .locked
        .lock()
        .expect("nobody panicked")
        .push(Graph::default());
    let copy = graph.clone();
    assert!(Rc::ptr_eq(&copy.peers[0], &peer) && Arc::ptr_eq(&copy.locked, &graph.locked));
    assert!(
        copy.up.is_some() && copy.value == 1 && copy.shared.read().is_ok_and(|one| one.is_none())
    );
    assert!(!implements!(Graph<Bare>: Clone) && !implements!(Graph<Bare>: Debug));
}

#[perfect_derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Pinned<T>(T, Option<Pin<Box<Pinned<T>>>>);

#[perfect_derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Mutably<'a, T>(&'a mut T, Option<&'a mut Mutably<'a, T>>);

#[perfect_derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Borrowed<'a, T: Clone>(Cow<'a, T>, Vec<Borrowed<'a, T>>);

#[test]
fn recursion_through_pins_and_borrows_is_derived() {
    let pinned = Pinned(2, Some(Box::pin(Pinned(1, None))));
    assert!(pinned.clone() == pinned && pinned > Pinned(2, None));
    let (mut one, mut two) = (1, 2);
    let mutably = Mutably(&mut one, Some(&mut Mutably(&mut two, None)));
    assert_eq!(format!("{mutably:?}"), "Mutably(1, Some(Mutably(2, None)))");
    let owned = Borrowed(Cow::Owned(1), vec![]);
    assert_eq!(owned.clone(), Borrowed(Cow::Borrowed(&1), vec![]));
}

mod shadowing {
    use salvia::perfect_derive;

    /// Has the name of what it is made of.
    #[perfect_derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub(super) struct Option<T>(pub(super) std::option::Option<Box<Option<T>>>, pub(super) T);

    #[perfect_derive(Clone, Debug, PartialEq)]
    #[expect(non_camel_case_types, reason = "raw names")]
    pub(super) struct r#type<T>(pub(super) T, pub(super) std::option::Option<Box<r#type<T>>>);
}

#[test]
fn a_type_may_have_the_name_of_a_container_or_of_a_keyword() {
    let inner = shadowing::Option(None, 1);
    let outer = shadowing::Option(Some(Box::new(inner.clone())), 1);
    assert!(outer.clone() == outer && outer > inner);
    let raw = shadowing::r#type(1, None);
    assert_eq!(format!("{:?}", raw.clone()), "type(1, None)");
    assert_eq!(raw, raw.clone());
}

type Link<T> = Option<Box<Linked<T>>>;

/// The name of the alias hides that the type contains itself: this field is left unmarked.
#[bounded_derive(Clone, Debug, PartialEq, Default)]
struct Linked<T> {
    #[bound_derive]
    value: Rc<T>,
    next: Link<T>,
}

macro_rules! by_path {
    ($name:ident) => {
        #[perfect_derive(Clone, Debug, PartialEq)]
        struct $name<T>(
            Vec<$crate::programs::$name<T>>,
            Rc<T>,
            Option<Box<self::$name<T>>>,
        );
    };
}
by_path!(ByPath);

#[test]
fn recursion_behind_another_name_has_the_classic_bounds() {
    let linked = Linked {
        value: Rc::new(1),
        next: Some(Box::default()),
    };
    assert_eq!(linked.clone(), linked);
    assert!(!implements!(Linked<Bare>: Clone));
    let by_path = ByPath(vec![ByPath(vec![], Rc::new(1), None)], Rc::new(2), None);
    assert_eq!(by_path.clone(), by_path);
    assert!(!implements!(ByPath<Bare>: Clone));
}

trait Family {
    type Of<X>;
    type Item;
}

struct Vectors;
impl Family for Vectors {
    type Of<X> = Vec<X>;
    type Item = f64;
}

#[perfect_derive(Clone, Debug, PartialEq, Eq, Default)]
#[allow(
    unpredictable_function_pointer_comparisons,
    reason = "holds for what is derived, too"
)]
struct Generic<F: Family>(F::Of<u8>, <F as Family>::Item, fn(F));

#[perfect_derive(Clone, Debug)]
struct Bounded<T>(T)
where
    T: Iterator<Item = u8>,
    Self: Sized;

#[perfect_derive(Clone, Copy)]
union Manual<T: Copy> {
    value: ManuallyDrop<T>,
    nothing: (),
}

#[test]
fn families_of_types_are_asked_for_their_members() {
    assert!(implements!(Generic<Vectors>: Clone + Debug + PartialEq));
    assert!(!implements!(Generic<Vectors>: Eq) && !implements!(Generic<Vectors>: Default));
    let generic = Generic::<Vectors>(vec![1], 1.5, drop);
    assert_eq!((generic.clone().0, generic.1), (vec![1], 1.5));
    generic.2(Vectors);
    assert_eq!(Bounded([1u8].into_iter()).clone().0.next(), Some(1));
    assert!(implements!(Manual<u8>: Copy));
    let _ = (
        Manual::<u8> { nothing: () },
        Manual {
            value: ManuallyDrop::new(1),
        },
    );
}
