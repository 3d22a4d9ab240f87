//! What salvia promises, one named test a claim.
//!
//! A module is a theme. Claims about what runs are made with a counter the bodies reach as a resource, never with time.
//! Every test that could hang sits under the watchdog of `kit::soon`.

mod cancel;
mod closing;
mod compat;
mod concurrency;
mod contexts;
mod depth;
mod errors;
mod examples;
mod failures;
mod hostile;
mod hosts;
mod inputs;
mod keys;
mod kit;
mod memory;
mod mutations;
mod nesting;
mod outside;
mod races;
mod resources;
mod reuse;
mod revisions;
mod send;
mod shapes;
mod shutdown;
mod snapshots;
mod traits;
mod validation;
mod watch;
