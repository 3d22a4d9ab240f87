//! Calls in slots.

use std::collections::{BTreeMap, HashSet};
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use salvia::scope::{CallId, call, call_in_slot, root};
use salvia::{Param, Projection};

fn at(slot: &str) -> CallId {
    call_in_slot(slot, CallId::current)
}

#[test]
fn equal_slots_have_equal_ids_and_others_other_ones() {
    root(|| {
        let bob = at("bob");
        assert_ne!(bob, at("alice"));
        assert_eq!(bob, at("bob"));
    });
    assert_eq!(at("bob"), at("bob"));
}

#[test]
fn a_slot_below_another_parent_is_another_one() {
    root(|| {
        assert_ne!(at("bob"), call(|| at("bob")));
        assert_ne!(call_in_slot(1, || at("bob")), call_in_slot(2, || at("bob")));
    });
}

#[test]
fn one_slot_at_two_places_is_two() {
    let ids = root(|| {
        [
            call_in_slot("a", CallId::current),
            call_in_slot("a", CallId::current),
        ]
    });
    assert_ne!(ids[0], ids[1]);
}

#[test]
#[expect(
    clippy::needless_borrows_for_generic_args,
    reason = "values are tested beside what refers to them"
)]
fn a_slot_may_be_given_in_a_borrowed_form() {
    fn in_path<S: Param<Key = PathBuf>>(slot: S) -> CallId {
        call_in_slot(slot, CallId::current)
    }
    fn in_text<S: Param<Key = String>>(slot: S) -> CallId {
        call_in_slot(slot, CallId::current)
    }
    fn in_list<S: Param<Key = Vec<u8>>>(slot: S) -> CallId {
        call_in_slot(slot, CallId::current)
    }
    assert_eq!(in_text("bob"), in_text(&String::from("bob")));
    assert_eq!(in_path(Path::new("a/b")), in_path(&PathBuf::from("a/b")));
    assert_eq!(in_list(&[1, 2][..]), in_list(&vec![1, 2]));
    assert_ne!(in_list(&[1, 2][..]), in_list(&vec![2, 1]));
    assert_eq!(in_text("bob"), in_text(String::from("bob")));
    assert_eq!(in_list(&[1, 2][..]), in_list(vec![1_u8, 2]));
    let number = |n: &u32| (call_in_slot(n, CallId::current), *n);
    assert_eq!(number(&1), number(&{ 1 }));
}

#[derive(Debug, Clone, Copy, Projection)]
struct Title<'a> {
    text: &'a str,
    words: &'a [u32],
}

/// One view is the argument of a memo and a slot; what makes the id is what the view shows.
#[test]
fn a_view_is_a_slot() {
    #[salvia::memo(single)]
    fn length(title: Title<'_>) -> usize {
        title.text.len() + title.words.len()
    }
    let at = |text: &str, words: &[u32]| {
        let view = Title { text, words };
        let id = call_in_slot(view, CallId::current);
        (id, length(view))
    };
    root(|| {
        let bob = at("bob", &[1]);
        assert_eq!(at(&String::from("bob"), &Vec::from([1])), bob);
        assert!(bob.0 != at("bo", &[1]).0 && bob.0 != at("bob", &[2]).0);
    });
    let in_parts = |text: &str, words: &[u32]| {
        let parts = (Title { text, words }, Some(text), 1_u8);
        call_in_slot(parts, CallId::current)
    };
    assert_eq!(in_parts("a", &[]), in_parts(&String::from("a"), &[]));
    assert_ne!(in_parts("a", &[]), in_parts("b", &[]));
}

#[test]
fn a_loop_over_slots_gives_the_same_set_of_ids_in_any_order() {
    let slots: BTreeMap<String, u32> = (0..50).map(|n| (format!("user {n}"), n)).collect();
    let forwards: HashSet<_> = root(|| slots.keys().map(|key| at(key)).collect());
    let backwards: HashSet<_> = root(|| slots.keys().rev().map(|key| at(key)).collect());
    assert_eq!(forwards.len(), 50);
    assert_eq!(forwards, backwards);
}

#[test]
fn a_count_of_ones_own_is_never_the_count_of_a_call() {
    #[track_caller]
    fn counted() -> CallId {
        call(CallId::current)
    }
    #[track_caller]
    fn in_slot<S: Clone + Eq + std::hash::Hash + Send + Sync + 'static>(slot: S) -> CallId {
        call_in_slot(&slot, CallId::current)
    }
    // All of one place.
    let each = |nth: u64| {
        let make: [&dyn Fn() -> CallId; 4] =
            [&counted, &|| in_slot(nth), &|| in_slot(nth as u32), &|| {
                in_slot(nth as usize)
            }];
        make.map(|make| make())
    };
    let ids: Vec<_> = root(|| (0..10).flat_map(each).collect());
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 40);
}

#[test]
fn slots_of_two_types_are_never_equal() {
    fn in_slot<S: Clone + Eq + std::hash::Hash + Send + Sync + 'static>(slot: S) -> CallId {
        call_in_slot(&slot, CallId::current)
    }
    let ids = [
        in_slot(10u8),
        in_slot(10u16),
        in_slot(10i8),
        in_slot((10u8,)),
        in_slot([10u8]),
    ];
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 5);
}

/// A slot whose hash says nothing: only equality does.
#[derive(Clone, PartialEq, Eq)]
struct AllAlike(u32);

impl std::hash::Hash for AllAlike {
    fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
}

#[test]
fn ids_with_equal_hashes_stay_apart() {
    let ids: Vec<_> = (0..50)
        .map(|n| call_in_slot(&AllAlike(n), || call_in_slot(&AllAlike(0), CallId::current)))
        .collect();
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 50);
}

#[test]
fn an_id_can_be_a_slot() {
    let [one, other] = root(|| [at("a"), at("b")]);
    let below = |id: &CallId| call_in_slot(id, CallId::current);
    assert_eq!(below(&one), below(&one.clone()));
    assert_ne!(below(&one), below(&other));
}

/// Panics where it is told to.
#[derive(PartialEq, Eq)]
struct Fragile(&'static str);

impl Clone for Fragile {
    fn clone(&self) -> Self {
        assert!(self.0 != "clone", "on purpose");
        Fragile(self.0)
    }
}

impl std::hash::Hash for Fragile {
    fn hash<H: std::hash::Hasher>(&self, _: &mut H) {
        assert!(self.0 != "hash", "on purpose");
    }
}

impl Drop for Fragile {
    fn drop(&mut self) {
        assert!(self.0 != "drop" || std::thread::panicking(), "on purpose");
    }
}

#[test]
fn a_slot_that_panics_leaves_the_id_as_it_was() {
    root(|| {
        let before = CallId::current();
        for slot in ["clone", "hash", "drop"] {
            let fragile = Fragile(slot);
            let outcome = catch_unwind(|| {
                call_in_slot(&fragile, || ());
            });
            std::mem::forget(fragile);
            assert!(outcome.is_err(), "{slot}");
            assert_eq!(CallId::current(), before, "{slot}");
        }
        assert_ne!(at("a"), call(CallId::current));
    });
}

/// User code of a slot may make calls itself.
#[derive(Clone, Debug)]
struct Calling(u8);

impl std::hash::Hash for Calling {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        call(|| self.0).hash(state);
    }
}

impl PartialEq for Calling {
    fn eq(&self, other: &Self) -> bool {
        call(|| self.0 == other.0)
    }
}

impl Eq for Calling {}

impl Drop for Calling {
    fn drop(&mut self) {
        call_in_slot(self.0, || ());
    }
}

#[test]
fn a_slot_may_make_calls_itself() {
    root(|| {
        let id = |slot| call_in_slot(&Calling(slot), CallId::current);
        assert_eq!(id(1), id(1));
        assert_ne!(id(1), id(2));
    });
}
