//! The sweep over all kinds and polls, on one thread for each program.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::kind::Kind;
use crate::lab::Fault;
use crate::run::{Run, Tally};
use crate::scene::Scene;
use crate::settings::{self, Beats, Watchdog};

/// So many programs are swept at a time.
const THREADS: u64 = 2;

fn alone() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder
        .enable_all()
        .start_paused(true)
        .build()
        .expect("a runtime can be built")
}

/// Sweeps one program; the number of runs.
async fn sweep(seed: u64, fault: Fault, beats: &Beats, thread: usize) -> Result<u64, String> {
    let scene = Scene::new(seed);
    let report = |kind: Kind, at: u64, what: String| {
        format!(
            "violation, {kind:?} at poll {at}: {what}\n{scene}\nreplay: SALVIA_SEED={seed} SALVIA_SWEEP=1 cargo test --release -p salvia --test sweep -- random --nocapture"
        )
    };
    let polls = Run::check(&scene, Kind::Undisturbed, 0, fault)
        .await
        .map_err(|what| report(Kind::Undisturbed, 0, what))?
        .polls;
    let mut runs = 1;
    for kind in Kind::ALL {
        for at in 1..=polls {
            beats.turn_to(
                thread,
                format!("seed {seed}: {kind:?} at poll {at} of {polls}"),
            );
            Run::check(&scene, kind, at, fault)
                .await
                .map_err(|what| report(kind, at, what))?;
            runs += 1;
        }
    }
    Ok(runs)
}

/// Sweeps the programs of these seeds; the number of runs.
fn sweep_all(seeds: std::ops::Range<u64>) -> u64 {
    let watchdog = Watchdog::start();
    let (next, runs) = (AtomicU64::new(seeds.start), AtomicU64::new(0));
    let work = |thread: u64| {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end {
                return Ok(());
            }
            let beats = &watchdog.beats;
            let swept = alone().block_on(sweep(seed, Fault::None, beats, thread as usize));
            runs.fetch_add(swept?, Ordering::Relaxed);
        }
    };
    let results: Vec<Result<(), String>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| scope.spawn(move || work(thread)))
            .collect();
        let ended = |thread: std::thread::ScopedJoinHandle<'_, _>| {
            thread
                .join()
                .unwrap_or_else(|_| Err("a sweep panicked".into()))
        };
        threads.into_iter().map(ended).collect()
    });
    for result in results {
        if let Err(violation) = result {
            panic!("{violation}");
        }
    }
    runs.into_inner()
}

#[test]
fn random_programs_survive_a_disturbance_at_every_poll() {
    let default = if cfg!(debug_assertions) { 10 } else { 40 };
    let programs = settings::budget("SALVIA_SWEEP", default);
    let seed = settings::seed();
    settings::say(&format!("sweep: {programs} programs, seed {seed}"));
    let runs = sweep_all(seed..seed + programs);
    settings::say(&format!(
        "sweep: {programs} programs, {runs} runs, no violation"
    ));
}

#[test]
fn fixed_programs_survive_a_disturbance_at_every_poll() {
    sweep_all(0..if cfg!(debug_assertions) { 5 } else { 20 });
}

#[test]
fn a_lost_invalidation_is_noticed() {
    let watchdog = Watchdog::start();
    let noticed = (0..20).any(|seed| {
        let swept = sweep(seed, Fault::Deaf, &watchdog.beats, 0);
        alone().block_on(swept).is_err()
    });
    assert!(noticed, "wrong answers went unnoticed");
}

/// What the runs of one kind have seen, over some programs.
async fn tally(kind: Kind) -> Tally {
    let mut sum = Tally::default();
    for seed in 0..16 {
        let scene = Scene::new(seed);
        let run = async |kind, at| {
            let run = Run::check(&scene, kind, at, Fault::None).await;
            run.unwrap_or_else(|what| panic!("seed {seed}, {kind:?} at poll {at}: {what}"))
        };
        let plain = run(Kind::Undisturbed, 0).await;
        for at in 1..=plain.polls {
            let seen = run(kind, at).await;
            sum.unfinished += seen.unfinished;
            sum.untold += seen.untold;
            sum.failed += seen.failed;
            sum.revisions += seen.revisions.saturating_sub(plain.revisions);
            sum.collected.values += seen.collected.values;
            sum.collected.nodes += seen.collected.nodes;
            sum.collected.inputs += seen.collected.inputs;
        }
    }
    sum
}

#[test]
fn disturbances_disturb() {
    let seen = |kind| alone().block_on(tally(kind));
    let dropped = seen(Kind::DropBoth);
    assert!(
        dropped.untold > 100 && dropped.unfinished > 50,
        "{dropped:?}"
    );
    let first = seen(Kind::DropFirst);
    assert!(first.untold > 100 && first.unfinished == 0, "{first:?}");
    let panicked = seen(Kind::Panic);
    assert!(
        panicked.failed > 100 && panicked.unfinished > 100,
        "{panicked:?}"
    );
    for kind in [Kind::CommitHere, Kind::CommitBeside] {
        let committed = seen(kind);
        assert!(
            committed.revisions > 100 && committed.untold == 0,
            "{committed:?}"
        );
    }
    for kind in [Kind::CollectAll, Kind::CollectUnused] {
        let (seen, everything) = (seen(kind), kind == Kind::CollectAll);
        let taken = seen.collected;
        assert!(
            taken.values > 100 && taken.nodes > 50 && seen.untold == 0 && seen.failed == 0,
            "{kind:?}: {seen:?}"
        );
        assert!(!everything || taken.inputs > 0, "{kind:?}: {seen:?}");
    }
    let ended = seen(Kind::Shutdown);
    assert!(ended.failed > 100, "{ended:?}");
}
