#![deny(warnings)]


use std::borrow::Cow;
use std::ffi::OsStr;
use std::hash::Hash;
use std::path::Path;
use std::sync::Arc;

use salvia::{Projection, Query, QueryContext, Stashable, query};

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Widget(u8);

#[derive(Projection)]
pub struct View<'a> {
    pub text: &'a str,
    pub numbers: &'a [u8],
}

impl Widget {
    #[query]
    pub async fn size(&self, cx: &QueryContext) -> u8 {
        if self.0 == 0 { 0 } else { Widget(self.0 - 1).size(cx).await }
    }

    #[query]
    pub async fn typed(self: &Self, _n: u8, _cx: &QueryContext) -> u8 {
        self.0
    }

    #[query]
    pub async fn named<'a>(&'a self, other: &'a Self, mut text: &str, _cx: &'a QueryContext) -> String {
        if other == self {
            text = "same";
        }
        text.to_owned()
    }

    #[query]
    pub async fn list<'a>(views: Vec<View<'a>>, _cx: &QueryContext) -> Vec<Self>
    where
        'a: 'a,
    {
        views.iter().map(|view| Widget(view.numbers.len() as u8)).collect()
    }
}

#[query]
pub async fn kinds(
    text: &str,
    slice: &[Arc<str>],
    path: &Path,
    name: &OsStr,
    cow: Cow<'_, [u8]>,
    view: View<'_>,
    both: (Option<&str>, [&Widget; 2]),
    widget: Widget,
    _cx: &QueryContext,
) -> Option<String> {
    let parent = path.parent()?;
    let _ = (slice, name, cow, view.text, view.numbers, both, widget);
    if parent.as_os_str().is_empty() {
        return None;
    }
    Some(text.to_owned())
}

#[query(shared, lru = 4, spawn)]
pub async fn generic<T: Stashable + Hash, const N: usize>(of: &[T; N], _cx: &QueryContext) -> Option<Arc<[T]>> {
    Some(of.as_slice().into())
}

/// The lifetimes of a function type are its own.
#[query]
pub async fn applied(function: fn(&str) -> &str, text: &str, _cx: &QueryContext) -> String {
    function(text).to_owned()
}

pub fn asked<'a>(text: &'a str, cx: &'a QueryContext) -> Query<'a, (&'a str,), usize> {
    #[query]
    async fn inside(text: &str, _cx: &QueryContext) -> usize {
        text.len()
    }
    inside(text, cx)
}

pub fn sendable(cx: &QueryContext) -> impl Future<Output = usize> + Send + '_ {
    async move {
        let text = String::from("a");
        let calls = ["b", &text].map(|text| asked(text, cx));
        let [one, two] = calls;
        one.await + two.await
    }
}

fn main() {}
