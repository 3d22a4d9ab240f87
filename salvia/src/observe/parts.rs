//! The graph of a runtime piece by piece, for one that is too large to be held a second time.
//!
//! Two walks over the slots: the nodes, whose generations are noted, then what they have read. An
//! edge is told if both of its ends are nodes that were told, and still the same: so every edge
//! leads from a node to a node, whatever goes on meanwhile.

use std::fmt::{self, Write};

use crate::node::edge::LAST_GENERATION;
use crate::node::memo::Memo;
use crate::observe::draw::{Dot, Format, Mermaid};
use crate::observe::graph::{GraphEdge, GraphNode, look};
use crate::runtime::Runtime;
use crate::runtime::engine::EngineArc;
use crate::runtime::pin::Pinned;
use crate::runtime::slots::Extent;
use crate::sync::{Arc, Counted};

/// A piece of a graph; see [`Runtime::graph_parts`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum GraphPart {
    /// A node, before all edges.
    Node(GraphNode),
    /// A read, between nodes that have come before.
    Edge(GraphEdge),
}

/// The iterator of [`Runtime::graph_parts`]. It looks at a node when it comes to it, and takes four bytes for each.
///
/// Like a snapshot it keeps the older values of what changes meanwhile. It keeps what the runtime remembers from being freed,
/// and not the runtime from ending.
#[must_use = "it visits nothing until it is iterated over or written"]
pub struct GraphParts {
    engine: EngineArc,
    pin: Arc<Pinned>,
    /// The next slot of the second walk.
    slot: u32,
    /// What both walks come by.
    extent: Extent,
    /// Of each slot the generation of the node that was told; `LAST_GENERATION` where there was none.
    told: Vec<u32>,
    /// The reader whose edges are being told, and the number of the next. Until the second walk begins there is none.
    reader: Option<(u32, Counted<Memo>, u32)>,
}

impl Runtime {
    /// The same as [`graph`](Self::graph), piece by piece: first the nodes, by rising id, then the edges. For
    /// runtimes with so many nodes that their names are not to be in memory all at once.
    ///
    /// All of it is as at the revision that is the newest when this is called. A node is visited once more for its
    /// edges; one that has come since the call is missing, and so are edges to it and from it.
    ///
    /// ```
    /// # use salvia::{query, GraphPart, QueryContext, Runtime};
    /// #[query]
    /// async fn double(n: u64, cx: &QueryContext) -> u64 {
    ///     2 * n
    /// }
    ///
    /// #[query]
    /// async fn sum(cx: &QueryContext) -> u64 {
    ///     double(1, cx).await + double(2, cx).await
    /// }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let rt = Runtime::new().await;
    /// rt.query(async |cx| sum(&cx).await).await;
    /// let queries = rt.graph_parts().filter(|part| matches!(part, GraphPart::Node(_)));
    /// assert_eq!(queries.count(), 3);
    ///
    /// let mut dot = String::new();
    /// rt.graph_parts().write_dot(&mut dot).unwrap();
    /// assert_eq!(dot, rt.graph().to_dot());
    /// # }
    /// ```
    pub fn graph_parts(&self) -> GraphParts {
        let engine = self.engine();
        GraphParts {
            pin: engine.clock.pin(),
            slot: 0,
            extent: engine.store.extent(),
            told: Vec::new(),
            reader: None,
            engine: engine.clone(),
        }
    }
}

impl GraphParts {
    /// The next node of the first walk.
    fn node(&mut self) -> Option<GraphNode> {
        while self.told.len() < self.extent.len() as usize {
            let slot = self.told.len() as u32;
            let was_there = self.extent.has(slot);
            let found = self.engine.store.at(slot).filter(|_| was_there);
            let found = found.and_then(|node| look((slot, node), &self.pin));
            let generation = found.as_ref().map(|(memo, _)| memo.bound.generation());
            self.told.push(generation.unwrap_or(LAST_GENERATION));
            if let Some((memo, state)) = found {
                return Some(GraphNode::of(slot, &memo, state));
            }
        }
        None
    }

    /// The next edge of the second walk.
    fn edge(&mut self) -> Option<GraphEdge> {
        loop {
            if let Some((reader, memo, number)) = &mut self.reader {
                while let Some(edge) = memo.read(*number) {
                    *number += 1;
                    if self.told.get(edge.slot as usize) == Some(&edge.generation) {
                        let (reader, read) = (*reader, edge.slot);
                        return Some(GraphEdge { reader, read });
                    }
                }
            }
            self.reader = None;
            let slot = self.slot;
            let told = *self.told.get(slot as usize)?;
            self.slot += 1;
            let node = self.engine.store.at(slot);
            let found = node.and_then(|node| look((slot, node), &self.pin));
            let found = found.filter(|(memo, _)| memo.bound.generation() == told);
            self.reader = found.map(|(memo, _)| (slot, memo, 0));
        }
    }

    fn write<F: Format>(self, out: &mut impl Write) -> fmt::Result {
        F::head(out)?;
        for part in self {
            match part {
                GraphPart::Node(node) => F::node(out, &node)?,
                GraphPart::Edge(edge) => F::edge(out, &edge)?,
            }
        }
        F::tail(out)
    }

    /// Writes the rest for Graphviz, as [`Graph::to_dot`](crate::Graph::to_dot) does.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write_dot(self, out: &mut impl Write) -> fmt::Result {
        self.write::<Dot>(out)
    }

    /// Writes the rest for Mermaid, as [`Graph::to_mermaid`](crate::Graph::to_mermaid) does.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write_mermaid(self, out: &mut impl Write) -> fmt::Result {
        self.write::<Mermaid>(out)
    }

    /// Writes the rest as JSON, as [`Graph::to_json`](crate::Graph::to_json) does.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    #[cfg(feature = "serde")]
    pub fn write_json(mut self, out: &mut impl Write) -> fmt::Result {
        out.write_str("{\"nodes\":[")?;
        listed(out, std::iter::from_fn(|| self.node()))?;
        out.write_str("],\"edges\":[")?;
        listed(out, std::iter::from_fn(|| self.edge()))?;
        out.write_str("]}")
    }
}

#[cfg(feature = "serde")]
fn listed<T: serde::Serialize>(
    out: &mut impl Write,
    parts: impl Iterator<Item = T>,
) -> fmt::Result {
    for (place, part) in parts.enumerate() {
        if place > 0 {
            out.write_char(',')?;
        }
        let json = serde_json::to_string(&part).expect("names and numbers can be written");
        out.write_str(&json)?;
    }
    Ok(())
}

impl Iterator for GraphParts {
    type Item = GraphPart;

    fn next(&mut self) -> Option<GraphPart> {
        if let Some(node) = self.node() {
            return Some(GraphPart::Node(node));
        }
        self.edge().map(GraphPart::Edge)
    }
}

impl fmt::Debug for GraphParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GraphParts").finish_non_exhaustive()
    }
}
