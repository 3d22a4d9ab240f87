//! Problems as an editor shows them: sent by us, when they are others.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use async_lsp::ClientSocket;
use async_lsp::lsp_types::notification::PublishDiagnostics;
use async_lsp::lsp_types::{
    Diagnostic, DiagnosticSeverity, DiagnosticTag, NumberOrString, PublishDiagnosticsParams, Url,
};
use futures::future::join_all;
use salvia::{QueryContext, Runtime, query};

use super::convert::{self, Text};
use crate::core::cost::note;
use crate::core::parse::Span;
use crate::core::problem::{Code, Problem};
use crate::core::queries::{links, problems, report};
use crate::core::workspace::RelPath;

type All = BTreeMap<Url, Arc<[Diagnostic]>>;

/// The problems of one document, or of one directory that cannot be listed.
#[query]
async fn diagnostics(path: RelPath, cx: &QueryContext) -> Arc<[Diagnostic]> {
    note(cx, "diagnostics", &path);
    let text = Text::of(&path, cx).await;
    let index = text.index();
    let links = links(path.clone(), cx).await.unwrap_or_default();
    let ends: HashMap<_, _> = links.iter().map(|link| (link.at, link.end)).collect();
    let found = problems(path, cx).await;
    let diagnostic = |problem: &Problem| {
        let line = || index.position(index.line(problem.at.line).end);
        let end = ends.get(&problem.at).copied().unwrap_or_else(line);
        let range = convert::range(
            &index,
            Span {
                start: problem.at,
                end,
            },
        );
        diagnostic(problem, range)
    };
    found.iter().map(diagnostic).collect()
}

fn diagnostic(problem: &Problem, range: async_lsp::lsp_types::Range) -> Diagnostic {
    let severity = match problem.code {
        Code::UnusedDefinition | Code::DuplicateAnchor => DiagnosticSeverity::WARNING,
        _ => DiagnosticSeverity::ERROR,
    };
    let code = serde_json::to_value(problem.code).ok();
    let code = code.and_then(|code| code.as_str().map(str::to_owned));
    let is_unused = problem.code == Code::UnusedDefinition;
    Diagnostic {
        range,
        severity: Some(severity),
        code: code.map(NumberOrString::String),
        source: Some("folio".to_owned()),
        message: problem.message.to_string(),
        tags: is_unused.then(|| vec![DiagnosticTag::UNNECESSARY]),
        ..Diagnostic::default()
    }
}

async fn all(cx: QueryContext) -> All {
    let mut paths: Vec<_> = report(&cx)
        .await
        .iter()
        .map(|problem| problem.path.clone())
        .collect();
    paths.dedup();
    let found = join_all(paths.iter().map(|path| diagnostics(path.clone(), &cx))).await;
    let urls = paths.iter().map(|path| convert::url(path, &cx));
    urls.zip(found)
        .filter_map(|(url, found)| Some((url?, found)))
        .collect()
}

/// Sends what is another thing, until the client or the runtime is gone.
pub(super) async fn publish(runtime: Arc<Runtime>, client: ClientSocket) {
    let mut newest = runtime.watch(all);
    drop(runtime);
    let mut known = All::new();
    while let Some(now) = newest.next().await {
        let gone = known
            .keys()
            .filter(|url| !now.contains_key(url))
            .map(|url| (url, Vec::new()));
        let changed = now
            .iter()
            .filter(|(url, found)| known.get(*url) != Some(*found));
        let changed = changed.map(|(url, found)| (url, found.to_vec()));
        for (url, diagnostics) in gone.chain(changed) {
            let params = PublishDiagnosticsParams {
                uri: url.clone(),
                diagnostics,
                version: None,
            };
            if client.notify::<PublishDiagnostics>(params).is_err() {
                return;
            }
        }
        known = now;
    }
}
