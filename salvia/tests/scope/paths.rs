//! Calls, counts, roots, and what is current when.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use salvia::scope::{CallId, call, call_in_slot, root};

fn distinct(ids: &[CallId]) -> usize {
    ids.iter().collect::<HashSet<_>>().len()
}

fn two_ids() -> (CallId, CallId) {
    let first = call(CallId::current);
    let second = call(CallId::current);
    (first, second)
}

#[test]
fn a_call_gives_what_its_function_returns() {
    assert_eq!(call(|| 7), 7);
    assert_eq!(call_in_slot("a", || "b".to_owned()), "b");
    assert_eq!(root(|| Some(7)), Some(7));
}

#[test]
fn a_call_is_below_the_current_one() {
    let (parent, child) = call(|| (CallId::current(), call(CallId::current)));
    assert_ne!(parent, child);
    assert_ne!(child, CallId::current());
}

#[test]
fn an_id_is_made_of_the_place_the_parent_and_the_slot() {
    let at_one_place = || call(CallId::current);
    let (one, same, parent) = root(|| (at_one_place(), at_one_place(), call(at_one_place)));
    let place = root(|| call(CallId::current));
    assert_eq!(distinct(&[one, same, parent, place]), 4);
}

#[test]
fn outside_of_any_call_the_id_is_always_the_same() {
    let here = CallId::current();
    let there = std::thread::spawn(CallId::current).join().unwrap();
    assert_eq!(here, there);
    assert_eq!(here, root(CallId::current));
}

#[test]
fn the_id_stays_the_same_before_and_after_calls_inside() {
    call(|| {
        let before = CallId::current();
        let inside = call(|| call(CallId::current));
        assert_eq!(CallId::current(), before);
        assert_ne!(inside, before);
        call_in_slot(1, || ());
        assert_eq!(CallId::current(), before);
    });
}

#[test]
fn calls_on_one_line_at_two_columns_differ() {
    let ids = root(|| [call(CallId::current), call(CallId::current)]);
    assert_eq!(distinct(&ids), 2);
    // Also where nothing is counted.
    let ids = [call(CallId::current), call(CallId::current)];
    assert_eq!(distinct(&ids), 2);
}

#[test]
fn a_loop_over_one_call_gives_distinct_ids() {
    let ids: Vec<_> = root(|| (0..100).map(|_| call(CallId::current)).collect());
    assert_eq!(distinct(&ids), 100);
}

#[test]
fn two_places_in_turns_give_distinct_ids() {
    let ids: Vec<_> = root(|| {
        let turn = |nth| match nth % 2 {
            0 => call(CallId::current),
            _ => call(CallId::current),
        };
        (0..4).map(turn).collect()
    });
    assert_eq!(distinct(&ids), 4);
}

#[test]
fn nested_loops_of_a_hundred_by_a_hundred_are_all_distinct() {
    let inner = || (0..100).map(|_| call(CallId::current)).collect::<Vec<_>>();
    let ids: Vec<_> = root(|| (0..100).flat_map(|_| call(inner)).collect());
    assert_eq!(ids.len(), 10_000);
    assert_eq!(distinct(&ids), 10_000);
}

#[test]
fn without_a_parent_each_call_is_a_root_of_its_own() {
    let ids: Vec<_> = (0..3).map(|_| call(CallId::current)).collect();
    assert_eq!(distinct(&ids), 1);
    let once = || call(two_ids);
    assert_eq!(once(), once());
}

#[test]
fn one_function_called_at_two_places_of_a_parent_has_two_ids() {
    root(|| assert_ne!(call(two_ids), call(two_ids)));
    assert_ne!(call(two_ids), call(two_ids));
}

#[test]
fn one_function_below_two_roots_has_equal_ids() {
    assert_eq!(root(two_ids), root(two_ids));
    let in_loop: Vec<_> = (0..3).map(|_| root(two_ids)).collect();
    assert_eq!(in_loop[0], in_loop[2]);
}

#[test]
fn a_root_ignores_the_id_around_it() {
    let at_one_place = || root(two_ids);
    let outside = at_one_place();
    let below = call(|| call_in_slot("a", at_one_place));
    assert_eq!(outside, below);
    call(|| {
        let before = CallId::current();
        root(|| call(|| ()));
        assert_eq!(CallId::current(), before);
    });
}

/// Each execution of a call counts from the beginning.
#[test]
fn what_a_call_counts_ends_with_it() {
    let twice = || call_in_slot("a", || (call(CallId::current), call(CallId::current)));
    root(|| {
        let first = twice();
        assert_eq!(first, twice());
    });
}

#[test]
fn ids_are_the_same_on_every_thread() {
    fn chain() -> Vec<CallId> {
        let inner = || {
            (0..3)
                .map(|_| call(|| call_in_slot("a", CallId::current)))
                .collect()
        };
        root(|| call(inner))
    }
    let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(chain)).collect();
    for thread in threads {
        assert_eq!(thread.join().unwrap(), chain());
    }
}

#[test]
fn the_id_is_put_back_when_a_call_unwinds() {
    root(|| {
        let before = CallId::current();
        let panics: [fn(); 3] = [
            || call(|| call(|| panic!("on purpose"))),
            || call_in_slot("a", || panic!("on purpose")),
            || root(|| call(|| panic!("on purpose"))),
        ];
        for panic in panics {
            assert!(catch_unwind(panic).is_err());
            assert_eq!(CallId::current(), before);
        }
        // What was counted before still is.
        let mut ids = Vec::new();
        for nth in 0..4 {
            let _ = catch_unwind(AssertUnwindSafe(|| {
                call(|| {
                    ids.push(CallId::current());
                    assert!(nth % 2 == 0, "on purpose");
                });
            }));
        }
        assert_eq!(distinct(&ids), 4);
    });
}

/// The hash is of the whole path, and equality does not rest on it.
#[test]
fn ids_with_many_calls_do_not_merge() {
    fn walk(depth: u32, ids: &mut Vec<CallId>) {
        ids.push(CallId::current());
        if depth > 0 {
            call(|| walk(depth - 1, ids));
            call(|| walk(depth - 1, ids));
            call_in_slot(depth, || walk(depth - 1, ids));
        }
    }
    let mut ids = Vec::new();
    root(|| walk(9, &mut ids));
    assert_eq!(distinct(&ids), ids.len());
    let mut again = Vec::new();
    root(|| walk(9, &mut again));
    assert_eq!(ids, again);
}

#[test]
fn two_calls_of_one_macro_are_told_apart_by_the_count() {
    macro_rules! twice {
        () => {
            [call(CallId::current), call(CallId::current)]
        };
    }
    let ids = || root(|| twice!());
    assert_eq!(distinct(&ids()), 2);
    assert_eq!(ids(), ids());
}

/// The place is that of the source; what is stored with an id has the type beside it.
#[test]
fn instances_of_a_generic_function_share_their_places() {
    fn id_of<T: Default>() -> CallId {
        call(|| {
            let _ = T::default();
            CallId::current()
        })
    }
    assert_eq!(root(id_of::<u8>), root(id_of::<String>));
}

#[test]
fn many_places_are_counted_each_on_its_own() {
    macro_rules! places {
        ($($place:tt)*) => { [$( { let _ = $place; call(CallId::current) } ),*] };
    }
    let rounds: Vec<_> = root(|| {
        let round = || places!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15);
        (0..3).flat_map(|_| round()).collect()
    });
    assert_eq!(distinct(&rounds), 48);
}

/// Whatever else is called between, and in which order, a place has its first id, its second, and so on.
#[test]
fn what_is_called_between_makes_no_difference_to_a_place() {
    fn at(place: usize, inside: &[usize]) -> (CallId, Vec<CallId>) {
        let body = || {
            let below = inside.iter().map(|place| at(*place, &[]).0);
            (CallId::current(), below.collect())
        };
        match place {
            0 => call(body),
            1 => call(body),
            2 => call(body),
            3 => call(body),
            _ => call(body),
        }
    }
    // What each place got, in turn.
    let of_places = |order: &[usize]| {
        let mut ids = vec![Vec::new(); 5];
        root(|| {
            for place in order {
                ids[*place].push(at(*place, &[1, 0, 0, 4]));
            }
        });
        ids
    };
    let sorted = of_places(&[0, 0, 0, 1, 1, 2, 2, 2, 3, 4, 4]);
    for order in [
        [4, 4, 3, 2, 2, 2, 1, 1, 0, 0, 0],
        [0, 1, 2, 3, 4, 0, 1, 2, 4, 0, 2],
        [2, 0, 2, 4, 1, 0, 4, 3, 2, 1, 0],
    ] {
        assert_eq!(of_places(&order), sorted);
    }
    let all: Vec<_> = sorted.into_iter().flatten().map(|(id, _)| id).collect();
    assert_eq!(distinct(&all), 11);
}

#[test]
fn an_id_shows_the_way_it_was_reached() {
    let id = root(|| call(|| call_in_slot("a", CallId::current)));
    let shown = format!("{id:?}");
    let places = shown.matches("paths.rs:").count();
    assert!(
        places == 2 && shown.contains("#0") && shown.contains("String"),
        "{shown}"
    );
    assert_eq!(format!("{:?}", root(CallId::current)), "CallId()");
}
