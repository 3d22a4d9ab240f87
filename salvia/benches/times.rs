//! What each path through the engine takes, by the clock: `cargo bench -p salvia --bench times`.
//!
//! What the machine does beside it shows here; what does not depend on that is counted by `count.sh paths`.

use std::hint::black_box;
use std::sync::Arc;

use divan::Bencher;
use divan::counter::ItemsCount;
use salvia::{Builder, Runtime};

#[path = "paths/asked.rs"]
mod asked;

use asked::{constant, fan, link, same_hits, scaled, set, stopped, sum_of_cells};

/// How many there are of what is counted in one sample.
const MANY: u64 = 1_000;

fn main() {
    divan::main();
}

/// A runtime on a thread of its own.
struct World {
    tokio: tokio::runtime::Runtime,
    rt: Arc<Runtime>,
}

impl World {
    fn new() -> Self {
        World::with(|builder| builder)
    }

    fn with(options: impl FnOnce(Builder) -> Builder) -> Self {
        let tokio = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a thread is there");
        let entered = tokio.enter();
        let rt = options(Runtime::builder()).build();
        drop(entered);
        World { tokio, rt }
    }

    fn set(&self, cells: std::ops::Range<u64>, value: u64) {
        self.tokio.block_on(set(&self.rt, cells, value));
    }

    /// The top of the chain through which everything flows.
    fn top(&self) -> u64 {
        let top = self.rt.query(async |cx| link(0, MANY - 1, &cx).await);
        self.tokio.block_on(top)
    }

    /// The top of the chain at whose bottom everything is cut off.
    fn stopped(&self) -> u64 {
        let top = self.rt.query(async |cx| stopped(MANY - 1, &cx).await);
        self.tokio.block_on(top)
    }

    fn fan(&self) -> u64 {
        let sum = self.rt.query(async |cx| fan(MANY, &cx).await);
        self.tokio.block_on(sum)
    }

    fn hits(&self) -> u64 {
        let sum = self.rt.query(async |cx| same_hits(MANY, &cx).await);
        self.tokio.block_on(sum)
    }
}

fn hits_in(bencher: Bencher<'_, '_>, world: &World) {
    world.hits();
    bencher
        .counter(ItemsCount::new(MANY))
        .bench_local(|| assert_eq!(world.hits(), 21 * MANY));
}

#[divan::bench]
fn hit(bencher: Bencher<'_, '_>) {
    hits_in(bencher, &World::new());
}

/// The same where values are evicted: recency has to be noted.
#[divan::bench]
fn hit_within_a_budget(bencher: Bencher<'_, '_>) {
    hits_in(
        bencher,
        &World::with(|options| options.memory_budget(1 << 30)),
    );
}

#[divan::bench]
fn request(bencher: Bencher<'_, '_>) {
    let world = World::new();
    let ask = || {
        let value = world.rt.query(async |cx| scaled(black_box(7), &cx).await);
        world.tokio.block_on(value)
    };
    ask();
    bencher.bench_local(|| assert_eq!(ask(), 21));
}

#[divan::bench]
fn execute(bencher: Bencher<'_, '_>) {
    bencher
        .counter(ItemsCount::new(MANY))
        .with_inputs(World::new)
        .bench_local_refs(|world| {
            let all = world.rt.query(async |cx| {
                let mut sum = 0;
                for number in 0..MANY {
                    sum += constant(number, &cx).await;
                }
                sum
            });
            assert_eq!(world.tokio.block_on(all), MANY * (MANY - 1) / 2);
        });
}

/// One body that reads many inputs for the first time.
#[divan::bench]
fn subscribe(bencher: Bencher<'_, '_>) {
    bencher
        .counter(ItemsCount::new(MANY))
        .with_inputs(World::new)
        .bench_local_refs(|world| {
            let sum = world.rt.query(async |cx| sum_of_cells(MANY, &cx).await);
            assert_eq!(world.tokio.block_on(sum), 3 * MANY);
        });
}

/// A chain, every link of which is found unchanged after so many commits.
#[divan::bench(sample_size = 1, args = [1, 2])]
fn validate(bencher: Bencher<'_, '_>, commits: u64) {
    let world = World::new();
    world.stopped();
    let mut value = 101;
    bencher
        .counter(ItemsCount::new(MANY))
        .with_inputs(|| {
            for _ in 0..commits {
                value += 2;
                world.set(0..1, value);
            }
        })
        .bench_local_values(|()| assert_eq!(world.stopped(), 1));
}

/// A chain, every link of which runs to another value.
#[divan::bench(sample_size = 1)]
fn publish(bencher: Bencher<'_, '_>) {
    let world = World::new();
    world.top();
    let mut value = 100;
    bencher
        .counter(ItemsCount::new(MANY))
        .with_inputs(|| {
            value += 1;
            world.set(0..1, value);
            value
        })
        .bench_local_values(|value| assert_eq!(world.top(), value));
}

/// A commit with a chain above it to be told.
#[divan::bench(sample_size = 1)]
fn propagate(bencher: Bencher<'_, '_>) {
    let world = World::new();
    let mut value = 100;
    bencher
        .counter(ItemsCount::new(MANY))
        .with_inputs(|| {
            world.top();
            value += 1;
            value
        })
        .bench_local_values(|value| world.set(0..1, value));
    assert_eq!(world.top(), value);
}

/// A commit with many leaves to be told, all of one node.
#[divan::bench(sample_size = 1)]
fn propagate_in_a_fan(bencher: Bencher<'_, '_>) {
    let world = World::new();
    let mut value = 100;
    bencher
        .counter(ItemsCount::new(MANY))
        .with_inputs(|| {
            world.fan();
            value += 1;
            value
        })
        .bench_local_values(|value| world.set(0..MANY, value));
    assert_eq!(world.fan(), MANY * (value % 2));
}

#[divan::bench]
fn commit(bencher: Bencher<'_, '_>) {
    let world = World::new();
    let mut value = 100;
    bencher.bench_local(|| {
        value += 1;
        world.set(0..1, value);
    });
    assert_eq!(world.top(), value);
}
