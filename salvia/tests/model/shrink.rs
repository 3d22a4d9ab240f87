//! Makes a violating world small: fewer operations, fewer writes, simpler expressions.
//!
//! Operations are plain data and any part of a list of them is a valid list, so a candidate is just
//! run; whatever still violates anything is kept.

use std::sync::Arc;

use crate::operation::{Mutation, Op, Question};
use crate::program::{Expr, Write};
use crate::settings::Beats;
use crate::world::{Violation, World};

/// Enough for worlds of a few hundred operations; a violation is worth some seconds.
const ATTEMPTS: usize = 6000;

struct Shrinker<'a> {
    world: World,
    violation: Violation,
    beats: &'a Beats,
    left: usize,
}

/// The smallest violating world found, and its violation.
pub(crate) async fn shrink(
    world: &World,
    violation: Violation,
    beats: &Beats,
) -> (World, Violation) {
    let mut world = world.clone();
    world.ops.truncate(violation.at + 1);
    let mut shrinker = Shrinker {
        world,
        violation,
        beats,
        left: ATTEMPTS,
    };
    loop {
        let before = shrinker.size();
        shrinker.fewer().await;
        shrinker.simpler().await;
        if shrinker.size() == before || shrinker.left == 0 {
            return (shrinker.world, shrinker.violation);
        }
    }
}

impl Shrinker<'_> {
    fn size(&self) -> usize {
        self.world
            .ops
            .iter()
            .map(|op| op.to_string().len() + 1)
            .sum()
    }

    /// Keeps the candidate if it violates anything.
    async fn attempt(&mut self, ops: Vec<Op>) -> bool {
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        let mut world = World {
            ops,
            ..self.world.clone()
        };
        let Err(violation) = world.run(self.beats).await else {
            return false;
        };
        world.ops.truncate(violation.at + 1);
        (self.world, self.violation) = (world, violation);
        true
    }

    /// Leaves out stretches of operations, long ones first.
    async fn fewer(&mut self) {
        let mut stretch = self.world.ops.len().div_ceil(2);
        while stretch > 0 {
            let mut from = 0;
            while from < self.world.ops.len() {
                let mut ops = self.world.ops.clone();
                ops.drain(from..(from + stretch).min(ops.len()));
                if !self.attempt(ops).await {
                    from += stretch;
                }
            }
            stretch /= 2;
        }
    }

    /// Replaces single operations by simpler ones.
    async fn simpler(&mut self) {
        let mut at = 0;
        while at < self.world.ops.len() {
            let mut changed = false;
            for op in simpler_op(&self.world.ops[at]) {
                let mut ops = self.world.ops.clone();
                ops[at] = op;
                if self.attempt(ops).await {
                    changed = true;
                    break;
                }
            }
            if !changed {
                at += 1;
            }
        }
    }
}

/// Each way to leave out one item.
fn without_one<T: Clone>(items: &[T]) -> Vec<Vec<T>> {
    let leave_out = |at| {
        items
            .iter()
            .enumerate()
            .filter(|(i, _)| *i != at)
            .map(|(_, item)| item.clone())
            .collect()
    };
    (0..items.len()).map(leave_out).collect()
}

fn simpler_op(op: &Op) -> Vec<Op> {
    match op {
        Op::Mutate(mutation) => simpler_mutation(mutation)
            .into_iter()
            .map(Op::Mutate)
            .collect(),
        Op::Ask(question) => simpler_question(question)
            .into_iter()
            .map(Op::Ask)
            .collect(),
        Op::AskHeld(which, question) => simpler_question(question)
            .into_iter()
            .map(|question| Op::AskHeld(*which, question))
            .collect(),
        Op::Slot(_) | Op::Hold | Op::Release(_) | Op::Collect(_) => Vec::new(),
    }
}

fn simpler_question(question: &Question) -> Vec<Question> {
    if question.nodes.len() < 2 {
        return Vec::new();
    }
    without_one(&question.nodes)
        .into_iter()
        .map(|nodes| Question {
            nodes,
            ..question.clone()
        })
        .collect()
}

fn simpler_mutation(mutation: &Mutation) -> Vec<Mutation> {
    let with = |writes| Mutation {
        writes,
        ..mutation.clone()
    };
    let mut simpler: Vec<_> = without_one(&mutation.writes)
        .into_iter()
        .map(with)
        .collect();
    for (at, write) in mutation.writes.iter().enumerate() {
        let Write::Code(node, code) = write else {
            continue;
        };
        for expr in simpler_expr(code) {
            let mut writes = mutation.writes.clone();
            writes[at] = Write::Code(*node, Arc::new(expr));
            simpler.push(with(writes));
        }
    }
    simpler
}

/// Makes an expression from its parts.
type Rebuild = fn(Vec<Expr>) -> Expr;

/// The parts of an expression, and the expression with one part less or one part simpler.
fn simpler_expr(expr: &Expr) -> Vec<Expr> {
    let (parts, rebuild): (Vec<Expr>, Rebuild) = match expr {
        Expr::Const(_) | Expr::In(_) | Expr::Node(_) | Expr::Witness => return Vec::new(),
        Expr::Way(node, 1) => return vec![Expr::Node(*node)],
        Expr::Way(node, steps) => return vec![Expr::Node(*node), Expr::Way(*node, steps - 1)],
        Expr::Sum(items) => (items.clone(), Expr::Sum),
        Expr::Join(items) => (items.clone(), Expr::Join),
        Expr::Cond(parts) => (parts.to_vec(), |parts| fixed(parts, Expr::Cond)),
        Expr::Then(parts) => (parts.to_vec(), |parts| fixed(parts, Expr::Then)),
        Expr::Index(selector, items) => (headed(selector, items), |parts| {
            with_head(parts, Expr::Index)
        }),
        Expr::Guard(len, items) => (headed(len, items), |parts| with_head(parts, Expr::Guard)),
        Expr::Mod(of, _) => (vec![(**of).clone()], |mut parts| {
            Expr::Mod(Box::new(parts.remove(0)), 2)
        }),
        Expr::Twice(of) => (vec![(**of).clone()], |mut parts| {
            Expr::Twice(Box::new(parts.remove(0)))
        }),
        Expr::Part(_, part) => (vec![(**part).clone()], |mut parts| {
            Expr::Part(0, Arc::new(parts.remove(0)))
        }),
    };
    let mut simpler = vec![Expr::Const(0)];
    simpler.extend(parts.iter().cloned());
    if matches!(expr, Expr::Sum(_) | Expr::Join(_)) {
        simpler.extend(without_one(&parts).into_iter().map(rebuild));
    }
    for (at, part) in parts.iter().enumerate() {
        for smaller in simpler_expr(part) {
            let mut parts = parts.clone();
            parts[at] = smaller;
            simpler.push(rebuild(parts));
        }
    }
    simpler
}

fn headed(head: &Expr, items: &[Expr]) -> Vec<Expr> {
    [std::slice::from_ref(head), items].concat()
}

fn with_head(mut parts: Vec<Expr>, make: fn(Box<Expr>, Vec<Expr>) -> Expr) -> Expr {
    let head = parts.remove(0);
    make(Box::new(head), parts)
}

fn fixed<const N: usize>(parts: Vec<Expr>, make: fn(Box<[Expr; N]>) -> Expr) -> Expr {
    make(Box::new(
        parts
            .try_into()
            .expect("rebuilt with as many parts as it had"),
    ))
}
