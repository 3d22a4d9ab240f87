//! For tests of what runs: a recorder of executions, and [`assert_ran!`](crate::assert_ran).

use std::fmt::Write;

use crate::event::{Event, Observer};
use crate::sync::{Arc, Mutex};

/// Records which bound queries run. Give a clone to the builder and keep one.
///
/// ```
/// use salvia::testing::Recorder;
/// use salvia::{assert_ran, query, Input, InputAccess, QueryContext, Runtime};
///
/// #[derive(Debug, Clone, PartialEq, Eq, Hash, InputAccess)]
/// struct Price(&'static str);
///
/// impl Input<u32> for Price {
///     fn initial(&self) -> u32 {
///         2
///     }
/// }
///
/// #[query]
/// async fn price(of: &'static str, cx: &QueryContext) -> u32 {
///     Price(of).get(cx).await
/// }
///
/// #[query]
/// async fn total(cx: &QueryContext) -> u32 {
///     price("tea", cx).await + price("cake", cx).await
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let recorder = Recorder::new();
/// let rt = Runtime::builder().observer(recorder.clone()).build();
/// rt.query(async |cx| total(&cx).await).await;
/// assert_ran!(recorder, ["total()", "price(\"tea\")", "price(\"cake\")"]);
///
/// recorder.mark();
/// rt.mutate(async |cx| Price("tea").set(3, &cx).await).await;
/// rt.query(async |cx| total(&cx).await).await;
/// assert_ran!(recorder, ["price(\"tea\")", "total()"]);
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Recorder(Arc<Mutex<Vec<Run>>>);

/// One execution, with names as they were then: nothing of the runtime is kept.
#[derive(Debug, Clone)]
struct Run {
    /// With the path of the module, and the arguments.
    path: String,
    text: String,
    cause: String,
}

impl Recorder {
    /// A recorder that has recorded nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets what has run until now.
    pub fn mark(&self) {
        let before = std::mem::take(&mut *self.0.lock());
        drop(before);
    }

    /// What has run since the last mark, in the order in which it ended.
    pub fn ran(&self) -> Vec<String> {
        self.0.lock().iter().map(|run| run.text.clone()).collect()
    }

    /// What [`assert_ran!`](crate::assert_ran) does.
    ///
    /// # Panics
    ///
    /// If something else has run than `expected`, each as often as it is there.
    #[track_caller]
    pub fn assert_ran(&self, expected: &[&str]) {
        let runs = self.0.lock().clone();
        if let Some(difference) = difference(&runs, expected) {
            panic!("{difference}");
        }
    }
}

impl Observer for Recorder {
    fn event(&self, event: &Event) {
        if let Event::Executed { query, cause, .. } = event {
            let text = query.to_string();
            let arguments = text.strip_prefix(query.name()).unwrap_or_default();
            let run = Run {
                path: format!("{}{arguments}", query.path()),
                cause: cause.to_string(),
                text,
            };
            self.0.lock().push(run);
        }
    }
}

/// What to say if `expected` is not what ran.
fn difference(runs: &[Run], expected: &[&str]) -> Option<String> {
    // Of two names one of which ends in the other the longer one chooses first.
    let mut names = expected.to_vec();
    names.sort_by_key(|name| std::cmp::Reverse(path_len(name)));
    let mut unexpected: Vec<&Run> = runs.iter().collect();
    let mut missing = Vec::new();
    for name in names {
        match unexpected.iter().position(|run| is_named(run, name)) {
            Some(place) => drop(unexpected.remove(place)),
            None => missing.push(name),
        }
    }
    if missing.is_empty() && unexpected.is_empty() {
        return None;
    }
    let mut text = String::from("assert_ran!: other queries ran than expected");
    for name in missing {
        text.push_str("\n  missing:    ");
        text.push_str(name);
    }
    for run in unexpected {
        // Writing to a string does not fail.
        let _ = write!(text, "\n  unexpected: {} ({})", run.text, run.cause);
    }
    Some(text)
}

/// How long the name is, without arguments.
fn path_len(name: &str) -> usize {
    name.find('(').unwrap_or(name.len())
}

/// Whether a run is of this name, or of one that ends in it.
fn is_named(run: &Run, name: &str) -> bool {
    let before = run.path.strip_suffix(name);
    before.is_some_and(|before| before.is_empty() || before.ends_with("::"))
        && path_len(&run.path) + name.len() == run.path.len() + path_len(name)
}

/// Asserts which bound queries have run since the last [`mark`](crate::testing::Recorder::mark) of a
/// [`Recorder`](crate::testing::Recorder): these and no others, each as often as it is given, in any order.
///
/// A bound query is given as it is written in events: `score(Red)`, with the arguments' `Debug`, or `..` where
/// the signature does not prove that they have it. `Team::score(Red)`, or any longer path of modules, tells apart what
/// has the same name.
///
/// # Panics
///
/// If something else has run: the message names what is missing, and what was not expected with
/// the reason why it ran.
///
/// ```
/// # use salvia::{assert_ran, query, testing::Recorder, QueryContext, Runtime};
/// #[query]
/// async fn double(n: u64, cx: &QueryContext) -> u64 {
///     2 * n
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let recorder = Recorder::new();
/// let rt = Runtime::builder().observer(recorder.clone()).build();
/// rt.query(async |cx| double(1, &cx).await + double(1, &cx).await).await;
/// assert_ran!(recorder, ["double(1)"]);
/// # }
/// ```
#[macro_export]
macro_rules! assert_ran {
    ($recorder:expr, [$($run:expr),* $(,)?] $(,)?) => {
        $crate::testing::Recorder::assert_ran(
            &$recorder,
            &[$(::core::convert::AsRef::<str>::as_ref(&$run)),*],
        )
    };
}
