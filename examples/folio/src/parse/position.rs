//! Where in a text is a byte?
//!
//! Lines and columns count from 1; a column counts characters, not bytes. `\r\n` ends a line as `\n` does.

/// A place in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

impl Position {
    /// The first character: where a complaint about a whole file goes.
    pub const START: Position = Position { line: 1, column: 1 };
}

/// The starts of a text's lines.
#[derive(Debug)]
pub struct LineIndex<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> LineIndex<'t> {
    /// Finds the lines of `text`.
    pub fn new(text: &'t str) -> Self {
        let after_breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        LineIndex {
            text,
            starts: std::iter::once(0).chain(after_breaks).collect(),
        }
    }

    /// The place of the byte `offset`; an offset inside a character means that character.
    pub fn position(&self, offset: usize) -> Position {
        let line = self.starts.partition_point(|&start| start <= offset);
        // The first start is 0, so at least one start is not behind the offset.
        let start = self.starts[line - 1];
        let before = self.text[start..]
            .char_indices()
            .take_while(|(at, c)| start + at + c.len_utf8() <= offset);
        Position {
            line: as_u32(line),
            column: as_u32(before.count() + 1),
        }
    }
}

/// A document of four billion lines is not read anyway.
fn as_u32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_characters_and_count_from_one() {
        let text = "ab\nüxy\r\n\nlast";
        let index = LineIndex::new(text);
        let table = [
            (0, 1, 1),
            (1, 1, 2),
            (2, 1, 3),
            (3, 2, 1),
            (4, 2, 1), // inside `ü`
            (5, 2, 2),
            (6, 2, 3),
            (9, 3, 1),
            (10, 4, 1),
            (13, 4, 4),
            (14, 4, 5),
        ];
        for (offset, line, column) in table {
            assert_eq!(
                index.position(offset),
                Position { line, column },
                "offset {offset}"
            );
        }
    }
}
