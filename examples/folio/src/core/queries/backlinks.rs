//! The graph of links: what does a document link to, and who links to it?

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::future::join_all;
use salvia::{QueryContext, query};

use super::{SHARDS, landing, links, shard_documents, shard_of, shards};
use crate::core::cost::note;
use crate::core::resolve::{Target, resolve_link};
use crate::core::workspace::RelPath;

/// Who links to a place, and how often.
pub type Backlinks = Arc<[(RelPath, u32)]>;

/// The backlinks of some places.
type Incoming = BTreeMap<RelPath, Vec<(RelPath, u32)>>;

/// What a document links to, shows and pastes, there or not, and how often. Without places.
#[query]
pub async fn outgoing(path: RelPath, cx: &QueryContext) -> Arc<BTreeMap<RelPath, u32>> {
    note(cx, "outgoing", &path);
    let mut targets = BTreeMap::new();
    // What cannot be read links to nothing.
    let Ok(links) = links(path.clone(), cx).await else {
        return Arc::default();
    };
    for link in links.iter() {
        if let Target::Inside(place) = resolve_link(&path, link) {
            *targets.entry(landing(place.path, cx).await).or_default() += 1;
        }
    }
    Arc::new(targets)
}

/// Who links to `path`: a document, a file, a directory, or what is not there. The document itself does not count.
#[query]
pub async fn backlinks(path: RelPath, cx: &QueryContext) -> Backlinks {
    note(cx, "backlinks", &path);
    let bucket = link_bucket(shard_of(path.as_str()), cx).await;
    bucket.get(&path).cloned().unwrap_or_default()
}

/// What the documents of a shard link to, by bucket.
#[query(spawn)]
async fn link_shard(shard: u16, cx: &QueryContext) -> Arc<[Arc<Incoming>]> {
    note(cx, "link_shard", shard);
    let documents = shard_documents(shard, cx).await;
    let targets = documents.iter().map(|path| outgoing(path.clone(), cx));
    let targets = join_all(targets).await;
    let mut buckets = vec![Incoming::new(); usize::from(SHARDS)];
    for (from, targets) in documents.iter().zip(&targets) {
        for (to, count) in targets.iter().filter(|(to, _)| *to != from) {
            let bucket = &mut buckets[usize::from(shard_of(to.as_str()))];
            bucket
                .entry(to.clone())
                .or_default()
                .push((from.clone(), *count));
        }
    }
    buckets.into_iter().map(Arc::new).collect()
}

#[query]
async fn link_part(shard: u16, bucket: u16, cx: &QueryContext) -> Arc<Incoming> {
    note(cx, "link_part", (shard, bucket));
    link_shard(shard, cx).await[usize::from(bucket)].clone()
}

#[query]
async fn link_bucket(bucket: u16, cx: &QueryContext) -> Arc<BTreeMap<RelPath, Backlinks>> {
    note(cx, "link_bucket", bucket);
    let shards = shards(cx).await;
    let parts = join_all(shards.iter().map(|&shard| link_part(shard, bucket, cx))).await;
    let mut all = Incoming::new();
    for part in &parts {
        for (to, from) in part.iter() {
            all.entry(to.clone()).or_default().extend_from_slice(from);
        }
    }
    let ordered = |(to, mut from): (RelPath, Vec<_>)| {
        from.sort();
        (to, from.into())
    };
    Arc::new(all.into_iter().map(ordered).collect())
}
