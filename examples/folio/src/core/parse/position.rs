//! Where in a text is a byte?
//!
//! Lines and columns count from 1; a column counts characters, not bytes. `\r\n` ends a line as `\n` does.

use std::ops::Range;

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

/// From one place up to another, which is not in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first character.
    pub start: Position,
    /// The character behind the last.
    pub end: Position,
}

impl Span {
    /// A place without anything in it.
    pub fn at(place: Position) -> Self {
        Span {
            start: place,
            end: place,
        }
    }

    /// Whether `at` is in it, or right behind it: where a cursor can stand.
    pub fn touches(&self, at: Position) -> bool {
        self.start <= at && at <= self.end
    }
}

/// Characters are counted from marks this far apart, so a line of a megabyte costs no more than a short one.
const MARK: usize = 256;

/// The starts of a text's lines.
#[derive(Debug)]
pub struct LineIndex<'t> {
    text: &'t str,
    starts: Vec<usize>,
    /// How many characters begin before each mark.
    marks: Vec<usize>,
}

impl<'t> LineIndex<'t> {
    /// Finds the lines of `text`.
    pub fn new(text: &'t str) -> Self {
        let after_breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        let mut marks = vec![0];
        let mut count = 0;
        for block in text.as_bytes().chunks(MARK) {
            count += characters(block);
            marks.push(count);
        }
        LineIndex {
            text,
            starts: std::iter::once(0).chain(after_breaks).collect(),
            marks,
        }
    }

    /// The text itself.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The place of the byte `offset`; an offset inside a character means that character.
    pub fn position(&self, offset: usize) -> Position {
        let offset = self.text.floor_char_boundary(offset);
        let line = self.starts.partition_point(|&start| start <= offset);
        // The first start is 0, so at least one start is not behind the offset.
        let start = self.starts[line - 1];
        Position {
            line: as_u32(line),
            column: as_u32(self.before(offset) - self.before(start) + 1),
        }
    }

    /// The places of both ends.
    pub fn span(&self, range: &Range<usize>) -> Span {
        Span {
            start: self.position(range.start),
            end: self.position(range.end),
        }
    }

    /// The byte at a place; the end of the line or of the text if there is no such place.
    pub fn offset(&self, at: Position) -> usize {
        let line = self.line(at.line);
        let mut characters = self.text[line.clone()].char_indices();
        let column = at.column.saturating_sub(1) as usize;
        characters
            .nth(column)
            .map_or(line.end, |(found, _)| line.start + found)
    }

    /// The bytes of a line, counted from 1, without its end.
    pub fn line(&self, number: u32) -> Range<usize> {
        let number = number.max(1) as usize;
        let Some(&start) = self.starts.get(number - 1) else {
            return self.text.len()..self.text.len();
        };
        let end = self.starts.get(number).copied();
        let line = &self.text[start..end.unwrap_or(self.text.len())];
        start..start + line.trim_end_matches(['\n', '\r']).len()
    }

    /// How many characters begin before `offset`.
    fn before(&self, offset: usize) -> usize {
        let block = offset / MARK;
        self.marks[block] + characters(&self.text.as_bytes()[block * MARK..offset])
    }
}

/// How many characters begin in these bytes of a text.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count()
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

    #[test]
    fn places_go_there_and_back_however_long_the_line() {
        let text = format!("x\n{}\r\nend", "aüb".repeat(500));
        let index = LineIndex::new(&text);
        let in_lines = text
            .char_indices()
            .filter(|(_, c)| !matches!(c, '\r' | '\n'));
        for (offset, _) in in_lines {
            assert_eq!(index.offset(index.position(offset)), offset);
        }
        let far = Position {
            line: 2,
            column: 9_999,
        };
        assert_eq!(text[index.offset(far)..].len(), "\r\nend".len());
        assert_eq!(index.offset(Position { line: 9, column: 1 }), text.len());
    }
}
