//! Tests of the tester: the oracle and the prediction on cases whose answer is known, and drivers
//! that notice bodies that lie.

use std::collections::HashMap;
use std::sync::Arc;

use crate::lab::Fault;
use crate::operation::Op;
use crate::oracle::{Oracle, members, one};
use crate::predict::Predictor;
use crate::program::{Expr, MOST, State, Write};
use crate::sequential::alone;
use crate::settings::Watchdog;
use crate::shrink::shrink;
use crate::world::World;

use Expr::{Const, In, Node};

fn boxed(expr: Expr) -> Box<Expr> {
    Box::new(expr)
}

/// A program written by hand, with the prediction at its side.
struct Script {
    state: State,
    predictor: Predictor,
}

impl Script {
    /// Slots start as 0, 1, 2, 3.
    fn new(program: Vec<Expr>) -> Self {
        let nodes = program.len() as u16;
        let mut script = Self {
            state: State::unset(4, nodes),
            predictor: Predictor::new(4, nodes),
        };
        let writes = program
            .into_iter()
            .zip(0..)
            .map(|(expr, node)| Write::Code(node, Arc::new(expr)));
        script.mutate(&writes.collect::<Vec<_>>());
        script
    }

    /// Says whether it made a revision.
    fn mutate(&mut self, writes: &[Write]) -> bool {
        let before = self.state.clone();
        writes.iter().for_each(|write| self.state.apply(write));
        self.predictor.commit(&before, &self.state)
    }

    /// The bodies that asking for the node runs.
    fn ask(&mut self, node: u16) -> Vec<u16> {
        let value = self.predictor.ask(node, &self.state);
        assert_eq!(value, Oracle::new(&self.state).value(node));
        self.predictor.take_ran()
    }
}

#[test]
fn the_oracle_knows_every_expression() {
    let program = [
        (Const(3), 3),
        (In(2), 2),
        (Node(1), 2),
        (Expr::Sum(vec![In(1), In(2), In(3)]), 2),
        (Expr::Cond(Box::new([In(1), Const(2), Const(3)])), 2),
        (Expr::Cond(Box::new([In(0), Const(2), Const(3)])), 3),
        (Expr::Index(boxed(In(3)), vec![Const(1), Const(2)]), 2),
        (Expr::Guard(boxed(In(1)), vec![Const(3), Const(1)]), 3),
        (Expr::Guard(boxed(In(3)), vec![Const(1), Const(1)]), 2),
        (Expr::Mod(boxed(In(3)), 2), 1),
        (Expr::Join(vec![In(3), In(2)]), 1),
        // 1 + 2 * 3 + 2: the first of the joined values is odd, so the last part is taken.
        (Expr::Then(Box::new([In(1), In(3), Const(0), Const(2)])), 1),
        (Expr::Twice(boxed(In(3))), 2),
        (Expr::Part(0, Arc::new(Expr::Sum(vec![In(1), Node(1)]))), 3),
        (Expr::Witness, 1),
    ];
    let mut state = State::unset(4, program.len() as u16);
    for (node, (expr, _)) in (0..).zip(&program) {
        state.apply(&Write::Code(node, Arc::new(expr.clone())));
    }
    let oracle = Oracle::new(&state);
    for (node, (expr, value)) in (0..).zip(&program) {
        assert_eq!(oracle.value(node), *value, "{expr}");
    }
}

#[test]
fn needed_is_what_an_evaluation_reads() {
    let chosen = Expr::Cond(Box::new([In(0), Node(0), Node(1)]));
    let script = Script::new(vec![
        In(1),
        In(2),
        chosen,
        Expr::Sum(vec![Node(2), Node(0)]),
        Node(2),
    ]);
    let oracle = Oracle::new(&script.state);
    assert_eq!(members(oracle.needed(one(4))), [1, 2, 4]);
    assert_eq!(members(oracle.needed(one(3))), [0, 1, 2, 3]);
    assert_eq!(members(oracle.needed(0)), [0_u16; 0]);
}

#[test]
fn a_cut_off_stops_a_chain() {
    let mut script = Script::new(vec![
        In(0),
        Expr::Mod(boxed(Node(0)), 2),
        Expr::Sum(vec![Node(1), In(1)]),
    ]);
    assert_eq!(script.ask(2), [0, 1, 2]);
    assert_eq!(script.ask(2), [0_u16; 0]);
    script.mutate(&[Write::Slot(0, 2)]);
    assert_eq!(script.ask(2), [0, 1]);
    script.mutate(&[Write::Slot(1, 3)]);
    assert_eq!(script.ask(2), [2]);
    script.mutate(&[Write::Slot(0, 3)]);
    assert_eq!(script.ask(2), [0, 1, 2]);
}

#[test]
fn there_and_back_is_a_change_over_two_revisions_only() {
    let mut script = Script::new(vec![In(0), Node(0)]);
    script.ask(1);
    assert!(!script.mutate(&[Write::Slot(0, 1), Write::Slot(0, 0)]));
    assert_eq!(script.ask(1), [0_u16; 0]);
    assert!(script.mutate(&[Write::Slot(0, 1)]));
    assert!(script.mutate(&[Write::Slot(0, 0)]));
    // The lower body runs and gives what it gave before.
    assert_eq!(script.ask(1), [0]);
}

#[test]
fn a_change_that_somebody_else_has_seen_is_still_a_change() {
    let mut script = Script::new(vec![In(0), Node(0)]);
    script.ask(1);
    for value in [1, 0] {
        script.mutate(&[Write::Slot(0, value)]);
        assert_eq!(script.ask(0), [0]);
    }
    // The upper one has seen 0 only, but the lower one has changed since.
    assert_eq!(script.ask(1), [1]);
}

#[test]
fn what_is_no_longer_read_does_not_matter() {
    let chosen = Expr::Cond(Box::new([In(3), Node(0), Node(1)]));
    let mut script = Script::new(vec![In(0), In(1), chosen]);
    assert_eq!(script.ask(2), [0, 2]);
    script.mutate(&[Write::Slot(3, 2)]);
    assert_eq!(script.ask(2), [1, 2]);
    script.mutate(&[Write::Slot(0, 3)]);
    assert_eq!(script.ask(2), [0_u16; 0]);
    script.mutate(&[Write::Slot(1, 3)]);
    assert_eq!(script.ask(2), [1, 2]);
}

#[test]
fn what_a_guard_shuts_out_is_not_checked() {
    let guard = Expr::Guard(boxed(In(1)), vec![Node(0)]);
    let mut script = Script::new(vec![In(0), guard]);
    assert_eq!(script.ask(1), [0, 1]);
    // The length is read first: it has changed, so the item is never looked at.
    script.mutate(&[Write::Slot(1, 0), Write::Slot(0, 3)]);
    assert_eq!(script.ask(1), [1]);
    script.mutate(&[Write::Slot(1, 1)]);
    assert_eq!(script.ask(1), [0, 1]);
}

#[test]
fn the_items_of_a_join_are_all_brought_up_to_date() {
    let mut script = Script::new(vec![In(0), In(1), Expr::Join(vec![Node(0), Node(1)])]);
    script.ask(2);
    script.mutate(&[Write::Slot(0, 3), Write::Slot(1, 3)]);
    assert_eq!(script.ask(2), [0, 1, 2]);
}

#[test]
fn a_part_cuts_off_what_its_body_need_not_know() {
    let part = Expr::Part(0, Arc::new(Expr::Mod(boxed(Node(0)), 2)));
    let mut script = Script::new(vec![In(0), Expr::Sum(vec![part, In(1)])]);
    assert_eq!(script.ask(1), [0, 1]);
    script.mutate(&[Write::Slot(0, 2)]);
    assert_eq!(script.ask(1), [0]);
    script.mutate(&[Write::Slot(0, 3)]);
    assert_eq!(script.ask(1), [0, 1]);
    script.mutate(&[Write::Slot(1, 3)]);
    assert_eq!(script.ask(1), [1]);
}

#[test]
fn many_revisions_cost_one_run() {
    let mut script = Script::new(vec![In(0), Expr::Twice(boxed(Node(0)))]);
    script.ask(1);
    for value in [1, 2, 3] {
        script.mutate(&[Write::Slot(0, value)]);
    }
    assert_eq!(script.ask(1), [0, 1]);
}

#[test]
fn another_expression_of_the_same_value_stops_at_its_node() {
    let mut script = Script::new(vec![In(1), Node(0)]);
    script.ask(1);
    script.mutate(&[Write::Code(0, Arc::new(Const(1)))]);
    assert_eq!(script.ask(1), [0]);
    // It reads no slot any more.
    script.mutate(&[Write::Slot(1, 2)]);
    assert_eq!(script.ask(1), [0_u16; 0]);
}

#[test]
fn a_smaller_budget_gives_a_prefix() {
    for seed in 0..20 {
        let (long, short) = (World::new(seed, 500, 0), World::new(seed, 50, 0));
        for (a, b) in long.ops.iter().zip(&short.ops) {
            assert_eq!(a.to_string(), b.to_string());
        }
        assert!(short.ops.len() < long.ops.len());
    }
}

/// Runs worlds with this fault until one is noticed, and shrinks it.
fn shrunk(fault: Fault) -> World {
    let watchdog = Watchdog::start();
    alone().block_on(async {
        for seed in 0..50 {
            let world = World {
                snapshots: false,
                fault,
                ..World::new(seed, 200, 0)
            };
            if let Err(violation) = world.run(&watchdog.beats).await {
                return shrink(&world, violation, &watchdog.beats).await.0;
            }
        }
        panic!("{fault:?} went unnoticed");
    })
}

#[test]
fn a_lost_invalidation_is_noticed_and_shrunk() {
    let world = shrunk(Fault::Deaf);
    // Ask, write, and ask again, if not by an operation then by the final one.
    assert!(world.ops.len() <= 3, "{:#?}", world.ops);
}

#[test]
fn a_dependency_kept_too_long_is_noticed_and_shrunk() {
    let world = shrunk(Fault::Eager);
    assert!(world.ops.len() <= 3, "{:#?}", world.ops);
}

/// How often what matters happens in the prediction of a world.
#[derive(Debug, Default)]
struct Counts {
    mutations: u64,
    no_ops: u64,
    reads: u64,
    silent_reads: u64,
    runs: u64,
    cut_offs: u64,
}

impl Counts {
    fn add(&mut self, world: &World) {
        let mut state = State::unset(world.slots, world.nodes);
        let mut predictor = Predictor::new(world.slots, world.nodes);
        let mut last = HashMap::new();
        for op in &world.ops {
            if let Op::Mutate(mutation) = op {
                let after = mutation.applied_to(&state);
                self.mutations += 1;
                self.no_ops += u64::from(!predictor.commit(&state, &after));
                state = after;
            }
            let Op::Ask(question) = op else { continue };
            let oracle = Oracle::new(&state);
            for &node in &question.nodes {
                predictor.ask(node, &state);
            }
            let mut ran = predictor.take_ran();
            // The steps of ways have no values of their own here.
            ran.retain(|&node| node < MOST);
            self.reads += 1;
            self.silent_reads += u64::from(ran.is_empty());
            self.runs += ran.len() as u64;
            let equal =
                |node: &u16| last.insert(*node, oracle.value(*node)) == Some(oracle.value(*node));
            self.cut_offs += ran.iter().copied().filter(equal).count() as u64;
        }
    }
}

#[test]
fn what_matters_is_common_in_random_worlds() {
    let mut counts = Counts::default();
    (0..100).for_each(|seed| counts.add(&World::new(seed, 2000, 0)));
    let percent = |part: u64, whole: u64| part * 100 / whole;
    assert!(
        (30..80).contains(&percent(counts.silent_reads, counts.reads)),
        "{counts:?}"
    );
    assert!(percent(counts.cut_offs, counts.runs) > 20, "{counts:?}");
    assert!(percent(counts.no_ops, counts.mutations) > 10, "{counts:?}");
    assert!(counts.runs > counts.reads / 2, "{counts:?}");
}
