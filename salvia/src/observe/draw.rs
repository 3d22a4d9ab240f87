//! The formats of tools that draw graphs, a node and an edge at a time.

use std::fmt::{self, Write};

use crate::observe::graph::{GraphEdge, GraphNode, NodeKind, NodeState};

/// A format in which nodes come before edges.
pub(crate) trait Format {
    fn head(out: &mut impl Write) -> fmt::Result;
    fn node(out: &mut impl Write, node: &GraphNode) -> fmt::Result;
    fn edge(out: &mut impl Write, edge: &GraphEdge) -> fmt::Result;
    fn tail(out: &mut impl Write) -> fmt::Result;
}

/// Graphviz.
pub(crate) struct Dot;

/// Mermaid.
pub(crate) struct Mermaid;

impl Format for Dot {
    fn head(out: &mut impl Write) -> fmt::Result {
        writeln!(out, "digraph salvia {{\n  rankdir=LR;")
    }

    fn node(out: &mut impl Write, node: &GraphNode) -> fmt::Result {
        let shape = match node.kind {
            NodeKind::Query => "ellipse",
            NodeKind::Input => "box",
            NodeKind::Watch => "octagon",
        };
        let color = color(node.state);
        write!(out, "  n{} [label=\"", node.id)?;
        escaped(out, &node.name, |letter| match letter {
            '"' => Some("\\\""),
            '\\' => Some("\\\\"),
            '\n' => Some("\\n"),
            _ => None,
        })?;
        writeln!(
            out,
            "\", shape={shape}, style=filled, fillcolor=\"{color}\"];"
        )
    }

    fn edge(out: &mut impl Write, edge: &GraphEdge) -> fmt::Result {
        writeln!(out, "  n{} -> n{};", edge.read, edge.reader)
    }

    fn tail(out: &mut impl Write) -> fmt::Result {
        writeln!(out, "}}")
    }
}

impl Format for Mermaid {
    fn head(out: &mut impl Write) -> fmt::Result {
        writeln!(out, "graph LR")
    }

    fn node(out: &mut impl Write, node: &GraphNode) -> fmt::Result {
        let (open, close) = match node.kind {
            NodeKind::Query => ("(", ")"),
            NodeKind::Input => ("[", "]"),
            NodeKind::Watch => ("{{", "}}"),
        };
        write!(out, "  n{}{open}\"", node.id)?;
        escaped(out, &node.name, |letter| match letter {
            '"' => Some("#quot;"),
            '#' => Some("#35;"),
            '<' => Some("#lt;"),
            '>' => Some("#gt;"),
            '`' => Some("#96;"),
            '\n' => Some(" "),
            _ => None,
        })?;
        writeln!(out, "\"{close}:::{}", word(node.state))
    }

    fn edge(out: &mut impl Write, edge: &GraphEdge) -> fmt::Result {
        writeln!(out, "  n{} --> n{}", edge.read, edge.reader)
    }

    fn tail(out: &mut impl Write) -> fmt::Result {
        let states = [
            NodeState::Clean,
            NodeState::Dirty,
            NodeState::Running,
            NodeState::Empty,
        ];
        for state in states {
            writeln!(out, "  classDef {} fill:{}", word(state), color(state))?;
        }
        Ok(())
    }
}

/// Writes a text with some of its letters replaced.
fn escaped(
    out: &mut impl Write,
    text: &str,
    replaced: impl Fn(char) -> Option<&'static str>,
) -> fmt::Result {
    text.chars().try_for_each(|letter| match replaced(letter) {
        Some(other) => out.write_str(other),
        None => out.write_char(letter),
    })
}

fn word(state: NodeState) -> &'static str {
    match state {
        NodeState::Clean => "clean",
        NodeState::Dirty => "dirty",
        NodeState::Running => "running",
        NodeState::Empty => "empty",
    }
}

fn color(state: NodeState) -> &'static str {
    match state {
        NodeState::Clean => "#c8e6c9",
        NodeState::Dirty => "#ffe0b2",
        NodeState::Running => "#bbdefb",
        NodeState::Empty => "#eeeeee",
    }
}
