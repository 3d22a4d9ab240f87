//! What a node takes: an estimate, for the budget and for the figures.

use crate::node::memo::Memo;
use crate::node::state::Node;
use crate::runtime::guard::guarded;
use crate::sync::Counted;

/// A node's slot, the cell in the table that leads there, and its memo. What its identity takes depends on the key.
const NODE: usize = size_of::<Node>() + 14 + Counted::<Memo>::HEAP_BYTES;

/// About how many bytes a node takes with its value and its edges, without the reverse edges of others to it.
/// Calls the query's `size`, which is user code: one that panics has nothing to say.
pub(crate) fn bytes(memo: &Memo) -> usize {
    let bound = &memo.bound;
    let found = memo.finding().map_or(0, |finding| {
        let value = finding.value.as_ref().map_or(0, |value| {
            let own = bound.kind().options.size;
            let own = own.map_or(0, |size| guarded(|| size(value)).unwrap_or(0));
            own + value.heap_bytes()
        });
        value + finding.edges.heap_bytes()
    });
    NODE + bound.heap_bytes() + found
}
