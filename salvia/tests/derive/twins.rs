//! What is derived does what the derives of the standard library do.

use crate::kit::{clones, same_hash, same_order, same_partial_order, same_text};

/// Types that are declared twice. Each has a parameter: without one they would be the same derives.
macro_rules! types {
    ($derive:ident) => {
        #[$derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) struct Named<T> {
            pub(crate) first: T,
            second: (u8, T),
            pub r#fn: &'static str,
        }

        #[$derive(Clone, Debug, PartialEq, PartialOrd, Eq, Ord, Hash, Default)]
        pub(crate) struct Tuple<T, U>(pub(crate) T, pub(crate) Option<U>, Vec<T>);

        #[$derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) struct Unit<const N: usize>;

        #[$derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) struct NoFields<const N: usize> {}

        #[$derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) struct NoValues<const N: usize>();

        #[$derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[expect(non_camel_case_types, reason = "a raw name of a variant")]
        pub(crate) enum Mixed<T> {
            Unit,
            Empty(),
            Tuple(T, u8),
            NoFields {},
            Named { state: T, f: Option<T>, other: u8 },
            r#loop(Vec<T>),
        }

        #[$derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
        pub(crate) enum Float<T> {
            One(T),
            Two { a: T, b: T },
        }

        #[$derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) enum Single<T> {
            Only(T, u8),
        }

        #[$derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) enum SingleUnit<const N: usize> {
            Only,
        }

        #[$derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) enum Units<const N: usize> {
            A,
            B(),
            C {},
        }

        #[$derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) enum Numbered<const N: usize> {
            Ten = 10,
            Eleven,
            Minus = -1,
            Zero,
            Far = 1 << 20,
        }

        #[$derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub(crate) enum Bytes<T> {
            High(T) = 200,
            Higher {
                value: T,
            },
            Low = HIGH - 191,
            Lower(u8) = {
                const TWO: u8 = 2;
                TWO
            },
        }

        #[$derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(C, i16)]
        pub(crate) enum Shorts<T> {
            First,
            Second(T),
            Third = -300,
        }

        #[$derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(C)]
        pub(crate) enum Foreign<T> {
            First(T),
            Second,
        }

        #[$derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(Rust, packed)]
        pub(crate) struct Packed<T>(pub(crate) u8, pub(crate) u32, pub(crate) T);

        #[$derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(C, packed(2))]
        pub(crate) struct PackedNamed<T: Copy> {
            pub(crate) a: u8,
            b: T,
        }

        const HIGH: u8 = 200;

        pub(crate) fn named() -> Vec<Named<u8>> {
            let name = |first, second, third| Named {
                first,
                second: (second, 1),
                r#fn: third,
            };
            vec![
                name(0, 0, ""),
                name(0, 0, "a"),
                name(0, 1, ""),
                name(1, 0, "\n"),
                Named::default(),
            ]
        }

        pub(crate) fn tuples() -> Vec<Tuple<i8, String>> {
            let text = |text: &str| Some(text.to_owned());
            vec![
                Tuple(1, None, vec![]),
                Tuple(1, None, vec![1]),
                Tuple(1, text("b"), vec![]),
                Tuple(-1, text("a"), vec![1, 2]),
                Tuple::default(),
            ]
        }

        pub(crate) fn mixed() -> Vec<Mixed<u8>> {
            let named = |state, f, other| Mixed::Named { state, f, other };
            vec![
                Mixed::r#loop(vec![]),
                named(1, None, 2),
                named(1, None, 1),
                named(0, Some(1), 1),
                Mixed::NoFields {},
                Mixed::Tuple(3, 1),
                Mixed::Tuple(3, 0),
                Mixed::Tuple(2, 9),
                Mixed::Empty(),
                Mixed::Unit,
                Mixed::r#loop(vec![1]),
            ]
        }

        pub(crate) fn floats() -> Vec<Float<f64>> {
            let numbers = [
                f64::NAN,
                -f64::NAN,
                f64::INFINITY,
                f64::NEG_INFINITY,
                0.0,
                -0.0,
                1.5,
            ];
            let one = numbers.into_iter().map(Float::One);
            let two = numbers
                .into_iter()
                .flat_map(|a| numbers.map(|b| Float::Two { a, b }));
            one.chain(two).collect()
        }

        pub(crate) fn singles() -> Vec<Single<char>> {
            vec![
                Single::Only('a', 1),
                Single::Only('b', 0),
                Single::Only('a', 0),
            ]
        }

        pub(crate) fn single_units() -> Vec<SingleUnit<1>> {
            vec![SingleUnit::Only, SingleUnit::Only]
        }

        pub(crate) fn unit() -> Vec<Unit<1>> {
            vec![Unit, Unit::default()]
        }

        pub(crate) fn no_fields() -> Vec<NoFields<1>> {
            vec![NoFields {}, NoFields::default()]
        }

        pub(crate) fn no_values() -> Vec<NoValues<1>> {
            vec![NoValues(), NoValues::default()]
        }

        pub(crate) fn units() -> Vec<Units<1>> {
            vec![Units::C {}, Units::A, Units::B()]
        }

        pub(crate) fn numbered() -> Vec<Numbered<1>> {
            use Numbered::{Eleven, Far, Minus, Ten, Zero};
            vec![Ten, Eleven, Minus, Zero, Far]
        }

        pub(crate) fn bytes() -> Vec<Bytes<i32>> {
            let high = [Bytes::High(1), Bytes::High(-1), Bytes::Higher { value: 1 }];
            high.into_iter()
                .chain([Bytes::Low, Bytes::Lower(7), Bytes::Lower(0)])
                .collect()
        }

        pub(crate) fn shorts() -> Vec<Shorts<bool>> {
            vec![
                Shorts::First,
                Shorts::Second(true),
                Shorts::Third,
                Shorts::Second(false),
            ]
        }

        pub(crate) fn foreign() -> Vec<Foreign<()>> {
            vec![Foreign::Second, Foreign::First(())]
        }

        pub(crate) fn packed() -> Vec<Packed<u16>> {
            vec![
                Packed(1, 2, 3),
                Packed(1, 3, 2),
                Packed(0, 9, 9),
                Packed::default(),
            ]
        }

        pub(crate) fn packed_named() -> Vec<PackedNamed<u64>> {
            vec![
                PackedNamed { a: 1, b: 2 },
                PackedNamed { a: 1, b: 1 },
                PackedNamed { a: 0, b: 3 },
            ]
        }
    };
}

mod theirs {
    types! { derive }
}

mod ours {
    use salvia::perfect_derive;
    types! { perfect_derive }
}

mod bounded {
    use salvia::bounded_derive;
    types! { bounded_derive }
}

/// Compares the values of all types in the two ways; the types that are not ordered in all regards are left out.
macro_rules! all {
    ($same:ident $($more:ident)*) => {
        all! { $same $($more)* named tuples mixed singles single_units units unit no_fields no_values numbered bytes shorts foreign packed packed_named; }
    };
    ($same:ident $($values:ident)*;) => {$(
        $same(&ours::$values(), &theirs::$values());
        $same(&bounded::$values(), &theirs::$values());
    )*};
}

#[test]
fn texts_are_those_of_derive_plain_and_pretty() {
    all! { same_text floats }
    let unit = (
        ours::Unit::<1>,
        ours::NoFields::<1> {},
        ours::NoValues::<1>(),
    );
    assert_eq!(format!("{unit:?}"), "(Unit, NoFields, NoValues)");
    assert_eq!(
        format!("{:>9?}|", ours::Unit::<1>),
        "Unit|",
        "as derive, which does not pad"
    );
}

#[test]
fn a_raw_name_is_shown_without_its_prefix() {
    let text = format!("{:?} {:?}", ours::named()[1], ours::mixed()[0]);
    assert_eq!(
        text,
        r#"Named { first: 0, second: (0, 1), fn: "a" } loop([])"#
    );
}

#[test]
fn hashes_are_those_of_derive_call_by_call() {
    all! { same_hash }
    assert_eq!(
        crate::kit::hashed(&ours::bytes()[0]),
        ["write_u8 200", "write_i32 1"]
    );
    assert_eq!(
        crate::kit::hashed(&ours::singles()[0]).len(),
        2,
        "no discriminant"
    );
    assert!(crate::kit::hashed(&(ours::Unit::<1>, ours::NoFields::<1> {})).is_empty());
}

#[test]
fn order_and_equality_are_those_of_derive_for_every_pair() {
    all! { same_order }
}

#[test]
fn numbers_that_are_not_ordered_are_not_ordered_here_either() {
    same_partial_order(&ours::floats(), &theirs::floats());
    same_partial_order(&bounded::floats(), &theirs::floats());
}

#[test]
fn explicit_discriminants_order_the_variants() {
    let mut sorted = ours::numbered();
    sorted.sort();
    use ours::Numbered::{Eleven, Far, Minus, Ten, Zero};
    assert_eq!(sorted, [Minus, Zero, Ten, Eleven, Far]);
    assert!(ours::Bytes::Lower(9) < ours::Bytes::Low::<u8>);
    assert!(ours::Bytes::Higher { value: 0 } > ours::Bytes::High(9));
}

#[test]
fn a_clone_is_equal() {
    clones(&ours::named());
    clones(&ours::tuples());
    clones(&ours::mixed());
    clones(&ours::floats());
    clones(&ours::numbered());
    clones(&ours::packed());
    clones(&ours::packed_named());
}

#[test]
fn a_packed_struct_is_read_by_copying() {
    let one = ours::Packed(1, 2, 3u64);
    assert_eq!(format!("{one:?}"), "Packed(1, 2, 3)");
    assert!(one < ours::Packed(1, 3, 0));
}
