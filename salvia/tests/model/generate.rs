//! Random worlds: their shape, the expressions of their nodes, and the operations on them.
//!
//! Everything follows from one number. The weights make the interesting things common: cut-offs,
//! changes of shape, values that go and come back, writes that change nothing, and revisions that
//! pass between two reads of a node.

use std::sync::Arc;

use crate::operation::{End, Mutation, Op, Question};
use crate::program::{Expr, State, VALUES, Write};
use crate::rng::Rng;

/// The family a world's programs come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    /// Any expression over any lower nodes.
    Mixed,
    /// Each node reads the one before it: deep, with cut-offs on the way.
    Chain,
    /// Upper nodes read most of the lower ones.
    Wide,
    /// Short reads of near neighbours: many paths to the same node.
    Lattice,
    /// Nearly all nodes read the first one: many reverse edges at one place.
    Hub,
    /// A chain longer than updates may nest in place.
    Deep,
}

/// The size and style of a world; makes its expressions and writes.
#[derive(Debug, Clone)]
pub(crate) struct Maker {
    pub(crate) slots: u16,
    pub(crate) nodes: u16,
    family: Family,
    /// Percentage of reads that go a way.
    ways: usize,
    /// Percentage of mutations that stamp the witnesses.
    stamped: usize,
    stamp: u64,
}

impl Maker {
    pub(crate) fn new(rng: &mut Rng) -> Self {
        use Family::{Chain, Deep, Hub, Lattice, Mixed, Wide};
        let families = [Mixed, Chain, Wide, Lattice, Hub, Deep];
        let family = families[rng.weighted(&[25, 5, 10, 10, 4, 2])];
        let nodes = match rng.weighted(&[4, 4, 2]) {
            _ if family == Deep => rng.within(70, 120),
            // Enough readers for the reverse edges to be compacted, while most of them still run.
            _ if family == Hub => rng.within(36, 60),
            0 => rng.within(3, 7),
            1 => rng.within(8, 20),
            _ => rng.within(21, 40),
        };
        Self {
            slots: rng.within(2, 8) as u16,
            nodes: nodes as u16,
            family,
            ways: [0, 30, 80][rng.weighted(&[2, 2, 2])],
            stamped: [0, 20, 100][rng.weighted(&[2, 2, 1])],
            stamp: 0,
        }
    }

    /// For worlds in which no two revisions should look alike.
    pub(crate) fn stamp_mostly(&mut self) {
        self.stamped = self.stamped.max(70);
    }

    /// The mutation that makes the world from nothing.
    pub(crate) fn founding(&self, rng: &mut Rng) -> Mutation {
        let slots = (0..self.slots)
            .map(|slot| Write::Slot(slot, value(rng)))
            .collect::<Vec<_>>();
        let nodes = (0..self.nodes)
            .map(|node| Write::Code(node, self.code(node, rng)))
            .collect::<Vec<_>>();
        Mutation {
            writes: [slots, nodes].concat(),
            end: End::Commit,
            peek: false,
        }
    }

    fn code(&self, node: u16, rng: &mut Rng) -> Arc<Expr> {
        let expr = match self.family {
            Family::Wide if node > 4 && rng.percent(40) => self.wide(node, rng),
            Family::Chain if node > 0 && rng.percent(85) => self.link(node, rng),
            Family::Deep if node > 0 && rng.percent(99) => self.link(node, rng),
            Family::Hub if node > 0 && rng.percent(80) => {
                Expr::Sum(vec![Expr::Node(0), Expr::Node(self.lower(node, rng))])
            }
            _ => self.expr(node, 2, rng),
        };
        Arc::new(expr)
    }

    /// Reads the node below it.
    fn link(&self, node: u16, rng: &mut Rng) -> Expr {
        let below = if rng.percent(self.ways) {
            Expr::Way(node - 1, rng.within(1, 6) as u8)
        } else {
            Expr::Node(node - 1)
        };
        match rng.weighted(&[3, 3, 2]) {
            0 => Expr::Mod(Box::new(below), rng.within(2, 4) as u8),
            1 => Expr::Sum(vec![below, self.leaf(node, rng)]),
            _ => Expr::Cond(Box::new([
                below,
                self.leaf(node, rng),
                self.leaf(node, rng),
            ])),
        }
    }

    /// Reads most of what is below it.
    fn wide(&self, node: u16, rng: &mut Rng) -> Expr {
        let items = (0..node)
            .filter(|_| rng.percent(80))
            .map(Expr::Node)
            .collect();
        match rng.weighted(&[2, 3, 1]) {
            0 => Expr::Sum(items),
            1 => Expr::Join(items),
            _ => Expr::Mod(Box::new(Expr::Join(items)), 2),
        }
    }

    fn expr(&self, node: u16, depth: usize, rng: &mut Rng) -> Expr {
        if depth == 0 {
            return self.leaf(node, rng);
        }
        // Below the top most parts are leaves: an expression stays a handful of reads.
        let depth = if depth == 1 || rng.percent(65) {
            0
        } else {
            depth - 1
        };
        let sub = |rng: &mut Rng| self.expr(node, depth, rng);
        let several = |rng: &mut Rng| (0..rng.within(2, 5)).map(|_| sub(rng)).collect::<Vec<_>>();
        match rng.weighted(&[2, 3, 4, 3, 3, 4, 4, 3, 1, 1, 5]) {
            0 => self.leaf(node, rng),
            1 => Expr::Sum(several(rng)),
            2 => Expr::Cond(Box::new([sub(rng), sub(rng), sub(rng)])),
            3 => Expr::Index(Box::new(sub(rng)), several(rng)),
            4 => Expr::Guard(Box::new(sub(rng)), several(rng)),
            5 => Expr::Mod(Box::new(sub(rng)), rng.within(1, 3) as u8),
            6 => Expr::Join(several(rng)),
            7 => Expr::Then(Box::new([sub(rng), sub(rng), sub(rng), sub(rng)])),
            8 => Expr::Twice(Box::new(sub(rng))),
            10 => Expr::Part(rng.below(3) as u8, Arc::new(sub(rng))),
            _ => Expr::Witness,
        }
    }

    fn leaf(&self, node: u16, rng: &mut Rng) -> Expr {
        match rng.weighted(&[1, 4, 9]) {
            0 => Expr::Const(value(rng)),
            2 if node > 0 && rng.percent(self.ways) => {
                Expr::Way(self.lower(node, rng), rng.within(1, 6) as u8)
            }
            2 if node > 0 => Expr::Node(self.lower(node, rng)),
            _ => Expr::In(self.slot(rng)),
        }
    }

    fn lower(&self, node: u16, rng: &mut Rng) -> u16 {
        let node = usize::from(node);
        let reach = if self.family == Family::Lattice || rng.percent(50) {
            3
        } else {
            node
        };
        (node - 1 - rng.below(node.min(reach))) as u16
    }

    /// The first two slots are hot, so that what reads them is hit again and again.
    fn slot(&self, rng: &mut Rng) -> u16 {
        let hot = if rng.percent(40) {
            2
        } else {
            usize::from(self.slots)
        };
        rng.below(hot) as u16
    }

    fn node(&self, rng: &mut Rng) -> u16 {
        rng.below(self.nodes.into()) as u16
    }

    /// One to eight writes, some of which change nothing or take one another back.
    pub(crate) fn mutation(&mut self, state: &State, past: &[State], rng: &mut Rng) -> Mutation {
        let mut writes = Vec::new();
        let count = if rng.percent(60) { 1 } else { rng.within(2, 8) };
        while writes.len() < count {
            self.writes(state, past, rng, &mut writes);
        }
        if rng.percent(self.stamped) {
            self.stamp += 1;
            writes.push(Write::Stamp(self.stamp));
        }
        let ends = [
            End::Commit,
            End::Pinned,
            End::TryCommit,
            End::RollBack,
            End::Panic,
            End::Abandon,
        ];
        Mutation {
            writes,
            end: ends[rng.weighted(&[50, 20, 10, 4, 2, 4])],
            peek: rng.percent(10),
        }
    }

    fn writes(&self, state: &State, past: &[State], rng: &mut Rng, writes: &mut Vec<Write>) {
        let (slot, node) = (self.slot(rng), self.node(rng));
        let now = state.slots[usize::from(slot)];
        match rng.weighted(&[30, 10, 10, 6, 5, 14, 10, 3, 4]) {
            0 => writes.push(Write::Slot(slot, value(rng))),
            1 => writes.push(Write::Bump(slot, rng.below(VALUES.into()) as u8)),
            // A write that changes nothing.
            2 => writes.push(Write::Slot(slot, now)),
            // There and back in one mutation: no change either.
            3 => writes.extend([
                Write::Slot(slot, (now + 1) % VALUES),
                Write::Slot(slot, now),
            ]),
            4 => writes.push(Write::UnsetSlot(slot)),
            5 => writes.push(Write::Code(node, self.code(node, rng))),
            // Back to what it was: over several revisions that is a change.
            6 => writes.push(revert(past, node, slot, rng)),
            7 => writes.push(Write::UnsetCode(node)),
            _ => {
                let code = Arc::clone(&state.code[usize::from(node)]);
                writes.extend([
                    Write::Code(node, self.code(node, rng)),
                    Write::Code(node, code),
                ]);
            }
        }
    }

    /// One node, or a batch.
    pub(crate) fn question(&self, rng: &mut Rng) -> Question {
        let count = if rng.percent(70) { 1 } else { rng.within(2, 6) };
        // Upper nodes see most of a world.
        let node = |rng: &mut Rng| {
            self.node(rng)
                .max(if rng.percent(40) { self.node(rng) } else { 0 })
        };
        Question {
            nodes: (0..count).map(|_| node(rng)).collect(),
            joined: rng.percent(50),
        }
    }
}

fn value(rng: &mut Rng) -> u8 {
    rng.below(VALUES.into()) as u8
}

fn revert(past: &[State], node: u16, slot: u16, rng: &mut Rng) -> Write {
    let Some(then) = past.get(past.len().saturating_sub(rng.within(1, 4))) else {
        return Write::UnsetSlot(slot);
    };
    if rng.percent(40) {
        Write::Code(node, Arc::clone(&then.code[usize::from(node)]))
    } else {
        Write::Slot(slot, then.slots[usize::from(slot)])
    }
}

/// The operations of a sequential world, worth about `budget`.
pub(crate) fn operations(
    maker: &mut Maker,
    snapshots: bool,
    budget: u64,
    rng: &mut Rng,
) -> Vec<Op> {
    let founding = maker.founding(rng);
    let mut state = founding.applied_to(&State::unset(maker.slots, maker.nodes));
    let mut past = vec![state.clone()];
    let mut done = 1;
    let mut ops = vec![Op::Mutate(founding)];
    // Some worlds are read after every write, in others many revisions pass.
    let mutations = [25, 50, 75][rng.below(3)];
    while done < budget {
        let op = if rng.percent(mutations) {
            Op::Mutate(maker.mutation(&state, &past, rng))
        } else {
            reading(maker, snapshots, rng)
        };
        if let Op::Mutate(mutation) = &op
            && mutation.end.commits()
        {
            state = mutation.applied_to(&state);
            past.push(state.clone());
        }
        done += op.cost();
        ops.push(op);
    }
    ops
}

fn reading(maker: &Maker, snapshots: bool, rng: &mut Rng) -> Op {
    let held = if snapshots { 1 } else { 0 };
    match rng.weighted(&[60, 3, 10 * held, 7 * held, 25 * held]) {
        0 => Op::Ask(maker.question(rng)),
        1 => Op::Slot(maker.slot(rng)),
        2 => Op::Hold,
        3 => Op::Release(rng.below(8)),
        _ => Op::AskHeld(rng.below(8), maker.question(rng)),
    }
}
