//! The table.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use crate::figure::Unit;
use crate::number::amount;
use crate::peers::Peer;
use crate::rounds::{Row, Section};

/// The engine that the ratios are to.
const MEASURE: &str = "salsa";

/// What is measured, by the names of the lock file.
const PACKAGES: [&str; 8] = [
    "salvia",
    "salsa",
    "incremental",
    "comemo",
    "picante",
    "qbice",
    "papaya",
    "tokio",
];

/// Everything, as Markdown.
pub(crate) fn table(sections: &[Section], rounds: usize, load: &str) -> String {
    let mut text = head(rounds, load);
    text.push_str(
        "\n| workload | engine | CPU (or amount) | to salsa | wall | to salsa | lowest and highest CPU; or why not |\n",
    );
    text.push_str("|---|---|--:|--:|--:|--:|---|\n");
    for section in sections {
        lines(section, &mut text);
    }
    text
}

/// Figure by figure; then the engines that have none of it.
fn lines(section: &Section, text: &mut String) {
    let mut names: Vec<&str> = Vec::new();
    for name in section.names() {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    for name in names {
        let rows = || section.rows.iter().filter(|row| row.figure == name);
        let measure = rows().find(|row| row.peer.name() == MEASURE);
        for peer in Peer::all() {
            if let Some(row) = rows().find(|row| row.peer == peer) {
                line(row, measure, text);
            }
            let of = |(figure, other, reason): &&(String, Peer, String)| {
                figure == name && *other == peer && !reason.is_empty()
            };
            if let Some((_, _, reason)) = section.without.iter().find(of) {
                writeln!(text, "| {name} | {} | - | | | | {reason} |", peer.name())
                    .expect("a string takes everything");
            }
        }
    }
    for (peer, _) in &section.failures {
        let name = section.workload.name();
        writeln!(text, "| {name} | {} | FAILED | | | | |", peer.name())
            .expect("a string takes everything");
    }
}

fn line(row: &Row, measure: Option<&Row>, text: &mut String) {
    let value = row.median();
    let shown = |value| amount(row.unit, value);
    let ratio = |of: f64, to: f64| {
        let ratio = of / to;
        match ratio {
            _ if !ratio.is_finite() => String::new(),
            _ if ratio < 0.1 => format!("{ratio:.4}"),
            _ => format!("{ratio:.2}"),
        }
    };
    let (to_cpu, to_wall) = match measure.map(Row::median) {
        Some(measure) => (
            ratio(value.cpu, measure.cpu),
            ratio(value.wall, measure.wall),
        ),
        None => (String::new(), String::new()),
    };
    let (wall, to_wall) = match row.unit {
        Unit::Time | Unit::Times => (shown(value.wall), to_wall),
        Unit::Bytes | Unit::Percent => (String::new(), String::new()),
    };
    let cpu = row.rounds.iter().map(|spent| spent.cpu);
    let lowest = cpu.clone().fold(f64::INFINITY, f64::min);
    let highest = cpu.fold(0.0, f64::max);
    let spread = if row.rounds.len() > 1 && value.cpu.is_finite() {
        format!("{} .. {}", shown(lowest), shown(highest))
    } else {
        String::new()
    };
    writeln!(
        text,
        "| {} | {} | {} | {to_cpu} | {wall} | {to_wall} | {spread} |",
        row.figure,
        row.peer.name(),
        shown(value.cpu),
    )
    .expect("a string takes everything");
}

/// What was measured, where, and how to do it again.
fn head(rounds: usize, load: &str) -> String {
    let tokio = if std::env::var("PEERS_TOKIO").is_ok_and(|flavor| flavor == "current") {
        "one thread (`PEERS_TOKIO=current`)"
    } else {
        "two workers"
    };
    let packages = PACKAGES.map(|name| format!("{name} {}", version(name)));
    let mut text = String::from("# Side by side\n\n");
    for line in [
        "Made by `cargo run --release --manifest-path benches/peers/Cargo.toml`; what is measured stands in `src/workloads`, how each engine is used in `src/peers`.".to_string(),
        format!("Medians of {rounds} rounds, engines in turns, a process a measurement; CPU is that of the whole process."),
        "A ratio below 1 is less time (or memory) than salsa's.".to_string(),
        "Speed-ups are by the wall and need free cores: tokio's row, where nothing is shared, says how much there was of them.".to_string(),
        String::new(),
        format!("- date: {}", said("date", &["-u", "+%Y-%m-%d"])),
        format!("- versions: {}", packages.join(", ")),
        format!("- compiler: {}", said("rustc", &["--version"])),
        format!("- machine: {}, {} cores", processor(), std::thread::available_parallelism().map_or(0, usize::from)),
        format!("- tokio: {tokio}"),
        format!("- others on the machine: load average {} before the first round", load),
    ] {
        text.push_str(&line);
        text.push('\n');
    }
    text
}

/// What a command prints, in one line.
fn said(command: &str, arguments: &[&str]) -> String {
    let output = Command::new(command).args(arguments).output();
    output.map_or_else(
        |_| "unknown".to_string(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_string(),
    )
}

fn processor() -> String {
    let cpus = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus
        .lines()
        .find_map(|line| line.strip_prefix("model name"));
    model.map_or_else(
        || "unknown".to_string(),
        |model| model.trim_start_matches([' ', '\t', ':']).to_string(),
    )
}

/// How many run or want to, on the average of the last minutes.
pub(crate) fn load() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split_whitespace()
        .take(2)
        .collect::<Vec<_>>()
        .join(", ")
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
    std::fs::write(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("RESULTS.md"),
        table,
    )
}
