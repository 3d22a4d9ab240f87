//! From when on what keeps a core busy is worth a task: siblings that are computed in a row, and in a task each.

use std::time::{Duration, Instant};

use futures::future::join_all;
use salvia::{QueryContext, Runtime, Scheduling, query};

use crate::table::Table;
use crate::{compute, on_two_workers};

/// Families of siblings, one after the other.
const FAMILIES: u32 = 200;

/// How long each keeps a core busy, in microseconds.
const BUSY: [u64; 6] = [5, 10, 20, 50, 100, 200];

#[query]
async fn busy(n: u32, micros: u64, _cx: &QueryContext) -> u32 {
    compute(Duration::from_micros(micros));
    n
}

/// What a family of siblings under a join takes, from the question to the last answer.
async fn families(scheduling: Scheduling, siblings: u32, micros: u64) -> Duration {
    let rt = Runtime::builder().scheduling(scheduling).build();
    let ask = |first: u32| {
        rt.query(move |cx| async move {
            let family = (first..first + siblings).map(|n| busy(n, micros, &cx));
            join_all(family).await
        })
    };
    let began = Instant::now();
    for family in 0..FAMILIES {
        let first = family * siblings;
        assert!(ask(first).await.into_iter().eq(first..first + siblings));
    }
    began.elapsed() / FAMILIES
}

/// One alone, two and eight siblings, of different lengths.
pub(crate) fn in_a_row_and_beside(table: &mut Table) {
    for siblings in [1, 2, 8] {
        for micros in BUSY {
            let both = on_two_workers(async move {
                let in_a_row = families(Scheduling::InPlace, siblings, micros).await;
                (
                    in_a_row,
                    families(Scheduling::TaskPerNode, siblings, micros).await,
                )
            });
            let mut note = |way: &str, took: Duration| {
                let name = format!("{siblings} of {micros} us, {way}, us");
                table.note(&name, took.as_secs_f64() * 1e6);
            };
            note("in a row", both.0);
            note("in tasks", both.1);
        }
    }
}
