//! Lists of rows with state, against a model of them, in random order.
//!
//! A world has a few lists, whose rows are anonymous nodes in slots, some with cells that are nodes as well, and each with an
//! input hosted on its id. Rows are added, deleted, moved, brought back and given other content; some fail, and some lists
//! handle that. One driver does one thing after the other: every value, every state, every execution and every dropped write
//! has to be the one the model predicts, or all but the executions in worlds with snapshots and collections. The other
//! has many tasks at once, which look for answers that are of no single revision, and at the end for what is left behind.
//!
//! Set `SALVIA_ROWS` and `SALVIA_CROWD` to the number of operations, `SALVIA_SEED` to replay a run (each violation prints the
//! command).

#[path = "rows/crowd.rs"]
mod crowd;
#[path = "rows/driver.rs"]
mod driver;
#[path = "rows/expected.rs"]
mod expected;
#[path = "rows/inputs.rs"]
mod inputs;
#[path = "rows/plan.rs"]
mod plan;
#[path = "model/rng.rs"]
mod rng;
#[path = "rows/subject.rs"]
mod subject;
