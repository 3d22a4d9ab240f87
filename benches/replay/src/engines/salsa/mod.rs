//! The same questions on salsa: folio's plain functions below tracked ones. See `inputs` and `queries`.
//!
//! In its fast idiom: ids of inputs for documents, values by reference, handles cloned for each request, which runs on a
//! thread for blocking work. What nobody types in is of high durability, so that an edit lets most of the folder alone. A
//! write cancels the requests that are at work; they are asked again, as language servers do.

mod inputs;
mod queries;

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use ::salsa::{Cancelled, Durability, Setter};
use folio::core::workspace::RelPath;
use tokio::task::spawn_blocking;

use self::inputs::{Db, File, Listing, Tree};
use self::queries::{complete, headings, hover, problems, report};
use crate::ask::{Answer, Engine, Question, Reader};
use crate::session::Session;
use crate::world::World;

/// The folder as inputs of salsa.
pub(crate) struct Salsa {
    /// Somewhere else while it is written to.
    db: Option<Db>,
    file: File,
}

/// One request.
pub(crate) struct Request {
    db: Db,
    file: File,
}

impl Engine for Salsa {
    type Reader = Request;

    async fn open(world: &World, session: &Session) -> anyhow::Result<Self> {
        let db = Db::default();
        let files = world.documents.iter().map(|(path, text)| {
            let durability = match *path == session.path {
                true => Durability::LOW,
                false => Durability::HIGH,
            };
            let file = File::builder(path.clone(), text.clone())
                .path_durability(Durability::HIGH)
                .text_durability(durability)
                .new(&db);
            (path.clone(), file)
        });
        let files: HashMap<RelPath, File> = files.collect();
        let file = files[&session.path];
        let tree = Arc::new(Tree::new(files));
        let _: Listing = Listing::builder(tree.clone())
            .tree_durability(Durability::HIGH)
            .new(&db);
        check_at_once(&db, &tree).await?;
        Ok(Salsa { db: Some(db), file })
    }

    async fn edit(&mut self, text: Arc<str>) {
        let mut db = self.db.take().expect("it is put back");
        let file = self.file;
        let written = spawn_blocking(move || {
            file.set_text(&mut db)
                .with_durability(Durability::LOW)
                .to(text);
            db
        });
        self.db = Some(written.await.expect("a write does not fail"));
    }

    fn reader(&self) -> Request {
        Request {
            db: self.db.clone().expect("it is put back"),
            file: self.file,
        }
    }
}

impl Reader for Request {
    async fn ask(self, question: Question) -> Option<Answer> {
        let work = move || {
            let Request { db, file } = self;
            let answer = AssertUnwindSafe(|| match question {
                Question::Problems => Answer::Problems(report(&db, Listing::get(&db)).clone()),
                Question::Hover(number) => Answer::Text(hover(&db, file, number)),
                Question::Completion(number) => Answer::Text(complete(&db, file, number)),
                Question::Headings => Answer::Text(headings(&db)),
            });
            Cancelled::catch(answer).ok()
        };
        spawn_blocking(work).await.expect("no query panics")
    }
}

/// Has the documents checked on all processors, as the other engine does by itself.
async fn check_at_once(db: &Db, tree: &Tree) -> anyhow::Result<()> {
    let threads = std::thread::available_parallelism()?.get();
    let files: Vec<File> = tree.files.values().copied().collect();
    let parts = files.chunks(files.len().div_ceil(threads)).map(|files| {
        let (db, files) = (db.clone(), files.to_vec());
        spawn_blocking(move || {
            for file in files {
                problems(&db, file);
            }
        })
    });
    for part in parts.collect::<Vec<_>>() {
        part.await?;
    }
    Ok(())
}
