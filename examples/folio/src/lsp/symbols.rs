//! Headings as symbols: of one document as a tree, of all by their text.

use async_lsp::lsp_types::{DocumentSymbol, SymbolInformation, SymbolKind};
use futures::future::join_all;
use salvia::QueryContext;

use super::convert::{self, Text};
use crate::core::parse::{Heading, LineIndex, Position, Span};
use crate::core::queries::{documents_below, outline};
use crate::core::workspace::RelPath;

/// What is more is no answer.
const AT_MOST: usize = 256;

/// The headings of a document, each with those of its section.
pub(super) async fn of_document(path: RelPath, cx: &QueryContext) -> Vec<DocumentSymbol> {
    let text = Text::of(&path, cx).await;
    let (headings, _) = outline(path, cx).await;
    let index = text.index();
    let end = index.position(text.as_str().len());
    tree(&index, &headings, end)
}

/// The sections of what ends at `end`.
fn tree(index: &LineIndex<'_>, headings: &[Heading], end: Position) -> Vec<DocumentSymbol> {
    let mut symbols = Vec::new();
    let mut rest = headings;
    while let [heading, behind @ ..] = rest {
        let inside = behind
            .iter()
            .take_while(|other| other.level > heading.level)
            .count();
        let (section, others) = behind.split_at(inside);
        let end = others.first().map_or(end, |next| next.at);
        symbols.push(symbol(index, heading, end, tree(index, section, end)));
        rest = others;
    }
    symbols
}

#[expect(
    deprecated,
    reason = "the field `deprecated` has to be written to make the value"
)]
fn symbol(
    index: &LineIndex<'_>,
    heading: &Heading,
    end: Position,
    children: Vec<DocumentSymbol>,
) -> DocumentSymbol {
    let name = if heading.text.trim().is_empty() {
        "(no text)"
    } else {
        heading.text.trim()
    };
    DocumentSymbol {
        name: name.to_owned(),
        detail: Some(format!("#{}", heading.anchor)),
        kind: SymbolKind::STRING,
        tags: None,
        deprecated: None,
        range: convert::range(
            index,
            Span {
                start: heading.at,
                end,
            },
        ),
        selection_range: convert::range(index, heading.text_span()),
        children: (!children.is_empty()).then_some(children),
    }
}

/// The headings of all documents that hold the words of `asked`, in whatever case.
#[expect(
    deprecated,
    reason = "the field `deprecated` has to be written to make the value"
)]
pub(super) async fn of_workspace(asked: String, cx: &QueryContext) -> Vec<SymbolInformation> {
    let asked = asked.to_lowercase();
    let words: Vec<_> = asked.split_whitespace().collect();
    let documents = documents_below(RelPath::root(), cx).await;
    let outlines = join_all(documents.iter().map(|path| outline(path.clone(), cx))).await;
    let mut found = Vec::new();
    for (path, (headings, _)) in documents.iter().zip(&outlines) {
        let is_meant = |heading: &&Heading| {
            let text = heading.text.to_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        for heading in headings.iter().filter(is_meant) {
            if found.len() == AT_MOST {
                return found;
            }
            let location = convert::location(path, heading.text_span(), cx).await;
            let Some(location) = location else {
                continue;
            };
            found.push(SymbolInformation {
                name: heading.text.clone(),
                kind: SymbolKind::STRING,
                tags: None,
                deprecated: None,
                location,
                container_name: Some(path.to_string()),
            });
        }
    }
    found
}
