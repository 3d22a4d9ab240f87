//! Queries with a value for being on a cycle: it is the same whoever is asked first, and comes and goes with the cycle.

use salvia::{Collect, Cycle, QueryContext, QueryErrorKind, query};
use tokio::join;

use crate::kit::{Counts, Slot, boom, builder, counted, put, ran, soon, within};

/// Nobody is on a cycle while slot 1 is not zero: then it is the value at the end of the chain.
async fn chain_end(cx: &QueryContext) -> Option<i64> {
    Some(Slot(1).get(cx).await).filter(|value| *value != 0)
}

/// What is of a cycle's value in a test: who was on it, sorted.
fn names(cycle: &Cycle) -> Vec<String> {
    let mut names = cycle.participants().to_vec();
    names.sort();
    names
}

type Named = (i64, Vec<String>);

fn of_one(cycle: &Cycle, n: i64) -> Named {
    (-n, names(cycle))
}

#[query(cycle = of_one)]
async fn one(n: i64, cx: &QueryContext) -> Named {
    ran(cx, "one");
    match chain_end(cx).await {
        Some(end) => (end, Vec::new()),
        None => one(n, cx).await,
    }
}

/// A query that asks for itself has a value, and is named in what it is told.
#[tokio::test]
async fn a_query_that_asks_for_itself_has_its_cycle_value() {
    soon(async {
        let (rt, counts) = counted();
        assert_eq!(ask!(rt, one(7)), (-7, vec!["one(7)".to_owned()]));
        assert_eq!(counts.take(), ["one"]);
        put(&rt, 1, 5).await;
        assert_eq!(ask!(rt, one(7)), (5, vec![]));
        put(&rt, 1, 0).await;
        assert_eq!(ask!(rt, one(7)).0, -7);
    })
    .await;
}

fn of_even(cycle: &Cycle, n: i64) -> Named {
    (100 + n, names(cycle))
}

fn of_odd(cycle: &Cycle, n: i64) -> Named {
    (200 + n, names(cycle))
}

#[query(cycle = of_even)]
async fn even(n: i64, cx: &QueryContext) -> Named {
    ran(cx, "even");
    match chain_end(cx).await {
        Some(end) => (end, Vec::new()),
        None => odd(n, cx).await,
    }
}

#[query(cycle = of_odd)]
async fn odd(n: i64, cx: &QueryContext) -> Named {
    ran(cx, "odd");
    let (value, _) = even(n, cx).await;
    (value + 1, Vec::new())
}

/// Depends on both, and is on no cycle.
#[query]
async fn above_both(n: i64, cx: &QueryContext) -> i64 {
    ran(cx, "above_both");
    let (even, odd) = join!(even(n, cx), odd(n, cx));
    even.0 * 1000 + odd.0
}

/// Each member has its own value, whichever is asked first, and is told of both.
#[tokio::test]
async fn two_members_have_their_values_whoever_is_asked_first() {
    soon(async {
        let both = ["even(3)".to_owned(), "odd(3)".to_owned()].to_vec();
        let expected = ((103, both.clone()), (203, both));

        let (rt, _) = counted();
        let even_first = (ask!(rt, even(3)), ask!(rt, odd(3)));
        assert_eq!(even_first, expected);

        let (rt, _) = counted();
        let odd_first = (ask!(rt, odd(3)), ask!(rt, even(3)));
        assert_eq!((odd_first.1, odd_first.0), expected);

        let (rt, counts) = counted();
        let together = rt.query(async |cx| join!(even(3, &cx), odd(3, &cx)));
        assert_eq!(together.await, expected);
        assert_eq!(counts.take(), ["even", "odd"]);
    })
    .await;
}

/// After the edit that breaks a cycle the bodies decide, after the one that closes it again the functions do; and so on.
#[tokio::test]
async fn an_edit_breaks_a_cycle_and_another_closes_it_again() {
    soon(async {
        let (rt, _) = counted();
        for round in 1..=3 {
            let open = (
                ask!(rt, above_both(3)),
                ask!(rt, odd(3)).0,
                ask!(rt, even(3)).0,
            );
            assert_eq!(open, (103_203, 203, 103), "round {round}");
            put(&rt, 1, round).await;
            let broken = (
                ask!(rt, above_both(3)),
                ask!(rt, odd(3)).0,
                ask!(rt, even(3)).0,
            );
            assert_eq!(broken, (round * 1001 + 1, round + 1, round));
            put(&rt, 1, 0).await;
        }
        assert_eq!(ask!(rt, odd(3)).0, 203);
    })
    .await;
}

/// However often and by whom it is asked for in one snapshot, a member runs once.
#[tokio::test]
async fn a_cycle_value_is_computed_once_a_snapshot() {
    soon(async {
        let (rt, counts) = counted();
        for _ in 0..2 {
            let snapshot = rt.snapshot();
            for _ in 0..3 {
                let all = snapshot.query(async |cx| {
                    let pair = (even(3, &cx).await.0, odd(3, &cx).await.0);
                    (pair, above_both(3, &cx).await)
                });
                assert_eq!(all.await, ((103, 203), 103_203));
            }
            assert_eq!(counts.take(), ["above_both", "even", "odd"]);
            put(&rt, 1, 9).await;
            assert_eq!(ask!(rt, above_both(3)), 9_010);
            put(&rt, 1, 0).await;
            counts.take();
        }
    })
    .await;
}

fn of_ring(cycle: &Cycle, place: u8, _members: u8) -> Named {
    (10 * i64::from(place), names(cycle))
}

/// Three in a ring; those whose bit is set have a value for that.
#[query(cycle = of_ring)]
async fn ring_with_value(place: u8, members: u8, cx: &QueryContext) -> Named {
    ring_body(place, members, cx).await
}

#[query]
async fn ring_without_value(place: u8, members: u8, cx: &QueryContext) -> Named {
    ring_body(place, members, cx).await
}

async fn ring_body(place: u8, members: u8, cx: &QueryContext) -> Named {
    ran(cx, format!("ring({place})"));
    let (value, _) = ring((place + 1) % 3, members, cx).await;
    (value + 1, Vec::new())
}

async fn ring(place: u8, members: u8, cx: &QueryContext) -> Named {
    if members & (1 << place) == 0 {
        ring_without_value(place, members, cx).await
    } else {
        ring_with_value(place, members, cx).await
    }
}

/// A dependant of a member that is not on the ring.
#[query]
async fn above_ring(place: u8, members: u8, cx: &QueryContext) -> i64 {
    ring(place, members, cx).await.0 + 1000
}

/// The value of a place by the rule: its own, or one more than the next one's.
fn of_place(place: u8, members: u8) -> i64 {
    if members & (1 << place) == 0 {
        of_place((place + 1) % 3, members) + 1
    } else {
        10 * i64::from(place)
    }
}

/// Of three members any may have a value: the others compute theirs from it, in whichever order all are asked for.
#[tokio::test]
async fn members_without_a_value_compute_from_those_with_one() {
    within(5, async {
        for members in 1..8u8 {
            for order in [
                [0, 1, 2],
                [0, 2, 1],
                [1, 0, 2],
                [1, 2, 0],
                [2, 0, 1],
                [2, 1, 0],
            ] {
                let (rt, counts) = counted();
                let snapshot = rt.snapshot();
                for place in order {
                    let expected = of_place(place, members);
                    let found = snapshot
                        .query(async |cx| {
                            (
                                ring(place, members, &cx).await,
                                above_ring(place, members, &cx).await,
                            )
                        })
                        .await;
                    assert_eq!(found.0.0, expected, "{members:03b}, {order:?}, {place}");
                    assert_eq!(found.1, expected + 1000);
                    let told = if members & (1 << place) == 0 { 0 } else { 3 };
                    assert_eq!(found.0.1.len(), told, "{:?}", found.0.1);
                }
                assert_eq!(counts.take(), ["ring(0)", "ring(1)", "ring(2)"]);
            }
        }
    })
    .await;
}

/// Without any value in the ring it stays an error.
#[tokio::test]
async fn a_cycle_without_a_value_stays_an_error() {
    soon(async {
        let (rt, _) = counted();
        let error = rt.try_query(async |cx| ring(1, 0, &cx).await).await;
        let error = error.expect_err("none has a value");
        assert!(
            matches!(error.kind(), QueryErrorKind::Cycle { .. }),
            "{error}"
        );
    })
    .await;
}

/// From many tasks at once, each with a member or a dependant of its own, the values are the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_askers_of_a_cycle_agree() {
    within(60, async {
        let counts = Counts::default();
        for round in 0..400u32 {
            let members = (round % 7 + 1) as u8;
            let rt = builder().resource(counts.clone()).build();
            let asking: Vec<_> = (0..8u8)
                .map(|task| {
                    let (rt, place) = (rt.clone(), (task + (round % 3) as u8) % 3);
                    tokio::spawn(async move {
                        let value = match task {
                            0..6 => ask!(rt, ring(place, members)).0,
                            _ => ask!(rt, above_ring(place, members)) - 1000,
                        };
                        (place, value)
                    })
                })
                .collect();
            for task in asking {
                let (place, value) = task.await.expect("it has a value");
                assert_eq!(
                    value,
                    of_place(place, members),
                    "round {round}: {members:03b}, {place}"
                );
            }
        }
    })
    .await;
}

/// The same while edits break the cycle and close it: every snapshot has the one or the other, for all members.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_askers_agree_while_the_cycle_comes_and_goes() {
    within(60, async {
        let (rt, _) = counted();
        let asking: Vec<_> = (0..8)
            .map(|task| {
                let rt = rt.clone();
                tokio::spawn(async move {
                    for _ in 0..300 {
                        let found = rt.query(async |cx| {
                            let end: i64 = Slot(1).get(&cx).await;
                            let pair = if task % 2 == 0 {
                                (even(3, &cx).await.0, odd(3, &cx).await.0)
                            } else {
                                let odd = odd(3, &cx).await.0;
                                (even(3, &cx).await.0, odd)
                            };
                            (end, pair, above_both(3, &cx).await)
                        });
                        let (end, pair, above) = found.await;
                        let expected = if end == 0 { (103, 203) } else { (end, end + 1) };
                        assert_eq!((pair, above), (expected, expected.0 * 1000 + expected.1));
                    }
                })
            })
            .collect();
        for edit in 0..200 {
            put(&rt, 1, edit % 4).await;
            tokio::task::yield_now().await;
        }
        for task in asking {
            task.await.expect("every value is right");
        }
    })
    .await;
}

fn panics(_cycle: &Cycle, n: i64) -> i64 {
    boom("no value for this either");
    n
}

#[query(cycle = panics)]
async fn hopeless(n: i64, cx: &QueryContext) -> i64 {
    match chain_end(cx).await {
        Some(end) => end + n,
        None => hopeless(n, cx).await,
    }
}

/// A panic of the function is a panic of its query, and of that one only.
#[tokio::test]
async fn a_panic_in_a_cycle_function_names_the_query() {
    soon(async {
        let (rt, _) = counted();
        let attempt = async || rt.try_query(async |cx| hopeless(3, &cx).await).await;
        let error = attempt().await.expect_err("the function panics");
        assert_eq!(error.query(), "hopeless(3)");
        let QueryErrorKind::Panicked { message, .. } = error.kind() else {
            panic!("{error}");
        };
        assert_eq!(message, "no value for this either");
        put(&rt, 1, 4).await;
        assert_eq!(attempt().await.ok(), Some(7));
    })
    .await;
}

/// One of them made anew beside the others would compute from theirs.
#[tokio::test]
async fn what_is_on_a_cycle_is_collected_with_the_values_it_was_made_beside() {
    soon(async {
        let (rt, _) = counted();
        assert_eq!(ask!(rt, even(1)).0, 101);
        assert_eq!(rt.collect_garbage(Collect::All).nodes, 0);
        assert_eq!(ask!(rt, odd(1)).0, 201);
        put(&rt, 2, 1).await;
        assert_eq!(rt.collect_garbage(Collect::All).nodes, 2);
    })
    .await;
}
