//! A folder under check: from "these paths changed" to a new answer.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use salvia::{Builder, Runtime};

use super::{Applied, Changes, Disk, Follower, Mirror};
use crate::core::cost::{Cost, Tally};
use crate::core::problem::Problem;
use crate::core::progress::Progress;
use crate::core::queries::{Root, report};

/// A folder and what is known of it.
#[derive(Debug)]
pub struct Workspace {
    disk: Disk,
    mirror: Mirror,
    tally: Tally,
    progress: Progress,
}

/// A report and its cost.
#[derive(Debug, Clone)]
pub struct Answer {
    /// All problems, in order.
    pub problems: Arc<[Problem]>,
    /// What it took to know them.
    pub cost: Cost,
}

impl Workspace {
    /// A workspace over `root`, in which nothing is known yet. Needs a tokio runtime around it.
    pub fn new(root: PathBuf, progress: Progress) -> Self {
        Self::with(root, progress, |builder| builder)
    }

    /// The same, with more resources for the queries.
    pub fn with(root: PathBuf, progress: Progress, more: impl FnOnce(Builder) -> Builder) -> Self {
        let tally = Tally::default();
        let builder = Runtime::builder()
            .resource(Root(root.as_path().into()))
            .resource(tally.clone())
            .resource(progress.clone());
        Workspace {
            disk: Disk::new(root, progress.clone()),
            mirror: Mirror::new(more(builder).build()),
            tally,
            progress,
        }
    }

    /// Has the directories watched, from the next look on.
    pub fn watched_by(mut self, follower: Follower) -> Self {
        self.disk.watched_by(follower);
        self
    }

    /// How many documents there are.
    pub fn documents(&self) -> usize {
        self.mirror.documents()
    }

    /// The runtime that answers about the folder.
    pub fn runtime(&self) -> &Arc<Runtime> {
        self.mirror.runtime()
    }

    /// How many runs of queries there were, and how many different ones.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// The bar of this workspace.
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// The inputs.
    pub fn mirror(&mut self) -> &mut Mirror {
        &mut self.mirror
    }

    /// Who looks and who sets apart, for those who do both at once.
    pub fn into_parts(self) -> (Disk, Mirror) {
        (self.disk, self.mirror)
    }

    /// Looks at everything, and asks nothing. Fails if the folder cannot be listed.
    pub async fn load(&mut self) -> io::Result<Applied> {
        self.apply(&Changes::all()).await
    }

    /// Looks at everything and checks it. Fails as `load` does, or if a query does.
    pub async fn check(&mut self) -> io::Result<Answer> {
        let start = Instant::now();
        let applied = self.load().await?;
        let answer = self.answer(start, applied).await;
        self.progress.end();
        answer
    }

    /// Looks at what changed and checks again; `None` if nothing changed that matters. Fails as `check` does.
    pub async fn update(&mut self, changes: &Changes) -> io::Result<Option<Answer>> {
        let start = Instant::now();
        let applied = self.apply(changes).await?;
        if applied == Applied::default() {
            return Ok(None);
        }
        self.answer(start, applied).await.map(Some)
    }

    /// Checks again without a look at the disk; `None` if the report is still `known`. Fails if a query does.
    pub async fn expired(&self, known: &[Problem]) -> io::Result<Option<Answer>> {
        let answer = self.answer(Instant::now(), Applied::default()).await?;
        Ok((answer.problems[..] != *known).then_some(answer))
    }

    /// Makes the inputs what the disk says. Fails as `load` does.
    pub async fn apply(&mut self, changes: &Changes) -> io::Result<Applied> {
        let look = self.disk.look(changes).await?;
        Ok(self.mirror.apply(look).await)
    }

    async fn answer(&self, start: Instant, applied: Applied) -> io::Result<Answer> {
        let (before, _) = self.tally.read();
        self.progress.begin("checking", self.documents());
        let problems = self
            .runtime()
            .try_query(|cx| async move { report(&cx).await })
            .await;
        let problems = problems.map_err(io::Error::other)?;
        let (after, known) = self.tally.read();
        let Applied { files, folders } = applied;
        let (ran, count) = (after - before, problems.len());
        let cost = Cost {
            files,
            folders,
            ran,
            known,
            problems: count,
            elapsed: start.elapsed(),
        };
        Ok(Answer { problems, cost })
    }
}
