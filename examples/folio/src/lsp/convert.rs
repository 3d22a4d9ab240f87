//! Places and paths as the protocol writes them: lines from 0, columns in units of UTF-16, files as URLs.

use std::path::Path;
use std::sync::Arc;

use async_lsp::lsp_types::{Location, Position as LspPosition, Range, Url};
use salvia::QueryContext;

use crate::core::parse::{LineIndex, Position, Span};
use crate::core::queries::{Root, file_text};
use crate::core::workspace::RelPath;

/// The text of a document with its lines.
pub(super) struct Text(Arc<str>);

impl Text {
    /// The text of `path`; empty if it has none.
    pub(super) async fn of(path: &RelPath, cx: &QueryContext) -> Self {
        Text(file_text(path.clone(), cx).await.unwrap_or_default())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn index(&self) -> LineIndex<'_> {
        LineIndex::new(&self.0)
    }
}

pub(super) fn position(index: &LineIndex<'_>, at: Position) -> LspPosition {
    let line = index.line(at.line);
    let before = &index.text()[line.start..index.offset(at).clamp(line.start, line.end)];
    LspPosition {
        line: at.line.saturating_sub(1),
        character: before.chars().map(|c| c.len_utf16() as u32).sum(),
    }
}

pub(super) fn range(index: &LineIndex<'_>, span: Span) -> Range {
    Range {
        start: position(index, span.start),
        end: position(index, span.end),
    }
}

/// The byte a place of the protocol means; the end of the line or of the text if there is no such place.
pub(super) fn offset(index: &LineIndex<'_>, at: LspPosition) -> usize {
    let line = index.line(at.line.saturating_add(1));
    let mut units = 0;
    for (found, c) in index.text()[line.clone()].char_indices() {
        if units >= at.character {
            return line.start + found;
        }
        units += c.len_utf16() as u32;
    }
    line.end
}

pub(super) fn place(index: &LineIndex<'_>, at: LspPosition) -> Position {
    index.position(offset(index, at))
}

/// The URL of a file; `None` if the folder is no absolute path.
pub(super) fn url(path: &RelPath, cx: &QueryContext) -> Option<Url> {
    Url::from_file_path(path.to_disk(&cx.resource::<Root>().0)).ok()
}

/// The path of a URL in the folder. The editor may name the folder by another way than we do.
pub(super) fn path(root: &Path, url: &Url) -> Option<RelPath> {
    let file = url.to_file_path().ok()?;
    RelPath::from_disk(root, &file).or_else(|| {
        let folder = file.parent()?.canonicalize().ok()?;
        RelPath::from_disk(root, &folder.join(file.file_name()?))
    })
}

pub(super) async fn location(path: &RelPath, span: Span, cx: &QueryContext) -> Option<Location> {
    let text = Text::of(path, cx).await;
    Some(Location {
        uri: url(path, cx)?,
        range: range(&text.index(), span),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_units_of_utf_16() {
        let text = "a\n🚀ü x\n";
        let index = LineIndex::new(text);
        let table = [
            ((1, 1), (0, 0)),
            ((2, 1), (1, 0)),
            ((2, 2), (1, 2)),
            ((2, 3), (1, 3)),
            ((2, 5), (1, 5)),
        ];
        for ((line, column), (lsp_line, character)) in table {
            let at = Position { line, column };
            let lsp = LspPosition {
                line: lsp_line,
                character,
            };
            assert_eq!(position(&index, at), lsp);
            assert_eq!(place(&index, lsp), at);
        }
        let far = LspPosition {
            line: 9,
            character: 9,
        };
        assert_eq!(offset(&index, far), text.len());
    }
}
