//! What a hit of a memo costs: no allocation, whatever the kind of the arguments.
//!
//! A binary of its own, for it counts what its whole process allocates. The harness allocates beside the tests now and then, so a
//! claim is about the quietest of several rounds: what a hit allocates it would allocate in every round.

use std::alloc::System;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, LinkedList, VecDeque};
use std::ffi::{CStr, OsStr};
use std::hint::black_box;
use std::net::IpAddr;
use std::num::NonZero;
use std::ops::Range;
use std::path::Path;
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use salvia::{Param, Projection, ToStatic, memo};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const HITS: u32 = 100;
const ROUNDS: usize = 20;

/// Held by every test from its beginning on: what one sets up would be counted by another.
fn alone() -> MutexGuard<'static, ()> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The least that a round of calls allocated, after a first call.
fn least(call: &dyn Fn()) -> usize {
    call();
    let round = || {
        let region = Region::new(ALLOCATOR);
        for _ in 0..HITS {
            call();
        }
        let change = region.change();
        change.allocations + change.reallocations
    };
    (0..ROUNDS).map(|_| round()).min().unwrap_or(usize::MAX)
}

/// A memo of each strategy for each kind of argument.
macro_rules! hits_allocate_nothing {
    ($($ty:ty: $argument:expr;)*) => {$({
        #[memo(single)]
        fn one(_argument: $ty) -> u32 {
            1
        }
        #[memo(lru = 8)]
        fn some(_argument: $ty) -> u32 {
            2
        }
        let call = || {
            let sum = one(black_box($argument)) + some(black_box($argument));
            assert_eq!(sum, 3);
        };
        assert_eq!(least(&call), 0, "{}", stringify!($ty));
    })*};
}

#[derive(Projection)]
struct View<'a> {
    numbers: &'a Vec<u32>,
    name: &'a str,
    child: Option<&'a View<'a>>,
}

#[derive(Projection)]
enum Owned {
    Named { name: Rc<str>, size: f64 },
}

#[test]
fn a_hit_allocates_nothing_for_every_kind_of_argument() {
    let _alone = alone();
    let text = String::from("a text");
    let numbers: Vec<u32> = (0..1000).collect();
    let texts = [text.clone(), text.clone()];
    let shared: Arc<[u32]> = numbers.clone().into();
    let counted: Rc<str> = "a".into();
    let map: HashMap<String, Vec<u32>> = HashMap::from([(text.clone(), numbers.clone())]);
    let borrowed: HashMap<&str, u32> = HashMap::from([("a", 1), ("b", 2)]);
    let set: HashSet<u32> = numbers.iter().copied().collect();
    let sorted: BTreeMap<&str, &[u32]> = BTreeMap::from([("a", &numbers[..])]);
    let child = View {
        numbers: &numbers,
        name: "child",
        child: None,
    };
    let view = || View {
        numbers: &numbers,
        name: &text,
        child: Some(&child),
    };
    hits_allocate_nothing! {
        u32: 7;
        f64: 7.0;
        (u8, char): (7, 'a');
        &str: &text;
        &String: &text;
        &[u32]: &numbers;
        &Vec<u32>: &numbers;
        &[String]: &texts;
        &Path: Path::new("a/b");
        Option<&str>: Some(&text);
        [&str; 2]: ["a", &text];
        Cow<'_, str>: Cow::Borrowed(&text);
        Arc<[u32]>: shared.clone();
        &Arc<[u32]>: &shared;
        &HashMap<String, Vec<u32>>: &map;
        &HashMap<&str, u32>: &borrowed;
        &HashSet<u32>: &set;
        &BTreeMap<&str, &[u32]>: &sorted;
        View<'_>: view();
        &View<'_>: &view();
        (u32, Option<View<'_>>): (7, Some(view()));
        Owned: Owned::Named { name: counted.clone(), size: 0.0 };
    }
}

#[test]
fn a_hit_allocates_nothing_whatever_holds_the_argument() {
    let _alone = alone();
    let text = String::from("a text");
    let numbers: Vec<u32> = (0..1000).collect();
    let texts: VecDeque<String> = [text.clone(), text.clone()].into();
    let list: LinkedList<u32> = numbers.iter().copied().collect();
    let boxed: Rc<Box<str>> = Rc::new("a".into());
    let counted: Rc<[String]> = [text.clone()].into();
    let shared: Arc<dyn Shape> = Arc::new(3_u32);
    let views = [View {
        numbers: &numbers,
        name: "a",
        child: None,
    }];
    let sorted: BTreeMap<u32, View<'_>> = BTreeMap::from([(
        1,
        View {
            numbers: &numbers,
            ..views[0]
        },
    )]);
    let hashed: HashMap<u32, &str> = HashMap::from([(1, &*text)]);
    let set: BTreeSet<&str> = BTreeSet::from(["a", "b"]);
    let now = (Instant::now(), SystemTime::now());
    hits_allocate_nothing! {
        (): ();
        (Instant, SystemTime, Duration): (now.0, now.1, Duration::MAX);
        NonZero<i128>: NonZero::<i128>::MIN;
        Result<&str, IpAddr>: Ok(&text);
        Range<u64>: 1..2;
        &&&u32: &&&7;
        &OsStr: OsStr::new("a");
        &CStr: c"a";
        &VecDeque<String>: &texts;
        &LinkedList<u32>: &list;
        Rc<[String]>: counted.clone();
        &Rc<Box<str>>: &boxed;
        &Arc<dyn Shape>: &shared;
        &[View<'_>]: &views;
        &BTreeMap<u32, View<'_>>: &sorted;
        &HashMap<u32, &str>: &hashed;
        &BTreeSet<&str>: &set;
        Cow<'_, [u32]>: Cow::Borrowed(&numbers);
        (&str, &[u32], Option<&Path>, u8, f32, &String): (&text, &numbers, None, 1, f32::NAN, &text);
    }
}

trait Shape {
    fn corners(&self) -> u32;
}

impl Shape for u32 {
    fn corners(&self) -> u32 {
        *self
    }
}

impl PartialEq for dyn Shape {
    fn eq(&self, other: &Self) -> bool {
        self.corners() == other.corners()
    }
}

#[cfg(all(feature = "bytes", feature = "imbl"))]
#[test]
fn a_hit_allocates_nothing_for_what_other_crates_share() {
    let _alone = alone();
    let bytes = bytes::Bytes::from(vec![1; 1000]);
    let vector: imbl::Vector<u32> = (0..1000_u32).collect();
    let other: imbl::Vector<u32> = (0..1000_u32).collect();
    let map: imbl::HashMap<u32, u32> = (0..1000_u32).map(|n| (n, n)).collect();
    let set: imbl::HashSet<u32> = (0..1000_u32).collect();
    let sorted: imbl::OrdMap<u32, u32> = (0..1000_u32).map(|n| (n, n)).collect();
    let sorted_set: imbl::OrdSet<u32> = (0..1000_u32).collect();
    hits_allocate_nothing! {
        bytes::Bytes: bytes.clone();
        imbl::Vector<u32>: vector.clone();
        (&imbl::Vector<u32>, &imbl::Vector<u32>): (&vector, &other);
        &imbl::HashMap<u32, u32>: &map;
        &imbl::HashSet<u32>: &set;
        &imbl::OrdMap<u32, u32>: &sorted;
        imbl::OrdSet<u32>: sorted_set.clone();
    }
}

#[test]
fn a_hit_of_a_generic_or_shared_memo_allocates_nothing() {
    let _alone = alone();
    #[memo(single)]
    fn generic<T: ToStatic>(_argument: T) -> u32 {
        1
    }
    #[memo(lru = 8)]
    fn generic_lru<T: ToStatic>(_argument: T) -> u32 {
        2
    }
    #[memo(lru = 8, shared)]
    fn shared(_argument: &str) -> u32 {
        3
    }
    let text = String::from("a text");
    let call = || {
        let local = generic(black_box(&*text)) + generic(7) + generic_lru(&text) + generic_lru(8);
        assert_eq!((local, shared(&text)), (6, 3));
    };
    assert_eq!(least(&call), 0);
}

/// A look at a table of keys: the hash, and the comparison.
#[test]
fn looking_for_a_key_allocates_nothing() {
    let _alone = alone();
    let numbers: Vec<u32> = (0..1000).collect();
    let view = View {
        numbers: &numbers,
        name: "a",
        child: None,
    };
    let argument = (view.name, &numbers[..], Some(Path::new("a")), &numbers);
    let key = argument.to_key();
    let state = std::hash::RandomState::new();
    let call = || {
        let mut hasher = std::hash::BuildHasher::build_hasher(&state);
        black_box(&argument).hash_view(&mut hasher);
        assert!(argument.matches(&key));
        assert_eq!(
            <(&str, &[u32], Option<&Path>, &Vec<u32>)>::view(&key)
                .1
                .len(),
            1000
        );
    };
    assert_eq!(least(&call), 0);
}

/// The counting counts: a miss keeps a snapshot, and a value that owns something is cloned.
#[test]
fn what_allocates_is_counted() {
    let _alone = alone();
    #[memo(single)]
    fn length(text: &str) -> usize {
        text.len()
    }
    #[memo(single)]
    fn owned(n: u32) -> String {
        n.to_string()
    }
    let misses = || assert_eq!(length("a") + length("bc"), 3);
    assert!(least(&misses) >= 2 * HITS as usize);
    let clones = || assert_eq!(owned(1), "1");
    assert_eq!(least(&clones), HITS as usize);
}
