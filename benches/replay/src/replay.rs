//! Types a session on an engine, and takes the times.
//!
//! After each edit three requests are made at once: all problems, a hover, a completion; and shortly before the next key a
//! long one, so that it is at work when that is hit. No key waits for them, but at samples, so that the answers of
//! different engines can be compared.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

use crate::ask::{Answer, Engine, Question, Reader};
use crate::session::Session;
use crate::world::World;

/// From one key to the next.
pub(crate) const PACE: Duration = Duration::from_millis(40);

/// How long before a key the long request is made.
pub(crate) const AHEAD: Duration = Duration::from_millis(1);

/// How the keys come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Typing {
    /// As a person types.
    Paced,
    /// The edits of the samples only, each once everything about the one before is known.
    Samples,
}

/// What one session gave.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// From nothing to the first report.
    pub(crate) cold: Duration,
    pub(crate) commit: Vec<Duration>,
    /// From an edit to the first report that has it.
    pub(crate) problems: Vec<Duration>,
    pub(crate) hover: Vec<Duration>,
    pub(crate) completion: Vec<Duration>,
    /// From the long request to its answer.
    pub(crate) headings: Vec<Duration>,
    /// Hovers and completions that an edit made void, so that they were asked again.
    pub(crate) again: u64,
    /// Long requests that were asked again.
    pub(crate) headings_again: u64,
    /// Reports that an edit made void; the next edit asks for one anyway.
    pub(crate) void: u64,
    pub(crate) samples: Vec<Sample>,
}

/// Every answer after one edit.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Sample {
    pub(crate) edit: usize,
    pub(crate) answers: [Option<Answer>; 4],
}

/// A request on its way: when it was answered, and how.
type Asked = JoinHandle<Option<(Duration, Answer)>>;

/// Types all of `session`; every edit of a number that `every` divides is a sample, and the last.
pub(crate) async fn replay<E: Engine>(
    world: &World,
    session: &Session,
    typing: Typing,
    every: usize,
) -> anyhow::Result<Outcome> {
    let start = Instant::now();
    let engine = E::open(world, session).await?;
    let first = engine.reader().ask(Question::Problems).await;
    first.context("nobody edits yet")?;
    let cold = start.elapsed();
    let mut typist = Typist {
        engine: Arc::new(Mutex::new(engine)),
        again: Arc::default(),
        headings_again: Arc::default(),
        begin: Instant::now(),
        typed: Vec::new(),
        commit: Vec::new(),
        asked: [const { Vec::new() }; 3],
        headings: Vec::new(),
        samples: Vec::new(),
    };
    let mut due = Instant::now() + PACE;
    for (n, text) in session.texts.iter().enumerate() {
        let is_sample = n.is_multiple_of(every) || n + 1 == session.texts.len();
        if typing == Typing::Samples && !is_sample {
            continue;
        }
        typist.edit(n, text.clone(), due).await;
        due += PACE;
        if is_sample {
            typist.sample(n).await?;
            due = Instant::now() + PACE;
        }
        typist.ask_before(due);
    }
    typist.end(cold).await
}

struct Typist<E> {
    engine: Arc<Mutex<E>>,
    again: Arc<AtomicU64>,
    headings_again: Arc<AtomicU64>,
    begin: Instant,
    /// When each key was hit, since the beginning.
    typed: Vec<Duration>,
    commit: Vec<Duration>,
    /// Problems, hovers, completions.
    asked: [Vec<Asked>; 3],
    headings: Vec<JoinHandle<Duration>>,
    samples: Vec<Sample>,
}

impl<E: Engine> Typist<E> {
    /// One key and the requests it leads to. Who is late because the last key took so long is late for this one.
    async fn edit(&mut self, n: usize, text: Arc<str>, due: Instant) {
        let is_late = Instant::now() > due;
        sleep_until(due).await;
        let typed = if is_late { due } else { Instant::now() };
        let mut engine = self.engine.lock().await;
        engine.edit(text).await;
        self.commit.push(typed.elapsed());
        self.typed.push(typed - self.begin);
        let questions = [
            Question::Problems,
            Question::Hover(n),
            Question::Completion(n),
        ];
        for (asked, question) in self.asked.iter_mut().zip(questions) {
            let (begin, reader) = (self.begin, engine.reader());
            let (engine, again) = (self.engine.clone(), self.again.clone());
            asked.push(tokio::spawn(async move {
                let answer = match question {
                    Question::Problems => reader.ask(question).await?,
                    _ => until_answered(engine, reader, question, again).await,
                };
                Some((begin.elapsed(), answer))
            }));
        }
    }

    /// The long request.
    fn ask_before(&mut self, key: Instant) {
        let (engine, again) = (self.engine.clone(), self.headings_again.clone());
        self.headings.push(tokio::spawn(async move {
            sleep_until(key - AHEAD).await;
            let asked = Instant::now();
            let reader = engine.lock().await.reader();
            until_answered(engine, reader, Question::Headings, again).await;
            asked.elapsed()
        }));
    }

    /// Waits for the answers to the last edit.
    async fn sample(&mut self, edit: usize) -> anyhow::Result<()> {
        let reader = self.engine.lock().await.reader();
        let headings = reader.ask(Question::Headings).await;
        let mut answers = [None, None, None, headings];
        for (answer, asked) in answers.iter_mut().zip(&mut self.asked) {
            let done = asked.pop().context("an edit asks")?.await?;
            *answer = done.as_ref().map(|(_, answer)| answer.clone());
            asked.push(tokio::spawn(async move { done }));
        }
        self.samples.push(Sample { edit, answers });
        Ok(())
    }

    async fn end(self, cold: Duration) -> anyhow::Result<Outcome> {
        let mut at: [Vec<Option<Duration>>; 3] = [const { Vec::new() }; 3];
        for (at, asked) in at.iter_mut().zip(self.asked) {
            for asked in asked {
                at.push(asked.await?.map(|(at, _)| at));
            }
        }
        let [problems, hover, completion] = at;
        let mut headings = Vec::new();
        for asked in self.headings {
            headings.push(asked.await?);
        }
        let since = |at: Vec<Option<Duration>>| {
            let pairs = self.typed.iter().zip(at);
            pairs
                .filter_map(|(typed, at)| Some(at? - *typed))
                .collect::<Vec<_>>()
        };
        let void = problems.iter().filter(|at| at.is_none()).count() as u64;
        Ok(Outcome {
            cold,
            commit: self.commit,
            problems: since(first_to_have(problems)),
            hover: since(hover),
            completion: since(completion),
            headings,
            again: self.again.load(Ordering::Relaxed),
            headings_again: self.headings_again.load(Ordering::Relaxed),
            void,
            samples: self.samples,
        })
    }
}

/// For each edit the first moment at which there was a report of it or of a later one.
fn first_to_have(mut at: Vec<Option<Duration>>) -> Vec<Option<Duration>> {
    let mut earliest: Option<Duration> = None;
    for at in at.iter_mut().rev() {
        earliest = [earliest, *at].into_iter().flatten().min();
        *at = earliest;
    }
    at
}

async fn until_answered<E: Engine>(
    engine: Arc<Mutex<E>>,
    mut reader: E::Reader,
    question: Question,
    again: Arc<AtomicU64>,
) -> Answer {
    loop {
        if let Some(answer) = reader.ask(question).await {
            return answer;
        }
        again.fetch_add(1, Ordering::Relaxed);
        reader = engine.lock().await.reader();
    }
}
