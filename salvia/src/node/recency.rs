//! Recency: which of many nodes was taken longest ago, without a lock or a write on each taking.
//!
//! Time is counted in ticks, which pass with what is slow anyway. Who takes a value notes the tick
//! at its memo, unless it is noted already. A queue remembers the tick each entry had when it was put
//! in; an entry that was taken since goes to the end again when its turn comes.

use std::collections::VecDeque;

use crate::node::edge::Edge;

#[derive(Default)]
pub(crate) struct Recency {
    queue: VecDeque<(Edge, u32)>,
}

impl Recency {
    pub(crate) fn len(&self) -> usize {
        self.queue.len()
    }

    /// Puts an entry at the end, as taken at `tick`.
    pub(crate) fn push(&mut self, edge: Edge, tick: u32) {
        self.queue.push_back((edge, tick));
    }

    /// The entry at the front, and the tick it was put in with.
    pub(crate) fn pop(&mut self) -> Option<(Edge, u32)> {
        self.queue.pop_front()
    }
}
