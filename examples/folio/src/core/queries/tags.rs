//! Which documents are about what, by their own word?

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::future::join_all;
use salvia::{QueryContext, query};

use super::{front, shard_documents, shards};
use crate::core::cost::note;
use crate::core::workspace::RelPath;

/// Documents by tag, both in order.
pub type Tags = BTreeMap<Arc<str>, Vec<RelPath>>;

/// The tags of one document, in its order.
#[query]
pub async fn tags_of(path: RelPath, cx: &QueryContext) -> Arc<[Arc<str>]> {
    note(cx, "tags_of", &path);
    let front = front(path, cx).await;
    front
        .map(|front| front.tags.as_slice().into())
        .unwrap_or_default()
}

/// All tags.
#[query]
pub async fn tags(cx: &QueryContext) -> Arc<Tags> {
    note(cx, "tags", ());
    let mut all = Tags::new();
    let shards = shards(cx).await;
    for shard in join_all(shards.iter().map(|&shard| tag_shard(shard, cx))).await {
        for (tag, documents) in shard.iter() {
            all.entry(tag.clone())
                .or_default()
                .extend_from_slice(documents);
        }
    }
    for documents in all.values_mut() {
        documents.sort();
    }
    Arc::new(all)
}

#[query]
async fn tag_shard(shard: u16, cx: &QueryContext) -> Arc<Tags> {
    note(cx, "tag_shard", shard);
    let documents = shard_documents(shard, cx).await;
    let tags = join_all(documents.iter().map(|path| tags_of(path.clone(), cx))).await;
    let mut all = Tags::new();
    for (path, tags) in documents.iter().zip(&tags) {
        for tag in tags.iter() {
            let documents = all.entry(tag.clone()).or_default();
            if documents.last() != Some(path) {
                documents.push(path.clone());
            }
        }
    }
    Arc::new(all)
}
