//! Floors: what is left of a workload without an engine.

use std::collections::HashMap;
use std::future::Future;
use std::hint::black_box;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, PoisonError, RwLock};

use futures_util::future::join_all;

use crate::count::{ran, ran_beside_others};
use crate::drive::{in_task, on_a_thread, two_tasks, two_threads};
use crate::figure::Outcome;
use crate::shape::{NAP, busy};
use crate::workloads::{Workload, beside, heap, keyed};
use crate::world::{Busy, Keyed, Shared, Sleeping};

/// A concurrent map whose readers take no lock.
pub(super) fn papaya(workload: Workload) -> Outcome {
    map::<papaya::HashMap<u64, u64>>(workload)
}

/// The map of the standard library under its lock.
pub(super) fn locked(workload: Workload) -> Outcome {
    map::<RwLock<HashMap<u64, u64>>>(workload)
}

fn map<M: Map>(workload: Workload) -> Outcome {
    Ok(match workload {
        Workload::HotHit => on_a_thread(keyed::hot_hit::<Values<M>>),
        Workload::TwoThreads => on_a_thread(keyed::two_threads::<Values<M>>),
        Workload::ManyKeys => on_a_thread(keyed::many_keys::<Values<M>>),
        Workload::Cold => on_a_thread(keyed::cold::<Values<M>>),
        Workload::HeapOfConstants => on_a_thread(heap::constants::<Values<M>>),
        _ => return Err(""),
    })
}

trait Map: Default + Send + Sync + 'static {
    fn look_up(&self, key: u64) -> Option<u64>;
    fn keep(&self, key: u64, value: u64);
}

impl Map for papaya::HashMap<u64, u64> {
    fn look_up(&self, key: u64) -> Option<u64> {
        self.pin().get(&key).copied()
    }

    fn keep(&self, key: u64, value: u64) {
        self.pin().insert(key, value);
    }
}

impl Map for RwLock<HashMap<u64, u64>> {
    fn look_up(&self, key: u64) -> Option<u64> {
        let map = self.read().unwrap_or_else(PoisonError::into_inner);
        map.get(&key).copied()
    }

    fn keep(&self, key: u64, value: u64) {
        let mut map = self.write().unwrap_or_else(PoisonError::into_inner);
        map.insert(key, value);
    }
}

/// Look up, or compute and keep.
struct Values<M>(Arc<M>);

fn constants(map: &impl Map, keys: &[u64], times: u64) -> u64 {
    let mut sum = 0;
    for _ in 0..times {
        for &key in keys {
            sum += map.look_up(black_box(key)).unwrap_or_else(|| {
                ran();
                map.keep(key, key);
                key
            });
        }
    }
    sum
}

impl<M: Map> Keyed for Values<M> {
    type Key = u64;

    async fn new() -> Self {
        Values(Arc::default())
    }

    fn keys(&mut self, numbers: &[u64]) -> Vec<u64> {
        numbers.to_vec()
    }

    async fn ask(&mut self, keys: &[u64], times: u64) -> u64 {
        constants(&*self.0, keys, times)
    }

    async fn requests(&mut self, key: u64, times: u64) -> u64 {
        constants(&*self.0, &[key], times)
    }

    async fn ask_numbers(&mut self, numbers: &[u64]) -> u64 {
        constants(&*self.0, numbers, 1)
    }
}

impl<M: Map> Shared for Values<M> {
    async fn ask_twice_at_once(&mut self, keys: &[u64], times: u64) -> u64 {
        two_threads(|| || constants(&*self.0, keys, times))
    }
}

/// The tokio that is below: a boxed future that is ready, bare sleeps, bare tasks.
pub(super) fn tokio(workload: Workload) -> Outcome {
    Ok(match workload {
        Workload::HotHit => in_task(keyed::hot_hit::<Bare>()),
        Workload::TwoThreads => in_task(keyed::two_threads::<Bare>()),
        Workload::Sleeping => in_task(beside::sleeping::<Bare>()),
        Workload::Busy => in_task(beside::busy::<Bare>()),
        _ => return Err(""),
    })
}

struct Bare {
    is_new: bool,
}

fn boxed(value: u64) -> Pin<Box<dyn Future<Output = u64> + Send>> {
    Box::pin(async move { value })
}

async fn awaited(keys: &[u64], times: u64) -> u64 {
    let mut sum = 0;
    for _ in 0..times {
        for &key in keys {
            sum += boxed(black_box(key)).await;
        }
    }
    sum
}

impl Keyed for Bare {
    type Key = u64;

    async fn new() -> Self {
        Bare { is_new: true }
    }

    fn keys(&mut self, numbers: &[u64]) -> Vec<u64> {
        numbers.to_vec()
    }

    async fn ask(&mut self, keys: &[u64], times: u64) -> u64 {
        if std::mem::take(&mut self.is_new) {
            // There is nothing to compute; the workload counts on one body.
            ran();
        }
        awaited(keys, times).await
    }

    async fn requests(&mut self, key: u64, times: u64) -> u64 {
        self.ask(&[key], times).await
    }

    async fn ask_numbers(&mut self, numbers: &[u64]) -> u64 {
        self.ask(numbers, 1).await
    }
}

impl Shared for Bare {
    async fn ask_twice_at_once(&mut self, keys: &[u64], times: u64) -> u64 {
        two_tasks(|| {
            let keys = keys.to_vec();
            async move { awaited(&keys, times).await }
        })
        .await
    }
}

impl Sleeping for Bare {
    async fn new() -> Self {
        Bare { is_new: true }
    }

    async fn sleep(&mut self, queries: u64) -> u64 {
        let naps = (0..queries).map(|_| async {
            tokio::time::sleep(NAP).await;
            ran_beside_others();
            1
        });
        join_all(naps).await.iter().sum()
    }
}

impl Busy for Bare {
    async fn new() -> Self {
        Bare { is_new: true }
    }

    async fn both(&mut self, first: u64) -> u64 {
        // Both are spawned: what a task spawns last waits for that task's own worker, which would be busy with the other.
        let next = AtomicU64::new(first);
        two_tasks(|| {
            let number = next.fetch_add(1, Relaxed);
            async move { busy(number) }
        })
        .await
    }
}
