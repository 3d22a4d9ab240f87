//! From a key to its node: every key has one, whoever comes first, and while the table grows.

use salvia::{QueryContext, query};

use crate::kit::{explore, explore_twice, go};
use crate::world::{ask, bump, finish, go_ask, go_bump, leaf, plain, run, world};

/// Its own argument; ends at once.
#[query]
async fn same(number: u64, cx: &QueryContext) -> u64 {
    run(cx, format!("same({number})")).done(number)
}

#[test]
fn two_who_make_the_same_key_make_one_node() {
    explore(|| async {
        let (rt, runs) = world();
        let askers = [rt.clone(), rt.clone(), rt.clone()]
            .map(|rt| go(async move { (ask!(rt, same(1)).await, ask!(rt, leaf(1)).await) }));
        for asker in askers {
            assert_eq!(asker.value().await, ((0, 1), (0, 0)));
        }
        assert_eq!((runs.begun("same(1)", 0), runs.begun("leaf(1)", 0)), (1, 1));
        finish(rt, &runs).await;
    });
}

#[test]
fn a_table_that_grows_beside_look_ups_loses_no_key() {
    explore(|| async {
        let (rt, runs) = world();
        // The first segments have room for three keys each.
        for number in 0..4 {
            ask!(rt, same(number)).await;
        }
        let inserts = [[10, 11, 12, 13], [13, 12, 11, 10]].map(|numbers| {
            let rt = rt.clone();
            go(async move {
                for number in numbers {
                    assert_eq!(ask!(rt, same(number)).await, (0, number));
                }
            })
        });
        let looks_up = go({
            let rt = rt.clone();
            async move {
                for number in 0..4 {
                    assert_eq!(ask!(rt, same(number)).await, (0, number));
                }
            }
        });
        for insert in inserts {
            insert.value().await;
        }
        looks_up.value().await;
        for number in (0..4).chain(10..14) {
            assert_eq!(runs.begun(&format!("same({number})"), 0), 1, "{number}");
        }
        finish(rt, &runs).await;
    });
}

#[test]
fn inputs_that_two_make_at_once_are_one() {
    explore(|| async {
        let (rt, runs) = world();
        let writers = [rt.clone(), rt.clone()].map(|rt| go(async move { bump(&rt, 1).await }));
        let reader = go_ask!(rt, plain);
        let (revision, value) = reader.value().await;
        assert_eq!(value, (0, revision));
        for writer in writers {
            writer.value().await;
        }
        assert_eq!(ask!(rt, plain).await, (2, (0, 2)));
        finish(rt, &runs).await;
    });
}

/// The scenarios say nothing if what fails once cannot be seen again.
#[test]
fn a_schedule_runs_the_same_again() {
    explore_twice(|| async {
        let (rt, runs) = world();
        let gone = go_ask!(rt, plain);
        let asker = go({
            let rt = rt.clone();
            async move { (ask!(rt, leaf(0)).await, ask!(rt, same(3)).await) }
        });
        let writer = go_bump(&rt, &[0]);
        gone.cancelled().await;
        asker.value().await;
        writer.value().await;
        finish(rt, &runs).await;
    });
}
