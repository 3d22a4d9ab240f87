//! What is asked while somebody types, and what an engine is to have for that.

use std::fmt::Write as _;
use std::future::Future;
use std::sync::Arc;

use folio::core::parse::{Heading, Link};
use folio::core::problem::Problem;

use crate::session::Session;
use crate::world::World;

/// A question about the folder, or about the link of this number in the document that is typed in.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Question {
    /// All problems of the folder.
    Problems,
    /// What the link leads to.
    Hover(usize),
    /// What could stand in its place.
    Completion(usize),
    /// The headings of all documents that have a word in them: long enough to be at work when an edit comes.
    Headings,
}

/// What is looked for in headings. Somebody types it there now and then.
pub(crate) const WORD: &str = "anew";

/// The answer to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    Problems(Arc<[Problem]>),
    Text(String),
}

/// A way to keep answers up to date.
pub(crate) trait Engine: Sized + Send + 'static {
    type Reader: Reader;

    /// Knows the folder, and has been asked nothing.
    fn open(world: &World, session: &Session) -> impl Future<Output = anyhow::Result<Self>>;

    /// Gives the document another text. Who asks from then on is answered by it.
    fn edit(&mut self, text: Arc<str>) -> impl Future<Output = ()> + Send;

    /// Somebody who asks at this moment.
    fn reader(&self) -> Self::Reader;
}

/// Somebody who asks about the text of a moment.
pub(crate) trait Reader: Send + 'static {
    /// The answer; `None` if an edit came in between and it has to be asked again.
    fn ask(self, question: Question) -> impl Future<Output = Option<Answer>> + Send;
}

/// One of the links of a document.
pub(crate) fn pick(links: &[Link], number: usize) -> Option<&Link> {
    links.get(number % links.len().max(1))
}

/// What is shown of a section, or of a document's beginning.
pub(crate) fn preview(
    title: &str,
    text: &str,
    headings: &[Heading],
    fragment: Option<&str>,
) -> String {
    let heading = headings
        .iter()
        .find(|heading| Some(heading.anchor.as_str()) == fragment);
    let first = heading.map_or(0, |heading| heading.at.line as usize - 1);
    let mut shown = title.to_owned();
    for line in text.lines().skip(first).take(12) {
        let _ = write!(shown, "\n{line}");
    }
    shown
}
