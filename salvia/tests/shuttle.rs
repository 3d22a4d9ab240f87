//! The engine under a model checker: a few tasks, and every order of their steps may come up.
//!
//! A scenario is a small program over the real engine. It is run with thousands of schedules, half
//! of them drawn by the PCT algorithm at depth 3 and half at random; each asserts the values at
//! their exact revisions, how often bodies ended, and, since the checker reports tasks that wait for
//! each other, that everything ends. `just shuttle` runs it; an ordinary build has no scenario.

#![cfg(shuttle)]

#[path = "shuttle/anonymous.rs"]
mod anonymous;
#[path = "shuttle/asking.rs"]
mod asking;
#[path = "shuttle/chains.rs"]
mod chains;
#[path = "shuttle/commits.rs"]
mod commits;
#[path = "shuttle/cycles.rs"]
mod cycles;
#[path = "shuttle/ending.rs"]
mod ending;
#[path = "shuttle/kit.rs"]
mod kit;
#[path = "shuttle/revisions.rs"]
mod revisions;
#[path = "shuttle/storage.rs"]
mod storage;
#[path = "shuttle/subscriptions.rs"]
mod subscriptions;
#[path = "shuttle/watching.rs"]
mod watching;
#[path = "shuttle/world.rs"]
mod world;
