//! Many tasks at once: no answer is of two revisions, and nothing is left behind.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::future::join_all;
use salvia::scope::CallId;
use salvia::{Collect, GraphNode, NodeState, QueryContext, Runtime, Snapshot};

use crate::driver::{ids, number, plain, write};
use crate::plan::{Host, Item, LISTS, Op, Sort, draw};
use crate::rng::Rng;
use crate::subject::{Clicks, Row, Rows, Slot, Width, list};

/// What the tasks share.
struct Crowd {
    rt: Arc<Runtime>,
    ids: Mutex<BTreeMap<Host, CallId>>,
    done: AtomicU64,
}

/// What a list shows, and what it has to show by what is read beside it. Nobody fails here.
async fn look(of: u8, cx: QueryContext) -> (Vec<Row>, bool) {
    let rows = list(of, &cx).await;
    let items: Vec<Item> = Rows(of).get(&cx).await;
    let mut is_whole = items.len() == rows.len();
    for (row, item) in rows.iter().zip(&items) {
        let at = Host::of_row(of, *item);
        let clicks = match item.has_state() {
            true => Clicks(row.id.clone()).get(&cx).await,
            false => 0,
        };
        let mut cells = Vec::new();
        for cell in &row.cells {
            cells.push((cell.at, Clicks(cell.id.clone()).get(&cx).await));
        }
        let width: u8 = Width(item.what).get(&cx).await;
        is_whole &= row.cells.len() == usize::from(width);
        let expected = (at, clicks, Slot(item.what).get(&cx).await, cells);
        is_whole &= plain(row) == expected;
    }
    (rows, is_whole)
}

impl Crowd {
    fn saw(&self, (rows, is_whole): (Vec<Row>, bool)) {
        assert!(
            is_whole,
            "shown with something of another revision: {rows:?}"
        );
        let mut known = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        known.extend(ids(&rows).map(|(at, id)| (at, id.clone())));
    }

    fn id(&self, nth: usize) -> Option<CallId> {
        let known = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        known.values().nth(nth % known.len().max(1)).cloned()
    }

    async fn client(self: Arc<Self>, seed: u64, length: u64) {
        let mut rng = Rng::new(seed);
        let mut lists = vec![Vec::new(); usize::from(LISTS)];
        let mut held: Vec<Snapshot> = Vec::new();
        while self.done.fetch_add(1, Ordering::Relaxed) < length {
            let op = draw(Sort::Forgetful, &lists, &mut rng);
            if let Op::Rows(number, items) = &op {
                lists[usize::from(*number)].clone_from(items);
            }
            self.step(&op, &mut held, &mut rng).await;
        }
    }

    async fn step(&self, op: &Op, held: &mut Vec<Snapshot>, rng: &mut Rng) {
        let rt = &self.rt;
        match op {
            Op::Rows(..) | Op::Slot(..) | Op::Width(..) => {
                let writing = rt.mutate(async |cx| write(op, &cx).await);
                if rng.percent(20) {
                    // Given up at some point.
                    drop(tokio::time::timeout(Duration::ZERO, writing).await);
                } else {
                    writing.await;
                }
            }
            Op::Click(nth, clicks) => {
                if let Some(id) = self.id(*nth) {
                    rt.mutate(async |cx| Clicks(id).set(*clicks, &cx).await)
                        .await;
                }
            }
            Op::Show(of) if rng.percent(15) => {
                let asking = rt.query(|cx| look(*of, cx));
                drop(tokio::time::timeout(Duration::ZERO, asking).await);
            }
            Op::Show(of) => self.saw(rt.query(|cx| look(*of, cx)).await),
            Op::Hold if held.len() < 3 => held.push(rt.snapshot()),
            Op::Release(_) => drop(held.pop()),
            Op::ShowHeld(nth, of) if !held.is_empty() => {
                let snapshot = &held[nth % held.len()];
                self.saw(snapshot.query(|cx| look(*of, cx)).await);
            }
            Op::Collect(what) => drop(rt.collect_garbage(*what)),
            _ => tokio::task::yield_now().await,
        }
    }

    /// Waits until it is so: who was given up may be at work for a while, at an old revision.
    async fn until(&self, what: &str, is_so: impl Fn() -> bool) {
        let seen = async {
            while !is_so() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        let seen = tokio::time::timeout(Duration::from_secs(20), seen).await;
        assert!(seen.is_ok(), "not {what}: {:?}", self.rt.graph().nodes);
    }

    /// Everything goes, and what comes back is new.
    async fn end(&self) {
        let rt = &self.rt;
        let all = |is_so: fn(&GraphNode) -> bool| rt.graph().nodes.iter().all(is_so);
        // A row that somebody is at work with is not dropped, and may come back as it was.
        let at_rest = || all(|node| node.state != NodeState::Running);
        self.until("at rest", at_rest).await;
        for bring_back in [false, true, false] {
            let rows: Vec<Item> = match bring_back {
                true => (0..4)
                    .map(|slot| Item {
                        slot,
                        what: slot % 4,
                    })
                    .collect(),
                false => Vec::new(),
            };
            for number in 0..LISTS {
                write_rows(rt, number, &rows).await;
                let (rows, is_whole) = rt.query(|cx| look(number, cx)).await;
                let states = rows.iter().flat_map(|row| {
                    let cells = row.cells.iter().map(|cell| cell.clicks);
                    cells.chain([row.clicks])
                });
                assert!(is_whole && states.max().unwrap_or(0) == 0, "{rows:?}");
            }
        }
        // What had to wait for the writers' turn is over then.
        rt.mutate(async |_| ()).await;
        // What only an old revision could see goes with the last who reads that.
        let forgotten = || {
            rt.collect_garbage(Collect::All);
            all(|node| {
                !["Clicks", "row", "cell"]
                    .iter()
                    .any(|row| node.name.starts_with(row))
            })
        };
        self.until("forgotten", forgotten).await;
    }
}

async fn write_rows(rt: &Arc<Runtime>, number: u8, rows: &[Item]) {
    rt.mutate(async |cx| Rows(number).set(rows.to_vec(), &cx).await)
        .await;
}

async fn world(seed: u64, length: u64) {
    let crowd = Arc::new(Crowd {
        rt: Runtime::new().await,
        ids: Mutex::default(),
        done: AtomicU64::new(0),
    });
    let clients =
        (0..6).map(|client| tokio::spawn(crowd.clone().client(seed << 8 | client, length)));
    for client in join_all(clients.collect::<Vec<_>>()).await {
        client.expect("a client comes to its end");
    }
    crowd.end().await;
}

fn run(budget: u64, seed: u64, length: u64) {
    let mut tokio = tokio::runtime::Builder::new_multi_thread();
    let tokio = tokio.worker_threads(4).enable_all().build();
    let tokio = tokio.expect("a runtime can be built");
    for number in 0..budget.div_ceil(length) {
        println!("crowd: seed {}", seed + number);
        tokio.block_on(world(seed + number, length));
    }
}

#[test]
fn random_crowds_see_one_revision_at_a_time_and_leave_nothing() {
    let fresh = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), 0) >> 32;
    run(
        number("SALVIA_CROWD", 30_000),
        number("SALVIA_SEED", fresh),
        400,
    );
}
