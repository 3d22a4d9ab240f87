//! Programs as data: expressions, the state of all inputs, and writes to them.
//!
//! A node may only read nodes of a lower number, so there are no cycles. Values are kept below
//! four, so that equal values, and with them early cut-off, are common.

use std::fmt;
use std::sync::Arc;

/// Worlds have at most this many nodes.
pub(crate) const MOST: u16 = 128;

/// Values of slots and nodes stay below this.
pub(crate) const VALUES: u8 = 4;

/// The expression of a node.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Expr {
    Const(u8),
    In(u16),
    Node(u16),
    /// A node, by so many queries of which each reads the one before and nothing else.
    Way(u16, u8),
    /// One after the other.
    Sum(Vec<Expr>),
    /// Test, then one of the two.
    Cond(Box<[Expr; 3]>),
    /// A selector, then only the selected item.
    Index(Box<Expr>, Vec<Expr>),
    /// A length, then that many items, one after the other.
    Guard(Box<Expr>, Vec<Expr>),
    /// Forgets most of a value: the early cut-off of whoever reads it.
    Mod(Box<Expr>, u8),
    /// All at once; items that are nodes or inputs are called before the first one is polled.
    Join(Vec<Expr>),
    /// Two at once, then one of two others, which depends on the first.
    Then(Box<[Expr; 4]>),
    /// The same expression twice: repeated reads in one frame.
    Twice(Box<Expr>),
    /// In an anonymous node of its own, in a slot.
    Part(u8, Arc<Expr>),
    /// Reads both witnesses: changes with every stamped mutation, its value never does.
    Witness,
}

/// Where an evaluation gets its values from.
pub(crate) trait Read {
    fn slot(&mut self, slot: u16) -> u8;
    fn node(&mut self, node: u16) -> u8;
    fn witness(&mut self, which: u8) -> u64;

    /// The value after so many steps of the way from a node.
    fn way(&mut self, node: u16, steps: u8) -> u8 {
        (1..=steps).fold(self.node(node), step_value)
    }

    /// A part in an anonymous node.
    fn part(&mut self, _slot: u8, part: &Expr) -> u8
    where
        Self: Sized,
    {
        part.eval(self)
    }
}

impl Expr {
    /// The value, from scratch, with reads in the order of an evaluation in which nothing waits.
    pub(crate) fn eval(&self, from: &mut impl Read) -> u8 {
        match self {
            Expr::Const(value) => *value,
            Expr::In(slot) => from.slot(*slot),
            Expr::Node(node) => from.node(*node),
            Expr::Way(node, steps) => from.way(*node, *steps),
            Expr::Sum(items) | Expr::Join(items) => sum(items, from),
            Expr::Cond(parts) => {
                let taken = if parts[0].eval(from) % 2 == 1 { 1 } else { 2 };
                parts[taken].eval(from)
            }
            Expr::Index(selector, items) => {
                let selected = usize::from(selector.eval(from)) % items.len();
                items[selected].eval(from)
            }
            Expr::Guard(len, items) => {
                let len = usize::from(len.eval(from)).min(items.len());
                sum(&items[..len], from)
            }
            Expr::Mod(of, by) => of.eval(from) % by,
            Expr::Then(parts) => {
                let x = parts[0].eval(from);
                let y = parts[1].eval(from);
                let z = parts[2 + usize::from(x % 2)].eval(from);
                then_value(x, y, z)
            }
            Expr::Twice(of) => (of.eval(from) + of.eval(from)) % VALUES,
            Expr::Part(slot, part) => from.part(*slot, part),
            Expr::Witness => witness_value(from.witness(0), from.witness(1)),
        }
    }
}

fn sum(items: &[Expr], from: &mut impl Read) -> u8 {
    items
        .iter()
        .fold(0, |sum, item| (sum + item.eval(from)) % VALUES)
}

/// The number of a step where nodes are numbered.
pub(crate) fn step_name(node: u16, step: u8) -> u16 {
    node + u16::from(step) * MOST
}

/// Every third step forgets something: changes are cut off there.
pub(crate) fn step_value(value: u8, step: u8) -> u8 {
    if step.is_multiple_of(3) {
        value / 2
    } else {
        value
    }
}

pub(crate) fn then_value(x: u8, y: u8, z: u8) -> u8 {
    (x + 2 * y + z) % VALUES
}

/// Two witnesses that differ are a torn snapshot; no correct evaluation sees them.
pub(crate) fn witness_value(one: u64, other: u64) -> u8 {
    if one == other { 1 } else { 2 }
}

/// One write inside a mutation.
#[derive(Debug, Clone)]
pub(crate) enum Write {
    Slot(u16, u8),
    /// Adds to the value as the mutation sees it.
    Bump(u16, u8),
    UnsetSlot(u16),
    Code(u16, Arc<Expr>),
    UnsetCode(u16),
    /// Both witnesses, to the same number.
    Stamp(u64),
}

/// The value of a slot that was never set.
pub(crate) fn initial_slot(slot: u16) -> u8 {
    (slot % u16::from(VALUES)) as u8
}

/// The expression of a node that was never set.
pub(crate) fn initial_code(node: u16) -> Arc<Expr> {
    Arc::new(Expr::Const((node % 3) as u8))
}

/// All inputs at one revision. Cheap to copy: the expressions are shared until one is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) slots: Vec<u8>,
    pub(crate) code: Arc<Vec<Arc<Expr>>>,
    pub(crate) witness: u64,
}

impl State {
    /// What the engine has before the first mutation.
    pub(crate) fn unset(slots: u16, nodes: u16) -> Self {
        Self {
            slots: (0..slots).map(initial_slot).collect(),
            code: Arc::new((0..nodes).map(initial_code).collect()),
            witness: 0,
        }
    }

    pub(crate) fn apply(&mut self, write: &Write) {
        match write {
            Write::Slot(slot, value) => self.slots[usize::from(*slot)] = *value,
            Write::Bump(slot, by) => {
                let value = &mut self.slots[usize::from(*slot)];
                *value = (*value + by) % VALUES;
            }
            Write::UnsetSlot(slot) => self.slots[usize::from(*slot)] = initial_slot(*slot),
            Write::Code(node, code) => self.set_code(*node, Arc::clone(code)),
            Write::UnsetCode(node) => self.set_code(*node, initial_code(*node)),
            Write::Stamp(stamp) => self.witness = *stamp,
        }
    }

    fn set_code(&mut self, node: u16, code: Arc<Expr>) {
        Arc::make_mut(&mut self.code)[usize::from(node)] = code;
    }
}

fn list(f: &mut fmt::Formatter<'_>, head: &str, items: &[Expr]) -> fmt::Result {
    write!(f, "{head}(")?;
    for (i, item) in items.iter().enumerate() {
        write!(f, "{}{item}", if i == 0 { "" } else { " " })?;
    }
    f.write_str(")")
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expr::Const(value) => write!(f, "{value}"),
            Expr::In(slot) => write!(f, "i{slot}"),
            Expr::Node(node) => write!(f, "n{node}"),
            Expr::Way(node, steps) => write!(f, "n{node}>{steps}"),
            Expr::Sum(items) => list(f, "sum", items),
            Expr::Cond(parts) => list(f, "if", parts.as_slice()),
            Expr::Index(selector, items) => list(f, &format!("at[{selector}]"), items),
            Expr::Guard(len, items) => list(f, &format!("first[{len}]"), items),
            Expr::Mod(of, by) => write!(f, "({of} % {by})"),
            Expr::Join(items) => list(f, "join", items),
            Expr::Then(parts) => {
                list(f, "join", &parts[..2])?;
                list(f, " then", &parts[2..])
            }
            Expr::Twice(of) => write!(f, "twice({of})"),
            Expr::Part(slot, part) => write!(f, "part{slot}({part})"),
            Expr::Witness => f.write_str("witness"),
        }
    }
}

impl fmt::Display for Write {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Write::Slot(slot, value) => write!(f, "i{slot}={value}"),
            Write::Bump(slot, by) => write!(f, "i{slot}+={by}"),
            Write::UnsetSlot(slot) => write!(f, "unset i{slot}"),
            Write::Code(node, code) => write!(f, "n{node}={code}"),
            Write::UnsetCode(node) => write!(f, "unset n{node}"),
            Write::Stamp(stamp) => write!(f, "w={stamp}"),
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "  i = {:?}  w = {}", self.slots, self.witness)?;
        for (node, code) in self.code.iter().enumerate() {
            write!(f, "\n  n{node} = {code}")?;
        }
        Ok(())
    }
}
