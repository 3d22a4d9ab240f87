//! How is a document shown? Everything is looked up here, and written down by `render`.

use std::collections::HashMap;
use std::sync::Arc;

use futures::future::join_all;
use salvia::{QueryContext, query};

use super::{Located, fault, file_text, image_size, include_cycle, located, parsed};
use crate::core::cost::note;
use crate::core::parse::{
    Directive, LineIndex, Link, LinkKind, Parsed, Position, parse, part_of, without_front_matter,
};
use crate::core::place::{Style, folder_address};
use crate::core::problem::Fault;
use crate::core::render::{self, Listing, Lookups, Shown};
use crate::core::resolve::{Destination, Target, resolve_include, resolve_link};
use crate::core::workspace::{Content, Document, Kind, Presence, RelPath, Unreadable};

/// The address of the page of a document: where its directory is if it is what that shows, else its own.
#[query]
pub async fn address(path: RelPath, cx: &QueryContext) -> Arc<str> {
    note(cx, "address", &path);
    let folder = path.parent().unwrap_or_else(RelPath::root);
    let readme = folder
        .join("README.md")
        .filter(|_| path.name() == "index.md");
    if let Some(readme) = readme
        && Presence(readme).get::<Kind>(cx).await == Kind::File
    {
        // Two pages cannot both be what the directory shows.
        return format!("{}index-md", folder_address(&folder)).into();
    }
    match path.is_index() {
        true => folder_address(&folder),
        false => path
            .as_str()
            .strip_suffix(".md")
            .unwrap_or(path.as_str())
            .into(),
    }
}

/// The HTML of a document, or of a part of it, on a page of some style. Without anything around it.
#[query]
pub async fn body(
    path: RelPath,
    part: Option<Arc<str>>,
    style: Style,
    cx: &QueryContext,
) -> Result<Arc<str>, Unreadable> {
    note(cx, "body", (&path, &part, &style));
    let text = match Document(path.clone()).get(cx).await {
        Content::Missing => "".into(),
        Content::Text(text) => text,
        Content::Unreadable(why) => return Err(why),
    };
    let (text, parsed): (Arc<str>, _) = match part {
        Some(part) => {
            let text = part_of(without_front_matter(&text), Some(&part));
            let parsed = Arc::new(parse(&text));
            (text.into(), parsed)
        }
        None => (text, parsed(path.clone(), cx).await?),
    };
    let known = Lookups {
        links: links_shown(&path, &parsed, &style, cx).await,
        listings: listings_shown(&path, &text, cx).await,
        pasted: pasted(&path, &text, &parsed, &style, cx).await,
    };
    Ok(render::html(&text, &parsed, &known).into())
}

/// A listing in colours: the same in every document that holds it, and whatever stands around it.
#[query]
pub async fn highlighted(language: Arc<str>, code: Arc<str>, cx: &QueryContext) -> Arc<str> {
    note(cx, "highlighted", (&language, &code));
    let code = match render::highlight(&language, &code) {
        Some(coloured) => maud::PreEscaped(coloured),
        None => maud::html! { (code) },
    };
    maud::html! { pre data-language=(language) { code.s-code { (code) } } "\n" }
        .into_string()
        .into()
}

async fn links_shown(
    path: &RelPath,
    parsed: &Parsed,
    style: &Style,
    cx: &QueryContext,
) -> HashMap<Position, Shown> {
    let links = parsed
        .links
        .iter()
        .filter(|link| link.kind != LinkKind::Include);
    let shown = links.map(|link| async move { (link.at, shown(path, link, style, cx).await) });
    join_all(shown).await.into_iter().collect()
}

async fn shown(path: &RelPath, link: &Link, style: &Style, cx: &QueryContext) -> Shown {
    let target = resolve_link(path, link);
    let Target::Inside(place) = target else {
        return Shown {
            address: link.target.to_string(),
            fault: Fault::of(&target).map(|fault| fault.to_string()),
            is_external: target == Target::External,
            ..Shown::default()
        };
    };
    let wrong = fault(link.kind, place.clone(), cx).await;
    let address = address_of(&place, style, cx).await;
    let is_image = link.kind == LinkKind::Image && wrong.is_none();
    Shown {
        address,
        fault: wrong.map(|fault| fault.to_string()),
        is_external: false,
        size: if is_image {
            image_size(place.path, cx).await
        } else {
            None
        },
    }
}

/// The address of a place in the folder, there or not.
async fn address_of(place: &Destination, style: &Style, cx: &QueryContext) -> String {
    let base = match located(place.path.clone(), cx).await {
        Located::Document(document) | Located::Folder(Some(document)) => {
            style.page(&address(document, cx).await)
        }
        Located::Folder(None) => style.page(&folder_address(&place.path)),
        // Where the page of a document would be, if somebody wrote it.
        Located::Nothing if place.path.is_markdown() => {
            style.page(&address(place.path.clone(), cx).await)
        }
        Located::File | Located::Nothing => style.file(place.path.as_str()),
    };
    match &place.fragment {
        Some(fragment) => format!("{base}#{fragment}"),
        None => base,
    }
}

async fn listings_shown(path: &RelPath, text: &str, cx: &QueryContext) -> HashMap<usize, Arc<str>> {
    let listings = render::listings(text)
        .into_iter()
        .map(|listing| async move {
            let code = expanded(path, &listing, cx).await;
            let language = listing.language.as_str().into();
            (listing.start, highlighted(language, code.into(), cx).await)
        });
    join_all(listings).await.into_iter().collect()
}

/// The code of a listing with the files its directives paste.
async fn expanded(path: &RelPath, listing: &Listing, cx: &QueryContext) -> String {
    if !listing.code.contains("{{#") {
        return listing.code.clone();
    }
    let mut out = String::new();
    for line in listing.code.split_inclusive('\n') {
        match Directive::parse(line.trim_start()) {
            Some(directive) => {
                out.push_str(&pasted_code(path, &directive, cx).await);
                out.push('\n');
            }
            None => out.push_str(line),
        }
    }
    out
}

async fn pasted_code(path: &RelPath, directive: &Directive<'_>, cx: &QueryContext) -> String {
    let Target::Inside(place) = resolve_include(path, directive.path) else {
        return format!("[{} leaves the folder]", directive.path);
    };
    match file_text(place.path, cx).await {
        Ok(text) => part_of(&text, directive.part),
        Err(why) => format!("[{}]", why.reason),
    }
}

/// What the directives outside of code paste.
async fn pasted(
    path: &RelPath,
    text: &str,
    parsed: &Parsed,
    style: &Style,
    cx: &QueryContext,
) -> HashMap<Position, Arc<str>> {
    let index = LineIndex::new(text);
    let mut all = HashMap::new();
    for link in parsed
        .links
        .iter()
        .filter(|link| link.kind == LinkKind::Include)
    {
        let Some(directive) = Directive::parse(&text[index.offset(link.at)..]) else {
            continue;
        };
        all.insert(link.at, pasted_document(path, &directive, style, cx).await);
    }
    all
}

async fn pasted_document(
    path: &RelPath,
    directive: &Directive<'_>,
    style: &Style,
    cx: &QueryContext,
) -> Arc<str> {
    let note = |why: &str| -> Arc<str> {
        let text = format!("{}: {why}", directive.source);
        maud::html! { span.broken { (text) } }.into_string().into()
    };
    let Target::Inside(Destination { path: place, .. }) = resolve_include(path, directive.path)
    else {
        return note(&Fault::Outside.to_string());
    };
    if !place.is_markdown() {
        let text = file_text(place, cx)
            .await
            .map(|text| part_of(&text, directive.part));
        return match text {
            Ok(text) => maud::html! { (text) }.into_string().into(),
            Err(why) => note(&why.reason),
        };
    }
    if let Some(fault) = fault(LinkKind::Include, whole(&place), cx).await {
        return note(&fault.to_string());
    }
    // A document that comes back to itself would wait for itself.
    if let Some(chain) = include_cycle(path.clone(), place.clone(), cx).await {
        return note(&Fault::Cycle(chain).to_string());
    }
    let part = directive.part.map(Arc::from);
    match body(place, part, style.clone(), cx).await {
        Ok(html) => html,
        Err(why) => note(&why.reason),
    }
}

fn whole(path: &RelPath) -> Destination {
    Destination {
        path: path.clone(),
        folder: false,
        fragment: None,
    }
}
