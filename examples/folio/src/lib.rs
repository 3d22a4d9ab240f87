//! folio: checks, publishes and serves a folder of Markdown documents, and helps to write it.
//!
//! One core of queries, several front ends:
//!
//! - `core`: what is known of a folder; the only part that defines queries;
//! - `site`: pages;
//! - `build`, `serve`: pages as files, pages as answers;
//! - `lsp`: the same knowledge in an editor;
//! - `cli`: what is asked for, `folio check`, and the exit code.
//!
//! A front end asks and shows. What it asks for is remembered by the engine, so all of them are fast for one reason.

pub mod build;
pub mod cli;
pub mod core;
pub mod lsp;
pub mod serve;
pub mod site;

pub use cli::run;
