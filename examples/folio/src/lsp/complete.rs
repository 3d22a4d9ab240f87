//! What can be written next: paths, level by level, and anchors.

use async_lsp::lsp_types::{
    CompletionItem, CompletionItemKind, CompletionTextEdit, Position as LspPosition, Range,
    TextEdit,
};
use salvia::QueryContext;

use super::convert::{self, Text};
use crate::core::place::encode;
use crate::core::queries::{all_anchors, contents, landing, title};
use crate::core::resolve::{Target, resolve};
use crate::core::workspace::{Entries, Files, Folder, RelPath};

/// What fits at the cursor: nothing outside of a target.
pub(super) async fn complete(
    path: RelPath,
    at: LspPosition,
    cx: &QueryContext,
) -> Vec<CompletionItem> {
    let text = Text::of(&path, cx).await;
    let index = text.index();
    let end = convert::offset(&index, at);
    let line = index.line(at.line + 1);
    let Some(written) = written(&text.as_str()[line.start..end]) else {
        return Vec::new();
    };
    let behind = |part: &str| Range {
        start: convert::position(&index, index.position(end - part.len())),
        end: at,
    };
    match written.split_once('#') {
        Some((target, fragment)) => anchors(&path, target, behind(fragment), cx).await,
        None => {
            let (folder, name) = written.rsplit_once('/').map_or(("", written), |(_, name)| {
                (&written[..written.len() - name.len()], name)
            });
            paths(&path, folder, behind(name), cx).await
        }
    }
}

/// The target that is being written at the end of `before`, if one is.
fn written(before: &str) -> Option<&str> {
    let openings = [
        "](",
        "]: ",
        "{{#include ",
        "{{#rustdoc_include ",
        "src=\"",
        "href=\"",
    ];
    let start = openings
        .iter()
        .filter_map(|open| Some(before.rfind(open)? + open.len()))
        .max()?;
    let written = &before[start..];
    (!written.contains([')', ' ', '"', '}', '<'])).then_some(written)
}

async fn anchors(
    path: &RelPath,
    target: &str,
    range: Range,
    cx: &QueryContext,
) -> Vec<CompletionItem> {
    let Target::Inside(place) = resolve(path, if target.is_empty() { "#" } else { target }) else {
        return Vec::new();
    };
    let document = landing(place.path, cx).await;
    let headings = contents(document.clone(), cx).await;
    let all = all_anchors(document, cx).await.unwrap_or_default();
    let detail = |anchor: &str| headings.iter().find(|(_, _, known)| **known == *anchor);
    let item = |anchor: &std::sync::Arc<str>| CompletionItem {
        detail: detail(anchor)
            .map(|(level, text, _)| format!("{} {text}", "#".repeat((*level).into()))),
        ..item(anchor, anchor, CompletionItemKind::REFERENCE, range)
    };
    all.iter().map(item).collect()
}

async fn paths(
    path: &RelPath,
    folder: &str,
    range: Range,
    cx: &QueryContext,
) -> Vec<CompletionItem> {
    let Target::Inside(place) = resolve(path, if folder.is_empty() { "." } else { folder }) else {
        return Vec::new();
    };
    let host = Folder(place.path.clone());
    let entries = host.clone().get::<Entries>(cx).await;
    let files = host.get::<Files>(cx).await;
    let mut items = Vec::new();
    for document in entries
        .documents
        .iter()
        .filter(|document| *document != path)
    {
        items.push(CompletionItem {
            detail: Some(title(document.clone(), cx).await.to_string()),
            ..item(
                document.name(),
                &encode(document.name()),
                CompletionItemKind::FILE,
                range,
            )
        });
    }
    for file in files.iter() {
        items.push(item(
            file.name(),
            &encode(file.name()),
            CompletionItemKind::FILE,
            range,
        ));
    }
    for folder in entries.folders.iter() {
        let name = format!("{}/", encode(folder.name()));
        items.push(item(
            &format!("{}/", folder.name()),
            &name,
            CompletionItemKind::FOLDER,
            range,
        ));
    }
    if place.path != RelPath::root() {
        items.push(item("../", "../", CompletionItemKind::FOLDER, range));
    }
    items
}

fn item(label: &str, written: &str, kind: CompletionItemKind, range: Range) -> CompletionItem {
    CompletionItem {
        label: label.to_owned(),
        kind: Some(kind),
        filter_text: Some(written.to_owned()),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit {
            range,
            new_text: written.to_owned(),
        })),
        ..CompletionItem::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_what_stands_behind_an_opening() {
        let table = [
            ("see [a](do", Some("do")),
            ("[a](x) and [b](y/z#q", Some("y/z#q")),
            ("[a](x) and", None),
            ("[a]: x", Some("x")),
            ("{{#include su", Some("su")),
            ("<img src=\"i", Some("i")),
            ("prose", None),
        ];
        for (before, expected) in table {
            assert_eq!(written(before), expected, "{before}");
        }
    }
}
