//! All nodes as they were at one moment, in the shape in which the answers look at them.

use std::collections::HashMap;

use salvia::{BoundName, Graph, GraphNode, NodeKind, QueryStats, Runtime, Stats};

use crate::history::{History, Tally};

/// See the module. Nodes are named by their place in the list here, and by their id outside.
pub(crate) struct Picture {
    pub(crate) nodes: Vec<GraphNode>,
    /// What each has done.
    pub(crate) tallies: Vec<Tally>,
    /// The history's count before all of this was looked at.
    pub(crate) change: u64,
    pub(crate) stats: Stats,
    /// What each node has read, and who has read it.
    pub(crate) reads: Links,
    pub(crate) readers: Links,
    by_id: HashMap<u32, usize>,
    by_name: HashMap<BoundName, usize>,
}

impl Picture {
    /// Visits every node.
    pub(crate) fn take(runtime: &Runtime, history: &History) -> Self {
        let change = history.change();
        let Graph { nodes, edges, .. } = runtime.graph();
        let by_id: HashMap<u32, usize> = places(nodes.iter().map(|node| node.id));
        let edges: Vec<(usize, usize)> = edges
            .iter()
            .filter_map(|edge| Some((*by_id.get(&edge.reader)?, *by_id.get(&edge.read)?)))
            .collect();
        let reads = Links::new(nodes.len(), edges.iter().copied());
        let readers = Links::new(
            nodes.len(),
            edges.iter().map(|&(reader, read)| (read, reader)),
        );
        Picture {
            by_name: places(nodes.iter().map(|node| node.bound().clone())),
            tallies: history.tallies(&nodes),
            change,
            stats: runtime.stats(),
            reads,
            readers,
            by_id,
            nodes,
        }
    }

    pub(crate) fn of_id(&self, id: u32) -> Option<usize> {
        self.by_id.get(&id).copied()
    }

    pub(crate) fn of_name(&self, name: &BoundName) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// The figures of the function that a node is a call of.
    pub(crate) fn query(&self, place: usize) -> Option<&QueryStats> {
        let node = &self.nodes[place];
        if node.kind != NodeKind::Query {
            return None;
        }
        let (name, queries) = (node.bound(), &self.stats.queries);
        queries
            .get(name.name())
            .or_else(|| queries.get(name.path()))
    }
}

fn places<K: std::hash::Hash + Eq>(keys: impl Iterator<Item = K>) -> HashMap<K, usize> {
    keys.enumerate().map(|(place, key)| (key, place)).collect()
}

/// To which nodes each node is linked: two lists, for a list a node would be too much.
pub(crate) struct Links {
    /// Where the links of each node begin; those of the last end where the list ends.
    starts: Vec<usize>,
    ends: Vec<usize>,
}

impl Links {
    fn new(nodes: usize, links: impl Iterator<Item = (usize, usize)> + Clone) -> Self {
        let mut starts = vec![0; nodes + 1];
        for (from, _) in links.clone() {
            starts[from + 1] += 1;
        }
        for place in 0..nodes {
            starts[place + 1] += starts[place];
        }
        let mut next = starts.clone();
        let mut ends = vec![0; starts[nodes]];
        for (from, to) in links {
            ends[next[from]] = to;
            next[from] += 1;
        }
        Links { starts, ends }
    }

    pub(crate) fn of(&self, place: usize) -> &[usize] {
        &self.ends[self.starts[place]..self.starts[place + 1]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_those_of_their_node_in_order() {
        let links = Links::new(4, [(2, 0), (0, 3), (2, 3), (0, 1)].into_iter());
        let all: Vec<_> = (0..4).map(|place| links.of(place).to_vec()).collect();
        assert_eq!(all, [vec![3, 1], vec![], vec![0, 3], vec![]]);
        assert_eq!(Links::new(0, std::iter::empty()).starts, [0]);
    }
}
