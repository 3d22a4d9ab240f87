//! What is in a directory and those in it?

use std::sync::Arc;

use futures::future::{join, join_all};
use salvia::{QueryContext, query};

use crate::core::cost::note;
use crate::core::workspace::{Entries, Files, Folder, RelPath};

/// The documents in a directory and below it.
#[query]
pub async fn documents_below(path: RelPath, cx: &QueryContext) -> Arc<[RelPath]> {
    note(cx, "documents_below", &path);
    let entries = Folder(path).get::<Entries>(cx).await;
    let below = join_all(
        entries
            .folders
            .iter()
            .map(|folder| documents_below(folder.clone(), cx)),
    );
    let below = below.await;
    let below = below.iter().flat_map(|documents| documents.iter());
    entries.documents.iter().chain(below).cloned().collect()
}

/// The other files in a directory and below it.
#[query]
pub async fn files_below(path: RelPath, cx: &QueryContext) -> Arc<[RelPath]> {
    note(cx, "files_below", &path);
    let entries = Folder(path.clone()).get::<Entries>(cx).await;
    let below = join_all(
        entries
            .folders
            .iter()
            .map(|folder| files_below(folder.clone(), cx)),
    );
    let (files, below) = join(Folder(path).get::<Files>(cx), below).await;
    let below = below.iter().flat_map(|files| files.iter());
    files.iter().chain(below).cloned().collect()
}

/// The directories in a directory and below it, itself first.
#[query]
pub async fn folders_below(path: RelPath, cx: &QueryContext) -> Arc<[RelPath]> {
    note(cx, "folders_below", &path);
    let entries = Folder(path.clone()).get::<Entries>(cx).await;
    let below = join_all(
        entries
            .folders
            .iter()
            .map(|folder| folders_below(folder.clone(), cx)),
    );
    let below = below.await;
    let below = below.iter().flat_map(|folders| folders.iter());
    std::iter::once(&path).chain(below).cloned().collect()
}
