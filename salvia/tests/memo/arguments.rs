//! Every kind of argument, as memos take it.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use salvia::{Projection, memo};

use crate::{ran, runs};

/// The same arguments twice are a hit, and others a miss.
macro_rules! tells_apart {
    ($($ty:ty: $one:expr, $other:expr;)*) => {$({
        #[memo(single)]
        fn f(_argument: $ty) -> u32 {
            ran();
            1
        }
        let name = stringify!($ty);
        assert_eq!(runs(|| f($one)), 1, "{name}: the first call");
        assert_eq!(runs(|| f($one)), 0, "{name}: the same again");
        assert_eq!(runs(|| f($other)), 1, "{name}: another");
    })*};
}

#[test]
fn owned_values_are_arguments() {
    tells_apart! {
        u32: 1, 2;
        u128: 1, u128::MAX;
        bool: true, false;
        char: 'a', 'b';
        f64: 0.0, -0.0;
        std::num::NonZero<u8>: std::num::NonZero::<u8>::MIN, std::num::NonZero::<u8>::MAX;
        String: "a".into(), "b".into();
        PathBuf: "a".into(), "b".into();
        Duration: Duration::ZERO, Duration::MAX;
        Vec<u32>: vec![1], vec![2];
        Box<str>: "a".into(), "b".into();
        Rc<u32>: Rc::new(1), Rc::new(2);
        Arc<str>: "a".into(), "b".into();
        [String; 2]: ["a".into(), "b".into()], ["a".into(), "c".into()];
        Option<u32>: Some(1), None;
        Result<u32, String>: Ok(1), Err("a".into());
        (u32, String, f32, char, (bool, u8)): (1, "a".into(), 0.0, 'a', (true, 1)), (1, "a".into(), 0.0, 'a', (true, 2));
        HashMap<u32, u32>: [(1, 1)].into(), [(1, 2)].into();
        HashSet<u32>: [1].into(), [2].into();
        BTreeMap<u32, u32>: [(1, 1)].into(), [(1, 2)].into();
        BTreeSet<u32>: [1].into(), [2].into();
        std::ops::Range<u32>: 1..2, 1..3;
    }
}

#[test]
fn references_are_arguments() {
    tells_apart! {
        &str: "a", "b";
        &[u8]: b"a", b"b";
        &Path: Path::new("a"), Path::new("b");
        &String: &"a".to_owned(), &"b".to_owned();
        &Vec<u32>: &vec![1], &vec![2];
        &&&u32: &&&1, &&&2;
        &Arc<u32>: &Arc::new(1), &Arc::new(2);
        Option<&str>: Some("a"), Some("b");
        (&str, &[u32]): ("a", &[1]), ("a", &[2]);
        Vec<&str>: vec!["a"], vec!["b"];
        HashMap<&str, u32>: [("a", 1)].into(), [("b", 1)].into();
        std::borrow::Cow<'_, str>: "a".into(), "b".into();
        &'static str: "a", "b";
    }
}

#[test]
fn a_reference_to_a_string_is_taken_for_a_text() {
    #[memo(single)]
    fn length(text: &str) -> usize {
        ran();
        text.len()
    }
    let (owned, boxed): (String, Box<str>) = ("a".into(), "a".into());
    assert_eq!(runs(|| (length(&owned), length(&boxed), length("a"))), 1);
}

#[test]
fn zero_and_minus_zero_have_values_of_their_own() {
    #[memo(lru = 4)]
    fn inverse(x: f64) -> f64 {
        ran();
        1.0 / x
    }
    assert_eq!(
        (inverse(0.0), inverse(-0.0)),
        (f64::INFINITY, f64::NEG_INFINITY)
    );
    assert_eq!(
        runs(|| (inverse(f64::NAN), inverse(f64::NAN))),
        1,
        "a NaN is found again"
    );
}

#[derive(Projection)]
struct Config {
    threads: u32,
}

#[derive(Projection)]
struct Numbers<'a> {
    numbers: &'a Vec<u32>,
}

struct World {
    numbers: Vec<u32>,
    unseen: u32,
}

#[test]
fn types_of_users_are_arguments_by_value_and_by_reference() {
    #[memo(single)]
    fn by_value(config: Config) -> u32 {
        ran();
        2 * config.threads
    }
    #[memo(single)]
    fn by_reference(config: &Config) -> u32 {
        ran();
        2 * config.threads
    }
    let config = |threads| Config { threads };
    assert_eq!(
        runs(|| (
            by_value(config(1)),
            by_value(config(1)),
            by_value(config(2))
        )),
        2
    );
    assert_eq!(
        runs(|| (
            by_reference(&config(1)),
            by_reference(&config(1)),
            by_reference(&config(2))
        )),
        2
    );
}

#[test]
fn a_change_that_is_not_projected_is_a_hit() {
    #[memo(single)]
    fn sum<'a>(view: Numbers<'a>) -> u32 {
        ran();
        view.numbers.iter().sum()
    }
    #[memo(single)]
    fn sum_of_reference(view: &Numbers<'_>) -> u32 {
        ran();
        view.numbers.iter().sum()
    }
    let mut world = World {
        numbers: vec![1, 2],
        unseen: 0,
    };
    let ask = |world: &World| {
        let view = || Numbers {
            numbers: &world.numbers,
        };
        (sum(view()), sum_of_reference(&view()))
    };
    assert_eq!(runs(|| assert_eq!(ask(&world), (3, 3))), 2);
    world.unseen += 1;
    assert_eq!(runs(|| assert_eq!(ask(&world), (3, 3))), 0);
    world.numbers.push(3);
    assert_eq!(runs(|| assert_eq!(ask(&world), (6, 6))), 2);
}

/// Two lifetimes, named and not, with plain values before, between and after.
#[test]
fn projections_stand_beside_other_parameters() {
    #[memo(lru = 8)]
    fn total<'a, 'b>(
        before: u32,
        one: Numbers<'a>,
        text: &str,
        other: Numbers<'b>,
        bytes: &[u8],
    ) -> u32 {
        ran();
        before + one.numbers[0] + other.numbers[0] + (text.len() + bytes.len()) as u32
    }
    let world = World {
        numbers: vec![1],
        unseen: 9,
    };
    let (other, more) = (vec![world.unseen], vec![2]);
    let view = |numbers| Numbers { numbers };
    let ask = |before, one, text, two, bytes: &[u8]| {
        runs(|| total(before, view(one), text, view(two), bytes))
    };
    let own = &world.numbers;
    assert_eq!(total(1, view(own), "ab", view(&other), b"c"), 13 + 1);
    assert_eq!(ask(1, own, "ab", &other, b"c"), 0);
    // One after the other becomes another, and is found again.
    for n in 0..2 {
        assert_eq!(ask(2, own, "ab", &other, b"c"), 1 - n);
        assert_eq!(ask(2, &more, "ab", &other, b"c"), 1 - n);
        assert_eq!(ask(2, &more, "ac", &other, b"c"), 1 - n);
        assert_eq!(ask(2, &more, "ac", own, b"c"), 1 - n);
        assert_eq!(ask(2, &more, "ac", own, b"d"), 1 - n);
    }
}

#[expect(elided_lifetimes_in_paths, reason = "so it may be written")]
#[test]
fn the_lifetime_of_a_view_may_be_left_out() {
    #[memo(single)]
    fn first(view: Numbers) -> u32 {
        view.numbers[0]
    }
    #[memo(lru = 2)]
    fn both(view: (Numbers, Option<Numbers>)) -> u32 {
        view.0.numbers[0] + view.1.map_or(0, |view| view.numbers[0])
    }
    let numbers = vec![1];
    let view = || Numbers { numbers: &numbers };
    assert_eq!((first(view()), both((view(), Some(view())))), (1, 2));
}

#[test]
fn equal_content_at_another_address_is_a_hit() {
    #[memo(single)]
    fn length(list: &Vec<String>, shared: Arc<Vec<u32>>) -> usize {
        ran();
        list.len() + shared.len()
    }
    let ask = || length(&vec!["a".to_owned()], Arc::new(vec![1, 2]));
    assert_eq!(runs(|| assert_eq!((ask(), ask()), (3, 3))), 1);
}

/// `PartialEq` is all that an `Arc` asks, and it is not called for what is shared.
#[test]
fn a_shared_argument_is_not_compared() {
    thread_local! {
        static COMPARED: Cell<u32> = const { Cell::new(0) };
    }
    struct Big(u32);
    impl PartialEq for Big {
        fn eq(&self, other: &Self) -> bool {
            COMPARED.set(COMPARED.get() + 1);
            self.0 == other.0
        }
    }
    #[memo(single)]
    fn f(all: &[Arc<Big>]) -> u32 {
        all[0].0
    }
    let big = vec![Arc::new(Big(3))];
    assert_eq!((f(&big), f(&big.clone()), COMPARED.get()), (3, 3, 0));
    assert_eq!((f(&[Arc::new(Big(3))]), COMPARED.get()), (3, 1));
}

/// What one memo returns is the argument of another, as it is and through a projection.
#[test]
fn memos_feed_memos() {
    #[memo(single)]
    fn doubled(numbers: &[u32]) -> Arc<Vec<u32>> {
        ran();
        Arc::new(numbers.iter().map(|n| 2 * n).collect())
    }
    #[memo(single)]
    fn sum(numbers: &Arc<Vec<u32>>) -> u32 {
        ran();
        numbers.iter().sum()
    }
    #[memo(single)]
    fn first(view: Numbers<'_>) -> u32 {
        ran();
        view.numbers[0]
    }
    let ask = || {
        let numbers = doubled(&[1, 2]);
        (sum(&numbers), first(Numbers { numbers: &numbers }))
    };
    assert_eq!(runs(|| assert_eq!((ask(), ask()), ((6, 2), (6, 2)))), 3);
}

#[test]
fn more_parameters_than_a_tuple_has_places_are_told_apart() {
    #[memo(single)]
    #[expect(clippy::too_many_arguments, reason = "that is the point")]
    fn f(
        a: u8,
        b: u8,
        c: u8,
        d: u8,
        e: u8,
        f: u8,
        g: u8,
        h: u8,
        i: u8,
        j: u8,
        k: u8,
        l: u8,
        m: &str,
        n: u8,
    ) -> usize {
        ran();
        usize::from(a + b + c + d + e + f + g + h + i + j + k + l + n) + m.len()
    }
    let ask = |m, n| f(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, m, n);
    assert_eq!(runs(|| assert_eq!((ask("a", 1), ask("a", 1)), (14, 14))), 1);
    assert_eq!(runs(|| (ask("b", 1), ask("b", 2))), 2);
}
