//! The parent: starts a process for every measurement, engines in turns, and takes the medians of the rounds.

use std::process::{Command, ExitCode};

use crate::CHILD;
use crate::clock::{Spent, median};
use crate::figure::{Entry, Unit};
use crate::peers::Peer;
use crate::report;
use crate::workloads::Workload;

/// All rounds of one figure of one engine.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) figure: String,
    pub(crate) unit: Unit,
    pub(crate) peer: Peer,
    pub(crate) rounds: Vec<Spent>,
}

impl Row {
    pub(crate) fn median(&self) -> Spent {
        let of =
            |value: fn(&Spent) -> f64| median(&self.rounds.iter().map(value).collect::<Vec<_>>());
        Spent {
            cpu: of(|spent| spent.cpu),
            wall: of(|spent| spent.wall),
        }
    }
}

/// What was found about one workload.
#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) workload: Workload,
    pub(crate) rows: Vec<Row>,
    /// Figures that an engine does not have, and why.
    pub(crate) without: Vec<(String, Peer, String)>,
    pub(crate) failures: Vec<(Peer, String)>,
}

/// Which engines and workloads the words of the command line mean: a word that is an engine's or a workload's name selects it,
/// any other the workloads that have it in their name. Nothing selected is everything.
fn selected(words: &[String]) -> Result<(Vec<Peer>, Vec<Workload>), String> {
    let (mut peers, mut workloads) = (Vec::new(), Vec::new());
    for word in words {
        let peer = Peer::named(word);
        let exact = Workload::ALL.iter().any(|workload| workload.name() == word);
        let named: Vec<_> = Workload::ALL
            .into_iter()
            .filter(|workload| match exact {
                true => workload.name() == word,
                false => workload.name().contains(word.as_str()),
            })
            .collect();
        match peer {
            Some(peer) => peers.push(peer),
            None if named.is_empty() => return Err(word.clone()),
            None => workloads.extend(named),
        }
    }
    if peers.is_empty() {
        peers.extend(Peer::all());
    }
    if workloads.is_empty() {
        workloads.extend(Workload::ALL);
    }
    Ok((peers, workloads))
}

pub(crate) fn main(words: &[String]) -> ExitCode {
    let (peers, workloads) = match selected(words) {
        Ok(selected) => selected,
        Err(word) => {
            eprintln!("`{word}` is no engine and in no workload's name; there are");
            eprintln!(
                "  engines: {}",
                Peer::all().map(Peer::name).collect::<Vec<_>>().join(", ")
            );
            eprintln!(
                "  workloads: {}",
                Workload::ALL.map(Workload::name).join(", ")
            );
            return ExitCode::FAILURE;
        }
    };
    let rounds = std::env::var("PEERS_ROUNDS")
        .ok()
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(5);
    if workloads.iter().any(|workload| workload.counts_bytes())
        && let Err(error) = build_heap()
    {
        eprintln!("the binary that counts allocations was not built: {error}");
        return ExitCode::FAILURE;
    }
    let load = report::load();
    let mut sections = Vec::new();
    for workload in workloads {
        eprintln!("{}", workload.name());
        sections.push(measure(workload, &peers, rounds));
    }
    let table = report::table(&sections, rounds, &load);
    println!("{table}");
    if words.is_empty()
        && let Err(error) = report::write(&table)
    {
        eprintln!("the table was not written: {error}");
        return ExitCode::FAILURE;
    }
    let mut code = ExitCode::SUCCESS;
    for section in &sections {
        for (peer, failure) in &section.failures {
            eprintln!(
                "FAILED: {} of {}\n{failure}",
                section.workload.name(),
                peer.name()
            );
            code = ExitCode::FAILURE;
        }
    }
    code
}

fn measure(workload: Workload, peers: &[Peer], rounds: usize) -> Section {
    let mut section = Section {
        workload,
        rows: Vec::new(),
        without: Vec::new(),
        failures: Vec::new(),
    };
    let rounds = if workload.counts_bytes() { 1 } else { rounds };
    for round in 0..rounds {
        for turn in 0..peers.len() {
            // Another one begins each round.
            let peer = peers[(round + turn) % peers.len()];
            if section.is_over(peer) {
                continue;
            }
            match run(workload, peer) {
                Ok(entries) => section.add(peer, entries),
                Err(failure) => section.failures.push((peer, failure)),
            }
        }
    }
    section
}

impl Section {
    /// The names of the figures, as they came.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let rows = self.rows.iter().map(|row| row.figure.as_str());
        rows.chain(self.without.iter().map(|(name, ..)| name.as_str()))
    }

    /// Whether another round of this engine would bring nothing.
    fn is_over(&self, peer: Peer) -> bool {
        let failed = self.failures.iter().any(|(other, _)| *other == peer);
        let has_none = self.without.iter().any(|(_, other, _)| *other == peer);
        failed || has_none && self.rows.iter().all(|row| row.peer != peer)
    }

    fn add(&mut self, peer: Peer, entries: Vec<Entry>) {
        for Entry { name, found } in entries {
            let known = |row: &&mut Row| row.peer == peer && row.figure == name;
            match found {
                Ok(amount) => match self.rows.iter_mut().find(known) {
                    Some(row) => row.rounds.push(amount.value),
                    None => self.rows.push(Row {
                        figure: name,
                        unit: amount.unit,
                        peer,
                        rounds: vec![amount.value],
                    }),
                },
                Err(reason) => {
                    let none = (name, peer, reason);
                    if !self.without.contains(&none) {
                        self.without.push(none);
                    }
                }
            }
        }
    }
}

/// One measurement, in a process of its own.
fn run(workload: Workload, peer: Peer) -> Result<Vec<Entry>, String> {
    let child = std::env::current_exe().and_then(|program| {
        let program = if workload.counts_bytes() {
            program.with_file_name("heap")
        } else {
            program
        };
        Command::new(program)
            .args([CHILD, workload.name(), peer.name()])
            .output()
    });
    let output = child.map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().filter_map(Entry::from_line).collect())
}

/// Builds the binary that counts what is allocated, which `cargo run` has not built.
fn build_heap() -> Result<(), String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let built = Command::new(cargo)
        .args([
            "build",
            "--release",
            "--bin",
            "heap",
            "--manifest-path",
            manifest,
        ])
        .status();
    match built {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(status.to_string()),
        Err(error) => Err(error.to_string()),
    }
}
