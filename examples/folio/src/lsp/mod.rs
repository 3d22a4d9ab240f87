//! `folio lsp`: a language server for the folder, over standard input and output.
//!
//! Edits and looks at the disk go to one writer, in the order in which they come, and are committed at once: a commit
//! of the engine waits for no reader. A request asks the writer for a snapshot, in the same order, and is answered from
//! that, whatever comes behind. One that the client cancels is dropped where it stands.
//!
//! - `server`: the loop, and who is asked what;
//! - `writer`: the one who sets inputs;
//! - `capabilities`: what an editor is told of it;
//! - `buffers`: what the editor holds unsaved;
//! - `convert`: places and paths as the protocol writes them;
//! - `diagnostics`: problems, sent when they are others;
//! - `find`: what stands under the cursor, and who refers to it;
//! - `definition`, `hover`, `complete`, `symbols`, `lens`: answers;
//! - `rename`, `moves`: edits of all documents that are concerned.

mod buffers;
mod capabilities;
mod complete;
mod convert;
mod definition;
mod diagnostics;
mod find;
mod hover;
mod lens;
mod moves;
mod rename;
mod server;
mod symbols;
mod writer;

pub use server::run;
