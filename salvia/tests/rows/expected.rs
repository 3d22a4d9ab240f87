//! The model: what each list shows, what runs for it, and what state is left, by the rules that users are told.
//!
//! Which bodies run is found by checking what each read, in order, against when that last changed: no intervals, no
//! propagation. What is dropped is found from the lists of what each run called.

use std::collections::{BTreeMap, BTreeSet};

use crate::inputs::{Inputs, Shown};
use crate::plan::{Host, Item, LISTS, Place, WHATS};
use crate::subject::{Node, Style};

/// An input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Read {
    Rows(u8),
    Slot(u8),
    Width(u8),
    Fails(u8),
    Clicks(Host),
    Node(Node),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    List(Vec<Shown>),
    Row(Shown),
    Cell(u8),
}

#[derive(Debug, Clone)]
struct Memo {
    value: Value,
    changed_at: u64,
    verified_at: u64,
    reads: Vec<Read>,
}

/// What becomes of one request for a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// When the value last changed.
    Stored(u64),
    /// A failure was handled: there is a value, for this request.
    Passing,
    Failed,
}

/// The simulated engine.
#[derive(Debug)]
pub(crate) struct Expected {
    pub(crate) now: Inputs,
    revision: u64,
    changed: BTreeMap<Read, u64>,
    memos: BTreeMap<Node, Memo>,
    /// Nodes that are there, and hosts whose nodes are not declared dropped, by list, slot and column.
    nodes: BTreeSet<Node>,
    alive: BTreeSet<Place>,
    ran: Vec<Node>,
    /// Outcomes that are stored nowhere, of this request.
    passing: BTreeMap<Node, Outcome>,
    /// What the last run of a list in this request has called.
    called: BTreeSet<Node>,
}

impl Expected {
    pub(crate) fn new() -> Self {
        Expected {
            now: Inputs::new(),
            revision: 0,
            changed: BTreeMap::new(),
            memos: BTreeMap::new(),
            nodes: BTreeSet::new(),
            alive: BTreeSet::new(),
            ran: Vec::new(),
            passing: BTreeMap::new(),
            called: BTreeSet::new(),
        }
    }

    /// Changes the inputs. True if that makes a revision.
    pub(crate) fn mutate(&mut self, change: impl FnOnce(&mut Inputs)) -> bool {
        let before = self.now.clone();
        change(&mut self.now);
        if before == self.now {
            return false;
        }
        self.revision += 1;
        let (old, new, at) = (&before, &self.now, self.revision);
        let numbers = |read: fn(u8) -> Read, differ: &dyn Fn(usize) -> bool, count: u8| {
            let numbers = (0..count).filter(|number| differ(usize::from(*number)));
            numbers.map(read).collect::<Vec<_>>()
        };
        let mut changed = numbers(Read::Rows, &|list| old.rows[list] != new.rows[list], LISTS);
        changed.extend(numbers(
            Read::Slot,
            &|n| old.slots[n] != new.slots[n],
            WHATS,
        ));
        changed.extend(numbers(
            Read::Width,
            &|n| old.widths[n] != new.widths[n],
            WHATS,
        ));
        changed.extend(numbers(
            Read::Fails,
            &|n| old.fails[n] != new.fails[n],
            WHATS,
        ));
        let hosts = old.clicks.keys().chain(new.clicks.keys());
        let clicked = hosts.filter(|at| old.clicks(**at) != new.clicks(**at));
        changed.extend(clicked.map(|at| Read::Clicks(*at)));
        self.changed
            .extend(changed.into_iter().map(|read| (read, at)));
        true
    }

    /// The node was made for a run of the past.
    pub(crate) fn revive(&mut self, at: Host) {
        self.alive.extend([(at.list, at.slot, None), at.place()]);
    }

    /// A click. `None` if it is dropped, since nobody shows that any more.
    pub(crate) fn click(&mut self, at: Host, clicks: u8) -> Option<bool> {
        let row = (at.list, at.slot, None);
        let is_alive = self.alive.contains(&row) && self.alive.contains(&at.place());
        is_alive.then(|| self.mutate(|inputs| inputs.set_clicks(at, clicks)))
    }

    /// Shows a list. What it shows is that of `Inputs::shown`, before what is reset after it.
    pub(crate) fn show(&mut self, list: u8) {
        self.passing.clear();
        self.called.clear();
        let node = Node::List(list);
        let is_hit = self
            .memos
            .get(&node)
            .is_some_and(|memo| memo.verified_at == self.revision);
        let outcome = self.ask(node);
        if outcome != Outcome::Failed && !is_hit {
            self.sweep(list, outcome);
        }
    }

    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }

    /// Whether nothing that a list is made from has changed since.
    pub(crate) fn is_as_at(&self, list: u8, since: u64) -> bool {
        let mut reads = vec![Read::Rows(list)];
        for &item in &self.now.rows[usize::from(list)] {
            let (at, _, _, cells) = self.now.row(list, item);
            reads.extend([Read::Fails, Read::Slot, Read::Width].map(|read| read(item.what)));
            reads.extend(cells.iter().map(|(at, _)| Read::Clicks(*at)));
            reads.extend(item.has_state().then_some(Read::Clicks(at)));
        }
        let changed = reads.iter().filter_map(|read| self.changed.get(read));
        changed.max().is_none_or(|at| *at <= since)
    }

    /// What has run since the last call, sorted.
    pub(crate) fn take_ran(&mut self) -> Vec<Node> {
        let mut ran = std::mem::take(&mut self.ran);
        ran.sort_unstable();
        ran
    }

    fn ask(&mut self, node: Node) -> Outcome {
        if let Some(outcome) = self.passing.get(&node) {
            return *outcome;
        }
        self.makes(node);
        let Some(mut memo) = self.memos.get(&node).cloned() else {
            return self.run(node);
        };
        if memo.verified_at < self.revision {
            let same = |each: &Read| {
                self.changed_at(*each)
                    .is_some_and(|at| at <= memo.verified_at)
            };
            if !memo.reads.iter().all(same) {
                return self.run(node);
            }
            memo.verified_at = self.revision;
        }
        let changed_at = memo.changed_at;
        self.memos.insert(node, memo);
        Outcome::Stored(changed_at)
    }

    /// `None` if that is not known.
    fn changed_at(&mut self, read: Read) -> Option<u64> {
        match read {
            Read::Node(node) => match self.ask(node) {
                Outcome::Stored(at) => Some(at),
                Outcome::Passing | Outcome::Failed => None,
            },
            input => Some(self.changed.get(&input).copied().unwrap_or(0)),
        }
    }

    fn makes(&mut self, node: Node) {
        self.nodes.insert(node);
        match node {
            Node::List(_) => false,
            Node::Row(list, item) => self.alive.insert((list, item.slot, None)),
            Node::Cell(list, slot, column) => self.alive.insert((list, slot, Some(column))),
        };
    }

    fn run(&mut self, node: Node) -> Outcome {
        self.ran.push(node);
        let (value, reads, outcome) = match node {
            Node::List(list) => self.run_list(list),
            Node::Row(list, item) => self.run_row(list, item),
            Node::Cell(list, slot, column) => {
                let at = Host::of_cell(list, slot, column);
                let value = Value::Cell(self.now.clicks(at));
                (value, vec![Read::Clicks(at)], Outcome::Stored(0))
            }
        };
        if outcome != Outcome::Stored(0) {
            self.passing.insert(node, outcome);
            return outcome;
        }
        let old = self.memos.remove(&node);
        let same = old.filter(|old| old.value == value);
        let changed_at = same.map_or(self.revision, |old| old.changed_at);
        let memo = Memo {
            value,
            changed_at,
            verified_at: self.revision,
            reads,
        };
        self.memos.insert(node, memo);
        if let Node::Row(list, item) = node {
            self.give_up_cells(list, item.slot);
        }
        Outcome::Stored(changed_at)
    }

    fn run_list(&mut self, list: u8) -> (Value, Vec<Read>, Outcome) {
        let mut reads = vec![Read::Rows(list)];
        let mut outcome = Outcome::Stored(0);
        self.called.clear();
        for item in self.now.rows[usize::from(list)].clone() {
            let row = Node::Row(list, item);
            self.called.insert(row);
            reads.push(Read::Node(row));
            if self.ask(row) == Outcome::Failed {
                outcome = match Style::of(list) {
                    Style::Tolerant => Outcome::Passing,
                    Style::Joined | Style::InTurn => Outcome::Failed,
                };
                if Style::of(list) == Style::InTurn {
                    break;
                }
            }
        }
        let shown = self.now.shown(list).unwrap_or_default();
        (Value::List(shown), reads, outcome)
    }

    fn run_row(&mut self, list: u8, item: Item) -> (Value, Vec<Read>, Outcome) {
        let mut reads = Vec::new();
        if item.has_state() {
            reads.push(Read::Clicks(Host::of_row(list, item)));
        }
        reads.push(Read::Fails(item.what));
        let value = Value::Row(self.now.row(list, item));
        if self.now.fails[usize::from(item.what)] {
            return (value, reads, Outcome::Failed);
        }
        reads.extend([Read::Slot(item.what), Read::Width(item.what)]);
        for column in 0..self.now.widths[usize::from(item.what)] {
            let cell = Node::Cell(list, item.slot, column);
            self.ask(cell);
            reads.push(Read::Node(cell));
        }
        (value, reads, Outcome::Stored(0))
    }

    /// The nodes that a memo reads.
    fn read_by(&self, node: Node) -> impl Iterator<Item = Node> {
        let reads = self
            .memos
            .get(&node)
            .into_iter()
            .flat_map(|memo| &memo.reads);
        reads.filter_map(|read| match read {
            Read::Node(node) => Some(*node),
            _ => None,
        })
    }

    /// The nodes of a row's slot: one for each content there is.
    fn of_slot(&self, list: u8, slot: u8) -> Vec<Node> {
        let is_its =
            |node: &&Node| matches!(node, Node::Row(of, item) if (*of, item.slot) == (list, slot));
        self.nodes.iter().filter(is_its).copied().collect()
    }

    /// Gives the cells up that no row of the slot reads.
    fn give_up_cells(&mut self, list: u8, slot: u8) {
        let rows = self.of_slot(list, slot);
        let read: BTreeSet<Node> = rows.iter().flat_map(|row| self.read_by(*row)).collect();
        let is_lost = |node: &Node| {
            matches!(node, Node::Cell(of, row, _) if (*of, *row) == (list, slot))
                && !read.contains(node)
        };
        let lost: Vec<Node> = self
            .nodes
            .iter()
            .filter(|node| is_lost(node))
            .copied()
            .collect();
        lost.into_iter().for_each(|cell| self.give_up(cell));
    }

    fn give_up(&mut self, node: Node) {
        self.nodes.remove(&node);
        self.memos.remove(&node);
    }

    /// A list has been brought up to date: what is not part of it any more goes.
    fn sweep(&mut self, list: u8, outcome: Outcome) {
        let mut stays: BTreeSet<Node> = self.read_by(Node::List(list)).collect();
        let is_passing = outcome == Outcome::Passing;
        if is_passing {
            stays.extend(&self.called);
        }
        let is_lost =
            |node: &Node| matches!(node, Node::Row(of, _) if *of == list) && !stays.contains(node);
        let lost: Vec<Node> = self
            .nodes
            .iter()
            .filter(|node| is_lost(node))
            .copied()
            .collect();
        for node in lost {
            self.give_up(node);
            let Node::Row(_, item) = node else { continue };
            let left = self.of_slot(list, item.slot);
            if !is_passing || left.iter().all(|row| self.is_right(*row)) {
                self.give_up_cells(list, item.slot);
            }
        }
        self.bury(list);
    }

    /// Whether nothing that a row is made from has changed since it was looked at.
    fn is_right(&self, node: Node) -> bool {
        let Some(memo) = self.memos.get(&node) else {
            return false;
        };
        memo.reads.iter().all(|read| match read {
            Read::Node(node) => {
                let is_known = self
                    .memos
                    .get(node)
                    .is_some_and(|read| read.changed_at <= memo.verified_at);
                is_known && self.is_right(*node)
            }
            input => self
                .changed
                .get(input)
                .is_none_or(|at| *at <= memo.verified_at),
        })
    }

    /// Resets what has no node any more.
    fn bury(&mut self, list: u8) {
        let has_node = |nodes: &BTreeSet<Node>, slot: u8, column: Option<u8>| {
            nodes.iter().any(|node| match (node, column) {
                (Node::Row(of, item), None) => (*of, item.slot) == (list, slot),
                (Node::Cell(of, row, at), Some(column)) => (*of, *row, *at) == (list, slot, column),
                _ => false,
            })
        };
        let nodes = std::mem::take(&mut self.nodes);
        let gone: Vec<_> = self
            .alive
            .extract_if(.., |(of, slot, column)| {
                *of == list && !has_node(&nodes, *slot, *column)
            })
            .collect();
        self.nodes = nodes;
        let is_gone = |at: &Host| gone.contains(&at.place());
        self.mutate(|inputs| inputs.clicks.retain(|at, _| !is_gone(at)));
    }
}
