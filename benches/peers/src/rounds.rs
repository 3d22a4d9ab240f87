//! The parent: starts a process for every measurement, engines in turns, and takes the medians of the rounds.

use std::process::{Command, ExitCode};

use crate::CHILD;
use crate::clock::{Spent, median};
use crate::figure::{Figure, Unit};
use crate::peers::Peer;
use crate::report;
use crate::workloads::Workload;

/// What came of one engine in one workload.
#[derive(Debug)]
pub(crate) enum Told {
    Figures(Vec<Figure>),
    /// The engine cannot do it, and why.
    None(String),
    /// A check failed, or the engine did.
    Failed(String),
}

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
    /// Engines that have no figures, and why.
    pub(crate) without: Vec<(Peer, String)>,
    pub(crate) failures: Vec<(Peer, String)>,
}

/// Which engines and workloads the words of the command line mean: a word that is an engine's name selects it, any other the
/// workloads that have it in their name. Nothing selected is everything.
fn selected(words: &[String]) -> Result<(Vec<Peer>, Vec<Workload>), String> {
    let (mut peers, mut workloads) = (Vec::new(), Vec::new());
    for word in words {
        let peer = Peer::ALL.into_iter().find(|peer| peer.name() == word);
        let named: Vec<_> = Workload::ALL
            .into_iter()
            .filter(|workload| workload.name().contains(word.as_str()))
            .collect();
        match peer {
            Some(peer) => peers.push(peer),
            None if named.is_empty() => return Err(word.clone()),
            None => workloads.extend(named),
        }
    }
    if peers.is_empty() {
        peers.extend(Peer::ALL);
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
            eprintln!("  engines: {}", Peer::ALL.map(Peer::name).join(", "));
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
    let mut sections = Vec::new();
    for workload in workloads {
        eprintln!("{}", workload.name());
        sections.push(measure(workload, &peers, rounds));
    }
    let table = report::table(&sections, rounds);
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
    for round in 0..rounds {
        for turn in 0..peers.len() {
            // Another one begins each round.
            let peer = peers[(round + turn) % peers.len()];
            let over = |(other, _): &(Peer, String)| *other == peer;
            if section.without.iter().chain(&section.failures).any(over) {
                continue;
            }
            match run(workload, peer) {
                Told::Figures(figures) => section.add(peer, figures),
                Told::None(reason) => section.without.push((peer, reason)),
                Told::Failed(failure) => section.failures.push((peer, failure)),
            }
        }
    }
    section
}

impl Section {
    fn add(&mut self, peer: Peer, figures: Vec<Figure>) {
        for figure in figures {
            let known = |row: &&mut Row| row.peer == peer && row.figure == figure.name;
            if let Some(row) = self.rows.iter_mut().find(known) {
                row.rounds.push(figure.value);
            } else {
                self.rows.push(Row {
                    figure: figure.name,
                    unit: figure.unit,
                    peer,
                    rounds: vec![figure.value],
                });
            }
        }
    }
}

/// One measurement, in a process of its own.
fn run(workload: Workload, peer: Peer) -> Told {
    let child = std::env::current_exe().and_then(|program| {
        Command::new(program)
            .args([CHILD, workload.name(), peer.name()])
            .output()
    });
    let output = match child {
        Ok(output) => output,
        Err(error) => return Told::Failed(error.to_string()),
    };
    if !output.status.success() {
        return Told::Failed(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    if let Some(reason) = text.lines().find_map(|line| line.strip_prefix("none\t")) {
        return Told::None(reason.to_string());
    }
    Told::Figures(text.lines().filter_map(Figure::from_line).collect())
}
