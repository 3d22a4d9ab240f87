//! One run of a scene, disturbed at one poll, and all that has to hold then.

use std::future::poll_fn;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use salvia::{Collected, QueryErrorKind, Runtime, Scheduling, Snapshot};

use crate::ask::Answer;
use crate::injector::{Injector, Points, Told};
use crate::kind::Kind;
use crate::lab::{Fault, Hook, Lab, lock};
use crate::operation::Question;
use crate::oracle::Oracle;
use crate::scene::Scene;

/// What a run has seen.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) polls: u64,
    /// Executions that did not come to their end.
    pub(crate) unfinished: usize,
    /// Roots that ended without an answer, and those that failed.
    pub(crate) untold: usize,
    pub(crate) failed: usize,
    /// Revisions that were made.
    pub(crate) revisions: usize,
    /// What was collected.
    pub(crate) collected: Collected,
}

pub(crate) struct Run<'a> {
    scene: &'a Scene,
    injector: Arc<Injector>,
    lab: Lab,
    /// How long after a disturbance who got no answer asks again: at once, about when an update is
    /// given up that nobody waits for, or long after that. Of the paused clock.
    patience: Duration,
    tally: Tally,
}

impl<'a> Run<'a> {
    fn new(scene: &'a Scene, kind: Kind, at: u64, fault: Fault) -> Self {
        let injector = Injector::new(kind, at, scene);
        let points: Arc<dyn Hook> = Arc::new(Points(injector.clone()));
        let lab = Lab::new(scene.seed, scene.noise, fault, scene.limits, Some(points));
        let scheduling = if scene.task_per_node {
            Scheduling::TaskPerNode
        } else {
            Scheduling::Adaptive
        };
        let builder = Runtime::builder()
            .resource(lab.clone())
            .scheduling(scheduling);
        let runtime = scene.limits.build(builder).build();
        injector.arm(runtime, lab.clone());
        Self {
            scene,
            injector,
            lab,
            patience: Duration::from_millis([0, 100, 30_000][at as usize % 3]),
            tally: Tally::default(),
        }
    }

    /// Runs the scene.
    pub(crate) async fn check(
        scene: &'a Scene,
        kind: Kind,
        at: u64,
        fault: Fault,
    ) -> Result<Tally, String> {
        let mut run = Self::new(scene, kind, at, fault);
        // The clock is a paused one: it jumps to this as soon as nothing else can run.
        let all = tokio::time::timeout(Duration::from_secs(3600), run.all());
        match AssertUnwindSafe(all).catch_unwind().await {
            Ok(Ok(done)) => done?,
            Ok(Err(_)) => return Err("waits for ever".to_owned()),
            Err(panic) => return Err(format!("panicked: {}", text(&*panic))),
        }
        run.tally.polls = run.injector.polls();
        run.tally.revisions = run.injector.revisions();
        run.tally.collected = *lock(&run.injector.collected);
        Ok(run.tally)
    }

    async fn all(&mut self) -> Result<(), String> {
        for round in &self.scene.rounds {
            let Some(runtime) = self.injector.runtime() else {
                break;
            };
            self.injector.commit(&runtime, &round.mutation).await;
            drop(runtime);
            self.round(&round.question).await?;
        }
        self.ask_held().await?;
        self.injector.wrong()?;
        if let Some(runtime) = self.injector.runtime() {
            self.ask(&runtime, &self.scene.everything()).await?;
            self.check_runs()?;
        }
        if let Some(runtime) = self.injector.disarm()
            && self.patience.is_zero()
        {
            runtime.shutdown().await;
        }
        self.lab.left_alone().await
    }

    /// Both roots ask; whoever got no answer asks again.
    async fn round(&mut self, question: &Question) -> Result<(), String> {
        self.injector.ask(question);
        poll_fn(|cx| self.injector.poll_roots(cx)).await;
        for told in self.injector.told() {
            if let Some(told) = &told {
                self.check_told(question, told)?;
            }
            self.tally.untold += usize::from(told.is_none());
            self.tally.failed += usize::from(matches!(told, Some(Err(_))));
            let got = matches!(told, Some(Ok(_)));
            if let (false, Some(runtime)) = (got, self.injector.runtime()) {
                if !self.patience.is_zero() {
                    tokio::time::sleep(self.patience).await;
                }
                self.ask(&runtime, question).await?;
            }
        }
        self.injector.set_aside();
        Ok(())
    }

    fn check_told(&self, question: &Question, told: &Told) -> Result<(), String> {
        let fired = self.injector.has_fired();
        match told {
            Ok(answer) => self.check_answer(question, answer),
            Err(error) => match error.kind() {
                QueryErrorKind::Panicked { message, .. }
                    if fired && self.injector.kind == Kind::Panic && message == "planned" =>
                {
                    Ok(())
                }
                QueryErrorKind::Shutdown if fired && self.injector.kind == Kind::Shutdown => Ok(()),
                _ => Err(format!("a root failed: {error}")),
            },
        }
    }

    fn check_answer(&self, question: &Question, answer: &Answer) -> Result<(), String> {
        let revision = answer.revision;
        let state = self
            .injector
            .state_at(revision)
            .ok_or_else(|| format!("answered at revision {revision}, which was never made"))?;
        if let Some((revision, node)) = self.lab.torn() {
            return Err(format!(
                "n{node} at revision {revision} saw two different witnesses"
            ));
        }
        answer
            .check(question, &state, &Oracle::new(&state))
            .map_err(|what| format!("{what}\nprogram at this revision:\n{state}"))
    }

    /// Asks at the newest revision, beside the roots, until there is an answer. An update that runs
    /// on after its request has failed gives that failure to whoever joins it, so one panic may be
    /// told several times; not for ever, since each such update ends with it.
    async fn ask(&self, runtime: &Arc<Runtime>, question: &Question) -> Result<(), String> {
        for _ in 0..=self.scene.nodes {
            let before = runtime.revision();
            let told = runtime
                .try_query(|cx| async move { question.ask(&cx).await })
                .await;
            self.check_told(question, &told)?;
            match told {
                Ok(answer) if answer.revision < before => {
                    let revision = answer.revision;
                    return Err(format!(
                        "answered at revision {revision}, asked at {before}"
                    ));
                }
                Ok(_) => return Ok(()),
                // The disturbance may come as late as this.
                Err(_) if self.injector.runtime().is_none() => return Ok(()),
                Err(_) => {}
            }
        }
        Err("one panic is told again and again".to_owned())
    }

    async fn ask_held(&self) -> Result<(), String> {
        let held: Option<Snapshot> = lock(&self.injector.held).take();
        let Some(held) = held else { return Ok(()) };
        let everything = &self.scene.everything();
        let answer = held
            .query(|cx| async move { everything.ask(&cx).await })
            .await;
        if answer.revision != held.revision() {
            return Err("a snapshot answered at another revision".to_owned());
        }
        self.check_answer(everything, &answer)
    }

    /// Every body came to its end at most once at a revision, unless something was forgotten.
    fn check_runs(&mut self) -> Result<(), String> {
        let mut finished = self.lab.take_finished();
        self.tally.unfinished = self.lab.take_started().len() - finished.len();
        finished.sort_unstable();
        if self.scene.limits.forget() || self.injector.kind.forgets() {
            return Ok(());
        }
        match finished.windows(2).find(|pair| pair[0] == pair[1]) {
            None => Ok(()),
            Some(twice) => {
                let (revision, node) = twice[0];
                Err(format!(
                    "n{node} ran to its end twice at revision {revision}"
                ))
            }
        }
    }
}

/// The text of a panic.
fn text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "(not a text)".to_owned())
}
