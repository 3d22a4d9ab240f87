//! State that is hosted on the ids of rows, and comes into being while the rows go.

use std::sync::Arc;

use salvia::scope::CallId;
use salvia::{QueryContext, Runtime, query};
use tokio::task::yield_now;

use super::{Clicks, Rows, click, set_rows};
use crate::kit::{runtime, soon};

/// Rows that do not read their state.
#[query]
async fn ids(cx: &QueryContext) -> Vec<CallId> {
    let rows: Vec<u32> = Rows.get(cx).await;
    let mut ids = Vec::new();
    for row in rows {
        let id = cx.memo_in_slot(&row, (), async |(), _cx| CallId::current());
        ids.push(id.await);
    }
    ids
}

async fn show(rt: &Arc<Runtime>) -> Vec<CallId> {
    rt.query(async |cx| ids(&cx).await).await
}

/// Also if it is somebody else who has made it, and has not come any further.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn state_that_is_set_as_soon_as_it_is_there_goes_with_its_row() {
    soon(async {
        let rt = runtime();
        set_rows(&rt, &[1]).await;
        let id = show(&rt).await.remove(0);
        let state = |rt: &Arc<Runtime>| {
            let (rt, id) = (rt.clone(), id.clone());
            async move {
                rt.query(|cx| async move { Clicks(id).get(&cx).await })
                    .await
            }
        };
        let first = tokio::spawn(state(&rt));
        while rt.stats().inputs == 1 {
            yield_now().await;
        }
        click(&rt, &id, 5).await;
        for rows in [[].as_slice(), &[1]] {
            set_rows(&rt, rows).await;
            show(&rt).await;
        }
        assert_eq!(state(&rt).await, 0);
        let first: i64 = first.await.expect("it ends well");
        assert!([0, 5].contains(&first));
    })
    .await;
}
