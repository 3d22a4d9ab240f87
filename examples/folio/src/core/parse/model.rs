//! What a parse of one document gives.
//!
//! The lists sit behind an `Arc` each, in the order of the document: a query that hands one of them on clones a
//! counter, and its value stays equal when only the rest of the document changed.

use std::sync::Arc;

use super::{FrontMatter, Position, Span};

/// A document, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// What is said at the top about the document; the error says what is wrong with it.
    pub front: Result<Arc<FrontMatter>, FrontFault>,
    /// Headings, of Markdown and of HTML.
    pub headings: Arc<[Heading]>,
    /// Anchors set by hand: `<a id="..">`, `<a name="..">`, any `id=".."`.
    pub ids: Arc<[Id]>,
    /// Links, images and includes with the target they name.
    pub links: Arc<[Link]>,
    /// Reference definitions, `[label]: target`.
    pub definitions: Arc<[Definition]>,
    /// Reference links without a definition.
    pub undefined: Arc<[Undefined]>,
}

/// Front matter that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrontFault {
    /// In words, on one line.
    pub reason: Arc<str>,
    /// Where the block starts.
    pub at: Position,
}

/// A heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its text without markup.
    pub text: String,
    /// The fragment that reaches it. Unique among headings, but for ids set by hand.
    pub anchor: String,
    /// The anchor before a number made it unique; `None` if the anchor is set by hand (`{#id}`).
    pub slug: Option<String>,
    /// Where it starts.
    pub at: Position,
    /// Where its text is written, without what marks it as a heading; `None` in HTML.
    pub written: Option<Span>,
}

impl Heading {
    /// Where its text is written; where it starts if nobody knows.
    pub fn text_span(&self) -> Span {
        self.written.unwrap_or(Span::at(self.at))
    }
}

/// An anchor set by hand in HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Id {
    /// The fragment that reaches it.
    pub id: String,
    /// Where its tag starts.
    pub at: Position,
    /// The anchor of the heading it belongs to: it stands in it or right before it, so both lead to one place.
    pub heading: Option<String>,
}

/// What kind of thing names a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkKind {
    /// A link to follow.
    Link,
    /// An image to show.
    Image,
    /// An mdBook directive that pastes a file.
    Include,
}

/// Something that names a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it is.
    pub kind: LinkKind,
    /// The target as written.
    pub target: Arc<str>,
    /// Where the link starts.
    pub at: Position,
    /// Where it ends.
    pub end: Position,
    /// Where the target is written: in the link, or in the definition it refers to.
    pub written: Option<Span>,
}

impl Link {
    /// Where it stands, with what is around its target.
    pub fn span(&self) -> Span {
        Span {
            start: self.at,
            end: self.end,
        }
    }
}

/// A reference definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// Its label as written.
    pub label: String,
    /// Where it starts.
    pub at: Position,
    /// Whether a link or an image of the document uses it.
    pub used: bool,
}

/// `[text][label]` or `[label][]` without a definition of `label`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undefined {
    /// The label as written.
    pub label: String,
    /// Where the link starts.
    pub at: Position,
}
