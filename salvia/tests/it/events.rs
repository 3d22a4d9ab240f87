//! What an observer is told: everything notable, in order, and never in a way that changes what happens.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use salvia::{Cause, Event, Observer, QueryContext, Runtime, query};

use crate::kit::{Gate, Slot, builder, pass, put, soon};
use crate::signs::{both, value};

/// Keeps every event.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<Event>>>);

impl Observer for Log {
    fn event(&self, event: &Event) {
        self.lock().push(event.clone());
    }
}

impl Log {
    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Event>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Vec<Event> {
        std::mem::take(&mut *self.lock())
    }

    /// The events since the last call, each on a line, without durations.
    fn lines(&self) -> Vec<String> {
        self.take().iter().map(line).collect()
    }
}

fn line(event: &Event) -> String {
    match event {
        Event::Executed {
            query,
            revision,
            cause,
            ..
        } => format!("{revision}: executed {query}: {cause}"),
        other => other.to_string(),
    }
}

fn logged() -> (Arc<Runtime>, Log) {
    let log = Log::default();
    (builder().observer(log.clone()).build(), log)
}

#[tokio::test]
async fn an_observer_is_told_of_runs_renewals_cut_offs_and_commits() {
    soon(async {
        let (rt, log) = logged();
        let ask = |cx: QueryContext| async move { both(&cx).await };
        put(&rt, 0, 5).await;
        assert_eq!(
            log.lines(),
            ["r1: changed Slot(0)", "r1: committed, inputs changed: 1"]
        );
        rt.query(ask).await;
        assert_eq!(
            log.lines(),
            [
                "r1: executed value(0): first run",
                "r1: executed sign(0): first run",
                "r1: executed value(1): first run",
                "r1: executed sign(1): first run",
                "r1: executed both(): first run",
            ]
        );
        rt.query(ask).await;
        assert!(log.lines().is_empty(), "a hit is nothing to tell of");
        put(&rt, 0, 7).await;
        rt.query(ask).await;
        assert_eq!(
            log.lines(),
            [
                "r2: changed Slot(0)",
                "r2: committed, inputs changed: 1",
                "r2: executed value(0): Slot(0) changed",
                "r2: executed sign(0): value(0) changed",
                "r2: cut off at sign(0)",
                "r2: validated both()",
            ]
        );
    })
    .await;
}

/// The other way to validate: with a claim, because something has to wait.
#[tokio::test]
async fn a_validation_that_had_to_wait_is_told_as_well() {
    #[query]
    async fn slow(cx: &QueryContext) -> i64 {
        tokio::task::yield_now().await;
        let value: i64 = Slot(0).get(cx).await;
        value.signum()
    }
    #[query]
    async fn above(cx: &QueryContext) -> i64 {
        slow(cx).await
    }
    soon(async {
        let (rt, log) = logged();
        let ask = |cx: QueryContext| async move { above(&cx).await };
        put(&rt, 0, 1).await;
        rt.query(ask).await;
        put(&rt, 0, 2).await;
        log.take();
        rt.query(ask).await;
        assert_eq!(
            log.lines(),
            [
                "r2: executed slow(): Slot(0) changed",
                "r2: cut off at slow()",
                "r2: validated above()",
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn a_commit_that_changes_nothing_is_none() {
    soon(async {
        let (rt, log) = logged();
        put(&rt, 0, 0).await;
        assert!(log.lines().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_run_for_an_old_snapshot_says_so() {
    soon(async {
        let (rt, log) = logged();
        let ask = |cx: QueryContext| async move { value(0, &cx).await };
        let old = rt.snapshot();
        put(&rt, 0, 1).await;
        rt.query(ask).await;
        log.take();
        assert_eq!(old.query(ask).await, 0);
        assert_eq!(log.lines(), ["r0: executed value(0): for an old snapshot"]);
    })
    .await;
}

#[tokio::test]
async fn a_run_that_read_the_outside_world_says_so() {
    #[query]
    async fn outside(cx: &QueryContext) -> i64 {
        cx.untracked();
        1
    }
    soon(async {
        let (rt, log) = logged();
        let ask = |cx: QueryContext| async move { outside(&cx).await };
        rt.query(ask).await;
        put(&rt, 0, 1).await;
        log.take();
        rt.query(ask).await;
        assert_eq!(
            log.lines(),
            [
                "r1: executed outside(): it had read the outside world",
                "r1: cut off at outside()"
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn a_cycle_is_told_with_everybody_on_it() {
    #[query]
    async fn ping(cx: &QueryContext) -> i64 {
        pong(cx).await
    }
    #[query]
    async fn pong(cx: &QueryContext) -> i64 {
        ping(cx).await
    }
    soon(async {
        let (rt, log) = logged();
        let asked = rt.try_query(|cx| async move { ping(&cx).await }).await;
        assert!(asked.is_err());
        let events = log.take();
        let [Event::Cycle { participants, .. }, failed @ ..] = &events[..] else {
            panic!("{events:?}");
        };
        assert_eq!(participants, &["pong()", "ping()"]);
        let is_failure = |event: &Event| matches!(event, Event::Failed { .. });
        assert!(
            failed.len() == 2 && failed.iter().all(is_failure),
            "{failed:?}"
        );
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_update_nobody_waits_for_is_told_when_it_is_dropped() {
    #[query]
    async fn waits(cx: &QueryContext) -> i64 {
        pass(cx).await;
        1
    }
    let (log, gate) = (Log::default(), Gate::default());
    let rt = builder()
        .observer(log.clone())
        .resource(gate.clone())
        .build();
    let asking = tokio::spawn({
        let rt = rt.clone();
        async move { rt.query(|cx| async move { waits(&cx).await }).await }
    });
    gate.entered().await;
    asking.abort();
    while log.lock().is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(log.lines(), ["r0: cancelled waits()"]);
}

/// Its panic is caught, it is not called again, and the engine works on.
#[tokio::test]
async fn an_observer_that_panics_disturbs_nobody() {
    struct Bad(Arc<Mutex<u32>>);
    impl Observer for Bad {
        fn event(&self, _: &Event) {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) += 1;
            panic!("an observer panics on purpose");
        }
    }
    soon(async {
        let calls = Arc::new(Mutex::new(0));
        let rt = builder().observer(Bad(calls.clone())).build();
        let ask = |cx: QueryContext| async move { both(&cx).await };
        assert_eq!(rt.query(ask).await, 0);
        put(&rt, 0, 3).await;
        assert_eq!(rt.query(ask).await, 1);
        assert_eq!(*calls.lock().unwrap_or_else(PoisonError::into_inner), 1);
    })
    .await;
}

/// From within an event the runtime can be looked at, for no lock is held.
#[tokio::test]
async fn an_observer_may_look_at_the_runtime() {
    #[derive(Clone, Default)]
    struct Looks(Arc<Mutex<Vec<usize>>>, Arc<Mutex<Option<Arc<Runtime>>>>);
    impl Observer for Looks {
        fn event(&self, _: &Event) {
            let rt = self
                .1
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone();
            if let Some(rt) = rt {
                let stats = rt.stats();
                let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                seen.push(stats.nodes + stats.inputs);
            }
        }
    }
    soon(async {
        let looks = Looks::default();
        let rt = builder().observer(looks.clone()).build();
        *looks.1.lock().expect("nobody panics") = Some(rt.clone());
        put(&rt, 0, 1).await;
        rt.query(|cx| async move { both(&cx).await }).await;
        put(&rt, 0, 2).await;
        rt.query(|cx| async move { both(&cx).await }).await;
        let seen = looks.0.lock().expect("nobody panics").clone();
        assert_eq!(seen.last(), Some(&7));
        looks.1.lock().expect("nobody panics").take();
    })
    .await;
}

/// Names are rendered when asked for, with what is known of the arguments.
#[tokio::test]
async fn names_tell_arguments_and_paths() {
    #[derive(Clone, PartialEq, Eq, Hash)]
    struct Silent;
    struct Team;
    impl Team {
        #[query]
        async fn score(word: String, _silent: Silent, _cx: &QueryContext) -> usize {
            word.len()
        }
    }
    soon(async {
        let (rt, log) = logged();
        rt.query(|cx| async move { Team::score("a".to_owned(), Silent, &cx).await })
            .await;
        let events = log.take();
        let [Event::Executed { query, cause, .. }] = &events[..] else {
            panic!("{events:?}");
        };
        assert_eq!(query.to_string(), "Team::score(\"a\", ..)");
        assert_eq!(format!("{query:?}"), query.to_string());
        assert_eq!(query.name(), "Team::score");
        assert!(query.path().ends_with("::Team::score"), "{}", query.path());
        assert!(matches!(cause, Cause::First));
        assert_eq!(events[0].revision(), rt.revision());
    })
    .await;
}
