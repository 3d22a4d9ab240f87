//! folio: checks a folder of Markdown documents, and again at each change.
//!
//! A guided tour, in the order of the data:
//!
//! - `cli`, `run`: what is asked for, and the exit code;
//! - `workspace`, `load`: the disk as inputs of the engine;
//! - `parse`, `slug`, `resolve`, `duplicates`: pure knowledge of Markdown, of anchors and of links;
//! - `queries`: who asks what, and so what an edit costs;
//! - `problem`, `report`, `cost`, `progress`: what people and programs get to see;
//! - `follow`, `watch`: changes on the disk, a batch at a time.
//!
//! Only `workspace`, `load`, `follow` and `watch` touch the disk; only `queries`, `workspace` and `cost` know the engine.

pub mod cli;
pub mod cost;
pub mod duplicates;
pub mod follow;
pub mod load;
pub mod parse;
pub mod problem;
pub mod progress;
pub mod queries;
pub mod report;
pub mod resolve;
mod run;
pub mod slug;
pub mod watch;
pub mod workspace;

pub use run::run;
