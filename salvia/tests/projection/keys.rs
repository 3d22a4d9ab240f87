//! Keys: found by a view, made once, and enough to make the view again.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ffi::OsStr;
use std::fmt::Debug;
use std::hash::{BuildHasher, RandomState};
use std::path::Path;
use std::sync::Arc;

use salvia::{Param, Projection};

fn hash<P: Param>(state: &RandomState, view: &P) -> u64 {
    let mut hasher = state.build_hasher();
    view.hash_view(&mut hasher);
    std::hash::Hasher::finish(&hasher)
}

/// The view made from the key is found where the first one was.
#[track_caller]
fn comes_back<'k, P>(view: P, key: &'k P::Key)
where
    P: Param<View<'k>: Param<Key = P::Key>>,
{
    let state = RandomState::new();
    assert!(view.matches(key), "the key is not that of the view");
    let again = P::view(key);
    assert!(again.matches(key), "the rebuilt view has another key");
    assert_eq!(
        hash(&state, &view),
        hash(&state, &again),
        "the rebuilt view has another hash"
    );
}

macro_rules! come_back {
    ($($view:expr,)*) => {$( comes_back($view, &$view.to_key()); )*};
}

#[test]
fn views_of_every_kind_are_made_from_their_keys() {
    let text = String::from("a");
    come_back! {
        1u8, 'a', true, (), text.clone(), Duration::from_secs(1), NonZero::<u8>::MIN,
        &1, &text, &vec![1, 2], &Some(3),
        "a", &[1, 2][..], Path::new("a"), OsStr::new("a"), c"a",
        Arc::<str>::from("a"), Arc::new(1),
        Some("a"), None::<&str>, Ok::<&str, u8>("a"), Err::<u8, _>("a"),
        ("a", &[1][..], Path::new("b"), 1, &2),
        vec!["a", "b"], ["a", "b"], VecDeque::from(["a"]), vec![Some(("a", &[1][..]))],
        Box::new("a"), Box::<str>::from("a"), Box::<[u8]>::from([1]),
        Cow::Borrowed("a"), Cow::<'_, [u8]>::Owned(vec![1]),
        BTreeMap::from([("a", &1)]), BTreeSet::from(["a"]),
        1..2, 1..=2, .., Bound::Included("a"), Reverse("a"),
    }
}

use std::cmp::Reverse;
use std::collections::{BTreeSet, VecDeque};
use std::num::NonZero;
use std::ops::Bound;
use std::time::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Projection)]
struct Line<'a> {
    text: &'a str,
    words: &'a [u32],
    number: usize,
    language: &'static str,
}

#[derive(Debug, Clone, PartialEq, Projection)]
enum Block<'a> {
    Empty,
    Lines(Vec<Line<'a>>),
    Quote {
        inside: Box<Block<'a>>,
        by: Option<&'a String>,
    },
}

const LINE: Line<'static> = Line {
    text: "a",
    words: &[1, 2],
    number: 3,
    language: "de",
};

#[test]
fn projections_are_made_from_their_keys() {
    let name = String::from("b");
    let quote = Block::Quote {
        inside: Box::new(Block::Lines(vec![LINE, LINE])),
        by: Some(&name),
    };
    come_back! { LINE, Block::Empty, Block::Lines(vec![LINE]), quote.clone(), vec![(1, quote.clone())], }
    assert_eq!(Line::view(&LINE.to_key()), LINE);
    assert_eq!(Block::view(&quote.to_key()), quote);
}

#[test]
fn static_references_stay_what_they_are() {
    #[derive(Projection)]
    struct Names<'a> {
        all: &'a [&'static str],
        first: &'static str,
        handle: (u8, &'static str),
    }
    let names = Names {
        all: &["a", "b"],
        first: "a",
        handle: (1, "c"),
    };
    let key = names.to_key();
    let again = Names::view(&key);
    let forever: (&'static str, &'static str) = (again.all[1], again.first);
    assert_eq!((forever, again.handle), (("b", "a"), (1, "c")));
    assert!(again.matches(&key));
}

#[test]
fn keys_of_views_that_differ_differ() {
    let key = LINE.to_key();
    let others = [
        Line { text: "b", ..LINE },
        Line {
            words: &[1],
            ..LINE
        },
        Line { number: 4, ..LINE },
        Line {
            language: "fr",
            ..LINE
        },
    ];
    for other in others {
        assert!(!other.matches(&key) && other.to_key() != key);
    }
    let blocks = [Block::Empty, Block::Lines(vec![]), Block::Lines(vec![LINE])];
    for (one, block) in blocks.iter().enumerate() {
        for (other, key) in blocks.iter().map(Param::to_key).enumerate() {
            assert_eq!(block.matches(&key), one == other);
        }
    }
}

/// The split of a text over the parts of a view is part of what is hashed.
#[test]
fn the_parts_of_a_view_are_hashed_apart() {
    let state = RandomState::new();
    let differ = |one: u64, other: u64| assert_ne!(one, other);
    differ(hash(&state, &("ab", "c")), hash(&state, &("a", "bc")));
    differ(
        hash(&state, &vec![vec!["a"], vec![]]),
        hash(&state, &vec![vec![], vec!["a"]]),
    );
    differ(hash(&state, &Some(0u8)), hash(&state, &None::<u8>));
    differ(
        hash(&state, &Block::Empty),
        hash(&state, &Block::Lines(vec![])),
    );
}

/// What a query does: look a view up, keep an owned key on a miss, and run again when the caller is gone.
struct Table<K> {
    state: RandomState,
    entries: HashMap<u64, Vec<K>>,
}

impl<K> Table<K> {
    /// Whether the view was there.
    fn look<P: Param<Key = K>>(&mut self, view: &P) -> bool {
        let keys = self.entries.entry(hash(&self.state, view)).or_default();
        let found = keys.iter().any(|key| view.matches(key));
        if !found {
            keys.push(view.to_key());
        }
        found
    }
}

#[test]
fn a_run_without_a_caller_sees_what_the_caller_saw() {
    let mut table = Table {
        state: RandomState::new(),
        entries: HashMap::new(),
    };
    let mut call = || {
        let (text, words) = (String::from("gone"), vec![7]);
        let line = Line {
            text: &text,
            words: &words,
            ..LINE
        };
        table.look(&line)
    };
    assert!(!call() && call());
    let key = table.entries.values().flatten().next();
    let line = Line::view(key.expect("one is kept"));
    assert_eq!((line.text, line.words), ("gone", &[7][..]));
}

/// What holds a float or an `Rc` is an argument of memos, and no key.
#[test]
fn what_cannot_be_a_key_is_still_a_projection() {
    #[derive(Projection)]
    struct Point {
        x: f64,
    }
    #[derive(Projection)]
    struct Shared<'a>(&'a std::rc::Rc<str>);
    crate::tells_apart(&Point { x: 0.0 }, &Point { x: 1.0 });
    let (one, other) = ("a".into(), "b".into());
    crate::tells_apart(&Shared(&one), &Shared(&other));
}

fn debug<T: Debug>(value: T) -> String {
    format!("{value:?}")
}

#[test]
fn a_rebuilt_cow_borrows_from_the_key() {
    let key = Cow::<'_, str>::Owned("a".to_owned()).to_key();
    assert!(
        matches!(Cow::<'_, str>::view(&key), Cow::Borrowed("a")),
        "{}",
        debug(&key)
    );
}
