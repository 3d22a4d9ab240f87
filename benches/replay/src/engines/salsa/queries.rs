//! folio's queries as far as its report, its hovers and its completions need them: the same steps and the same plain
//! functions, so that an edit stops at the same places.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::fmt::Write as _;
use std::sync::Arc;

use ::salsa::Database;
use folio::core::duplicates::duplicates;
use folio::core::parse::{
    Definition, FrontFault, FrontMatter, Heading, Id, Link, LinkKind, Parsed, Undefined, parse,
};
use folio::core::problem::{Fault, Problem};
use folio::core::queries::{Anchors, Located};
use folio::core::resolve::{Destination, Target, resolve_include, resolve_link};
use folio::core::slug::slug;
use folio::core::workspace::{Entries, Kind, RelPath};

use super::inputs::{File, Listing, Named, Place, Tree};
use crate::ask::{WORD, pick, preview};

#[salsa::tracked(returns(ref))]
fn parsed(db: &dyn Database, file: File) -> Arc<Parsed> {
    Arc::new(parse(file.text(db)))
}

#[salsa::tracked(returns(ref))]
fn outline(db: &dyn Database, file: File) -> (Arc<[Heading]>, Arc<[Id]>) {
    let parsed = parsed(db, file);
    (parsed.headings.clone(), parsed.ids.clone())
}

#[salsa::tracked(returns(ref))]
fn anchors(db: &dyn Database, file: File) -> Anchors {
    let parsed = parsed(db, file);
    let headings = parsed
        .headings
        .iter()
        .map(|heading| heading.anchor.as_str());
    let ids = parsed.ids.iter().map(|id| id.id.as_str());
    Arc::new(headings.chain(ids).map(Arc::from).collect())
}

#[salsa::tracked(returns(ref))]
fn links(db: &dyn Database, file: File) -> Arc<[Link]> {
    parsed(db, file).links.clone()
}

#[salsa::tracked(returns(ref))]
fn definitions(db: &dyn Database, file: File) -> (Arc<[Definition]>, Arc<[Undefined]>) {
    let parsed = parsed(db, file);
    (parsed.definitions.clone(), parsed.undefined.clone())
}

#[salsa::tracked(returns(ref))]
fn front(db: &dyn Database, file: File) -> Result<Arc<FrontMatter>, FrontFault> {
    parsed(db, file).front.clone()
}

#[salsa::tracked(returns(ref))]
fn title(db: &dyn Database, file: File) -> Arc<str> {
    if let Ok(front) = front(db, file)
        && let Some(title) = &front.title
    {
        return title.clone();
    }
    let (headings, _) = outline(db, file);
    match headings.iter().find(|heading| !heading.text.is_empty()) {
        Some(heading) => heading.text.as_str().into(),
        None => file.path(db).shown_name().into(),
    }
}

type Contents = Arc<[(u8, Arc<str>, Arc<str>)]>;

#[salsa::tracked(returns(ref))]
fn contents(db: &dyn Database, file: File) -> Contents {
    let (headings, _) = outline(db, file);
    let entry = |heading: &Heading| {
        let (text, anchor) = (heading.text.as_str(), heading.anchor.as_str());
        (heading.level, text.into(), anchor.into())
    };
    headings.iter().map(entry).collect()
}

fn tree(db: &dyn Database) -> &Tree {
    Listing::get(db).tree(db)
}

#[salsa::tracked(returns(ref))]
fn includes(db: &dyn Database, file: File) -> Arc<[RelPath]> {
    let mut included = Vec::new();
    let links = links(db, file).iter();
    for link in links.filter(|link| link.kind == LinkKind::Include) {
        match resolve_include(file.path(db), &link.target) {
            Target::Inside(place)
                if place.path.is_markdown() && !included.contains(&place.path) =>
            {
                included.push(place.path);
            }
            _ => {}
        }
    }
    included.into()
}

#[salsa::tracked(returns(ref))]
fn all_anchors(db: &dyn Database, file: File) -> Anchors {
    let own = anchors(db, file);
    let came_from = walk(db, file.path(db), None);
    if came_from.is_empty() {
        return own.clone();
    }
    let mut all: BTreeSet<Arc<str>> = (**own).clone();
    for included in came_from.keys() {
        if let Some(&file) = tree(db).files.get(included) {
            all.extend(anchors(db, file).iter().cloned());
        }
    }
    Arc::new(all)
}

#[salsa::tracked(returns(ref))]
fn include_cycle<'db>(db: &'db dyn Database, file: File, through: Place<'db>) -> Option<Arc<str>> {
    let (path, through) = (file.path(db), through.path(db));
    if path == through {
        return Some(format!("{path} -> {path}").into());
    }
    let came_from = walk(db, through, Some(path));
    let mut chain = vec![path];
    let mut at = came_from.get(path)?;
    while at != through {
        chain.push(at);
        at = came_from.get(at)?;
    }
    chain.extend([through, path]);
    let names: Vec<_> = chain.into_iter().rev().map(RelPath::as_str).collect();
    Some(names.join(" -> ").into())
}

fn walk(db: &dyn Database, start: &RelPath, goal: Option<&RelPath>) -> HashMap<RelPath, RelPath> {
    let mut came_from = HashMap::new();
    let mut next = VecDeque::from([start.clone()]);
    while let Some(at) = next.pop_front() {
        if goal == Some(&at) {
            break;
        }
        let Some(&file) = tree(db).files.get(&at) else {
            continue;
        };
        for included in includes(db, file).iter() {
            if included != start && !came_from.contains_key(included) {
                came_from.insert(included.clone(), at.clone());
                next.push_back(included.clone());
            }
        }
    }
    came_from
}

#[salsa::tracked(returns(ref))]
fn located<'db>(db: &'db dyn Database, place: Place<'db>) -> Located {
    let (tree, path) = (tree(db), place.path(db));
    let is_file = |path: &RelPath| tree.kind(path) == Kind::File;
    match tree.kind(path) {
        Kind::File => Located::Document(path.clone()),
        Kind::Folder => {
            let names = ["README.md", "index.md"].into_iter();
            let mut pages = names.filter_map(|name| path.join(name));
            Located::Folder(pages.find(is_file))
        }
        Kind::Nothing => {
            let page = path.with_ending(".html", ".md");
            let up = path.parent().filter(|_| path.name() == "index.html");
            let readme = up.and_then(|up| up.join("README.md"));
            let found = [page, readme].into_iter().flatten().find(is_file);
            found.map_or(Located::Nothing, Located::Document)
        }
    }
}

#[salsa::tracked(returns(ref))]
fn fault<'db>(db: &'db dyn Database, named: Named<'db>) -> Option<Fault> {
    let kind = named.kind(db);
    let Destination {
        path,
        folder,
        fragment,
    } = named.destination(db);
    let document = match located(db, Place::new(db, path)) {
        Located::Nothing => return Some(Fault::NoFile(path.clone())),
        Located::Folder(_) if kind != LinkKind::Link => {
            return Some(Fault::IsFolder(path.clone()));
        }
        Located::Document(_) | Located::File if *folder => {
            return Some(Fault::NoFolder(path.clone()));
        }
        Located::Folder(None) if fragment.is_some() => return Some(Fault::NoPage(path.clone())),
        Located::Folder(None) | Located::File => return None,
        Located::Folder(Some(document)) | Located::Document(document) => document,
    };
    let anchor = fragment.as_ref().filter(|_| kind == LinkKind::Link)?;
    let anchors = all_anchors(db, tree(db).files[document]);
    if anchors.contains(anchor) {
        return None;
    }
    Some(Fault::NoAnchor {
        document: document.clone(),
        anchor: anchor.clone(),
        near: anchors.get(slug(anchor).as_str()).cloned(),
    })
}

#[salsa::tracked(returns(ref))]
pub(super) fn problems(db: &dyn Database, file: File) -> Arc<[Problem]> {
    let path = file.path(db);
    let mut found = Vec::new();
    for link in links(db, file).iter() {
        let fault = match resolve_link(path, link) {
            Target::Inside(target) => fault_of(db, file, link.kind, target),
            target => Fault::of(&target),
        };
        found.extend(fault.map(|fault| Problem::target(path, link, &fault)));
    }
    own_problems(db, file, &mut found);
    found.sort();
    found.into()
}

fn fault_of(db: &dyn Database, file: File, kind: LinkKind, target: Destination) -> Option<Fault> {
    let place = target.path.clone();
    let fault = fault(db, Named::new(db, kind, target));
    if fault.is_some() || kind != LinkKind::Include || !place.is_markdown() {
        return fault.clone();
    }
    include_cycle(db, file, Place::new(db, place))
        .clone()
        .map(Fault::Cycle)
}

fn own_problems(db: &dyn Database, file: File, found: &mut Vec<Problem>) {
    let path = file.path(db);
    let (definitions, undefined) = definitions(db, file);
    let (headings, ids) = outline(db, file);
    let unused = definitions.iter().filter(|definition| !definition.used);
    found.extend(unused.map(|definition| Problem::unused(path, definition)));
    found.extend(undefined.iter().map(|one| Problem::undefined(path, one)));
    let duplicates = duplicates(headings, ids);
    found.extend(duplicates.iter().map(|one| Problem::duplicate(path, one)));
    let bad_front = front(db, file).as_ref().err();
    found.extend(bad_front.map(|fault| Problem::front(path, fault)));
}

#[salsa::tracked(returns(ref))]
fn folder_problems<'db>(db: &'db dyn Database, place: Place<'db>) -> Arc<[Problem]> {
    let tree = tree(db);
    let mut found = Vec::new();
    let Some(Entries {
        documents, folders, ..
    }) = tree.folders.get(place.path(db))
    else {
        return found.into();
    };
    for document in documents.iter() {
        found.extend(problems(db, tree.files[document]).iter().cloned());
    }
    for folder in folders.iter() {
        let below = folder_problems(db, Place::new(db, folder.clone()));
        found.extend(below.iter().cloned());
    }
    found.into()
}

#[salsa::tracked(returns(ref))]
pub(super) fn report(db: &dyn Database, _listing: Listing) -> Arc<[Problem]> {
    let mut found = folder_problems(db, Place::new(db, RelPath::root())).to_vec();
    found.sort();
    found.into()
}

fn linked(db: &dyn Database, file: File, number: usize) -> Option<(&Link, Destination)> {
    let link = pick(links(db, file), number)?;
    match resolve_link(file.path(db), link) {
        Target::Inside(place) => Some((link, place)),
        _ => None,
    }
}

fn landing(db: &dyn Database, path: &RelPath) -> Option<File> {
    match located(db, Place::new(db, path.clone())) {
        Located::Document(document) | Located::Folder(Some(document)) => {
            Some(tree(db).files[document])
        }
        Located::Nothing | Located::File | Located::Folder(None) => None,
    }
}

pub(super) fn hover(db: &dyn Database, file: File, number: usize) -> String {
    let Some((link, place)) = linked(db, file, number) else {
        return String::new();
    };
    if let Some(fault) = fault(db, Named::new(db, link.kind, place.clone())) {
        return fault.to_string();
    }
    let Some(file) = landing(db, &place.path) else {
        return place.path.to_string();
    };
    let (headings, _) = outline(db, file);
    let fragment = place.fragment.as_deref();
    preview(title(db, file), file.text(db), headings, fragment)
}

pub(super) fn complete(db: &dyn Database, file: File, number: usize) -> String {
    let Some((_, place)) = linked(db, file, number) else {
        return String::new();
    };
    let mut items = String::new();
    let tree = tree(db);
    let folder = place.path.parent().unwrap_or_else(RelPath::root);
    let entries = tree.folders.get(&folder);
    for document in entries.iter().flat_map(|entries| entries.documents.iter()) {
        let title = title(db, tree.files[document]);
        let _ = writeln!(items, "{document} {title}");
    }
    let contents = landing(db, &place.path).map(|file| contents(db, file));
    for (level, text, anchor) in contents.iter().flat_map(|contents| contents.iter()) {
        let _ = writeln!(items, "{level} {text} {anchor}");
    }
    items
}

pub(super) fn headings(db: &dyn Database) -> String {
    let tree = tree(db);
    let mut found = String::new();
    let documents = tree
        .folders
        .values()
        .flat_map(|entries| entries.documents.iter());
    for document in documents {
        for (_, text, anchor) in contents(db, tree.files[document]).iter() {
            if text.contains(WORD) {
                let _ = writeln!(found, "{document} {anchor}");
            }
        }
    }
    found
}
