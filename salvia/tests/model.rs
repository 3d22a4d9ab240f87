//! The engine against an independent model of it, on random programs.
//!
//! A program is data: every node's expression is stored in an input, so a write changes values and
//! shapes alike; parts of it are evaluated in anonymous nodes. Two drivers run such programs. The *sequential* one does one operation after the
//! other; every value has to be the one a from-scratch evaluation gives and the multiset of executed
//! bodies has to be the one a red/green simulation predicts. The *concurrent* one runs readers,
//! writers and held snapshots on four workers; every answer has to be the one a from-scratch
//! evaluation gives at the revision the engine reports for it. There bodies panic now and then, clients
//! drop or forget requests, watches look on, and some worlds give every update a task. In either, worlds
//! may forget: some queries have a limit, the runtime a budget, and garbage is collected between and
//! beside all else.
//!
//! An operation is one mutation or one asked node: a batch of five nodes counts as five, taking or
//! dropping a snapshot counts as nothing.
//!
//! Set `SALVIA_SEQUENTIAL` and `SALVIA_CONCURRENT` to the number of operations, `SALVIA_SEED` to
//! replay a run (each violation prints the command), `SALVIA_REPEAT` to run each concurrent world
//! that many times.

#[path = "model/ask.rs"]
mod ask;
#[path = "model/client.rs"]
mod client;
#[path = "model/concurrent.rs"]
mod concurrent;
#[path = "model/driver.rs"]
mod driver;
#[path = "model/generate.rs"]
mod generate;
#[path = "model/history.rs"]
mod history;
#[path = "model/lab.rs"]
mod lab;
#[path = "model/limits.rs"]
mod limits;
#[path = "model/onlooker.rs"]
mod onlooker;
#[path = "model/operation.rs"]
mod operation;
#[path = "model/oracle.rs"]
mod oracle;
#[path = "model/predict.rs"]
mod predict;
#[path = "model/program.rs"]
mod program;
#[path = "model/quitter.rs"]
mod quitter;
#[path = "model/rng.rs"]
mod rng;
#[path = "model/sequential.rs"]
mod sequential;
#[path = "model/settings.rs"]
mod settings;
#[path = "model/shrink.rs"]
mod shrink;
#[path = "model/subject.rs"]
mod subject;
#[path = "model/tantrum.rs"]
mod tantrum;
#[path = "model/tester.rs"]
mod tester;
#[path = "model/world.rs"]
mod world;
#[path = "model/writer.rs"]
mod writer;
