//! Spans and events for `tracing`: an execution belongs to who asked for it, wherever it runs.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ::tracing::field::{Field, Visit};
use ::tracing::span::{Attributes, Id, Record};
use ::tracing::{Event, Instrument, Metadata, Subscriber};
use salvia::{QueryContext, Runtime, Scheduling, query};

use tracing_core::span::Current;

use crate::kit::{Slot, builder, put, runtime, soon};

/// Keeps all spans with their parents, and the text of events.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Collected>>);

#[derive(Default)]
struct Collected {
    spans: Vec<Span>,
    events: Vec<String>,
    /// The spans that are entered now; the tests run on one thread.
    entered: Vec<u64>,
}

struct Span {
    metadata: &'static Metadata<'static>,
    parent: Option<u64>,
    fields: Fields,
}

#[derive(Default)]
struct Fields(BTreeMap<String, String>);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }
}

impl Collector {
    fn lock(&self) -> MutexGuard<'_, Collected> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Each span of the engine as `parent > query key rN outcome`, in the order in which they began.
    fn spans(&self) -> Vec<String> {
        let collected = self.lock();
        let name = |span: &Span| {
            let field = |name: &str| span.fields.0.get(name).cloned().unwrap_or_default();
            match span.metadata.target() {
                "salvia" => format!("{}{}", field("query"), field("key")),
                _ => span.metadata.name().to_owned(),
            }
        };
        let of_engine = collected
            .spans
            .iter()
            .filter(|span| span.metadata.target() == "salvia");
        let line = |span: &Span| {
            let parent = span
                .parent
                .map(|id| name(&collected.spans[id as usize - 1]));
            let field = |name: &str| span.fields.0[name].clone();
            let (revision, outcome) = (field("revision"), field("outcome"));
            format!(
                "{} > {} r{revision} {outcome}",
                parent.unwrap_or_default(),
                name(span)
            )
        };
        of_engine.map(line).collect()
    }
}

impl Subscriber for Collector {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut collected = self.lock();
        let contextual = span
            .is_contextual()
            .then(|| collected.entered.last().copied());
        let parent = span.parent().map(Id::into_u64).or(contextual.flatten());
        let mut fields = Fields::default();
        span.record(&mut fields);
        collected.spans.push(Span {
            metadata: span.metadata(),
            parent,
            fields,
        });
        Id::from_u64(collected.spans.len() as u64)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let place = span.into_u64() as usize - 1;
        values.record(&mut self.lock().spans[place].fields);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let level = event.metadata().level();
        let message = fields.0.remove("message").unwrap_or_default();
        self.lock().events.push(format!("{level} {message}"));
    }

    fn enter(&self, span: &Id) {
        self.lock().entered.push(span.into_u64());
    }

    fn exit(&self, span: &Id) {
        let mut collected = self.lock();
        let place = collected
            .entered
            .iter()
            .rposition(|id| *id == span.into_u64());
        place.map(|place| collected.entered.remove(place));
    }

    fn current_span(&self) -> Current {
        let collected = self.lock();
        let Some(id) = collected.entered.last() else {
            return Current::none();
        };
        Current::new(
            Id::from_u64(*id),
            collected.spans[*id as usize - 1].metadata,
        )
    }
}

#[query]
async fn leaf(n: u32, cx: &QueryContext) -> i64 {
    // So it moves into a task.
    tokio::task::yield_now().await;
    let value: i64 = Slot(n).get(cx).await;
    value.signum()
}

#[query]
async fn root(cx: &QueryContext) -> i64 {
    leaf(0, cx).await + leaf(1, cx).await
}

#[query]
async fn fails(cx: &QueryContext) -> i64 {
    crate::kit::boom("on purpose");
    root(cx).await
}

const ASKED: [&str; 3] = [
    "request > root() r0 value",
    "root() > leaf(0) r0 value",
    "root() > leaf(1) r0 value",
];

async fn ask(rt: &Arc<Runtime>) {
    let span = ::tracing::info_span!("request");
    let asked = rt.query(|cx| async move { root(&cx).await });
    asked.instrument(span).await;
}

#[tokio::test]
async fn an_execution_is_a_span_below_that_of_its_caller() {
    let collector = Collector::default();
    let _default = ::tracing::subscriber::set_default(collector.clone());
    soon(async {
        ask(&runtime()).await;
        assert_eq!(collector.spans(), ASKED);
        assert!(collector.lock().entered.is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_execution_in_a_task_from_the_start_is_so_too() {
    let collector = Collector::default();
    let _default = ::tracing::subscriber::set_default(collector.clone());
    soon(async {
        let scheduling = Scheduling::TaskPerNode;
        ask(&builder().scheduling(scheduling).build()).await;
        assert_eq!(collector.spans(), ASKED);
    })
    .await;
}

#[tokio::test]
async fn decisions_are_events_with_levels() {
    let collector = Collector::default();
    let _default = ::tracing::subscriber::set_default(collector.clone());
    soon(async {
        let rt = runtime();
        ask(&rt).await;
        put(&rt, 0, 1).await;
        ask(&rt).await;
        put(&rt, 0, 2).await;
        collector.lock().events.clear();
        ask(&rt).await;
        let events = collector.lock().events.clone();
        assert!(
            events[0].starts_with("DEBUG r2: executed leaf(0) in "),
            "{events:?}"
        );
        assert_eq!(
            events[1..],
            ["TRACE r2: cut off at leaf(0)", "TRACE r2: validated root()"]
        );
        put(&rt, 1, 2).await;
        let events = collector.lock().events.split_off(3);
        assert_eq!(
            events,
            [
                "TRACE r3: changed Slot(1)",
                "DEBUG r3: committed, inputs changed: 1"
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn a_failed_execution_says_so() {
    let collector = Collector::default();
    let _default = ::tracing::subscriber::set_default(collector.clone());
    soon(async {
        let rt = runtime();
        let asked = rt.try_query(|cx| async move { fails(&cx).await }).await;
        assert!(asked.is_err());
        assert_eq!(collector.spans(), [" > fails() r0 failure"]);
    })
    .await;
}
