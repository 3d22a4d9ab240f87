//! Does anybody answer to a link that leaves the folder? Asked for only if there is a `Probe`.
//!
//! An answer is kept for a time and asked for again when that has passed: the engine's expiry. A URL is asked once
//! however many documents link to it, and a few are asked at once.

use std::sync::Arc;
use std::time::Duration;

use salvia::{QueryContext, query};
use tokio::sync::Semaphore;

use crate::core::cost::note;

/// A resource of the runtime: how links are followed.
#[derive(Debug)]
pub struct Probe {
    client: reqwest::Client,
    /// How long an answer counts.
    ttl: Duration,
    places: Semaphore,
}

/// Enough for a few hosts, few enough to be no burden to one.
const AT_ONCE: usize = 8;
const PATIENCE: Duration = Duration::from_secs(20);

impl Probe {
    /// Keeps answers for `ttl`. Fails if the system has no secure connections to offer.
    pub fn new(ttl: Duration) -> reqwest::Result<Self> {
        let client = reqwest::Client::builder()
            .user_agent(concat!("folio/", env!("CARGO_PKG_VERSION")))
            .timeout(PATIENCE)
            .build()?;
        Ok(Probe {
            client,
            ttl,
            places: Semaphore::new(AT_ONCE),
        })
    }

    /// Why `url` is dead, if it is. A server that knows no HEAD is asked with GET.
    async fn ask(&self, url: &str) -> Option<String> {
        let _place = self.places.acquire().await;
        let mut answer = self.client.head(url).send().await;
        if answer
            .as_ref()
            .is_ok_and(|answer| !answer.status().is_success())
        {
            answer = self.client.get(url).send().await;
        }
        match answer {
            Ok(answer) if answer.status().is_success() => None,
            Ok(answer) => Some(format!("the server says {}", answer.status())),
            Err(error) if error.is_timeout() => Some("no answer in time".to_owned()),
            Err(error) if error.is_redirect() => Some("it leads in a circle".to_owned()),
            Err(error) if error.is_builder() => Some("it is no address".to_owned()),
            Err(_) => Some("no connection".to_owned()),
        }
    }
}

/// Why nobody answers to `target`; `None` if somebody does, or if it is not of the web.
#[query]
pub async fn dead(target: Arc<str>, cx: &QueryContext) -> Option<Arc<str>> {
    note(cx, "dead", &target);
    let address = target.split('#').next().unwrap_or(&target);
    let url = match address.strip_prefix("//") {
        Some(rest) => format!("https://{rest}"),
        None => address.to_owned(),
    };
    if !url.starts_with("http://") && !url.starts_with("https://") {
        return None;
    }
    answer(url.into(), cx).await
}

/// What came of asking for a page: one question, whatever parts of the page are linked to.
#[query]
async fn answer(url: Arc<str>, cx: &QueryContext) -> Option<Arc<str>> {
    note(cx, "answer", &url);
    let probe = cx.try_resource::<Probe>()?;
    let reason = probe.ask(&url).await;
    cx.expires_in(probe.ttl);
    reason.map(Arc::from)
}
