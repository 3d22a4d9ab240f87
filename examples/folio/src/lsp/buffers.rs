//! What the editor holds of open documents.

use std::collections::HashMap;
use std::sync::Arc;

use async_lsp::lsp_types::TextDocumentContentChangeEvent;

use super::convert::offset;
use crate::core::parse::LineIndex;
use crate::core::workspace::RelPath;

/// The texts of open documents.
#[derive(Debug, Default)]
pub(super) struct Buffers(HashMap<RelPath, String>);

impl Buffers {
    pub(super) fn open(&mut self, path: RelPath, text: String) -> Arc<str> {
        let shown = text.as_str().into();
        self.0.insert(path, text);
        shown
    }

    /// The text after some changes, each of which is of the text the one before has left.
    pub(super) fn change(
        &mut self,
        path: &RelPath,
        changes: Vec<TextDocumentContentChangeEvent>,
    ) -> Option<Arc<str>> {
        let text = self.0.get_mut(path)?;
        for change in changes {
            apply(text, change);
        }
        Some(text.as_str().into())
    }

    pub(super) fn close(&mut self, path: &RelPath) {
        self.0.remove(path);
    }
}

fn apply(text: &mut String, change: TextDocumentContentChangeEvent) {
    let Some(range) = change.range else {
        return *text = change.text;
    };
    let index = LineIndex::new(text);
    let start = offset(&index, range.start);
    let end = offset(&index, range.end).max(start);
    text.replace_range(start..end, &change.text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_lsp::lsp_types::{Position, Range};

    #[test]
    fn changes_build_on_each_other() {
        let path = RelPath::new("a.md").unwrap();
        let mut buffers = Buffers::default();
        buffers.open(path.clone(), "one\n🚀 two\n".to_owned());
        let change = |line, from, to, text: &str| TextDocumentContentChangeEvent {
            range: Some(Range {
                start: Position {
                    line,
                    character: from,
                },
                end: Position {
                    line,
                    character: to,
                },
            }),
            range_length: None,
            text: text.to_owned(),
        };
        let changes = vec![
            change(1, 3, 6, "2"),
            change(0, 0, 3, "1\n1"),
            change(9, 0, 0, "end"),
        ];
        let text = buffers.change(&path, changes);
        assert_eq!(text.as_deref(), Some("1\n1\n🚀 2\nend"));
        buffers.close(&path);
        assert_eq!(buffers.change(&path, Vec::new()), None);
    }
}
