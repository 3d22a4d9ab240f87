//! A bucket of the search as the file a browser fetches.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::future::join_all;
use salvia::{QueryContext, Revision, query};
use serde::Serialize;

use crate::core::cost::note;
use crate::core::place::{Medium, encode, page_file};
use crate::core::queries::{address, search_bucket, title};
use crate::core::workspace::RelPath;

/// The file. Documents are named by their number in the list; a word has numbers and weights in turn.
#[derive(Serialize)]
struct Shard<'s> {
    documents: Vec<(String, Arc<str>)>,
    words: BTreeMap<&'s str, Vec<u32>>,
}

/// The words of a bucket and where they occur, as JSON.
#[query(spawn)]
pub async fn search_shard(bucket: u16, medium: Medium, cx: &QueryContext) -> Arc<str> {
    note(cx, "search_shard", (bucket, medium));
    let found = search_bucket(bucket, cx).await;
    let mut numbers: BTreeMap<&RelPath, u32> = BTreeMap::new();
    for (path, _) in found.values().flatten() {
        numbers.insert(path, 0);
    }
    for (number, known) in (0..).zip(numbers.values_mut()) {
        *known = number;
    }
    let documents = numbers.keys().map(|path| async move {
        let address = address((*path).clone(), cx).await;
        let link = match medium {
            Medium::Served => encode(&address),
            Medium::Published => encode(&page_file(&address)),
        };
        (link, title((*path).clone(), cx).await)
    });
    let documents = join_all(documents).await;
    let postings = |postings: &Vec<(RelPath, u16)>| {
        let pairs = postings
            .iter()
            .map(|(path, weight)| [numbers[path], u32::from(*weight)]);
        pairs.flatten().collect()
    };
    let words = found
        .iter()
        .map(|(word, found)| (word.as_ref(), postings(found)))
        .collect();
    serde_json::to_string(&Shard { documents, words })
        .unwrap_or_default()
        .into()
}

/// When that file last became another one, for a browser of the server.
#[query]
pub async fn search_version(bucket: u16, cx: &QueryContext) -> Revision {
    note(cx, "search_version", bucket);
    search_shard(bucket, Medium::Served, cx).await;
    cx.revision()
}
