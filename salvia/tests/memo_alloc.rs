//! What a hit of a memo costs: no allocation, whatever the kind of the arguments.
//!
//! A binary of its own, for it counts what its whole process allocates. The harness allocates beside the tests now and then, so a
//! claim is about the quietest of several rounds: what a hit allocates it would allocate in every round.

use std::alloc::System;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hint::black_box;
use std::path::Path;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use salvia::{Param, Projection, ToStatic, memo};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const HITS: u32 = 100;
const ROUNDS: usize = 20;

/// The least that a round of calls allocated, after a first call. No two tests count at the same time.
fn least(call: &dyn Fn()) -> usize {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
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
fn a_hit_of_a_generic_or_shared_memo_allocates_nothing() {
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
