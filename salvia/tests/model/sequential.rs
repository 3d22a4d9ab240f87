//! The sequential driver: one operation after the other, everything is checked after each.
//!
//! *Exact* worlds read the newest revision only; the multiset of bodies run is the predicted one.
//! Worlds *with snapshots* also ask older revisions, which may run bodies and publish memos the
//! prediction does not know of. There, and in exact worlds too, a body runs at most once at a
//! revision, and only if a from-scratch evaluation of what was asked there reads it. In worlds that
//! *forget* it may run more often, and all else holds.

use crate::settings::{self, Watchdog};
use crate::world::World;

/// A runtime in which nothing happens beside the driver.
pub(crate) fn alone() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder
        .enable_all()
        .start_paused(true)
        .build()
        .expect("a runtime can be built")
}

#[test]
fn random_worlds_match_the_model() {
    let budget = settings::budget("SALVIA_SEQUENTIAL", 60_000);
    let seed = settings::seed();
    settings::say(&format!("sequential: {budget} operations, seed {seed}"));
    let watchdog = Watchdog::start();
    alone().block_on(async {
        let mut done = 0;
        for number in 0.. {
            if done >= budget {
                break;
            }
            // The seed of each world is a seed of its own, with this world first.
            let world = World::new(seed.wrapping_add(number), budget - done, 30);
            world.check(&watchdog.beats).await;
            done += world.cost();
        }
        settings::say(&format!("sequential: {done} operations, no violation"));
    });
}

#[test]
fn fixed_worlds_match_the_model() {
    let watchdog = Watchdog::start();
    alone().block_on(async {
        for seed in 0..200 {
            World::new(seed, 60, 0).check(&watchdog.beats).await;
            World::new(seed, 60, 100).check(&watchdog.beats).await;
        }
    });
}
