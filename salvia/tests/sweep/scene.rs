//! What is swept: a program, and rounds of one mutation and one question each.

use std::fmt;

use crate::generate::Maker;
use crate::limits::Limits;
use crate::operation::{End, Mutation, Question};
use crate::program::{State, Write};
use crate::rng::Rng;

/// Larger programs say nothing more, and a sweep's cost grows with the square of the size.
const MOST: u16 = 10;

/// A round: these writes, then both roots ask this.
#[derive(Debug)]
pub(crate) struct Round {
    pub(crate) mutation: Mutation,
    pub(crate) question: Question,
}

#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) seed: u64,
    pub(crate) slots: u16,
    pub(crate) nodes: u16,
    pub(crate) noise: u64,
    /// Some bodies take time, on a clock that is paused.
    pub(crate) slow: bool,
    pub(crate) task_per_node: bool,
    pub(crate) limits: Limits,
    pub(crate) rounds: Vec<Round>,
    /// What a disturbing commit writes. It always changes something.
    pub(crate) disturbing: Mutation,
}

impl Scene {
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = Rng::new(seed ^ 0x5eeb);
        let mut maker = Maker::new(&mut rng);
        while maker.nodes > MOST {
            maker = Maker::new(&mut rng);
        }
        let mut state = State::unset(maker.slots, maker.nodes);
        let mut past = Vec::new();
        let mut rounds = Vec::new();
        for number in 0..3 {
            let mut mutation = match number {
                0 => maker.founding(&mut rng),
                _ => maker.mutation(&state, &past, &mut rng),
            };
            mutation.end = End::Pinned;
            state = mutation.applied_to(&state);
            past.insert(0, state.clone());
            let mut question = maker.question(&mut rng);
            // The uppermost node sees most of the program.
            question.nodes.push(maker.nodes - 1);
            rounds.push(Round { mutation, question });
        }
        let mut disturbing = maker.mutation(&state, &past, &mut rng);
        disturbing.writes.push(Write::Bump(0, 1));
        disturbing.writes.push(Write::Stamp(u64::MAX));
        Self {
            seed,
            slots: maker.slots,
            nodes: maker.nodes,
            noise: [0, 60, 150, 200][rng.below(4)],
            slow: rng.percent(50),
            task_per_node: rng.percent(20),
            limits: Limits::of(seed, 40, maker.nodes),
            rounds,
            disturbing,
        }
    }

    pub(crate) fn everything(&self) -> Question {
        Question {
            nodes: (0..self.nodes).collect(),
            joined: false,
        }
    }
}

impl fmt::Display for Scene {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (noise, slow, tasks) = (self.noise, self.slow, self.task_per_node);
        let limits = self.limits;
        write!(
            f,
            "  noise {noise}, slow: {slow}, a task per node: {tasks}, {limits:?}"
        )?;
        for Round { mutation, question } in &self.rounds {
            write!(f, "\n  mutate {mutation}\n  ask twice {question}")?;
        }
        write!(f, "\n  disturbing commit: {}", self.disturbing)
    }
}
