//! The table.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::figures::{middle, percentile, time};
use crate::replay::{AHEAD, Outcome, PACE};
use crate::world::DOCUMENTS;

/// The rounds of one engine.
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) rounds: Vec<Outcome>,
}

type Times = fn(&Outcome) -> &[Duration];

const FIGURES: [(&str, Times); 5] = [
    ("edit to commit", |outcome| &outcome.commit),
    ("edit to diagnostics", |outcome| &outcome.problems),
    ("edit to hover", |outcome| &outcome.hover),
    ("edit to completion", |outcome| &outcome.completion),
    ("headings, asked to answered", |outcome| &outcome.headings),
];

/// Everything, as Markdown.
pub(crate) fn table(columns: &[Column], load: &str) -> String {
    let mut text = head(columns, load);
    let mut line = |name: &str, cell: &dyn Fn(&Column) -> String| {
        let cells: Vec<_> = columns.iter().map(cell).collect();
        let _ = writeln!(text, "| {name} | {} |", cells.join(" | "));
    };
    line("", &|column| column.name.to_owned());
    line("---", &|_| "--:".to_owned());
    line("edits a round", &|column| {
        let edits = column.rounds.first().map(|outcome| outcome.commit.len());
        edits.unwrap_or_default().to_string()
    });
    line("nothing known to first diagnostics", &|column| {
        rounds(column, |outcome| outcome.cold)
    });
    for (name, times) in FIGURES {
        for (shown, hundredths) in [("p50", 50), ("p99", 99), ("longest", 100)] {
            line(&format!("{name}, {shown}"), &|column| {
                rounds(column, |outcome| percentile(times(outcome), hundredths))
            });
        }
    }
    line("diagnostics made void by the next edit", &|column| {
        counts(column, |outcome| outcome.void)
    });
    line("hovers and completions asked again", &|column| {
        counts(column, |outcome| outcome.again)
    });
    line("headings asked again", &|column| {
        counts(column, |outcome| outcome.headings_again)
    });
    text
}

/// The median of the rounds, and their range.
fn rounds(column: &Column, figure: impl Fn(&Outcome) -> Duration) -> String {
    let [median, lowest, highest] = middle(column.rounds.iter().map(figure).collect()).map(time);
    match column.rounds.len() {
        0 | 1 => median,
        _ => format!("**{median}** ({lowest} .. {highest})"),
    }
}

fn counts(column: &Column, count: impl Fn(&Outcome) -> u64) -> String {
    let counts: Vec<_> = column
        .rounds
        .iter()
        .map(|round| count(round).to_string())
        .collect();
    counts.join(", ")
}

/// What was measured, where, and how to do it again.
fn head(columns: &[Column], load: &str) -> String {
    let samples = columns.first().and_then(|column| column.rounds.first());
    let samples = samples.map_or(0, |outcome| outcome.samples.len());
    let versions = ["salvia", "salsa", "tokio"].map(|name| format!("{name} {}", version(name)));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let lines = [
        "# A typing session".to_owned(),
        String::new(),
        "Made by `cargo run --release --manifest-path benches/replay/Cargo.toml`.".to_owned(),
        format!(
            "Somebody types in one of {DOCUMENTS} documents, a key each {} ms, and after each key an editor asks for all problems of the folder, a hover and a completion. {} ms before the next key it looks for a word in all headings, so that this is at work when the key is hit. No key waits for an answer.",
            PACE.as_millis(),
            AHEAD.as_millis()
        ),
        String::new(),
        "- folio: its core on salvia, as its language server uses it.".to_owned(),
        "- from scratch: the same core with nothing remembered, in a new engine at each edit; the texts are in memory. It cannot keep the pace, so only the edits of the samples are made, each once everything about the one before is known.".to_owned(),
        "- salsa: folio's plain functions below tracked functions of the same steps, requests and writes in `spawn_blocking`, high durability for all that nobody types in.".to_owned(),
        String::new(),
        format!(
            "Medians of the rounds, and their range; engines in turns. In every round the answers of all three were equal after {samples} edits, the last among them; at those the next key waited for the answers."
        ),
        "Diagnostics are there with the first report that has the edit, or a later one. The first row of times has the reading of the files in it for folio and from scratch; salsa has them from memory.".to_owned(),
        String::new(),
        format!("- date: {}", said("date", &["-u", "+%Y-%m-%d"])),
        format!("- versions: {}", versions.join(", ")),
        format!("- compiler: {}", said("rustc", &["--version"])),
        format!("- machine: {}, {cores} cores", processor()),
        format!("- others on the machine: load average {load} before the first round"),
        String::new(),
        String::new(),
    ];
    lines.join("\n")
}

/// What a command prints, in one line.
fn said(command: &str, arguments: &[&str]) -> String {
    let output = Command::new(command).args(arguments).output();
    output.map_or_else(
        |_| "unknown".to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}

fn processor() -> String {
    let cpus = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus
        .lines()
        .find_map(|line| line.strip_prefix("model name"));
    let model = model.unwrap_or("unknown");
    model.trim_start_matches([' ', '\t', ':']).to_owned()
}

/// How many run or want to, on the average of the last minutes.
pub(crate) fn load() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let parts: Vec<_> = load.split_whitespace().take(2).collect();
    parts.join(", ")
}

/// The version that the lock file names.
fn version(package: &str) -> &'static str {
    let lock = include_str!("../Cargo.lock");
    let named = format!("name = \"{package}\"\n");
    let after = lock.split_once(&named).map_or("", |(_, after)| after);
    let line = after.lines().next().unwrap_or_default();
    line.trim_start_matches("version = ").trim_matches('"')
}

/// Writes the table beside the program.
pub(crate) fn write(table: &str) -> std::io::Result<()> {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("RESULTS.md");
    std::fs::write(place, table)
}
