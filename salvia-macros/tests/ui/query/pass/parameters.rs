#![deny(warnings)]


use std::collections::BTreeMap;
use std::sync::Arc;

use salvia::{Query, QueryContext, query};

pub type Cx = QueryContext;

#[query]
pub async fn none(_cx: &QueryContext) {}

#[query]
pub async fn changed(mut flag: bool, mut number: u64, _cx: &QueryContext) -> (bool, u64) {
    flag = !flag;
    number += 1;
    (flag, number)
}

#[query]
pub async fn by_reference(ref text: String, _cx: &QueryContext) -> usize {
    text.len()
}

#[query]
pub async fn context_changed(flag: bool, mut cx: &QueryContext) -> bool {
    let other = cx;
    if flag {
        cx = other;
    }
    none(cx).await;
    flag
}

#[query]
pub async fn context_by_alias(_cx: &Cx) {}

#[query]
pub async fn context_by_path(_cx: &salvia::QueryContext) {}

#[query]
pub async fn context_with_lifetime<'a>(cx: &'a QueryContext) {
    none(cx).await;
}

#[query]
pub async fn context_with_elided_lifetime(_cx: &'_ QueryContext) {}

#[query]
pub async fn statics(text: &'static str, texts: &'static [&'static str], _cx: &QueryContext) -> usize {
    text.len() + texts.len()
}

/// Lifetimes bound inside a type are none of its values.
#[query]
pub async fn functions(
    measure: fn(&str) -> usize,
    choose: for<'a> fn(&'a str, &'static str) -> &'a str,
    texts: Arc<BTreeMap<u8, &'static str>>,
    _cx: &QueryContext,
) -> usize {
    texts.values().map(|text| measure(choose(text, "none"))).sum()
}

#[query]
pub async fn raw(r#type: u8, _cx: &QueryContext) -> u8 {
    r#type
}

#[query]
pub async fn r#match(n: u8, cx: &QueryContext) -> u8 {
    raw(n, cx).await
}

#[query]
#[allow(clippy::too_many_arguments)]
pub async fn thirteen(
    a: u8,
    b: u8,
    c: u8,
    d: u8,
    e: u8,
    f: u8,
    g: u8,
    h: u8,
    i: u8,
    j: u8,
    k: u8,
    l: u8,
    m: u8,
    _cx: &QueryContext,
) -> [u8; 13] {
    [a, b, c, d, e, f, g, h, i, j, k, l, m]
}

/// The future has a name, and needs nothing of the user to be sent.
pub fn named(cx: &QueryContext) -> Query<'_, (bool, u64), (bool, u64)> {
    fn sent<T: Send + Unpin>(value: T) -> T {
        value
    }
    sent(changed(true, 1, cx))
}

pub fn outer(cx: &QueryContext) -> impl Future<Output = u8> + Send {
    #[query]
    async fn inner(n: u8, cx: &QueryContext) -> u8 {
        raw(n, cx).await
    }
    inner(3, cx)
}

fn main() {}
