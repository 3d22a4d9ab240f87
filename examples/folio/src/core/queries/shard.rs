//! All documents, in shards: how does one edit not concern everything that is about everything?
//!
//! What is gathered from all documents and asked for by something else (who links here, where does a word occur) goes
//! through an exchange. A shard of documents splits what they say into buckets by what it is about; a part is one
//! bucket of one shard; a bucket puts its parts of all shards together. An edit runs its shard and the parts of it,
//! and of the buckets those of which a part is another one now.

use std::sync::Arc;

use salvia::{QueryContext, query};

use super::documents_below;
use crate::core::cost::note;
use crate::core::workspace::RelPath;

/// How many shards and how many buckets there are. The files of a search index are named by it.
pub const SHARDS: u16 = 64;

/// The shard or the bucket of a text: FNV-1a, the same on every machine and in every release.
pub fn shard_of(text: &str) -> u16 {
    let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325, mix);
    // The low bits of the product are the weak ones.
    u16::try_from((hash >> 32) % u64::from(SHARDS)).unwrap_or_default()
}

/// Numbers of the shards in which there is a document.
#[query]
pub async fn shards(cx: &QueryContext) -> Arc<[u16]> {
    note(cx, "shards", ());
    let all = sharding(cx).await;
    let used = (0..SHARDS)
        .zip(all.iter())
        .filter(|(_, documents)| !documents.is_empty());
    used.map(|(shard, _)| shard).collect()
}

/// The documents of each shard.
#[query]
async fn sharding(cx: &QueryContext) -> Arc<[Arc<[RelPath]>]> {
    note(cx, "sharding", ());
    let mut shards = vec![Vec::new(); usize::from(SHARDS)];
    for document in documents_below(RelPath::root(), cx).await.iter() {
        shards[usize::from(shard_of(document.as_str()))].push(document.clone());
    }
    shards.into_iter().map(Arc::from).collect()
}

/// The documents of one shard, in order.
#[query]
pub async fn shard_documents(shard: u16, cx: &QueryContext) -> Arc<[RelPath]> {
    note(cx, "shard_documents", shard);
    sharding(cx).await[usize::from(shard)].clone()
}
