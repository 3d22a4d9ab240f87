//! `folio serve`: the folder as a site on this machine, which is new the moment a file is.
//!
//! - `answer`: from a request to a page, a file or what belongs to pages;
//! - `file`: files with ranges;
//! - `failure`: pages that say what is wrong and what to do;
//! - `events`: which browser has to show its page again;
//! - `version`: how a browser knows that it has the newest.
//!
//! A request is answered from one revision. Nothing here is remembered but by the engine.

mod answer;
mod events;
mod failure;
mod file;
mod version;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anyhow::Context;
use axum::Router;
use axum::routing::get;
use salvia::Runtime;
use tokio::net::TcpListener;

use crate::core::workspace::{Watcher, Workspace};

/// What all requests share.
#[derive(Debug, Clone)]
struct Site {
    runtime: Arc<Runtime>,
    root: Arc<std::path::Path>,
    /// Revisions begin anew with each start; what a browser has of an earlier one is another thing.
    start: u64,
}

/// A server that is ready to be run.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    site: Site,
}

impl Server {
    /// Takes a port of this machine; 0 takes any. Fails if it is taken.
    pub async fn bind(
        port: u16,
        root: Arc<std::path::Path>,
        runtime: Arc<Runtime>,
    ) -> anyhow::Result<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listener = TcpListener::bind(address).await;
        let listener = listener.with_context(|| {
            format!("cannot listen at port {port}; `--port 0` takes one that is free")
        })?;
        let since = std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
        let start = u64::try_from(since.as_micros()).unwrap_or_default();
        Ok(Server {
            listener,
            site: Site {
                runtime,
                root,
                start,
            },
        })
    }

    /// Where a browser finds it.
    pub fn address(&self) -> anyhow::Result<SocketAddr> {
        Ok(self.listener.local_addr()?)
    }

    /// Answers, for ever.
    pub async fn run(self) -> anyhow::Result<()> {
        let router = Router::new()
            .route("/_folio/events", get(events::events))
            .fallback(answer::answer)
            .layer(axum::middleware::from_fn(answer::from_this_machine))
            .with_state(self.site);
        Ok(axum::serve(self.listener, router).await?)
    }
}

/// Keeps the inputs what the disk says, until the folder is gone.
pub async fn follow(mut workspace: Workspace, mut watcher: Watcher) -> anyhow::Result<()> {
    loop {
        let changes = watcher.next().await?;
        workspace
            .apply(&changes)
            .await
            .context("cannot look at the folder")?;
    }
}
