//! How often is a document, or a heading of it, linked to? Said above the lines themselves.

use std::collections::HashMap;
use std::sync::Arc;

use async_lsp::lsp_types::{CodeLens, Command, Range};
use salvia::QueryContext;

use super::convert::{self, Text};
use super::find::{Referent, references, referent};
use crate::core::cost::counted;
use crate::core::parse::{Link, Position, Span};
use crate::core::queries::{links, outline};
use crate::core::workspace::RelPath;

/// A count at the top, and one at each heading that is linked to.
pub(super) async fn lenses(path: RelPath, cx: &QueryContext) -> Vec<CodeLens> {
    let text = Text::of(&path, cx).await;
    let index = text.index();
    let whole = Referent {
        path: path.clone(),
        anchor: None,
    };
    let from_others = references(&whole, cx).await;
    let mut documents: Vec<_> = from_others.iter().map(|(path, _)| path).collect();
    documents.dedup();
    let top = convert::range(&index, Span::at(Position::START));
    let mut lenses = vec![lens(top, documents.len(), "backlink")];
    let counts = counts(&path, &from_others, cx).await;
    let (headings, _) = outline(path, cx).await;
    for heading in headings.iter() {
        if let Some(&count) = counts.get(heading.anchor.as_str()) {
            let range = convert::range(&index, heading.text_span());
            lenses.push(lens(range, count, "reference"));
        }
    }
    lenses
}

/// How often each anchor is linked to, by others and by the document itself.
async fn counts(
    path: &RelPath,
    from_others: &[(RelPath, Link)],
    cx: &QueryContext,
) -> HashMap<Arc<str>, usize> {
    let mut counts: HashMap<Arc<str>, usize> = HashMap::new();
    let own = links(path.clone(), cx).await.unwrap_or_default();
    let own = own.iter().map(|link| (path, link));
    let all = from_others
        .iter()
        .map(|(from, link)| (from, link))
        .chain(own);
    for (from, link) in all {
        let to = referent(from, link, cx).await;
        if let Some(Referent {
            path: to,
            anchor: Some(anchor),
        }) = to
            && to == *path
        {
            *counts.entry(anchor).or_default() += 1;
        }
    }
    counts
}

fn lens(range: Range, count: usize, what: &str) -> CodeLens {
    let command = Command {
        title: counted(count, what),
        command: String::new(),
        arguments: None,
    };
    CodeLens {
        range,
        command: Some(command),
        data: None,
    }
}
