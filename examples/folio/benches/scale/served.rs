//! `folio serve` with a client: how soon does a browser have an edit?
//!
//! A browser shows one page and waits to be told; then the file is saved. What it is told and what it asks for goes
//! through the system's sockets, and the change of the file through the system's events.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Instant;

use anyhow::Context;
use folio::core::cost::{Tally, thousands, time};
use folio::core::progress::Progress;
use folio::core::workspace::{RelPath, Watcher, Workspace};
use folio::serve::{Server, follow};
use reqwest::Client;

use crate::edits::{KINDS, TIMES, document, median, save};
use crate::stage::Stages;

/// From nothing to the first page, then one edit after the other.
pub(crate) async fn measure(root: &Path) -> anyhow::Result<()> {
    println!("\n## What is served\n");
    let (watcher, follower) = Watcher::new(root)?;
    let mut workspace = Workspace::new(root.to_owned(), Progress::none()).watched_by(follower);
    let mut stages = Stages::begin(&workspace);
    workspace.load().await?;
    let documents: Vec<_> = workspace.mirror().listing().documents().cloned().collect();
    let server = Server::bind(0, root.into(), workspace.runtime().clone()).await?;
    stages.of(documents.len());
    stages.end("read and watched");
    let browser = Browser {
        client: Client::builder().no_proxy().build()?,
        server: server.address()?,
    };
    let tally = workspace.tally().clone();
    let work = async {
        browser.page(document(&documents, 0)).await?;
        stages.end("the first page");
        for path in &documents {
            browser.page(path).await?;
        }
        stages.end("every page, one by one");
        edit_all(&browser, root, &documents, &tally).await
    };
    tokio::select! {
        ended = server.run() => ended,
        ended = follow(workspace, watcher) => ended,
        done = work => done,
    }
}

async fn edit_all(
    browser: &Browser,
    root: &Path,
    documents: &[RelPath],
    tally: &Tally,
) -> anyhow::Result<()> {
    println!("\n| an edit of one document | the browser is told | it has the page | queries ran |");
    println!("|---|---|---|---|");
    for (name, edit) in KINDS {
        let (mut told, mut shown) = (Vec::new(), Vec::new());
        for n in 0..TIMES {
            let path = document(documents, n);
            let waiting = browser.waiting(path).await?;
            let before = tally.read().0;
            let start = Instant::now();
            save(root, path, edit)?;
            waiting.told().await?;
            told.push((start.elapsed(), 0));
            browser.page(path).await?;
            shown.push((start.elapsed(), tally.read().0 - before));
        }
        let ((told, _), (shown, ran)) = (median(told), median(shown));
        let (told, shown, ran) = (time(told), time(shown), thousands(ran));
        println!("| {name} | {told} | {shown} | {ran} |");
    }
    Ok(())
}

/// Somebody who shows pages.
struct Browser {
    client: Client,
    server: SocketAddr,
}

impl Browser {
    /// A page, as it is now.
    async fn page(&self, path: &RelPath) -> anyhow::Result<String> {
        let url = format!("http://{}/{path}", self.server);
        let answer = self.client.get(url).send().await?.error_for_status()?;
        Ok(answer.text().await?)
    }

    /// Shows a page, and waits for it to be another one.
    async fn waiting(&self, path: &RelPath) -> anyhow::Result<Waiting> {
        let page = self.page(path).await?;
        let attribute = |name: &str| {
            let (_, behind) = page.split_once(&format!("{name}=\""))?;
            behind.split_once('"').map(|(value, _)| value.to_owned())
        };
        let place = attribute("data-address").zip(attribute("data-version"));
        let (address, version) = place.context("a served page knows its place")?;
        let url = format!("http://{}/_folio/events", self.server);
        let events = self.client.get(url);
        let events = events.query(&[("address", &address), ("version", &version)]);
        Ok(Waiting(events.send().await?.error_for_status()?))
    }
}

/// A connection on which a browser is told.
struct Waiting(reqwest::Response);

impl Waiting {
    async fn told(mut self) -> anyhow::Result<()> {
        while let Some(piece) = self.0.chunk().await? {
            if String::from_utf8_lossy(&piece).contains("event: change") {
                return Ok(());
            }
        }
        anyhow::bail!("the server has hung up")
    }
}
