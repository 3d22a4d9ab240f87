//! Looking at a runtime from outside: figures, reasons, waits, the graph.
//!
//! Nothing here takes part in the work. A walk over the nodes holds one node's lock at a time, and
//! calls user code (`Debug`, `size`) under none; so what it gives is no snapshot: each node is as
//! it was when the walk came by.

pub(crate) mod draw;
pub(crate) mod explain;
pub(crate) mod graph;
pub(crate) mod parts;
pub(crate) mod stats;
pub(crate) mod waits;
