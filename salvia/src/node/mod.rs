//! The data of one bound query or one bound input, and the decisions about it.
//!
//! This layer decides, the runtime acts: nothing here awaits, spawns, or calls user code, and
//! what has to be done is answered as a small value that somebody above carries out. The locks
//! that guard the data are declared here, next to it; they are taken above.
//!
//! - `again`: how far an update has read what was read before
//! - `bound`: which bound query or input a node stands for
//! - `edge`: "A read B" and its reverse
//! - `few`: a list that takes no memory while it has one entry
//! - `end`: where an interval ends, which several memos may have in common
//! - `interval`: for which revisions a value is known right
//! - `memo`: a value with its interval and edges
//! - `record`: what one running update has read and heard
//! - `claim`: the right to update a node at one revision, and who waits for it
//! - `cost`: what the updates of a kind have cost so far
//! - `counts`: what has happened to the nodes of a kind
//! - `reason`: why a body runs, and last ran
//! - `past`: a query's last run, or an input's pairs before the newest
//! - `readers`: whom to tell when a node stops being clean
//! - `recency`: which of many nodes was taken longest ago
//! - `places`: numbered places for waiters and waits
//! - `state`: what a node keeps under its lock
//! - `dirty`: which edges need a check
//! - `told`: how often a node was told of a change, and in which queues it stands
//! - `tell`: what a change below does to a node
//! - `waits`: a claim in the waits-for graph
//! - `waited`: what an update waited for, and how long
//! - `verdict`: what a request does at a node
//! - `publish`: what becomes of a finished execution

pub(crate) mod again;
pub(crate) mod bound;
pub(crate) mod claim;
pub(crate) mod cost;
pub(crate) mod counts;
pub(crate) mod dirty;
pub(crate) mod edge;
pub(crate) mod end;
pub(crate) mod few;
pub(crate) mod interval;
pub(crate) mod memo;
pub(crate) mod past;
pub(crate) mod places;
pub(crate) mod publish;
pub(crate) mod readers;
pub(crate) mod reason;
pub(crate) mod recency;
pub(crate) mod record;
pub(crate) mod state;
pub(crate) mod tell;
pub(crate) mod told;
pub(crate) mod verdict;
pub(crate) mod waited;
pub(crate) mod waits;

// Names of salvia 0.1, which stay where they were.
pub mod input;
pub mod query;
