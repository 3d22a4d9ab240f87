//! Generic and associated memos: each instance has its own cache.

use std::fmt::Debug;
use std::ops::Add;

use salvia::{Projection, ToStatic, memo};

use crate::{ran, runs};

#[test]
fn a_generic_memo_has_a_cache_for_each_type() {
    #[memo(single)]
    fn text<T: ToStatic + Debug>(value: T) -> String {
        ran();
        format!("{value:?}")
    }
    let ask = || (text(1u8), text(1u16), text("a"), text(Some(2.0)));
    assert_eq!(runs(|| (ask(), ask())), 4);
    assert_eq!(
        ask(),
        ("1".into(), "1".into(), "\"a\"".into(), "Some(2.0)".into())
    );
}

trait Unit {
    const NAME: &'static str;
}
struct Metre;
struct Mile;
impl Unit for Metre {
    const NAME: &'static str = "m";
}
impl Unit for Mile {
    const NAME: &'static str = "mi";
}

/// No argument tells the instances apart.
#[test]
fn a_parameter_that_is_not_among_the_arguments_counts() {
    #[memo(single)]
    fn with_unit<U: Unit, const N: usize>(number: u32) -> String {
        ran();
        format!("{number}{}{N}", U::NAME)
    }
    let ask = || {
        (
            with_unit::<Metre, 1>(1),
            with_unit::<Mile, 1>(1),
            with_unit::<Mile, 2>(1),
        )
    };
    assert_eq!(runs(|| (ask(), ask())), 3);
    assert_eq!(ask(), ("1m1".into(), "1mi1".into(), "1mi2".into()));
}

/// The macro sees nothing of the `impl`, nor that the signature of `in_unit` depends on it.
struct Length<U>(std::marker::PhantomData<U>);

impl<U: Unit> Length<U> {
    #[memo(single)]
    fn in_unit(number: u32) -> String {
        ran();
        format!("{number}{}", U::NAME)
    }

    #[memo(lru = 2)]
    fn doubled(number: f64) -> String {
        ran();
        format!("{}{}", 2.0 * number, Self::name())
    }

    fn name() -> &'static str {
        U::NAME
    }
}

#[test]
fn a_memo_in_a_generic_impl_has_a_cache_for_each_type() {
    let ask = || {
        let metres = (Length::<Metre>::in_unit(1), Length::<Metre>::doubled(1.0));
        (
            metres,
            Length::<Mile>::in_unit(1),
            Length::<Mile>::doubled(1.0),
        )
    };
    assert_eq!(runs(|| (ask(), ask())), 4);
    assert_eq!(
        ask(),
        (("1m".into(), "2m".into()), "1mi".into(), "2mi".into())
    );
}

#[derive(Debug, Clone, PartialEq, Projection)]
struct Point<T>(T, T);

impl<T: ToStatic + Copy + Add<Output = T> + 'static> Point<T> {
    #[memo(lru = 4)]
    fn sum(one: T, other: &Self, more: Option<Self>) -> Self {
        ran();
        let sum = Self(one + other.0, one + other.1);
        match more {
            None => sum,
            Some(more) => Self::sum(more.0, &sum, None),
        }
    }
}

#[test]
fn an_associated_memo_may_speak_of_self_and_the_parameters_of_the_impl() {
    let ask = || Point::sum(1u8, &Point(1, 2), Some(Point(3, 4)));
    assert_eq!(
        runs(|| assert_eq!((ask(), ask()), (Point(5, 6), Point(5, 6)))),
        2
    );
    assert_eq!(
        runs(|| assert_eq!(Point::sum(1.5, &Point(1.0, 2.0), None), Point(2.5, 3.5))),
        1
    );
}

trait Name {
    fn name(n: u32) -> String;
    fn with_default(n: u32) -> String;
}

impl Name for Metre {
    #[memo(single)]
    fn name(n: u32) -> String {
        ran();
        format!("{n} {}", Self::NAME)
    }

    #[memo(single)]
    fn with_default(n: u32) -> String {
        n.to_string()
    }
}

#[test]
fn a_memo_may_stand_in_an_impl_of_a_trait() {
    assert_eq!(runs(|| (Metre::name(1), Metre::name(1))), 1);
    assert_eq!(Metre::with_default(2), "2");
}

trait Twice: Sized + ToStatic + Copy + Add<Output = Self> + 'static {
    #[memo(single)]
    fn twice(value: Self) -> Self {
        ran();
        value + value
    }
}
impl Twice for u32 {}
impl Twice for f64 {}

#[test]
fn a_memo_may_be_the_default_of_a_trait() {
    assert_eq!(
        runs(|| (
            u32::twice(1),
            u32::twice(1),
            f64::twice(1.0),
            f64::twice(1.0)
        )),
        2
    );
}

/// A parameter that is a view has a cache with all of its lifetimes.
#[test]
fn a_parameter_need_not_be_static() {
    #[memo(single)]
    fn length<T: ToStatic + AsRef<str>>(text: T) -> usize {
        ran();
        text.as_ref().len()
    }
    let ask = || length(String::from("abc").as_str());
    assert_eq!(
        runs(|| assert_eq!((ask(), ask(), length("abc")), (3, 3, 3))),
        1
    );
}

#[test]
fn many_instances_keep_their_values() {
    #[memo(single)]
    fn number<const N: usize>(n: u32) -> usize {
        ran();
        N + n as usize
    }
    let ask = || {
        [
            number::<0>(1),
            number::<1>(1),
            number::<2>(1),
            number::<3>(1),
            number::<4>(1),
        ]
    };
    assert_eq!(runs(|| (ask(), ask())), 5);
    assert_eq!(ask(), [1, 2, 3, 4, 5]);
    memo::clear();
    assert_eq!(runs(ask), 5);
}
