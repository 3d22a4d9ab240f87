//! The concurrent driver: clients on four workers, every answer checked at its own revision.
//!
//! A world ends in quiescence: all its clients are done, every node is asked once more, and the
//! record of all executions is checked.

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

use salvia::{Runtime, Scheduling, Watch};
use tokio::task::JoinSet;

use crate::client::{Client, Shared};
use crate::generate::Maker;
use crate::history::History;
use crate::lab::{Fault, Lab, lock};
use crate::limits::Limits;
use crate::onlooker::{Onlookers, Seen};
use crate::operation::{End, Mutation, Question};
use crate::program::{State, Write};
use crate::quitter::Forgotten;
use crate::rng::Rng;
use crate::settings::{self, Beats, Watchdog};
use crate::tantrum::Tantrums;
use crate::world::message;
use crate::writer::Turns;

/// A concurrent world: what its clients are made from.
struct World {
    seed: u64,
    maker: Maker,
    noise: u64,
    clients: usize,
    watches: usize,
    scheduling: Scheduling,
    limits: Limits,
    length: u64,
    rng: Rng,
}

impl World {
    fn new(seed: u64, budget: u64) -> Self {
        let mut rng = Rng::new(seed);
        let mut maker = Maker::new(&mut rng);
        maker.stamp_mostly();
        let noise = [0, 10, 60][rng.below(3)];
        let clients = rng.within(3, 8);
        let watches = if rng.percent(35) { rng.within(1, 3) } else { 0 };
        let scheduling = if rng.percent(20) {
            Scheduling::TaskPerNode
        } else {
            Scheduling::Adaptive
        };
        let length = (rng.within(200, 2000) as u64).min(budget);
        let limits = Limits::of(seed, 50, maker.nodes);
        Self {
            seed,
            maker,
            noise,
            clients,
            watches,
            scheduling,
            limits,
            length,
            rng,
        }
    }

    fn shared(&self, beats: &Arc<Beats>, fault: Fault) -> Arc<Shared> {
        let tantrums = Tantrums::new(self.seed, &mut self.rng.clone());
        let (limits, hook) = (self.limits, tantrums.clone());
        let lab = Lab::new(self.seed, self.noise, fault, limits, Some(hook));
        let builder = limits.build(Runtime::builder().resource(lab.clone()));
        Arc::new(Shared {
            rt: builder.scheduling(self.scheduling).build(),
            lab,
            history: History::new(State::unset(self.maker.slots, self.maker.nodes)),
            beats: Arc::clone(beats),
            done: AtomicU64::new(0),
            length: self.length,
            turns: Turns::default(),
            held: Mutex::default(),
            forgotten: Forgotten::default(),
            tantrums,
        })
    }

    fn client(&self, number: usize, shared: &Arc<Shared>) -> Client {
        Client {
            number: number + 1,
            shared: Arc::clone(shared),
            maker: self.maker.clone(),
            rng: Rng::new(self.seed ^ (number as u64 + 1) << 40),
            last: None,
            past: Vec::new(),
        }
    }

    async fn run(&self, beats: &Arc<Beats>, fault: Fault) -> Result<(), String> {
        beats.new_world(self.replay());
        let shared = self.shared(beats, fault);
        self.client(0, &shared)
            .apply(&self.maker.founding(&mut self.rng.clone()))
            .await?;
        let (first, rng) = (self.clients + 1, &mut self.rng.clone());
        let watches = Onlookers::start(self.watches, first, &shared, &self.maker, rng);
        let mut clients = JoinSet::new();
        for number in 0..self.clients {
            clients.spawn(self.client(number, &shared).run());
        }
        while let Some(ended) = clients.join_next().await {
            // At the first violation the others are dropped: they might wait for the one that failed.
            ended.unwrap_or_else(|failed| Err(panic_text(failed)))?;
        }
        let watches = self.quiescence(&shared, watches).await?;
        let lab = shared.lab.clone();
        // Dropping the last handle does the same, without waiting.
        if self.seed.is_multiple_of(2) {
            shared.rt.shutdown().await;
            for mut watch in watches {
                if watch.next().await.is_some() {
                    return Err("a watch went on after its runtime".to_owned());
                }
            }
        } else {
            drop(watches);
        }
        shared.forgotten.clear();
        drop(shared);
        // The lab of `shared` is gone with it, so this one is the last.
        lab.left_alone().await
    }

    async fn quiescence(
        &self,
        shared: &Arc<Shared>,
        watches: Onlookers,
    ) -> Result<Vec<Watch<Seen>>, String> {
        // What the snapshots kept is gone from here on.
        drop(std::mem::take(&mut *lock(&shared.held)));
        shared.tantrums.end();
        // A watch that met a panic tries again at the next revision.
        let last = Mutation {
            writes: vec![Write::Stamp(shared.history.stamp())],
            end: End::Pinned,
            peek: false,
        };
        let mut client = self.client(0, shared);
        client.apply(&last).await?;
        let watches = watches.finish(shared.rt.revision()).await?;
        let everything = Question {
            nodes: (0..self.maker.nodes).collect(),
            joined: false,
        };
        client.ask(everything).await?;
        let mut finished = shared.lab.take_finished();
        if self.limits.forget() {
            // What was forgotten was made again, perhaps at the same revision.
            finished.clear();
        }
        shared
            .history
            .check_runs(&shared.lab.take_started(), finished)?;
        Ok(watches)
    }

    fn replay(&self) -> String {
        settings::replay("concurrent", self.seed, self.length)
    }

    async fn check(&self, beats: &Arc<Beats>) {
        let Err(what) = self.run(beats, Fault::None).await else {
            return;
        };
        let (replay, clients) = (self.replay(), self.clients);
        panic!("violation, {clients} clients: {what}\nreplay (with SALVIA_REPEAT=1000): {replay}");
    }
}

fn panic_text(failed: tokio::task::JoinError) -> String {
    match failed.try_into_panic() {
        Ok(panic) => format!("a client panicked: {}", message(&*panic)),
        Err(failed) => failed.to_string(),
    }
}

fn four_workers() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder
        .worker_threads(4)
        .enable_all()
        .build()
        .expect("a runtime can be built")
}

#[test]
fn random_worlds_match_the_oracle() {
    let budget = settings::budget("SALVIA_CONCURRENT", 40_000);
    let seed = settings::seed();
    let repeat = settings::repeat();
    settings::say(&format!("concurrent: {budget} operations, seed {seed}"));
    let watchdog = Watchdog::start();
    four_workers().block_on(async {
        let mut done = 0;
        for number in 0.. {
            if done >= budget {
                break;
            }
            let world = World::new(seed.wrapping_add(number), budget - done);
            for _ in 0..repeat {
                world.check(&watchdog.beats).await;
            }
            done += world.length;
        }
        settings::say(&format!("concurrent: {done} operations, no violation"));
    });
}

#[test]
fn fixed_worlds_match_the_oracle() {
    let watchdog = Watchdog::start();
    four_workers().block_on(async {
        for seed in 0..50 {
            World::new(seed, 100).check(&watchdog.beats).await;
        }
    });
}

#[test]
fn a_lost_invalidation_is_noticed() {
    let watchdog = Watchdog::start();
    four_workers().block_on(async {
        for seed in 0..20 {
            if World::new(seed, 2_000)
                .run(&watchdog.beats, Fault::Deaf)
                .await
                .is_err()
            {
                return;
            }
        }
        panic!("wrong answers went unnoticed");
    });
}
