//! How clients give up: they drop a request after a few polls or some time, or forget it.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::client::{Client, abandon, ask};
use crate::lab::lock;
use crate::tantrum::is_planned;

/// How many requests are forgotten at most.
const MOST: usize = 8;

type Request = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Requests that were polled and never will be again. To the engine they are as good as leaked.
#[derive(Default)]
pub(crate) struct Forgotten(Mutex<Vec<Request>>);

impl Forgotten {
    fn add(&self, request: Request) {
        let mut list = lock(&self.0);
        let gone = if list.len() < MOST {
            list.push(request);
            None
        } else {
            let place = &mut list[0];
            Some(std::mem::replace(place, request))
        };
        drop(list);
        drop(gone);
    }

    /// Drops them, when the world has ended.
    pub(crate) fn clear(&self) {
        let list = std::mem::take(&mut *lock(&self.0));
        drop(list);
    }
}

impl fmt::Debug for Forgotten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} forgotten requests", lock(&self.0).len())
    }
}

impl Client {
    pub(crate) async fn give_up(&mut self) -> Result<u64, String> {
        match self.rng.weighted(&[6, 3, 2]) {
            0 => self.leave(false).await,
            1 => self.leave(true).await,
            _ => Ok(self.forget()),
        }
    }

    /// Asks, and drops the request after a few polls or a short time.
    async fn leave(&mut self, by_time: bool) -> Result<u64, String> {
        let question = self.maker.question(&mut self.rng);
        self.turn_to(|| format!("give up {question}"));
        let patience = self.rng.below(4);
        let micros = self.rng.below(200) as u64;
        let shared = Arc::clone(&self.shared);
        let (shared, asked) = (&*shared, &question);
        let before = shared.rt.revision();
        let asking = shared.rt.try_query(|cx| ask(shared, asked, cx));
        let told = if by_time {
            let time = Duration::from_micros(micros);
            tokio::time::timeout(time, asking).await.ok()
        } else {
            abandon(asking, patience).await
        };
        let after = shared.rt.revision();
        match told {
            Some(Ok(answer)) => self.check_new(asked, &answer, before, after).await?,
            Some(Err(error)) => is_planned(&error.to_string())?,
            None => {}
        }
        Ok(question.nodes.len() as u64)
    }

    /// Asks, and keeps the request without ever polling it again.
    fn forget(&mut self) -> u64 {
        let question = self.maker.question(&mut self.rng);
        self.turn_to(|| format!("forget {question}"));
        let asked = question.nodes.len() as u64;
        let shared = Arc::clone(&self.shared);
        let mut request: Request = Box::pin(async move {
            let (shared, asked) = (&*shared, &question);
            drop(shared.rt.try_query(|cx| ask(shared, asked, cx)).await);
        });
        let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
        for _ in 0..self.rng.within(1, 3) {
            if request.as_mut().poll(&mut cx).is_ready() {
                return asked;
            }
        }
        self.shared.forgotten.add(request);
        asked
    }
}
