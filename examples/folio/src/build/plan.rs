//! Which files make up the site?

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::future::join_all;
use maud::{PreEscaped, html};
use salvia::QueryContext;

use crate::core::place::{Medium, OWN, encode, page_file};
use crate::core::queries::{SHARDS, files_below};
use crate::core::workspace::RelPath;
use crate::site::{ASSETS, all_places, asset, page, place_address, search_shard};

/// A site.
#[derive(Debug)]
pub(super) struct Plan {
    /// Pages and what belongs to them, by name.
    pub(super) texts: BTreeMap<String, Arc<str>>,
    /// Files of the folder, as they are. Not those in the way of a page.
    pub(super) files: Vec<RelPath>,
}

pub(super) async fn plan(base: Option<Arc<str>>, cx: &QueryContext) -> Plan {
    let places = all_places(cx).await;
    let pages = places.iter().map(|place| async move {
        let name = page_file(&place_address(place, cx).await);
        (name, page(place.clone(), Medium::Published, cx).await)
    });
    let mut texts: BTreeMap<_, _> = join_all(pages).await.into_iter().collect();
    texts.insert(
        "sitemap.xml".to_owned(),
        sitemap(base.as_deref(), texts.keys()).into(),
    );
    for name in ASSETS {
        texts.extend(asset(name).map(|text| (format!("{OWN}/{name}"), text.into())));
    }
    let shards = (0..SHARDS).map(|bucket| async move {
        let name = format!("{OWN}/search/{bucket}.json");
        (name, search_shard(bucket, Medium::Published, cx).await)
    });
    texts.extend(join_all(shards).await);
    let files = files_below(RelPath::root(), cx).await;
    let files = files
        .iter()
        .filter(|path| !texts.contains_key(path.as_str()));
    Plan {
        files: files.cloned().collect(),
        texts,
    }
}

/// All pages, for search engines. Without a base their addresses are those below the root of a server.
fn sitemap<'p>(base: Option<&str>, pages: impl Iterator<Item = &'p String>) -> String {
    let base = base.unwrap_or("").trim_end_matches('/');
    let address = |page: &String| {
        let page = match page.strip_suffix("index.html") {
            Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
            _ => page,
        };
        format!("{base}/{}", encode(page))
    };
    let list = html! {
        (PreEscaped("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"))
        urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" {
            @for page in pages { url { loc { (address(page)) } } "\n" }
        }
    };
    list.into_string()
}
