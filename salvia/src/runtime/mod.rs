//! Runtime and contexts: everything that awaits, spawns, locks, or calls user code.
//!
//! The life of a request: `call` finds the node in the `store` and takes a hit at once;
//! otherwise `fetch` looks under the node's lock and either waits for the update that is
//! running or leads its own. `update` is one such update: `validate`, else `execute`,
//! then `settle`. It is polled once where it was asked for, and moves into a storage task
//! (`task`) when it cannot finish at once. `mutate` collects writes, `commit` applies them
//! and tells who is affected; `pin` says which revisions somebody still reads.

pub(crate) mod access;
pub(crate) mod anonymous;
pub(crate) mod arguments;
pub(crate) mod asker;
mod asking;
pub(crate) mod awaiting;
mod began;
mod builder;
pub(crate) mod call;
pub(crate) mod collect;
pub(crate) mod commit;
mod context;
pub(crate) mod cycle;
pub(crate) mod descend;
pub(crate) mod engine;
pub(crate) mod execute;
pub(crate) mod expire;
pub(crate) mod fetch;
pub(crate) mod frame;
pub(crate) mod guard;
mod habit;
mod handle;
pub(crate) mod keep;
mod kinds;
#[cfg(feature = "async-trait")]
pub(crate) mod library;
pub(crate) mod listener;
pub(crate) mod look;
pub(crate) mod mutate;
pub(crate) mod name;
pub(crate) mod observe;
pub(crate) mod options;
pub(crate) mod pin;
pub(crate) mod poll;
pub(crate) mod replace;
pub(crate) mod request;
pub(crate) mod settle;
pub(crate) mod size;
pub(crate) mod slots;
mod snapshot;
pub(crate) mod spec;
pub(crate) mod store;
pub(crate) mod stored;
pub(crate) mod subscribe;
pub(crate) mod table;
pub(crate) mod task;
pub(crate) mod trace;
pub(crate) mod update;
pub(crate) mod validate;
mod visit;
pub(crate) mod wait;
pub(crate) mod watch;
pub(crate) mod watcher;
mod work;

pub use builder::Builder;
pub(crate) use context::Reader;
pub use context::{InputContext, QueryContext, ReadContext};
pub use handle::Runtime;
pub use snapshot::Snapshot;
pub use watch::Watch;
