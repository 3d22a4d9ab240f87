//! Which page or file does a browser mean by a path?
//!
//! Every page has one address; other ways to write it lead there. What editors and books write (`page.md`,
//! `page.html`, a directory without its slash) is understood.

use std::sync::Arc;

use futures::future::join_all;
use salvia::{QueryContext, Revision, query};

use super::Place;
use crate::core::cost::note;
use crate::core::place::folder_address;
use crate::core::queries::{Located, address, documents_below, is_file, located};
use crate::core::workspace::RelPath;

use super::tag_address;

/// What a path means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// A page.
    Page(Place),
    /// Another address of something.
    Moved(Arc<str>),
    /// A file as it is.
    File(RelPath),
    /// Nothing.
    Nothing,
}

/// What `written` means: a path below the folder, decoded, without the slash it begins with.
#[query]
pub async fn route(written: Arc<str>, cx: &QueryContext) -> Route {
    note(cx, "route", &written);
    if *written == *tag_address() {
        return Route::Page(Place::Tags);
    }
    let Some(path) = RelPath::new(&written) else {
        return Route::Nothing;
    };
    if let Some(document) = document_at(&written, &path, cx).await {
        return Route::Page(Place::Document(document));
    }
    match located(path.clone(), cx).await {
        Located::Document(document) | Located::Folder(Some(document)) => {
            Route::Moved(address(document, cx).await)
        }
        Located::Folder(None) if *written == *folder_address(&path) => {
            Route::Page(Place::Folder(path))
        }
        Located::Folder(None) => Route::Moved(folder_address(&path)),
        Located::File => Route::File(path),
        Located::Nothing => Route::Nothing,
    }
}

/// The document whose address is exactly what is written.
async fn document_at(written: &str, path: &RelPath, cx: &QueryContext) -> Option<RelPath> {
    let beside = |ending: &str| {
        path.parent()
            .and_then(|up| up.join(&format!("{}{ending}", path.name())))
    };
    let candidates = match written.is_empty() || written.ends_with('/') {
        true => [path.join("README.md"), path.join("index.md")],
        false => [
            beside(".md"),
            path.parent().and_then(|up| up.join("index.md")),
        ],
    };
    for candidate in candidates.into_iter().flatten() {
        let is_there = matches!(located(candidate.clone(), cx).await, Located::Document(_));
        if is_there && *address(candidate.clone(), cx).await == *written {
            return Some(candidate);
        }
    }
    None
}

/// When a file that is no document was last known to change: a revision of the engine. `None` if there is none.
#[query]
pub async fn file_version(path: RelPath, cx: &QueryContext) -> Option<Revision> {
    note(cx, "file_version", &path);
    is_file(&path, cx).await.then(|| cx.revision())
}

/// The addresses most like `written`, best first: what may have been meant.
pub async fn near(written: &str, cx: &QueryContext) -> Vec<Arc<str>> {
    let documents = documents_below(RelPath::root(), cx).await;
    let addresses = join_all(documents.iter().map(|path| address(path.clone(), cx))).await;
    let name = |address: &str| {
        address
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or("")
            .to_lowercase()
    };
    let (asked, asked_name) = (written.to_lowercase(), name(written));
    let like = |address: &Arc<str>| {
        let whole = strsim::normalized_damerau_levenshtein(&address.to_lowercase(), &asked);
        let last = strsim::normalized_damerau_levenshtein(&name(address), &asked_name);
        whole.max(last)
    };
    let mut found: Vec<_> = addresses
        .into_iter()
        .map(|address| (like(&address), address))
        .collect();
    found.retain(|(like, _)| *like > 0.6);
    found.sort_by(|(a, x), (b, y)| b.total_cmp(a).then_with(|| x.cmp(y)));
    found.truncate(8);
    found.into_iter().map(|(_, address)| address).collect()
}
