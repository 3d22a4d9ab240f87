//! Generic projections, and that they ask for what they need and no more.

use std::fmt::Debug;
use std::marker::PhantomData;
use std::rc::Rc;

use salvia::{Param, Projection, ToStatic};

use crate::tells_apart;

#[test]
fn parameters_may_have_bounds_of_either_form() {
    #[derive(Projection)]
    struct Inline<'a, T: Debug + PartialEq> {
        values: &'a [T],
    }
    #[derive(Projection)]
    struct Clause<T>
    where
        T: Debug,
        Vec<T>: Clone,
    {
        values: Vec<T>,
    }
    tells_apart(&Inline { values: &[1] }, &Inline { values: &[2] });
    tells_apart(&Clause { values: vec!["a"] }, &Clause { values: vec!["b"] });
}

#[test]
fn parameters_may_be_constants_and_have_defaults() {
    #[derive(Projection)]
    struct Rows<'a, T = u8, const N: usize = 2>([&'a [T]; N]);
    tells_apart(&Rows::<u8>([&[1], &[2]]), &Rows([&[1], &[3]]));
    #[derive(Projection)]
    struct Ring<const N: usize> {
        next: Vec<[Box<Ring<N>>; N]>,
    }
    let end = || Box::new(Ring::<1> { next: vec![] });
    tells_apart(
        &Ring {
            next: vec![[end()]],
        },
        &end(),
    );
}

#[test]
fn a_type_may_be_asked_to_outlive() {
    #[derive(Projection)]
    #[expect(explicit_outlives_requirements, reason = "written out all the same")]
    struct Outlives<'a, 'b: 'a, T>
    where
        T: 'a,
    {
        one: &'a T,
        other: &'b str,
    }
    tells_apart(
        &Outlives {
            one: &1,
            other: "a",
        },
        &Outlives {
            one: &1,
            other: "b",
        },
    );
}

/// Two fields whose types differ in nothing but a lifetime.
#[test]
fn two_lifetimes_are_kept_apart() {
    #[derive(Projection)]
    struct Pair<'a, 'b, T> {
        one: &'a T,
        other: &'b T,
        text: (&'a str, &'b str),
    }
    let text = ("a", "b");
    tells_apart(
        &Pair {
            one: &1,
            other: &2,
            text,
        },
        &Pair {
            one: &1,
            other: &3,
            text,
        },
    );
}

/// Neither `T` nor `Rc<T>` is asked to have the trait where a field does not need it.
#[test]
fn bounds_are_those_of_the_fields() {
    struct NoTraits;
    #[derive(Projection)]
    struct Exact<T, U> {
        count: u32,
        mark: PhantomData<fn() -> T>,
        handle: Option<Rc<U>>,
    }
    let exact = |count, text: &str| Exact::<NoTraits, String> {
        count,
        mark: PhantomData,
        handle: Some(Rc::new(text.to_owned())),
    };
    tells_apart(&exact(1, "a"), &exact(2, "a"));
    tells_apart(&exact(1, "a"), &exact(1, "b"));
}

#[test]
fn a_projection_of_a_parameter_is_asked_itself() {
    #[derive(Projection)]
    struct First<I: Iterator> {
        item: Option<I::Item>,
    }
    let first = |n| First::<std::vec::IntoIter<u32>> { item: Some(n) };
    tells_apart(&first(1), &first(2));
}

#[test]
fn the_end_of_a_struct_may_have_no_size() {
    #[derive(Projection)]
    struct Tail<T: ?Sized> {
        head: u32,
        tail: T,
    }
    let (one, other) = (
        Tail {
            head: 1,
            tail: [1, 2],
        },
        Tail {
            head: 1,
            tail: [1, 3],
        },
    );
    tells_apart::<Tail<[i32]>>(&one, &other);
    #[derive(Projection)]
    struct Text {
        _head: u32,
        _text: str,
    }
    fn argument<T: ToStatic + ?Sized>() {}
    argument::<Text>();
}

#[test]
fn a_generic_projection_is_a_key_of_owned_parameters() {
    #[derive(Debug, Clone, PartialEq, Projection)]
    struct Pair<'a, T> {
        name: &'a str,
        value: T,
        more: &'a [T],
    }
    fn key<P: Param>(view: &P) -> P::Key {
        view.to_key()
    }
    let pair = Pair {
        name: "a",
        value: 1,
        more: &[2, 3],
    };
    let key = key(&pair);
    assert_eq!(Pair::<i32>::view(&key), pair);
    assert!(!Pair { value: 2, ..pair }.matches(&key));
}

#[test]
fn a_function_may_ask_for_what_a_projection_asks() {
    #[derive(Projection)]
    struct Wrapped<T>(T);
    fn kept<T: ToStatic>(value: T) -> impl Fn(&Wrapped<T>) -> bool {
        let kept = Wrapped(value).to_static();
        move |other| other.eq_static(&kept)
    }
    assert!(kept(1)(&Wrapped(1)) && !kept(1)(&Wrapped(2)));
}
