//! Why a bound query last ran: back along the changes to the input, and where they were stopped.
//!
//! A node keeps when it last ran, which of its reads had changed, and what it waited for if it had to. From there the walk goes to that
//! read, and so on; it is a walk over slots like all here, so a name is looked up when it is there.

use std::collections::HashSet;
use std::fmt;

use crate::node::bound::Work;
use crate::node::edge::Edge;
use crate::node::memo::Memo;
use crate::node::reason::{LastRun, Why};
use crate::node::waited::Waited;
use crate::observe::graph::GraphNode;
use crate::observe::waits::Waits;
use crate::revision::Revision;
use crate::runtime::call::Query;
use crate::runtime::engine::Engine;
use crate::runtime::name::text;
use crate::runtime::observe::named;
use crate::runtime::{QueryContext, Runtime};
use crate::sync::Counted;

/// Why a bound query last ran and what it waited for; see [`Runtime::explain`]. Its `Display` is a tree of lines.
///
/// With the feature `serde` it can be serialized: `query`, `ran_at` as a number or nothing, `because`, `cut_offs` and
/// `waits`, as the methods of these names give them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Explanation {
    query: String,
    #[cfg_attr(feature = "serde", serde(serialize_with = "as_number"))]
    ran_at: Option<Revision>,
    because: Vec<String>,
    cut_offs: Vec<String>,
    waits: Option<Waits>,
    #[cfg_attr(feature = "serde", serde(skip))]
    lines: Vec<Line>,
}

#[cfg(feature = "serde")]
fn as_number<S: serde::Serializer>(at: &Option<Revision>, to: S) -> Result<S::Ok, S::Error> {
    serde::Serialize::serialize(&at.map(Revision::raw), to)
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    depth: usize,
    text: String,
}

impl Explanation {
    /// The bound query, such as `score(Red)`.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// The revision at which it last ran to a value that is kept; `None` if it never did.
    pub fn ran_at(&self) -> Option<Revision> {
        self.ran_at
    }

    /// What had changed: from what it reads, through the queries in between, to the input. Empty if it
    /// ran for another reason, such as for the first time.
    pub fn because(&self) -> &[String] {
        &self.because
    }

    /// Queries below it that have run since, and came to equal values, so that it need not run.
    pub fn cut_offs(&self) -> &[String] {
        &self.cut_offs
    }

    /// What its last run had to wait for and how long, or the last check since then that had to; `None` if there was nothing
    /// to wait for.
    pub fn waits(&self) -> Option<&Waits> {
        self.waits.as_ref()
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, line) in self.lines.iter().enumerate() {
            if place > 0 {
                writeln!(f)?;
            }
            // A long chain stays within a screen.
            let indent = 2 * line.depth.min(20);
            write!(f, "{:indent$}{}", "", line.text)?;
        }
        Ok(())
    }
}

impl Runtime {
    /// Why a bound query last ran: which input had changed at which revision, through which queries, and which
    /// changes since then were stopped by a query that came to an equal value. Also what it had to wait for.
    ///
    /// It takes a call that was not polled, and runs nothing. It says so if the bound query has
    /// not run to a value that is kept. What goes on meanwhile may be seen in part.
    ///
    /// # Panics
    ///
    /// If the call was polled.
    ///
    /// ```
    /// use salvia::{query, Input, InputAccess, QueryContext, Runtime};
    ///
    /// #[derive(Debug, Clone, PartialEq, Eq, Hash, InputAccess)]
    /// struct Price;
    ///
    /// impl Input<u32> for Price {
    ///     fn initial(&self) -> u32 {
    ///         2
    ///     }
    /// }
    ///
    /// #[query]
    /// async fn tax(cx: &QueryContext) -> u32 {
    ///     Price.get(cx).await / 5
    /// }
    ///
    /// #[query]
    /// async fn total(cx: &QueryContext) -> u32 {
    ///     tax(cx).await + 100
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let rt = Runtime::new().await;
    /// rt.query(async |cx| total(&cx).await).await;
    /// rt.mutate(async |cx| Price.set(10, &cx).await).await;
    /// rt.query(async |cx| total(&cx).await).await;
    ///
    /// let why = rt.query(async |cx| cx.explain(total(&cx))).await;
    /// assert_eq!(why.because(), ["tax()", "Price"]);
    /// assert_eq!(
    ///     why.to_string(),
    ///     "total() ran at r1: tax() changed\n  \
    ///        tax() ran at r1: Price changed\n    \
    ///          Price was set at r1"
    /// );
    /// # }
    /// ```
    pub fn explain<Args, V>(&self, call: Query<'_, Args, V>) -> Explanation {
        explain(self.engine(), call)
    }
}

impl Runtime {
    /// Why a node of the [`graph`](Self::graph) last ran; see [`explain`](Self::explain). `None` if it is
    /// there no more.
    ///
    /// ```
    /// # use salvia::{query, QueryContext, Runtime};
    /// #[query]
    /// async fn double(n: u64, cx: &QueryContext) -> u64 {
    ///     2 * n
    /// }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let rt = Runtime::new().await;
    /// rt.query(async |cx| double(4, &cx).await).await;
    /// let why = rt.explain_node(&rt.graph().nodes[0]).unwrap();
    /// assert_eq!(why.to_string(), "double(4) ran at r0: first run");
    /// # }
    /// ```
    pub fn explain_node(&self, node: &GraphNode) -> Option<Explanation> {
        let memo = self.engine().store.at(node.id)?.look();
        let memo = memo
            .as_ref()
            .filter(|memo| named(&memo.bound) == *node.bound())?;
        let (edge, query) = (memo.edge(node.id), text(&memo.bound));
        Some(explained(self.engine(), Some(edge), query))
    }
}

impl QueryContext {
    /// Why a bound query last ran; see [`Runtime::explain`].
    ///
    /// # Panics
    ///
    /// If the call was polled.
    pub fn explain<Args, V>(&self, call: Query<'_, Args, V>) -> Explanation {
        explain(self.frame().asker.engine(), call)
    }
}

fn explain<Args, V>(engine: &Engine, call: Query<'_, Args, V>) -> Explanation {
    let (edge, query) = call.target(&engine.store);
    explained(engine, edge, query)
}

fn explained(engine: &Engine, edge: Option<Edge>, query: String) -> Explanation {
    let mut walk = Walk {
        engine,
        met: HashSet::new(),
        lines: Vec::new(),
    };
    let place = edge.and_then(|edge| walk.place(edge));
    let run = place.as_ref().and_then(|place| place.run);
    let waits = place.as_ref().and_then(|place| walk.waits(place));
    let (mut because, mut cut_offs) = (Vec::new(), Vec::new());
    match (place, run) {
        (Some(place), Some(run)) => {
            because = walk.chain(place.clone(), 0);
            cut_offs = walk.cut_offs(place, run.at);
        }
        (Some(place), None) if place.is_input() => {
            let since = place.memo.changed_at();
            walk.line(0, format!("{query} has the value it was given at {since}"));
        }
        _ => walk.line(0, format!("{query} has never run to a value that is kept")),
    }
    Explanation {
        query,
        ran_at: run.map(|run| run.at),
        because,
        cut_offs,
        waits,
        lines: walk.lines,
    }
}

/// A node as it was when the walk came by.
#[derive(Clone)]
struct Place {
    edge: Edge,
    memo: Counted<Memo>,
    run: Option<LastRun>,
    waited: Option<Waited>,
}

impl Place {
    fn is_input(&self) -> bool {
        matches!(self.memo.bound.kind().work, Work::Input(_))
    }

    fn edges(&self) -> impl Iterator<Item = Edge> + '_ {
        let edges = self.memo.finding().map(|found| &found.edges);
        edges
            .into_iter()
            .flat_map(|edges| (0..edges.len()).filter_map(|n| edges.get(n)))
    }

    /// The read that had changed, if it is still one.
    fn changed(&self) -> Option<Edge> {
        let Why::Changed(Some(slot)) = self.run?.why else {
            return None;
        };
        self.edges().find(|edge| edge.slot == slot)
    }
}

struct Walk<'a> {
    engine: &'a Engine,
    met: HashSet<u32>,
    lines: Vec<Line>,
}

impl Walk<'_> {
    fn place(&self, edge: Edge) -> Option<Place> {
        let state = self.engine.store.node(edge.slot).state.lock();
        let memo = state.memo()?.clone();
        let run = state.last_run();
        let waited = state.waited().cloned();
        drop(state);
        (memo.edge(edge.slot) == edge).then_some(Place {
            edge,
            memo,
            run,
            waited,
        })
    }

    fn waits(&self, place: &Place) -> Option<Waits> {
        let name = |edge| Some(text(&self.engine.store.memo(edge)?.bound));
        Some(Waits::told(place.waited.as_ref()?, name))
    }

    fn line(&mut self, depth: usize, text: String) {
        self.lines.push(Line { depth, text });
    }

    /// Why a node ran, and why what had changed ran, down to the input. Gives the names below the first.
    fn chain(&mut self, first: Place, depth: usize) -> Vec<String> {
        let (mut place, mut depth) = (first, depth);
        let mut names = Vec::new();
        self.met.insert(place.edge.slot);
        loop {
            let below = place.changed().and_then(|edge| self.place(edge));
            let text = self.told(&place, below.as_ref());
            self.line(depth, text);
            if let Some(waits) = self.waits(&place) {
                self.line(depth + 1, waits.to_string());
            }
            let Some(next) = below else { break };
            names.push(text_of(&next));
            depth += 1;
            let ran_at = place.run.map(|run| run.at);
            if next.is_input() {
                let since = next.memo.changed_at();
                let again = if Some(since) > ran_at { "again " } else { "" };
                self.line(
                    depth,
                    format!("{} was set {again}at {since}", text_of(&next)),
                );
                break;
            }
            if next.run.map(|run| run.at) > ran_at {
                // What it did then is no more known.
                let again = next.run.map_or(Revision::FIRST, |run| run.at);
                self.line(depth, format!("{} ran again at {again}", text_of(&next)));
                break;
            }
            if !self.met.insert(next.edge.slot) {
                break;
            }
            place = next;
        }
        names
    }

    /// One line about a node that has run.
    fn told(&self, place: &Place, below: Option<&Place>) -> String {
        let name = text_of(place);
        let Some(run) = place.run else {
            return format!("{name} has not run since");
        };
        let why = match (run.why, below) {
            (Why::First, _) => "first run".to_owned(),
            (Why::Untracked, _) => "it had read the outside world".to_owned(),
            (Why::Evicted, _) => "its value had been evicted".to_owned(),
            (Why::Changed(_), Some(below)) => format!("{} changed", text_of(below)),
            (Why::Changed(_), None) => "something it no longer reads changed".to_owned(),
        };
        let mut text = format!("{name} ran at {}: {why}", run.at);
        if run.cut_off {
            let since = place.memo.changed_at();
            text += &format!("; its value stayed as it was at {since}");
        }
        let dirty_at = place.memo.interval().dirty_at;
        if dirty_at <= self.engine.clock.revision() {
            text += &format!("; it needs a look since {dirty_at}");
        }
        text
    }

    /// Below a node that ran at `ran_at`: what has run since, and is as it was.
    fn cut_offs(&mut self, top: Place, ran_at: Revision) -> Vec<String> {
        let mut names = Vec::new();
        let mut met = HashSet::from([top.edge.slot]);
        let mut todo = vec![top];
        while let Some(place) = todo.pop() {
            for edge in place.edges().filter(|edge| met.insert(edge.slot)) {
                let Some(below) = self.place(edge) else {
                    continue;
                };
                match below.run {
                    Some(run) if run.at > ran_at => {
                        if run.cut_off && below.memo.changed_at() <= ran_at {
                            names.push(text_of(&below));
                            self.line(1, format!("cut off at {}", text_of(&below)));
                            self.chain(below, 2);
                        }
                    }
                    _ => todo.push(below),
                }
            }
        }
        names
    }
}

fn text_of(place: &Place) -> String {
    text(&place.memo.bound)
}
