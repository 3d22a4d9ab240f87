//! What does a large folder cost: to know it all, to follow an edit, to keep?
//!
//! `cargo bench -p folio --bench scale` makes ten thousand documents; a directory as argument takes its documents
//! instead. Everything runs in this process, without a server and without a browser.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use folio::core::cost::{thousands, time};
use folio::core::place::Medium;
use folio::core::progress::Progress;
use folio::core::queries::{SHARDS, report};
use folio::core::workspace::{Changes, RelPath, Workspace};
use folio::site::{Place, all_places, page, search_shard, version};
use futures::future::join_all;
use salvia::QueryContext;

const DOCUMENTS: usize = 10_000;
const FOLDER: usize = 100;
const EDITS: usize = 51;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    // Cargo says `--bench` to every bench.
    let given = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with("--"));
    let dir = tempfile::tempdir()?;
    let root = dir.path().canonicalize()?;
    match &given {
        Some(given) => {
            copy(Path::new(given), &root).with_context(|| format!("cannot copy {given}"))?
        }
        None => generate(&root)?,
    }
    let before = resident();
    let mut workspace = Workspace::new(root.clone(), Progress::on_terminal());
    cold(&mut workspace, before).await?;
    warm(&mut workspace, &root).await
}

/// Everything for the first time.
async fn cold(workspace: &mut Workspace, before: u64) -> anyhow::Result<()> {
    println!("| cold | time | processor time | queries ran | memory, bytes a document |");
    println!("|---|---|---|---|---|");
    let row = Row::begin(workspace);
    workspace.load().await?;
    row.end("read", workspace, before);
    let row = Row::begin(workspace);
    workspace
        .runtime()
        .query(async |cx| report(&cx).await.len())
        .await;
    row.end("check", workspace, before);
    let row = Row::begin(workspace);
    workspace.runtime().query(pages).await;
    row.end("all pages", workspace, before);
    let row = Row::begin(workspace);
    workspace.runtime().query(index).await;
    row.end("search index", workspace, before);
    workspace.progress().end();
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
    let documents = workspace.mirror().listing().clone();
    let documents: Vec<_> = documents.documents().cloned().collect();
    let edits: [(&str, Edit); 5] = [
        ("prose", |text| format!("{text}\nOne more line of prose.\n")),
        ("a line before everything", |text| {
            text.replacen('\n', "\n\nA new line.\n", 1)
        }),
        ("a new section", |text| {
            format!("{text}\n## A new section\n")
        }),
        ("another title", |text| text.replacen("# ", "# New ", 1)),
        ("a new link", |text| format!("{text}\n[home](/README.md)\n")),
    ];
    for (name, edit) in edits {
        let mut shown = Vec::new();
        let mut reported = Vec::new();
        for n in 0..EDITS {
            let path = &documents[(n * 7919 + 13) % documents.len()];
            let (a, b) = edited(workspace, root, path, edit).await?;
            shown.push(a);
            reported.push(b);
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

type Edit = fn(&str) -> String;
type Cost = (Duration, u64);

async fn edited(
    workspace: &mut Workspace,
    root: &Path,
    path: &RelPath,
    edit: Edit,
) -> anyhow::Result<(Cost, Cost)> {
    let file = path.to_disk(root);
    let text = fs::read_to_string(&file)?;
    fs::write(&file, edit(&text))?;
    let (start, (before, _)) = (Instant::now(), workspace.tally().read());
    workspace
        .apply(&Changes {
            paths: [path.clone()].into(),
            everything: false,
        })
        .await?;
    let place = Place::Document(path.clone());
    workspace
        .runtime()
        .query(async |cx| version(place, Medium::Served, &cx).await)
        .await;
    let (shown, (ran, _)) = (start.elapsed(), workspace.tally().read());
    let start = Instant::now();
    workspace
        .runtime()
        .query(async |cx| report(&cx).await.len())
        .await;
    let (reported, (all, _)) = (start.elapsed(), workspace.tally().read());
    Ok(((shown, ran - before), (reported, all - ran)))
}

fn median(mut costs: Vec<Cost>) -> Cost {
    costs.sort();
    costs[costs.len() / 2]
}

/// A stage that is measured.
struct Row {
    start: Instant,
    processor: Duration,
    ran: u64,
}

impl Row {
    fn begin(workspace: &Workspace) -> Self {
        workspace.progress().begin("working", workspace.documents());
        Row {
            start: Instant::now(),
            processor: processor(),
            ran: workspace.tally().read().0,
        }
    }

    fn end(self, name: &str, workspace: &Workspace, before: u64) {
        let elapsed = time(self.start.elapsed());
        let processor = time(processor() - self.processor);
        let ran = thousands(workspace.tally().read().0 - self.ran);
        let documents = workspace.documents().max(1) as u64;
        let bytes = thousands(resident().saturating_sub(before) / documents);
        println!("| {name} | {elapsed} | {processor} | {ran} | {bytes} |");
    }
}

/// Bytes of memory that are in use, as Linux says; 0 where it does not.
fn resident() -> u64 {
    let statm = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = statm
        .split(' ')
        .nth(1)
        .and_then(|pages| pages.parse::<u64>().ok());
    pages.unwrap_or_default() * 4096
}

/// Time of the processor so far, of all threads, in hundredths of a second as Linux counts it.
fn processor() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let ticks = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|ticks| ticks.parse::<u64>().ok());
    Duration::from_millis(ticks.sum::<u64>() * 10)
}

fn generate(root: &Path) -> anyhow::Result<()> {
    fs::write(root.join("README.md"), "# Ten thousand documents\n")?;
    let mut random: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut below = |n: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random % n as u64) as usize
    };
    for n in 0..DOCUMENTS {
        let folder = root.join(format!("part-{:03}", n / FOLDER));
        fs::create_dir_all(&folder)?;
        let mut text = format!("---\ntags: [t{}]\n---\n# Document {n}\n\n", n % 50);
        for section in 0..6 {
            text += &format!("## Section {section}\n\n");
            for word in 0..50 {
                // Few words are frequent, as in any language.
                let (a, b) = (below(4000), below(4000));
                text += &format!("word{} ", a.min(b));
                if word % 25 == 24 {
                    let to = below(DOCUMENTS);
                    text += &format!(
                        "[link](../part-{:03}/doc-{to}.md#section-{}) ",
                        to / FOLDER,
                        below(6)
                    );
                }
            }
            text += "\n\n";
        }
        if n % 4 == 0 {
            text += &format!("```rust\nfn example_{n}() -> u32 {{\n    {n}\n}}\n```\n");
        }
        fs::write(folder.join(format!("doc-{n}.md")), text)?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy(&entry.path(), &to)?,
            false => drop(fs::copy(entry.path(), to)?),
        }
    }
    Ok(())
}
