//! End to end: the program on real trees, and the library where a claim needs more than the program's output.
//!
//! - `check`: what is reported, how it is written, how the program ends;
//! - `watch`: a folder that changes while the program looks at it;
//! - `inspect`: what a browser is told of the engine;
//! - `build`: a static site;
//! - `serve`: a site on this machine, and who is told of an edit;
//! - `lsp`: a session of an editor;
//! - `bad`: input nobody would write;
//! - `external`: links that leave the folder;
//! - `cost`: what an edit runs;
//! - `random`: many edits give what a clean run gives.
//!
//! `tree`, `lines` and `http` are what they share.
//!
//! The modules say `cfg(test)` for the lints' sake: helpers of tests may unwrap as tests may.

#[cfg(test)]
mod bad;
#[cfg(test)]
mod build;
#[cfg(test)]
mod check;
#[cfg(test)]
mod cost;
#[cfg(test)]
mod external;
#[cfg(test)]
mod http;
#[cfg(test)]
mod inspect;
#[cfg(test)]
mod lines;
#[cfg(test)]
mod lsp;
#[cfg(test)]
mod random;
#[cfg(test)]
mod serve;
#[cfg(test)]
mod tree;
#[cfg(test)]
mod watch;
