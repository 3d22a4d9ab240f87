//! The body is a function like any other, and whatever it returns is remembered.

use std::rc::Rc;
use std::sync::Arc;

use salvia::memo;

use crate::{ran, runs};

#[test]
fn an_early_return_is_remembered() {
    #[memo(single)]
    fn sign(n: i32) -> &'static str {
        ran();
        if n < 0 {
            return "minus";
        }
        "plus"
    }
    assert_eq!(
        runs(|| assert_eq!((sign(-1), sign(-1)), ("minus", "minus"))),
        1
    );
}

#[test]
fn an_error_passed_on_is_remembered() {
    #[memo(lru = 4)]
    fn parse(text: &str) -> Result<u32, std::num::ParseIntError> {
        ran();
        let number: u32 = text.parse()?;
        Ok(number + 1)
    }
    #[memo(single)]
    fn first(text: &str) -> Option<char> {
        ran();
        let first = text.chars().next()?;
        Some(first)
    }
    assert_eq!(
        runs(|| assert!(parse("x").is_err() && parse("x").is_err())),
        1
    );
    assert_eq!(
        runs(|| assert_eq!((parse("1"), parse("1")), (Ok(2), Ok(2)))),
        1
    );
    assert_eq!(runs(|| assert_eq!((first(""), first("")), (None, None))), 1);
}

/// The body sees the types that were written: all of this compiles with the attribute as without.
#[test]
fn the_body_sees_the_declared_types() {
    macro_rules! with_and_without {
        ($(#[$attr:meta])? fn $name:ident) => {
            $(#[$attr])?
            fn $name<'a>(text: &'a str, mut list: Vec<u32>, pair: (u32, &[u8])) -> Option<Arc<dyn Fn() -> usize>> {
                let _: &'a str = text;
                let words: Vec<&'a str> = text.split(' ').collect();
                list.push(pair.0);
                'found: {
                    if words.is_empty() {
                        break 'found;
                    }
                    let all = words.len() + list.len() + pair.1.len();
                    return Some(Arc::new(move || all));
                }
                None
            }
        };
    }
    with_and_without! { #[memo(single)] fn with }
    with_and_without! { fn without }
    let ask = |f: fn(&str, Vec<u32>, (u32, &[u8])) -> _| {
        let found: Option<Arc<dyn Fn() -> usize>> = f("a b", vec![1], (2, b"c"));
        found.map(|found| found())
    };
    assert_eq!(ask(with), ask(without));
}

#[test]
fn a_parameter_may_be_mutable() {
    #[memo(single)]
    fn count(mut n: u32) -> u32 {
        n += 1;
        n
    }
    assert_eq!((count(1), count(1)), (2, 2));
}

#[test]
fn a_hit_is_a_clone_of_the_value() {
    #[memo(single)]
    fn shared(n: u32) -> Rc<u32> {
        Rc::new(n)
    }
    assert!(
        Rc::ptr_eq(&shared(1), &shared(1)),
        "a value need not be `Send`"
    );
}

#[test]
fn a_memo_may_stand_in_a_function() {
    fn outer(n: u32) -> u32 {
        #[memo(single)]
        fn inner(n: u32) -> u32 {
            ran();
            n
        }
        inner(n)
    }
    assert_eq!(runs(|| (outer(1), outer(1))), 1);
}

#[test]
fn attributes_and_visibility_are_kept() {
    mod inner {
        /// Documented.
        #[salvia::memo(single)]
        #[deprecated(note = "kept")]
        #[must_use]
        #[inline]
        pub(in crate::bodies) fn old(n: u32) -> u32 {
            #![expect(clippy::identity_op, reason = "it stands inside")]
            n + 0
        }

        #[cfg(any())]
        #[salvia::memo(single)]
        fn configured_out(n: NoSuchType) -> u32 {
            n
        }

        #[salvia::memo(single)]
        #[cfg(not(any()))]
        #[expect(unused_variables, reason = "an expectation is met in the body")]
        pub(in crate::bodies) fn expecting(n: u32) -> u32 {
            let unused = n;
            1
        }
    }
    #[expect(deprecated, reason = "it has to be")]
    let one = inner::old(1);
    assert_eq!((one, inner::expecting(1)), (1, 1));
}

#[test]
fn the_attribute_goes_with_others() {
    #[cfg_attr(all(), memo(single))]
    #[allow(clippy::needless_return)]
    fn f(n: u32) -> u32 {
        ran();
        return n;
    }
    assert_eq!(runs(|| (f(1), f(1))), 1);
}

/// 2 x 32 values of 4 KiB, and as much of keys, for each thread.
#[test]
fn large_keys_and_values_do_not_fill_the_thread() {
    #[memo(lru = 32)]
    fn one(block: [u8; 4096]) -> [u8; 4096] {
        ran();
        block.map(|byte| byte + 1)
    }
    #[memo(lru = 32)]
    fn other(block: [u8; 4096]) -> [u8; 4096] {
        ran();
        block.map(|byte| byte + 2)
    }
    let fill = || {
        for n in 0..32 {
            assert_eq!((one([n; 4096])[0], other([n; 4096])[9]), (n + 1, n + 2));
        }
    };
    assert_eq!(runs(|| (fill(), fill())), 64);
}

#[test]
fn the_value_is_dropped_after_what_the_body_borrowed() {
    #[memo(single)]
    fn last(text: &str) -> Option<char> {
        let lines = std::cell::RefCell::new(text.chars());
        // What is borrowed here is dropped before `lines` is.
        lines.borrow_mut().next_back()
    }
    assert_eq!(last("ab"), Some('b'));
}
