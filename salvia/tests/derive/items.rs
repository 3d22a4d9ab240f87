//! What may stand on and in an item that is derived.

use std::fmt::Debug;
use std::hash::Hash;
use std::marker::PhantomData;
use std::ops::{Range, RangeInclusive};

use salvia::{InputAccess, bounded_derive, perfect_derive};

use crate::kit::{Bare, implements};

#[perfect_derive(Clone)]
struct One<T>(T);

#[perfect_derive(
    std::clone::Clone,
    ::core::marker::Copy,
    fmt::Debug,
    core::cmp::PartialEq,
    ::std::cmp::Eq,
    std::prelude::v1::Hash
)]
struct ByPath<T>(T);

#[perfect_derive()]
struct NoTraits<T>(T);

#[test]
fn one_trait_or_many_by_name_or_path_may_be_listed() {
    assert!(implements!(One<u8>: Clone) && !implements!(One<u8>: Debug));
    assert_eq!(One(1).clone().0, 1);
    assert!(implements!(ByPath<u8>: Copy + Debug + Eq + Hash));
    assert_eq!(ByPath(1), ByPath(1).clone());
    assert!(!implements!(NoTraits<u8>: Clone));
    assert_eq!(NoTraits(1).0, 1);
}

#[derive(InputAccess)]
#[perfect_derive(Clone, PartialEq)]
#[derive(Debug)]
#[perfect_derive(Hash, Eq)]
struct Host<T>(u32, PhantomData<fn() -> T>);

impl<T: 'static> salvia::Input<u32> for Host<T> {
    fn initial(&self) -> u32 {
        self.0
    }
}

// Written by hand: `#[derive(Eq)]` asks `T: Eq`.
#[perfect_derive(Clone, PartialEq, Eq, Hash)]
#[derive(InputAccess)]
struct Cell<T>(u32, PhantomData<fn() -> T>);

impl<T: 'static> salvia::Input<String> for Cell<T> {
    fn initial(&self) -> String {
        format!("cell {}", self.0)
    }
}

#[tokio::test]
async fn other_derives_stand_beside_in_any_order() {
    assert!(implements!(Host<u8>: Clone + Eq + Hash + Debug));
    let rt = salvia::Runtime::new().await;
    let value: String = rt
        .query(async |cx| Cell::<Bare>(7, PhantomData).get(&cx).await)
        .await;
    assert_eq!(value, "cell 7");
    assert_eq!(
        rt.query(async |cx| Host::<u8>(3, PhantomData).get(&cx).await)
            .await,
        3
    );
}

#[perfect_derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[expect(explicit_outlives_requirements, reason = "written out on purpose")]
struct Params<
    'a,
    'b: 'a,
    #[cfg(any(unix, not(unix)))] T: 'b + ?Sized + Debug,
    #[cfg(not(all()))] U,
    Err = std::fmt::Error,
    const N: usize = 2,
>(PhantomData<&'a mut &'b T>, [u8; N], Option<Err>)
where
    Err: Send,
    &'a T: Sync;

#[test]
fn parameters_of_every_kind_stay_as_they_are() {
    type Small = Params<'static, 'static, str>;
    assert!(implements!(Small: Clone + Debug + Eq + Hash + Ord + Default));
    let one = Params::<'_, '_, str>::default();
    assert_eq!(one, Params(PhantomData, [0, 0], None));
    assert!(!implements!(Params<'static, 'static, str, f64>: Eq));
}

#[perfect_derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(dead_code, reason = "there is no value")]
enum Never<T> {
    #[cfg(not(all()))]
    Value(T),
    #[cfg(not(any()))]
    Value(std::convert::Infallible, PhantomData<T>),
}

#[perfect_derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Empty<const N: usize> {}

#[test]
fn an_enum_without_values_is_derived() {
    assert!(implements!(Empty<1>: Copy + Debug + Ord + Hash));
    assert!(implements!(Never<u8>: Copy + Debug + Ord + Hash));
    let none: Option<Empty<1>> = None;
    assert_eq!(none, none.clone());
}

#[perfect_derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Tail<T: ?Sized> {
    head: u8,
    tail: T,
}

#[perfect_derive(Debug, PartialEq)]
struct Only<T: ?Sized>(T);

#[perfect_derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Slice<T>(T, [T]);

#[test]
fn the_last_field_may_be_unsized() {
    let (one, two): (&Tail<[u8]>, &Tail<[u8]>) = (
        &Tail {
            head: 1,
            tail: [1, 2],
        },
        &Tail { head: 1, tail: [1] },
    );
    assert!(one > two);
    assert_eq!(format!("{one:?}"), "Tail { head: 1, tail: [1, 2] }");
    assert_eq!(crate::kit::hashed(one).len(), 3);
    let text: &Only<dyn Debug> = &Only("a");
    assert_eq!(format!("{text:?}"), "Only(\"a\")");
    assert!(
        implements!(Only<str>: PartialEq + Debug) && implements!(Slice<u8>: Ord + Debug + Hash)
    );
}

/// Methods that `Range` has itself, or as an iterator.
#[perfect_derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Ranges<T> {
    one: Range<T>,
    two: RangeInclusive<T>,
}

#[perfect_derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Methods<T>(Inherent, T);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Inherent(u8);

#[expect(dead_code, reason = "these are here to be in the way")]
impl Inherent {
    fn clone(&self) {}
    fn eq(&self, _: &Self) {}
    fn cmp(&self, _: &Self) {}
    fn partial_cmp(&self, _: &Self) {}
    fn hash(&self) {}
    fn fmt(&self) {}
}

#[test]
fn methods_of_the_same_names_are_not_in_the_way() {
    let ranges = Ranges {
        one: 1..2,
        two: 1..=2,
    };
    assert_eq!(ranges, ranges.clone());
    let one = Methods(Inherent(1), 2u8);
    assert!(one < Methods(Inherent(2), 0) && one == one.clone());
}

#[perfect_derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Names<T> {
    A {
        state: T,
        f: T,
        other: T,
        self_0: T,
        r#type: T,
    },
    B {
        __salvia_self_0: T,
        __salvia_other_0: T,
    },
}

#[test]
fn fields_may_have_any_name() {
    let one = Names::A {
        state: 1,
        f: 2,
        other: 3,
        self_0: 4,
        r#type: 5,
    };
    assert_eq!(one, one.clone());
    assert!(format!("{one:?}").ends_with("type: 5 }"));
    assert!(
        one < Names::B {
            __salvia_self_0: 0,
            __salvia_other_0: 0
        }
    );
}

/// Parameters with the names of what generated code uses.
#[bounded_derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Shadows<Option, Some, Clone, __H, __Asked, Self_, Ordering>(
    Option,
    Some,
    Clone,
    __H,
    __Asked,
    Self_,
    Ordering,
);

#[test]
fn parameters_may_have_any_name() {
    let one = Shadows(1, 2, 3, 4, 5, 6, 7);
    let copy = one;
    assert!(one == copy && one > Shadows::default());
    assert!(implements!(Shadows<u8, u8, u8, u8, u8, u8, u8>: Copy + Debug + Hash));
}

macro_rules! declare {
    ($name:ident<$param:ident>($($ty:ty),*), $variant:ident, $field:ident, $discriminant:expr) => {
        #[perfect_derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        struct $name<$param>($($ty),*);

        #[bounded_derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        enum ByMacro<$param> {
            $variant { #[bound_derive] $field: $param } = $discriminant,
            Other = 1,
        }
    };
}
declare!(Declared<T>(T, std::rc::Rc<T>, Option<Box<Declared<T>>>), Variant, field, 2 + 3);

macro_rules! tuple_of {
    ($ty:ty) => {
        ($ty, u8)
    };
}

#[perfect_derive(Clone, Debug, PartialEq)]
struct TypeMacro<T>(tuple_of!(T), Option<Box<tuple_of!(TypeMacro<T>)>>);

#[test]
fn macros_may_make_the_item_or_its_types() {
    let one = Declared(1, std::rc::Rc::new(1), None);
    assert_eq!(one, one.clone());
    assert!(ByMacro::Variant { field: 1 } > ByMacro::Other);
    let two = TypeMacro((1, 2), None);
    assert_eq!(two, two.clone());
    assert!(!implements!(TypeMacro<Bare>: Clone));
}

/// Without parameters.
#[perfect_derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Colour {
    Red = 2,
    Green = 1,
}

#[bounded_derive(Debug, PartialEq, Eq)]
struct Point<'a>(u8, &'a str);

#[test]
fn constants_of_a_type_without_parameters_are_patterns() {
    const ORIGIN: Point<'_> = Point(0, "");
    const FIRST: Colour = Colour::Green;
    assert!(matches!(Point(0, ""), ORIGIN) && !matches!(Colour::Red, FIRST));
    assert!(Colour::Red > Colour::Green);
    assert_eq!((Point(1, "a").0, Point(1, "a").1), (1, "a"));
}

#[test]
fn a_type_in_a_function_is_derived() {
    #[perfect_derive(Clone, Debug, PartialEq, Eq)]
    struct Inner<T>(T, Local);
    #[derive(Clone, Debug, PartialEq, Eq)]
    struct Local;
    assert_eq!(Inner(1, Local).clone(), Inner(1, Local));
}

mod visibility {
    use super::perfect_derive;

    #[derive(Debug, Clone, PartialEq, Default)]
    struct Private<T>(T);

    /// A private type in the bounds of a public one.
    #[perfect_derive(Debug, Clone, PartialEq, Default)]
    pub(crate) struct Public<T> {
        hidden: Private<T>,
        pub(in super::super) seen: T,
    }

    pub(super) fn public() -> Public<u8> {
        Public {
            hidden: Private(1),
            seen: 2,
        }
    }
}

#[test]
fn visibility_of_fields_does_not_matter() {
    assert_eq!(visibility::public().clone(), visibility::public());
    assert_ne!(visibility::public(), visibility::Public::default());
    assert_eq!(visibility::public().seen, 2);
}

/// An unusual clone shows whether it is called.
#[derive(Debug, PartialEq)]
struct Odd(u8);
impl Copy for Odd {}
#[expect(clippy::non_canonical_clone_impl, reason = "the point")]
impl Clone for Odd {
    fn clone(&self) -> Self {
        Odd(self.0 + 1)
    }
}

#[derive(Clone, Copy, Debug)]
struct TheirCopy<const N: usize>(Odd);
#[perfect_derive(Clone, Copy, Debug)]
struct OurCopy<const N: usize>(Odd);
#[derive(Clone, Copy, Debug)]
struct TheirFields<T>(Odd, T);
#[perfect_derive(Clone, Copy, Debug)]
struct OurFields<T>(Odd, T);

#[test]
#[allow(clippy::clone_on_copy, reason = "tested")]
fn a_clone_copies_or_clones_fields_where_derive_does() {
    assert_eq!(
        OurCopy::<1>(Odd(1)).clone().0,
        TheirCopy::<1>(Odd(1)).clone().0
    );
    assert_eq!(
        OurFields(Odd(1), 1).clone().0,
        TheirFields(Odd(1), 1).clone().0
    );
    assert_eq!(OurFields(Odd(1), 1).1, TheirFields(Odd(1), 1).1);
}

#[deprecated(note = "asserted")]
#[perfect_derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Old<T> {
    #[deprecated(note = "asserted")]
    field: T,
}

#[perfect_derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum PartlyOld<T> {
    #[deprecated(note = "asserted")]
    Old(T),
    New,
}

#[test]
#[allow(deprecated, reason = "asserted to work")]
fn what_is_deprecated_is_derived_without_a_warning() {
    assert_eq!(Old { field: 1 }.clone(), Old { field: 1 });
    assert!(PartlyOld::Old(1) < PartlyOld::New);
}
