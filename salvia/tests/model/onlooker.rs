//! Watches in a concurrent world.
//!
//! A watch gives only values that are the oracle's at the revision they were read at, never goes
//! back, never gives the same twice, and comes to the newest value once there are no more commits.

use std::sync::Arc;
use std::time::Duration;

use salvia::{Revision, Watch};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::ask::Answer;
use crate::client::{Shared, ask};
use crate::generate::Maker;
use crate::operation::Question;
use crate::rng::Rng;

/// A watch that has to come to the newest values is given this long: less than the watchdog gives.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a watch gives. Equal if the values are; the revision says where they were read.
#[derive(Debug, Clone)]
pub(crate) struct Seen(Answer);

impl PartialEq for Seen {
    fn eq(&self, other: &Self) -> bool {
        self.0.same_values(&other.0)
    }
}

/// All watches of a world.
pub(crate) struct Onlookers {
    tasks: JoinSet<Result<Watch<Seen>, String>>,
    finish: Vec<oneshot::Sender<Revision>>,
}

struct Onlooker {
    number: usize,
    shared: Arc<Shared>,
    question: Question,
    rng: Rng,
    last: Option<Answer>,
}

impl Onlookers {
    pub(crate) fn start(
        count: usize,
        first: usize,
        shared: &Arc<Shared>,
        maker: &Maker,
        rng: &mut Rng,
    ) -> Self {
        let (mut tasks, mut finish) = (JoinSet::new(), Vec::new());
        for number in first..first + count {
            let (sender, finished) = oneshot::channel();
            let onlooker = Onlooker {
                number,
                shared: Arc::clone(shared),
                question: maker.question(rng),
                rng: Rng::new(rng.next()),
                last: None,
            };
            tasks.spawn(onlooker.run(finished));
            finish.push(sender);
        }
        Self { tasks, finish }
    }

    /// There is no revision after this one: all have to come to it. Gives the watches back.
    pub(crate) async fn finish(mut self, newest: Revision) -> Result<Vec<Watch<Seen>>, String> {
        for sender in self.finish {
            // One that has failed is found below.
            let _gone = sender.send(newest);
        }
        let mut watches = Vec::new();
        while let Some(ended) = self.tasks.join_next().await {
            let ended = ended.map_err(|failed| format!("a watch panicked: {failed}"))?;
            watches.push(ended?);
        }
        Ok(watches)
    }
}

impl Onlooker {
    fn watch(&self) -> Watch<Seen> {
        let (shared, question) = (Arc::clone(&self.shared), self.question.clone());
        self.shared.rt.watch(move |cx| {
            let (shared, question) = (Arc::clone(&shared), question.clone());
            async move { Seen(ask(&shared, &question, cx).await) }
        })
    }

    async fn run(
        mut self,
        mut finished: oneshot::Receiver<Revision>,
    ) -> Result<Watch<Seen>, String> {
        let mut watch = self.watch();
        let newest = loop {
            tokio::select! {
                newest = &mut finished => {
                    break newest.map_err(|_| "the world ended before its watch".to_owned())?;
                }
                seen = watch.next() => self.check(seen).await?,
            }
            if self.rng.percent(5) {
                // Another one in its place, which has seen nothing yet.
                watch = self.watch();
                self.last = None;
            }
        };
        while !self.has_seen(newest).await {
            let what = format!("watch {} for revision {newest}", self.question);
            self.shared.beats.turn_to(self.number, what);
            let seen = tokio::time::timeout(PATIENCE, watch.next()).await;
            let seen = seen.map_err(|_| {
                format!(
                    "a watch sleeps, and has not seen revision {newest}: {:?}",
                    self.last
                )
            })?;
            self.check(seen).await?;
        }
        Ok(watch)
    }

    /// The last values are those of this revision.
    async fn has_seen(&self, newest: Revision) -> bool {
        let epoch = self.shared.history.at(newest).await;
        let is_right = |answer: &Answer| {
            answer
                .check(&self.question, &epoch.state, epoch.oracle())
                .is_ok()
        };
        self.last.as_ref().is_some_and(is_right)
    }

    async fn check(&mut self, seen: Option<Seen>) -> Result<(), String> {
        let Some(Seen(answer)) = seen else {
            return Err("a watch ended before its runtime".to_owned());
        };
        let revision = answer.revision;
        if let Some(last) = self.last.replace(answer.clone()) {
            if revision <= last.revision {
                return Err(format!(
                    "a watch gave revision {revision} after revision {}",
                    last.revision
                ));
            }
            if answer.same_values(&last) {
                return Err(format!(
                    "a watch gave the same again at revision {revision}"
                ));
            }
        }
        let epoch = self.shared.history.at(revision).await;
        answer
            .check(&self.question, &epoch.state, epoch.oracle())
            .map_err(|what| {
                format!(
                    "a watch: {what}\nprogram at this revision:\n{}",
                    epoch.state
                )
            })
    }
}
