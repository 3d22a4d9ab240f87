//! Go to definition, and find references.

use async_lsp::lsp_types::{Location, Position as LspPosition};
use futures::future::join_all;
use salvia::QueryContext;

use super::convert::{self, Text};
use super::find::{Item, Referent, anchor_span, item_at, references, referent};
use crate::core::parse::{Position, Span};
use crate::core::queries::{Located, located};
use crate::core::workspace::RelPath;

/// Where the link under the cursor leads.
pub(super) async fn definition(
    path: RelPath,
    at: LspPosition,
    cx: &QueryContext,
) -> Option<Location> {
    let text = Text::of(&path, cx).await;
    let Item::Link(link) = item_at(&path, convert::place(&text.index(), at), cx).await else {
        return None;
    };
    let to = referent(&path, &link, cx).await?;
    if !matches!(
        located(to.path.clone(), cx).await,
        Located::Document(_) | Located::File
    ) {
        return None;
    }
    let top = Span {
        start: Position::START,
        end: Position::START,
    };
    let span = match &to.anchor {
        Some(anchor) => anchor_span(&to.path, anchor, cx).await.unwrap_or(top),
        None => top,
    };
    convert::location(&to.path, span, cx).await
}

/// Who refers to the heading under the cursor, to what the link under it leads to, or else to the document.
pub(super) async fn find_references(
    path: RelPath,
    at: LspPosition,
    with_declaration: bool,
    cx: &QueryContext,
) -> Option<Vec<Location>> {
    let text = Text::of(&path, cx).await;
    let to = match item_at(&path, convert::place(&text.index(), at), cx).await {
        Item::Link(link) => referent(&path, &link, cx).await?,
        Item::Heading(heading) => Referent {
            path,
            anchor: Some(heading.anchor.as_str().into()),
        },
        Item::Prose => Referent { path, anchor: None },
    };
    let mut found = Vec::new();
    if let (true, Some(anchor)) = (with_declaration, &to.anchor)
        && let Some(span) = anchor_span(&to.path, anchor, cx).await
    {
        found.extend(convert::location(&to.path, span, cx).await);
    }
    let links = references(&to, cx).await;
    let links = links
        .iter()
        .map(|(path, link)| convert::location(path, link.span(), cx));
    found.extend(join_all(links).await.into_iter().flatten());
    Some(found)
}
