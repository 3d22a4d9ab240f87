//! What salvia promises, one named test a claim.
//!
//! A module is a theme. Claims about what runs are made with a counter the bodies reach as a resource, never with time.
//! Every test that could hang sits under the watchdog of `kit::soon`.

mod anonymous;
mod cancel;
mod closing;
mod closing_commits;
mod collections;
mod compat;
mod concurrency;
mod contexts;
mod cycles;
mod drops;
mod endings;
mod errors;
mod events;
mod evict;
mod examples;
mod explain;
mod failures;
mod frames;
mod gaps;
mod graph;
mod harness;
mod held;
mod hostile;
mod hosts;
mod inputs;
mod keys;
mod kit;
mod late;
mod liveness;
mod memory;
mod mutations;
mod nested_runtimes;
mod nesting;
mod observing;
mod options;
mod outside;
mod panics;
mod parallel;
mod private;
mod races;
mod recorder;
mod requests;
mod resources;
mod reuse;
mod revisions;
mod rings;
mod root_tasks;
mod send;
mod shapes;
mod shutdown;
mod signs;
mod snapshots;
mod stack;
mod stats;
#[cfg(feature = "tracing")]
mod tracing;
mod traits;
mod validation;
mod values;
mod views;
mod waits;
mod wakers;
mod watch;
