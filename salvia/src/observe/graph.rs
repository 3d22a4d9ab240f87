//! The graph of a runtime, to be drawn.

use std::collections::HashMap;
use std::fmt::{self, Write};

use crate::bug::planted;
use crate::event::BoundName;
use crate::node::bound::Work;
use crate::node::edge::Edge;
use crate::node::memo::Memo;
use crate::node::state::{Node, State};
use crate::observe::draw::{Dot, Format, Mermaid};
use crate::runtime::Runtime;
use crate::runtime::name::text;
use crate::runtime::observe::named;
use crate::runtime::pin::Pinned;
use crate::sync::Counted;

/// The nodes of a runtime and what they have read; see [`Runtime::graph`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Graph {
    /// Bound queries, inputs and watches, by rising id.
    pub nodes: Vec<GraphNode>,
    /// Who has read whom.
    pub edges: Vec<GraphEdge>,
}

/// A node of a [`Graph`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct GraphNode {
    /// Names it in the edges. It is given to another node only when this one is gone.
    pub id: u32,
    /// Such as `score(Red)`.
    pub name: String,
    /// What it stands for.
    pub kind: NodeKind,
    /// What is known of its value.
    pub state: NodeState,
    #[cfg_attr(feature = "serde", serde(skip))]
    bound: BoundName,
}

impl GraphNode {
    pub(crate) fn of(slot: u32, memo: &Memo, state: NodeState) -> Self {
        let kind = match memo.bound.kind().work {
            Work::Query(..) => NodeKind::Query,
            Work::Input(_) => NodeKind::Input,
            Work::Watch => NodeKind::Watch,
        };
        GraphNode {
            id: slot,
            name: text(&memo.bound),
            kind,
            state,
            bound: named(&memo.bound),
        }
    }

    /// What it stands for, as in events. It holds the arguments as long as it lives.
    pub fn bound(&self) -> &BoundName {
        &self.bound
    }
}

/// A read: an edge of a [`Graph`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct GraphEdge {
    /// The node that has read.
    pub reader: u32,
    /// The node that was read.
    pub read: u32,
}

/// What a node of a [`Graph`] stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum NodeKind {
    /// A bound query.
    Query,
    /// An input.
    Input,
    /// A watch, which reads and is not read.
    Watch,
}

/// What is known of the value of a node of a [`Graph`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum NodeState {
    /// It is right at the revision of the graph.
    Clean,
    /// It needs a look before it is used there.
    Dirty,
    /// It is being brought up to date.
    Running,
    /// There is none.
    Empty,
}

impl Runtime {
    /// All nodes, with what they have read, as they are at the newest revision. For looking at: it visits every
    /// node, one at a time, and disturbs nobody.
    ///
    /// A commit that comes meanwhile changes nothing of it: what was known right at that revision is told as it was
    /// there. What was not is told with what it read when it last ran. It is made as a whole; of very many nodes
    /// [`graph_parts`](Self::graph_parts) gives one after the other.
    ///
    /// ```
    /// # use salvia::{query, QueryContext, Runtime};
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
    /// let graph = rt.graph();
    /// assert_eq!((graph.nodes.len(), graph.edges.len()), (3, 2));
    /// assert!(graph.to_dot().contains(r#"label="double(1)""#));
    /// # }
    /// ```
    pub fn graph(&self) -> Graph {
        let engine = self.engine();
        let pin = engine.clock.pin();
        let mut graph = Graph::default();
        let mut reads = Vec::new();
        let mut generations = HashMap::new();
        for (slot, node) in engine.store.nodes() {
            let Some((memo, state)) = look((slot, node), &pin) else {
                continue;
            };
            generations.insert(slot, memo.bound.generation());
            graph.nodes.push(GraphNode::of(slot, &memo, state));
            reads.extend(memo.reads().map(|edge| (slot, edge)));
        }
        // What an edge leads to may be gone, or be another node by now.
        reads.retain(|(_, edge)| generations.get(&edge.slot) == Some(&edge.generation));
        let edges = reads.into_iter().map(|(reader, edge)| GraphEdge {
            reader,
            read: edge.slot,
        });
        graph.edges = edges.collect();
        graph
    }
}

/// A node's memo, and what is known of its value, at the revision of a pin. `None` of a vacant slot.
pub(crate) fn look((slot, node): (u32, &Node), pin: &Pinned) -> Option<(Counted<Memo>, NodeState)> {
    let state = node.state.lock();
    let newest = state.memo()?;
    let memo = memo_at(&state, newest.edge(slot), pin).unwrap_or_else(|| newest.clone());
    let is_running = state.records().next().is_some();
    drop(state);
    let is_watch = matches!(memo.bound.kind().work, Work::Watch);
    let is_there = |memo: &Memo| is_watch || memo.value().is_some();
    let state = match memo.finding() {
        Some(_) if is_there(&memo) && memo.covers(pin.revision) => NodeState::Clean,
        _ if is_running => NodeState::Running,
        Some(_) if is_there(&memo) => NodeState::Dirty,
        _ => NodeState::Empty,
    };
    Some((memo, state))
}

/// The memo that was right at the revision of a pin, where the node has moved on since.
fn memo_at(state: &State, edge: Edge, pin: &Pinned) -> Option<Counted<Memo>> {
    let newest = state.memo()?;
    if newest.interval().valid_from <= pin.revision || planted("graph-of-any-revision") {
        return None;
    }
    let older = state.older_at(pin.revision).cloned();
    older.or_else(|| Some(pin.side(edge)?.memo))
}

impl Graph {
    /// For Graphviz. An arrow leads from what was read to its reader, as changes do.
    pub fn to_dot(&self) -> String {
        written(|out| self.write_dot(out))
    }

    /// For Mermaid. An arrow leads from what was read to its reader, as changes do.
    pub fn to_mermaid(&self) -> String {
        written(|out| self.write_mermaid(out))
    }

    /// As JSON: an object with `nodes` and `edges`, with the names of the fields here.
    #[cfg(feature = "serde")]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("names and numbers can be written")
    }

    /// Writes [`to_dot`](Self::to_dot) piece by piece.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write_dot(&self, out: &mut impl Write) -> fmt::Result {
        self.write::<Dot>(out)
    }

    /// Writes [`to_mermaid`](Self::to_mermaid) piece by piece.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write_mermaid(&self, out: &mut impl Write) -> fmt::Result {
        self.write::<Mermaid>(out)
    }

    fn write<F: Format>(&self, out: &mut impl Write) -> fmt::Result {
        F::head(out)?;
        self.nodes.iter().try_for_each(|node| F::node(out, node))?;
        self.edges.iter().try_for_each(|edge| F::edge(out, edge))?;
        F::tail(out)
    }
}

fn written(write: impl FnOnce(&mut String) -> fmt::Result) -> String {
    let mut out = String::new();
    write(&mut out).expect("a string takes everything");
    out
}
