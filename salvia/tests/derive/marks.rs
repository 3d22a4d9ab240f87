//! Which bounds `#[bounded_derive]` asks: the classic ones, but where a mark says otherwise.

use std::fmt::Debug;
use std::rc::Rc;
use std::sync::Arc;

use salvia::{bounded_derive, perfect_derive};

use crate::kit::{Bare, implements};

#[bounded_derive(Clone, Debug)]
struct Unmarked<T> {
    value: Rc<T>,
    next: Option<Rc<Unmarked<T>>>,
}

#[test]
fn exact_bounds_are_opted_in() {
    assert!(implements!(Unmarked<u8>: Clone + Debug));
    assert!(!implements!(Unmarked<Bare>: Clone));
    let one = Unmarked {
        value: Rc::new(1),
        next: None,
    };
    assert!(one.clone().next.is_none() && *one.value == 1);
}

#[bounded_derive(Clone, Debug)]
#[bound_derive(T)]
struct Classic<T>(Rc<T>);

#[bounded_derive(Clone, Debug)]
#[bound_derive(Rc<T>)]
struct Listed<T>(Rc<T>, Option<Rc<Listed<T>>>);

#[bounded_derive(Clone)]
#[bound_derive()]
struct Nothing<T, U>(Rc<T>, Arc<U>);

#[bounded_derive(Clone, PartialEq)]
#[bound_derive(T::Item, U)]
struct Projected<T: Iterator, U>(Vec<T::Item>, Option<U>);

#[test]
fn a_list_on_the_type_is_bounded_and_nothing_else() {
    assert!(implements!(Classic<u8>: Clone + Debug) && !implements!(Classic<Bare>: Clone));
    assert!(implements!(Listed<Bare>: Clone) && !implements!(Listed<Bare>: Debug));
    assert!(implements!(Nothing<Bare, Bare>: Clone));
    assert!(implements!(Projected<std::vec::IntoIter<u8>, u8>: Clone + PartialEq));
    assert!(!implements!(Projected<std::vec::IntoIter<Bare>, u8>: Clone));
    assert_eq!(*Classic(Rc::new(1)).clone().0, 1);
    let nothing = Nothing(Rc::new(Bare), Arc::new(Bare)).clone();
    assert_eq!(
        (Rc::strong_count(&nothing.0), Arc::strong_count(&nothing.1)),
        (1, 1)
    );
    let list = Listed(Rc::new(1), None);
    assert!(*list.0 == 1 && list.1.is_none());
    assert_eq!(format!("{:?}", list.clone()), "Listed(1, None)");
    let projected = Projected::<std::str::Chars<'_>, u8>(vec!['a'], None);
    assert!(projected.clone() == projected);
}

#[bounded_derive(Clone, Debug, PartialEq)]
struct Marked<T> {
    #[bound_derive]
    value: Rc<T>,
    #[bound_derive]
    next: Option<Rc<Marked<T>>>,
}

#[test]
fn a_marked_field_is_bounded_by_its_type() {
    assert!(implements!(Marked<Bare>: Clone) && !implements!(Marked<Bare>: Debug));
    let one = Marked {
        value: Rc::new(1),
        next: None,
    };
    let two = Marked {
        value: Rc::new(2),
        next: Some(Rc::new(one.clone())),
    };
    assert_eq!(two.clone(), two);
    assert_ne!(one, two);
}

#[bounded_derive(Clone)]
struct Half<T, U> {
    unmarked: Rc<T>,
    #[bound_derive]
    marked: Rc<U>,
}

#[bounded_derive(Clone)]
enum HalfToo<T, U> {
    A(Rc<T>, #[bound_derive] Rc<U>),
    B { b: Box<T> },
}

#[test]
fn an_unmarked_field_is_bounded_by_its_parameters() {
    assert!(implements!(Half<u8, Bare>: Clone) && !implements!(Half<Bare, u8>: Clone));
    assert!(implements!(HalfToo<u8, Bare>: Clone) && !implements!(HalfToo<Bare, u8>: Clone));
    let half = Half {
        unmarked: Rc::new(1),
        marked: Rc::new(Bare),
    };
    assert_eq!(Rc::strong_count(&half.clone().marked), 2);
    assert_eq!(*half.unmarked, 1);
    let whole = HalfToo::A(Rc::new(1), Rc::new(Bare));
    match whole.clone() {
        HalfToo::A(one, bare) => assert_eq!((*one, Rc::strong_count(&bare)), (1, 2)),
        HalfToo::B { b } => assert_eq!(*b, 1),
    }
    assert!(matches!(
        HalfToo::<u8, Bare>::B { b: Box::new(1) },
        HalfToo::B { .. }
    ));
}

#[bounded_derive(Clone)]
struct Contested<T> {
    unmarked: Rc<T>,
    #[bound_derive]
    marked: Rc<T>,
}

#[test]
fn a_parameter_of_marked_and_unmarked_fields_keeps_its_bound() {
    assert!(implements!(Contested<u8>: Clone) && !implements!(Contested<Bare>: Clone));
    let both = Contested {
        unmarked: Rc::new(1),
        marked: Rc::new(1),
    };
    assert_eq!(both.clone().marked, both.clone().unmarked);
}

/// `#[derive]` bounds `T::Item`, but not the longer form.
#[bounded_derive(Clone, Debug, PartialEq)]
struct Items<T: Iterator>(T::Item, Vec<<T as Iterator>::Item>);

#[test]
fn classic_bounds_include_projections_of_the_parameters() {
    assert!(implements!(Items<std::vec::IntoIter<u8>>: Clone + Debug));
    assert!(!implements!(Items<std::vec::IntoIter<Bare>>: Clone));
    let items = Items::<std::str::Bytes<'static>>(1, vec![2]);
    assert_eq!(format!("{items:?}"), "Items(1, [2])");
}

#[perfect_derive(Clone)]
#[bounded_derive(Debug)]
struct Both<T, U> {
    first: Rc<T>,
    #[bound_derive]
    second: std::marker::PhantomData<U>,
}

#[bounded_derive(Debug)]
#[perfect_derive(Clone)]
#[bounded_derive(PartialEq)]
#[bound_derive(Rc<T>)]
struct AllThree<T>(Rc<T>);

#[test]
fn the_two_attributes_can_stand_on_one_type() {
    assert!(implements!(Both<Bare, Bare>: Clone) && implements!(Both<u8, Bare>: Debug));
    assert!(!implements!(Both<Bare, Bare>: Debug));
    let both = Both {
        first: Rc::new(1),
        second: std::marker::PhantomData::<Bare>,
    };
    assert_eq!(*both.clone().first, 1);
    let _ = both.second;
    assert!(implements!(AllThree<Bare>: Clone) && !implements!(AllThree<Bare>: Debug));
    assert!(AllThree(Rc::new(1)).clone() == AllThree(Rc::new(1)));
}
