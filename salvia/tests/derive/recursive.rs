//! Types that hold themselves or have no size do what the derives of the standard library do, too.
//!
//! A twin has other bounds, so it is there for fewer types; where both are there they agree.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Debug;
use std::hash::Hash;
use std::rc::Rc;

use crate::kit::{clones, hashed, implements, same_hash, same_order, same_text};

/// Types that are declared twice.
macro_rules! types {
    ($derive:ident $other:ident) => {
        #[$derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) struct List<T> {
            pub(crate) value: Rc<T>,
            pub(crate) next: Option<Rc<List<T>>>,
        }

        #[$derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) enum Tree<K, V> {
            Leaf(V),
            Boxed(Box<Tree<K, V>>),
            Several {
                all: Vec<Self>,
                r#type: [Box<Self>; 2],
            },
            Queue(VecDeque<(Self, u8)>),
            Named(BTreeMap<K, Tree<K, V>>, Result<Rc<Self>, Box<[Self]>>),
        }

        // Two types that hold each other, of which one has the classic bounds.
        #[$derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) struct Axle<T> {
            pub(crate) wheels: Vec<Wheel<T>>,
            pub(crate) value: Rc<T>,
        }

        #[$other(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) struct Wheel<T>(pub(crate) Option<Box<Axle<T>>>, pub(crate) Option<T>);

        #[$derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) struct Tail<T: ?Sized> {
            pub(crate) r#fn: u8,
            pub(crate) tail: T,
        }

        #[$derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) struct Only<T: ?Sized>(pub(crate) T);

        pub(crate) fn lists() -> Vec<List<i8>> {
            let list = |values: &[i8]| {
                let mut next = None;
                for value in values.iter().rev() {
                    let value = Rc::new(*value);
                    next = Some(Rc::new(List { value, next }));
                }
                let first = next.expect("there is a first");
                List::clone(&first)
            };
            [&[1][..], &[1, 2], &[1, 2, 0], &[1, 3], &[0, 9], &[-1]]
                .map(list)
                .into()
        }

        pub(crate) fn trees() -> Vec<Tree<&'static str, u8>> {
            let leaf = |n| Box::new(Tree::Leaf(n));
            let named = |key, n| {
                Tree::Named(
                    BTreeMap::from([(key, *leaf(n))]),
                    Err(Box::new([*leaf(n), *leaf(0)])),
                )
            };
            let several = |n| Tree::Several {
                all: vec![*leaf(n)],
                r#type: [leaf(0), leaf(n)],
            };
            vec![
                Tree::Leaf(1),
                Tree::Leaf(0),
                Tree::Boxed(leaf(2)),
                Tree::Boxed(Box::new(several(1))),
                several(2),
                several(1),
                Tree::Queue(VecDeque::from([(named("a", 1), 1)])),
                Tree::Queue(VecDeque::from([(named("a", 1), 0)])),
                named("b", 1),
                named("a", 2),
                Tree::Named(BTreeMap::new(), Ok(Rc::new(Tree::Leaf(1)))),
            ]
        }

        pub(crate) fn axles() -> Vec<Axle<char>> {
            let axle = |value, wheels| Axle {
                wheels,
                value: Rc::new(value),
            };
            let wheel = |axle, value| Wheel(Some(Box::new(axle)), value);
            vec![
                axle('a', vec![]),
                axle('b', vec![Wheel(None, None)]),
                axle('a', vec![Wheel(None, Some('c'))]),
                axle('a', vec![wheel(axle('b', vec![]), None)]),
                axle(
                    'a',
                    vec![wheel(axle('a', vec![]), Some('a')), Wheel(None, None)],
                ),
            ]
        }

        /// What tails show, what they hash, and how all pairs compare.
        pub(crate) fn tails() -> (Vec<String>, Vec<Vec<String>>, Vec<String>) {
            let slices: [&Tail<[i8]>; 4] = [
                &Tail {
                    r#fn: 1,
                    tail: [1, 2],
                },
                &Tail { r#fn: 1, tail: [1] },
                &Tail {
                    r#fn: 0,
                    tail: [9; 3],
                },
                &Tail {
                    r#fn: 1,
                    tail: [-1],
                },
            ];
            let shown: [&Only<dyn Debug>; 2] = [&Only("a"), &Only([1])];
            let mut text: Vec<_> = slices
                .iter()
                .map(|one| format!("{one:?} {one:#?}"))
                .collect();
            text.extend(
                shown
                    .iter()
                    .map(|one| format!("{one:?} {one:#?} {one:>9.2?}")),
            );
            let only: [&Only<[u8]>; 2] = [&Only([1, 2]), &Only([3])];
            let hashes = slices.iter().map(|one| hashed(*one));
            let hashes = hashes.chain(only.iter().map(|one| hashed(*one))).collect();
            let pairs = slices.iter().flat_map(|a| slices.map(|b| (*a, b)));
            let compared =
                pairs.map(|(a, b)| format!("{:?} {:?} {}", a.cmp(b), a.partial_cmp(b), a == b));
            (text, hashes, compared.collect())
        }
    };
}

mod theirs {
    use super::*;
    types! { derive derive }
}

mod ours {
    use super::*;
    use salvia::{bounded_derive, perfect_derive};
    types! { perfect_derive bounded_derive }
}

/// Compares the values in every way.
macro_rules! agree {
    ($($values:ident)*) => {$({
        let (ours, theirs) = (ours::$values(), theirs::$values());
        same_text(&ours, &theirs);
        same_hash(&ours, &theirs);
        same_order(&ours, &theirs);
        clones(&ours);
    })*};
}

#[test]
fn types_that_hold_themselves_agree_with_derive() {
    agree! { lists trees axles }
}

#[test]
fn the_exact_ones_are_there_where_those_of_derive_are_not() {
    struct Bare;
    assert!(implements!(ours::List<Bare>: Clone) && !implements!(theirs::List<Bare>: Clone));
    type Ours = ours::Axle<u8>;
    assert!(implements!(Ours: Clone + Debug + Ord + Hash));
    assert!(!implements!(ours::Wheel<Bare>: Clone));
    type Tree<V> = ours::Tree<u8, V>;
    assert!(implements!(Tree<f64>: Clone + Debug + PartialOrd) && !implements!(Tree<f64>: Eq));
    let _ = Bare;
}

#[test]
fn structs_without_a_size_agree_with_derive() {
    assert_eq!(ours::tails(), theirs::tails());
    assert!(implements!(ours::Only<str>: Debug + Ord + Hash));
    assert!(implements!(ours::Tail<[u8]>: Debug + Ord + Hash));
}

/// Discriminants at both ends of what each width can hold.
macro_rules! numbered {
    ($($name:ident $repr:ident)*) => {$(
        #[allow(clippy::enum_clike_unportable_variant, reason = "each has the width that it is to have")]
        mod $name {
            macro_rules! declare {
                ($derive:ident) => {
                    #[$derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
                    #[repr($repr)]
                    pub(super) enum Numbered<const N: usize> {
                        Most = $repr::MAX,
                        Least = $repr::MIN,
                        Next,
                        Half = $repr::MAX / 2 + 1,
                    }

                    #[$derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
                    #[repr($repr)]
                    pub(super) enum Filled<T> {
                        Most(T) = $repr::MAX,
                        Least { value: T } = $repr::MIN,
                        Next,
                    }

                    pub(super) fn plain() -> [Numbered<1>; 4] {
                        [Numbered::Most, Numbered::Least, Numbered::Next, Numbered::Half]
                    }

                    pub(super) fn filled() -> [Filled<u8>; 4] {
                        let least = Filled::Least { value: 1 };
                        [Filled::Most(1), least, Filled::Next, Filled::Most(0)]
                    }
                };
            }
            mod theirs {
                declare! { derive }
            }
            mod ours {
                use salvia::perfect_derive;
                declare! { perfect_derive }
            }
            #[test]
            fn discriminants_of_every_size_order_the_variants_as_derive_does() {
                use super::{same_hash, same_order, same_text};
                same_order(&ours::plain(), &theirs::plain());
                same_hash(&ours::plain(), &theirs::plain());
                same_text(&ours::plain(), &theirs::plain());
                same_order(&ours::filled(), &theirs::filled());
                same_hash(&ours::filled(), &theirs::filled());
                same_text(&ours::filled(), &theirs::filled());
            }
        }
    )*};
}
numbered! {
    of_u8 u8
    of_i8 i8
    of_u16 u16
    of_i32 i32
    of_u32 u32
    of_i64 i64
    of_u64 u64
    of_isize isize
    of_usize usize
}

/// A derive beside ours has its own attributes, above it or below.
#[test]
fn attributes_of_another_derive_are_left_to_it() {
    #[salvia::perfect_derive(Clone, Debug, PartialEq)]
    #[derive(Default)]
    enum Above<T> {
        #[default]
        Nothing,
        Some(T),
    }
    #[derive(Default)]
    #[salvia::perfect_derive(Clone, Debug, PartialEq)]
    enum Below<T> {
        Some(T),
        #[default]
        Nothing,
    }
    assert_eq!(Above::<u8>::default().clone(), Above::Nothing);
    assert_eq!(Below::<u8>::default().clone(), Below::Nothing);
    assert_ne!(Above::Some(1), Above::Nothing);
    assert_ne!(Below::Some(1), Below::Nothing);
}
