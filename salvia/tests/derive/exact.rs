//! Which bounds `#[perfect_derive]` asks: those of the fields, and no others.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt::Debug;
use std::hash::Hash;
use std::marker::PhantomData;
use std::rc::{Rc, Weak};
use std::sync::Arc;

use salvia::{bounded_derive, perfect_derive};

use crate::kit::{Bare, hashed, implements};

#[perfect_derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct List<T> {
    value: Rc<T>,
    next: Option<Rc<List<T>>>,
}

fn list<T>(values: impl IntoIterator<Item = T>) -> List<T> {
    let mut values = values.into_iter();
    let first = values.next().expect("a list has a first value");
    let rest: Vec<T> = values.collect();
    List {
        value: Rc::new(first),
        next: (!rest.is_empty()).then(|| Rc::new(list(rest))),
    }
}

#[test]
fn a_shared_list_is_cloned_whatever_it_holds() {
    let one = list([Bare, Bare]);
    let other = one.clone();
    assert!(Rc::ptr_eq(&one.value, &other.value));
    assert!(!implements!(List<Bare>: Debug) && !implements!(List<Bare>: PartialEq));
}

#[test]
fn a_shared_list_has_all_other_traits_if_its_values_have() {
    assert!(implements!(List<f64>: Clone + Debug + PartialOrd));
    assert!(
        !implements!(List<f64>: Eq)
            && !implements!(List<f64>: Hash)
            && !implements!(List<f64>: Ord)
    );
    assert!(implements!(List<u8>: Clone + Debug + Eq + Hash + Ord));
    let (one, two) = (list([1, 2]), list([1, 2, 0]));
    assert_eq!(one, list([1, 2]));
    assert!(one < two && two < list([1, 3]) && list([2]) > two);
    assert_eq!(one.cmp(&one.clone()), std::cmp::Ordering::Equal);
    assert_eq!(hashed(&one), hashed(&list([1, 2])));
    let text = "List { value: 1, next: Some(List { value: 2, next: None }) }";
    assert_eq!(format!("{one:?}"), text);
}

#[perfect_derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Fields<T, U: Iterator, V: ?Sized> {
    shared: Option<Arc<V>>,
    items: Vec<U::Item>,
    nothing: PhantomData<T>,
}

#[test]
fn the_types_of_the_fields_are_bounded_and_not_the_parameters() {
    type Texts = Fields<Bare, std::str::Chars<'static>, str>;
    assert!(implements!(Texts: Clone + Debug + Default + Eq + Hash + Ord));
    type Bares = Fields<Bare, std::vec::IntoIter<Bare>, str>;
    assert!(
        implements!(Bares: Default) && !implements!(Bares: Clone) && !implements!(Bares: Debug)
    );
    assert!(Texts::default() == Texts::default().clone());
}

/// Recursion in all ways the containers of the standard library offer.
#[perfect_derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Tree<K, V> {
    Leaf(V),
    Boxed(Box<Tree<K, V>>),
    Several(Vec<Self>, [Box<Self>; 2]),
    Queue(VecDeque<(Self, u8)>),
    Named {
        by_key: BTreeMap<K, Tree<K, V>>,
        failed: Result<Rc<Self>, Box<[Self]>>,
    },
}

#[test]
fn boxed_and_gathered_recursion_is_derived_for_all_traits() {
    type Small = Tree<u8, Rc<str>>;
    assert!(implements!(Small: Clone + Debug + Eq + Hash + Ord));
    assert!(!implements!(Tree<Bare, u8>: Debug) && !implements!(Tree<u8, Bare>: Eq));
    let leaf = || Tree::Leaf::<u8, Rc<str>>("a".into());
    let tree = Tree::Named {
        by_key: BTreeMap::from([(1, Tree::Boxed(Box::new(leaf())))]),
        failed: Err(Box::new([Tree::Several(
            vec![leaf()],
            [Box::new(leaf()), Box::new(leaf())],
        )])),
    };
    assert_eq!(tree, tree.clone());
    assert_ne!(tree, Tree::Queue(VecDeque::from([(leaf(), 1)])));
    assert_eq!(hashed(&tree), hashed(&tree.clone()));
    assert!(tree > leaf());
}

#[perfect_derive(Clone, Debug, Default)]
struct Node<T> {
    value: T,
    children: Vec<Node<T>>,
    parent: Weak<RefCell<Node<T>>>,
    previous: Option<Box<Self>>,
}

#[test]
fn recursion_in_a_default_asks_only_what_is_made() {
    assert!(implements!(Node<u8>: Default) && !implements!(Node<Bare>: Default));
    let node = Node {
        children: vec![Node::default()],
        value: 3,
        ..Node::default()
    };
    assert_eq!(node.clone().children[0].value, 0);
    assert!(node.previous.is_none() && node.parent.upgrade().is_none());
    let text = "Node { value: 0, children: [], parent: (Weak), previous: None }";
    assert_eq!(format!("{:?}", node.children[0]), text);
}

#[perfect_derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Borrowing<'a, T> {
    next: Option<&'a Borrowing<'a, T>>,
    value: &'a T,
}

#[test]
fn recursion_by_reference_is_copied_whatever_it_holds() {
    let bare = Bare;
    let last = Borrowing {
        next: None,
        value: &bare,
    };
    let first = Borrowing {
        next: Some(&last),
        value: &bare,
    };
    let (one, two) = (first, first);
    assert!(one.next.is_some() && two.next.is_some());
    let last = Borrowing {
        next: None,
        value: &1,
    };
    assert!(
        last < Borrowing {
            next: Some(&last),
            value: &0
        }
    );
}

#[perfect_derive(Clone, Debug, PartialEq)]
struct Ring<'a, T> {
    next: Cell<Option<&'a Ring<'a, T>>>,
    value: T,
}

#[test]
fn a_container_that_asks_another_trait_of_its_content_is_recursed_through() {
    let (one, two) = (
        Ring {
            next: Cell::new(None),
            value: 1,
        },
        Ring {
            next: Cell::new(None),
            value: 2,
        },
    );
    one.next.set(Some(&two));
    assert_eq!(one.clone(), one);
    assert!(implements!(Ring<'static, String>: Clone + Debug));
    assert!(!implements!(Ring<'static, Bare>: Clone));
}

#[perfect_derive(Clone, Debug, Default, PartialEq, Eq)]
struct Table<K, S>(HashMap<K, Box<Table<K, S>>, S>);

#[test]
fn a_hash_table_of_itself_asks_what_hash_tables_ask() {
    type Plain = Table<u8, std::hash::RandomState>;
    assert!(implements!(Plain: Clone + Debug + Default + Eq));
    assert!(implements!(Table<f64, std::hash::RandomState>: Debug));
    assert!(!implements!(Table<f64, std::hash::RandomState>: PartialEq));
    assert!(!implements!(Table<u8, Bare>: PartialEq) && implements!(Table<u8, Bare>: Debug));
    assert_eq!(Plain::default(), Plain::default().clone());
}

trait Family {
    type Item;
}
struct Texts;
impl Family for Texts {
    type Item = String;
}

#[perfect_derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Forest<F: Family> {
    item: F::Item,
    children: Vec<Forest<F>>,
}

#[test]
fn recursion_with_an_associated_type_asks_it_and_not_the_parameter() {
    let tree = |item: &str, children| Forest::<Texts> {
        item: item.to_owned(),
        children,
    };
    let one = tree("a", vec![tree("b", vec![])]);
    assert_eq!(one, one.clone());
    assert!(one > tree("a", vec![]));
}

/// A container that the macro does not know.
#[derive(Clone, Debug, PartialEq)]
struct Mine<T>(Option<Box<T>>);

#[perfect_derive(Clone, Debug, PartialEq)]
struct InMine<T>(Rc<T>, Mine<InMine<T>>);

#[test]
fn recursion_through_an_unknown_container_has_the_classic_bounds() {
    assert!(implements!(InMine<u8>: Clone + Debug + PartialEq));
    assert!(
        !implements!(InMine<Bare>: Clone),
        "the documented fall-back"
    );
    let one = InMine(
        Rc::new(1),
        Mine(Some(Box::new(InMine(Rc::new(2), Mine(None))))),
    );
    assert_eq!(one.clone(), one);
}

/// Not bounded by its fields: the circle through the other type ends here.
#[bounded_derive(Clone, Debug, PartialEq)]
struct Wheel<T> {
    axle: Option<Box<Axle<T>>>,
}

#[perfect_derive(Clone, Debug, PartialEq)]
struct Axle<T> {
    wheels: Vec<Wheel<T>>,
    value: T,
}

/// The other remedy.
#[bounded_derive(Clone, Debug, PartialEq)]
#[bound_derive(T)]
struct Egg<T>(Option<Box<Hen<T>>>);

#[perfect_derive(Clone, Debug, PartialEq)]
struct Hen<T>(Vec<Egg<T>>, T);

#[test]
fn mutual_recursion_works_with_classic_bounds_on_one_side() {
    let axle = Axle {
        wheels: vec![Wheel { axle: None }],
        value: 1.5,
    };
    assert_eq!(axle.clone(), axle);
    assert!(implements!(Wheel<u8>: Clone + Debug + PartialEq));
    assert!(!implements!(Wheel<Bare>: Clone));
    let hen = Hen(vec![Egg(None)], 1);
    assert_eq!(hen.clone(), hen);
    assert!(!implements!(Egg<Bare>: Clone));
}

/// Each level has another parameter. Behind what owns nothing the compiler allows it.
#[perfect_derive(Clone, Debug, PartialEq)]
struct Nest<T: 'static> {
    value: Rc<T>,
    inner: Option<&'static Nest<(T, T)>>,
    pointer: *const Nest<Vec<T>>,
    make: PhantomData<fn() -> Nest<[T; 2]>>,
}

#[test]
fn recursion_with_other_arguments_has_the_classic_bounds() {
    let nest = Nest {
        value: Rc::new(1),
        inner: None,
        pointer: std::ptr::null(),
        make: PhantomData,
    };
    assert_eq!(
        (nest.clone().value, nest.inner.is_none()),
        (Rc::new(1), true)
    );
    assert!(nest.pointer.is_null() && nest.make == PhantomData);
    assert!(implements!(Nest<u8>: Debug + PartialEq) && !implements!(Nest<Bare>: Debug));
    assert!(
        implements!(Nest<Bare>: Clone),
        "to clone a reference asks nothing"
    );
}

#[perfect_derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Arrays<const N: usize>([u8; N], PhantomData<[Bare; N]>);

#[test]
fn a_constant_parameter_is_bounded_through_the_type_it_is_in() {
    assert!(implements!(Arrays<32>: Default) && !implements!(Arrays<33>: Default));
    assert!(implements!(Arrays<33>: Copy + Debug + Ord + Hash));
    assert_eq!(Arrays::<3>::default(), Arrays([0; 3], PhantomData));
}

#[perfect_derive(Copy, Clone)]
union Raw<T> {
    number: u64,
    shared: *const T,
}

#[bounded_derive(Copy, Clone)]
union ClassicRaw<T: Copy> {
    number: u64,
    value: T,
}

#[test]
fn a_union_is_copied() {
    assert!(implements!(Raw<Bare>: Copy + Clone));
    let one = Raw::<u8> { number: 7 };
    let two = one;
    #[allow(clippy::clone_on_copy, reason = "tested")]
    let three = two.clone();
    let four = Raw::<u8> {
        shared: std::ptr::null(),
    };
    let _ = (
        three,
        four,
        ClassicRaw::<u8> { number: 1 },
        ClassicRaw::<u8> { value: 1 },
    );
    assert!(implements!(ClassicRaw<u8>: Copy + Clone));
}
