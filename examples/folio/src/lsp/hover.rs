//! What a link leads to, without going there.

use async_lsp::lsp_types::{
    Hover, HoverContents, MarkupContent, MarkupKind, Position as LspPosition,
};
use salvia::QueryContext;

use super::convert::{self, Text};
use super::find::{Item, anchor_span, destination, item_at, referent};
use crate::core::cost::counted;
use crate::core::parse::{Link, LinkKind, without_front_matter};
use crate::core::queries::{backlinks, fault, image_size, outline, title};
use crate::core::workspace::RelPath;

/// Enough to know it by.
const LINES: usize = 12;

/// What is known of what is under the cursor.
pub(super) async fn hover(path: RelPath, at: LspPosition, cx: &QueryContext) -> Option<Hover> {
    let text = Text::of(&path, cx).await;
    let index = text.index();
    let (value, span) = match item_at(&path, convert::place(&index, at), cx).await {
        Item::Link(link) => (of_link(&path, &link, cx).await, link.span()),
        Item::Heading(heading) => {
            let from = counted(backlinks(path.clone(), cx).await.len(), "document");
            let value = format!("`#{}`\n\nlinked from {from}", heading.anchor);
            (value, heading.written?)
        }
        Item::Prose => return None,
    };
    let contents = MarkupContent {
        kind: MarkupKind::Markdown,
        value,
    };
    Some(Hover {
        contents: HoverContents::Markup(contents),
        range: Some(convert::range(&index, span)),
    })
}

async fn of_link(path: &RelPath, link: &Link, cx: &QueryContext) -> String {
    let Some(place) = destination(path, link) else {
        return format!("{} — out of the folder", link.target);
    };
    if let Some(fault) = fault(link.kind, place.clone(), cx).await {
        return format!("**Broken**: {fault}");
    }
    if link.kind == LinkKind::Image {
        return match image_size(place.path.clone(), cx).await {
            Some((width, height)) => format!("`{}` — {width} × {height} pixels", place.path),
            None => format!("`{}`", place.path),
        };
    }
    let Some(to) = referent(path, link, cx).await else {
        return format!("`{}`", place.path);
    };
    if !to.path.is_markdown() {
        return format!("`{}`", to.path);
    }
    let name = format!("**{}** — `{}`", title(to.path.clone(), cx).await, to.path);
    let preview = preview(&to.path, to.anchor.as_deref(), cx).await;
    format!("{name}\n\n---\n\n{preview}")
}

/// The first lines of a section, or of a document.
async fn preview(path: &RelPath, anchor: Option<&str>, cx: &QueryContext) -> String {
    let text = Text::of(path, cx).await;
    let section = match anchor {
        Some(anchor) => anchor_span(path, anchor, cx).await,
        None => None,
    };
    let Some(section) = section else {
        return first_lines(without_front_matter(text.as_str()), LINES);
    };
    let (headings, _) = outline(path.clone(), cx).await;
    let next = headings
        .iter()
        .map(|heading| heading.at.line)
        .find(|&line| line > section.start.line);
    let until = next.map_or(usize::MAX, |next| (next - section.start.line) as usize);
    let start = text.index().line(section.start.line).start;
    first_lines(&text.as_str()[start..], until.min(LINES))
}

fn first_lines(text: &str, count: usize) -> String {
    let mut lines = text.trim_start().lines();
    let mut shown: Vec<_> = lines.by_ref().take(count).collect();
    // A listing that is cut would swallow what comes behind it.
    let fences = shown
        .iter()
        .filter(|line| line.trim_start().starts_with("```"))
        .count();
    if fences % 2 == 1 {
        shown.push("```");
    }
    if count == LINES && lines.next().is_some() {
        shown.extend(["", "…"]);
    }
    shown.join("\n").trim_end().to_owned()
}
