//! What the core knows, without a server and without a browser.

use std::path::Path;
use std::time::Instant;

use folio::core::cost::{thousands, time};
use folio::core::place::Medium;
use folio::core::progress::Progress;
use folio::core::queries::{SHARDS, report};
use folio::core::workspace::{Changes, RelPath, Workspace};
use folio::site::{Place, all_places, page, search_shard, version};
use futures::future::join_all;
use salvia::QueryContext;

use crate::edits::{Cost, KINDS, TIMES, document, median, save};
use crate::stage::Stages;

/// Everything for the first time, then one edit after the other.
pub(crate) async fn measure(root: &Path) -> anyhow::Result<()> {
    let mut workspace = Workspace::new(root.to_owned(), Progress::none());
    cold(&mut workspace).await?;
    warm(&mut workspace, root).await
}

async fn cold(workspace: &mut Workspace) -> anyhow::Result<()> {
    println!("## What is known\n");
    let mut stages = Stages::begin(workspace);
    workspace.load().await?;
    stages.of(workspace.documents());
    stages.end("read");
    let runtime = workspace.runtime();
    runtime.query(async |cx| report(&cx).await.len()).await;
    stages.end("check");
    runtime.query(pages).await;
    stages.end("all pages");
    runtime.query(index).await;
    stages.end("search index");
    Ok(())
}

async fn pages(cx: QueryContext) {
    let places = all_places(&cx).await;
    join_all(
        places
            .iter()
            .map(|place| page(place.clone(), Medium::Served, &cx)),
    )
    .await;
}

async fn index(cx: QueryContext) {
    join_all((0..SHARDS).map(|bucket| search_shard(bucket, Medium::Served, &cx))).await;
}

/// One edit at a time: from a saved file to the page that is shown, and to the report.
async fn warm(workspace: &mut Workspace, root: &Path) -> anyhow::Result<()> {
    println!(
        "\n| an edit of one document | to its new page | queries ran | and the report | queries ran |"
    );
    println!("|---|---|---|---|---|");
    let documents: Vec<_> = workspace.mirror().listing().documents().cloned().collect();
    for (name, edit) in KINDS {
        let (mut shown, mut reported) = (Vec::new(), Vec::new());
        for n in 0..TIMES {
            let path = document(&documents, n);
            save(root, path, edit)?;
            let (page, report) = edited(workspace, path).await?;
            shown.push(page);
            reported.push(report);
        }
        let [(shown, ran), (reported, more)] = [shown, reported].map(median);
        let (ran, more) = (thousands(ran), thousands(more));
        println!(
            "| {name} | {} | {ran} | {} | {more} |",
            time(shown),
            time(reported)
        );
    }
    Ok(())
}

async fn edited(workspace: &mut Workspace, path: &RelPath) -> anyhow::Result<(Cost, Cost)> {
    let (start, (before, _)) = (Instant::now(), workspace.tally().read());
    workspace.apply(&Changes::at([path.clone()])).await?;
    let place = Place::Document(path.clone());
    let runtime = workspace.runtime();
    runtime
        .query(async |cx| version(place, Medium::Served, &cx).await)
        .await;
    let (shown, (ran, _)) = (start.elapsed(), workspace.tally().read());
    let start = Instant::now();
    runtime.query(async |cx| report(&cx).await.len()).await;
    let (reported, (all, _)) = (start.elapsed(), workspace.tally().read());
    Ok(((shown, ran - before), (reported, all - ran)))
}
