//! What happened at one revision, and why.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use salvia::{BoundName, Cause, Event};
use serde::{Deserialize, Serialize};

use super::pulse::Moment;
use super::{SHORT, cut, json_or_gone, millis};
use crate::history::{Run, Step};
use crate::picture::Picture;
use crate::shared::Shared;

/// Lines of one run's explanation.
const LINES: usize = 24;

#[derive(Deserialize)]
pub(crate) struct Asked {
    /// Such as `r5`; the newest if it is left out.
    revision: Option<String>,
}

#[derive(Serialize)]
struct Happened {
    #[serde(flatten)]
    moment: Moment,
    changed: Vec<Named>,
    runs: Vec<Ran>,
}

#[derive(Serialize)]
struct Named {
    name: String,
    /// Of its node, if that is there.
    id: Option<u32>,
}

#[derive(Serialize)]
struct Ran {
    #[serde(flatten)]
    named: Named,
    outcome: &'static str,
    /// Milliseconds, with what it waited for.
    took: Option<f64>,
    /// From why it ran down to the input that was set, or what it failed with.
    because: Vec<String>,
}

pub(crate) async fn answer(
    State(shared): State<Arc<Shared>>,
    Query(asked): Query<Asked>,
) -> Response {
    let step = shared.history.step(asked.revision.as_deref());
    let picture = shared.picture().await;
    let happened = shared.work(move || step.map(|step| happened(&step, picture.as_deref())));
    json_or_gone(happened.await.flatten())
}

fn happened(step: &Step, picture: Option<&Picture>) -> Happened {
    let named = |name: &BoundName| {
        let place = picture.and_then(|picture| Some(&picture.nodes[picture.of_name(name)?]));
        Named {
            name: cut(&name.to_string(), SHORT),
            id: place.map(|node| node.id),
        }
    };
    let reasons = Reasons::of(step);
    let ran = |run: &Run| {
        let (outcome, took) = match &run.event {
            Event::Failed { duration, .. } => ("failed", Some(*duration)),
            Event::Cancelled { .. } => ("given up", None),
            Event::Executed { duration, .. } if run.cut_off => ("cut off", Some(*duration)),
            Event::Executed { duration, .. } => ("ran", Some(*duration)),
            _ => ("", None),
        };
        Ran {
            named: named(&run.query),
            outcome,
            took: took.map(millis),
            because: reasons.because(run),
        }
    };
    Happened {
        moment: Moment::new(step.revision, step.at, step.counts),
        changed: step.changed.iter().map(named).collect(),
        runs: step.runs.iter().map(ran).collect(),
    }
}

/// Why each bound query ran at one revision.
struct Reasons<'a>(HashMap<&'a BoundName, &'a Cause>);

impl<'a> Reasons<'a> {
    fn of(step: &'a Step) -> Self {
        let causes = step.runs.iter().filter_map(|run| match &run.event {
            Event::Executed { cause, .. } => Some((&run.query, cause)),
            _ => None,
        });
        Reasons(causes.collect())
    }

    fn because(&self, run: &Run) -> Vec<String> {
        let cause = match &run.event {
            Event::Executed { cause, .. } => cause,
            Event::Failed { error, .. } => return vec![cut(&error.to_string(), super::LONG)],
            _ => return vec!["nobody waited for it any more".to_owned()],
        };
        let (mut lines, mut next) = (Vec::new(), Some(cause));
        while let Some(cause) = next.take().filter(|_| lines.len() < LINES) {
            lines.push(cut(&cause.to_string(), SHORT));
            if let Cause::Changed {
                dependency: Some(dependency),
                ..
            } = cause
            {
                next = self.0.get(dependency).copied();
            }
        }
        lines
    }
}
