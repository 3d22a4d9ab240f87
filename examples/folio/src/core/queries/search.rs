//! The index of a full-text search: in which documents does a word occur, and how much does it mean there?
//!
//! Words that begin with the same two characters are in one bucket, so that a search for the beginning of a word needs
//! one bucket. Postings name a document by its shard and its place there: four bytes, of which there are millions.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use futures::future::join_all;
use salvia::{QueryContext, query};

use super::{SHARDS, parsed, shard_documents, shard_of, shards, title};
use crate::core::cost::note;
use crate::core::parse::plain_text;
use crate::core::workspace::{Content, Document, RelPath};

/// A word in a title says more than one in the text, and a heading stands between.
const TITLE: u16 = 20;
const HEADING: u16 = 5;
/// What is longer is no word anybody looks for.
const LONGEST: usize = 40;

/// The words of one document, in order, each once.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Separated by line breaks: ten thousand documents have millions of words.
    words: Box<str>,
    weights: Box<[u16]>,
}

impl Words {
    /// Each word and its weight.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u16)> {
        self.words.lines().zip(self.weights.iter().copied())
    }
}

/// A word of one shard: where it occurs, by the place in the shard, and its weight there.
type Postings = BTreeMap<Arc<str>, Vec<(u16, u16)>>;

/// What a bucket knows: words, and for each the documents with its weight there.
pub type Bucket = BTreeMap<Arc<str>, Vec<(RelPath, u16)>>;

/// The words of a text, in lower case.
pub fn words_of(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    let words = words.map(str::to_lowercase);
    words.filter(|word| word.len() <= LONGEST && word.chars().nth(1).is_some())
}

/// The bucket of a word: all words that begin as it does are there.
pub fn bucket_of(word: &str) -> u16 {
    let end = word.char_indices().nth(2).map_or(word.len(), |(at, _)| at);
    shard_of(&word[..end])
}

/// What one document can be found by.
#[query]
pub async fn words(path: RelPath, cx: &QueryContext) -> Arc<Words> {
    note(cx, "words", &path);
    let mut weights: BTreeMap<String, u16> = BTreeMap::new();
    let mut add = |text: &str, weight: u16| {
        for word in words_of(text) {
            let known = weights.entry(word).or_default();
            *known = known.saturating_add(weight);
        }
    };
    add(&title(path.clone(), cx).await, TITLE);
    if let Ok(parsed) = parsed(path.clone(), cx).await {
        for heading in parsed.headings.iter() {
            add(&heading.text, HEADING);
        }
    }
    if let Content::Text(text) = Document(path).get(cx).await {
        add(&plain_text(&text), 1);
    }
    let joined: Vec<_> = weights.keys().map(String::as_str).collect();
    Arc::new(Words {
        words: joined.join("\n").into(),
        weights: weights.values().copied().collect(),
    })
}

/// All that is known of the words of one bucket.
#[query]
pub async fn search_bucket(bucket: u16, cx: &QueryContext) -> Arc<Bucket> {
    note(cx, "search_bucket", bucket);
    let shards = shards(cx).await;
    let parts = join_all(shards.iter().map(|&shard| word_part(shard, bucket, cx))).await;
    let documents = join_all(shards.iter().map(|&shard| shard_documents(shard, cx))).await;
    let mut all = Bucket::new();
    for (part, documents) in parts.iter().zip(&documents) {
        for (word, postings) in part.iter() {
            let named = |&(at, weight): &(u16, u16)| {
                Some((documents.get(usize::from(at))?.clone(), weight))
            };
            let known = all.entry(word.clone()).or_default();
            known.extend(postings.iter().filter_map(named));
        }
    }
    for postings in all.values_mut() {
        postings.sort();
    }
    Arc::new(all)
}

#[query]
async fn word_part(shard: u16, bucket: u16, cx: &QueryContext) -> Arc<Postings> {
    note(cx, "word_part", (shard, bucket));
    word_shard(shard, cx).await[usize::from(bucket)].clone()
}

/// The words of the documents of a shard, by bucket.
#[query(spawn)]
async fn word_shard(shard: u16, cx: &QueryContext) -> Arc<[Arc<Postings>]> {
    note(cx, "word_shard", shard);
    let documents = shard_documents(shard, cx).await;
    let all = join_all(documents.iter().map(|path| words(path.clone(), cx))).await;
    let mut known: HashMap<&str, Vec<(u16, u16)>> = HashMap::new();
    for (at, words) in all.iter().enumerate() {
        // A shard of more documents than that is one of millions.
        let Ok(at) = u16::try_from(at) else { break };
        for (word, weight) in words.iter() {
            known.entry(word).or_default().push((at, weight));
        }
    }
    let mut buckets = vec![Postings::new(); usize::from(SHARDS)];
    for (word, postings) in known {
        buckets[usize::from(bucket_of(word))].insert(word.into(), postings);
    }
    buckets.into_iter().map(Arc::new).collect()
}
