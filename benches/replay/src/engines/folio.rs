//! folio's core as its language server uses it: a writer sets the buffer, a request reads a snapshot.

use std::fmt::Write as _;
use std::sync::Arc;

use folio::core::parse::Link;
use folio::core::progress::Progress;
use folio::core::queries::{
    contents, documents_below, fault, landing, links, outline, report, title,
};
use folio::core::resolve::{Destination, Target, resolve_link};
use folio::core::workspace::{Content, Document, Entries, Folder, Mirror, RelPath, Workspace};
use salvia::{QueryContext, Snapshot};

use crate::ask::{Answer, Engine, Question, Reader, WORD, pick, preview};
use crate::session::Session;
use crate::world::World;

/// The folder as inputs of salvia.
pub(crate) struct Folio {
    mirror: Mirror,
    path: RelPath,
}

/// One request.
pub(crate) struct Request {
    snapshot: Snapshot,
    path: RelPath,
}

impl Request {
    pub(super) fn new(mirror: &Mirror, path: &RelPath) -> Self {
        Request {
            snapshot: mirror.snapshot(),
            path: path.clone(),
        }
    }
}

impl Engine for Folio {
    type Reader = Request;

    async fn open(world: &World, session: &Session) -> anyhow::Result<Self> {
        let mut workspace = Workspace::new(world.root()?, Progress::none());
        workspace.load().await?;
        let (_, mirror) = workspace.into_parts();
        Ok(Folio {
            mirror,
            path: session.path.clone(),
        })
    }

    async fn edit(&mut self, text: Arc<str>) {
        self.mirror.open(self.path.clone(), text).await;
    }

    fn reader(&self) -> Request {
        Request::new(&self.mirror, &self.path)
    }
}

impl Reader for Request {
    async fn ask(self, question: Question) -> Option<Answer> {
        let path = self.path;
        let answer = self.snapshot.query(async move |cx| match question {
            Question::Problems => Answer::Problems(report(&cx).await),
            Question::Hover(number) => Answer::Text(hover(path, number, &cx).await),
            Question::Completion(number) => Answer::Text(complete(path, number, &cx).await),
            Question::Headings => Answer::Text(headings(&cx).await),
        });
        Some(answer.await)
    }
}

/// A link of the document, and the place in the folder it names.
async fn linked(path: &RelPath, number: usize, cx: &QueryContext) -> Option<(Link, Destination)> {
    let links = links(path.clone(), cx).await.ok()?;
    let link = pick(&links, number)?;
    match resolve_link(path, link) {
        Target::Inside(place) => Some((link.clone(), place)),
        _ => None,
    }
}

async fn hover(path: RelPath, number: usize, cx: &QueryContext) -> String {
    let Some((link, place)) = linked(&path, number, cx).await else {
        return String::new();
    };
    if let Some(fault) = fault(link.kind, place.clone(), cx).await {
        return fault.to_string();
    }
    let landing = landing(place.path, cx).await;
    let Content::Text(text) = Document(landing.clone()).get(cx).await else {
        return landing.to_string();
    };
    let (headings, _) = outline(landing.clone(), cx).await;
    let title = title(landing, cx).await;
    preview(&title, &text, &headings, place.fragment.as_deref())
}

async fn complete(path: RelPath, number: usize, cx: &QueryContext) -> String {
    let Some((_, place)) = linked(&path, number, cx).await else {
        return String::new();
    };
    let mut items = String::new();
    let folder = place.path.parent().unwrap_or_else(RelPath::root);
    for document in Folder(folder).get::<Entries>(cx).await.documents.iter() {
        let title = title(document.clone(), cx).await;
        let _ = writeln!(items, "{document} {title}");
    }
    for (level, text, anchor) in contents(landing(place.path, cx).await, cx).await.iter() {
        let _ = writeln!(items, "{level} {text} {anchor}");
    }
    items
}

async fn headings(cx: &QueryContext) -> String {
    let mut found = String::new();
    for document in documents_below(RelPath::root(), cx).await.iter() {
        for (_, text, anchor) in contents(document.clone(), cx).await.iter() {
            if text.contains(WORD) {
                let _ = writeln!(found, "{document} {anchor}");
            }
        }
    }
    found
}
