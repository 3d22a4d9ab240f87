//! What is wrong: in a document, in a directory, in all?
//!
//! A report is put together along the directories, so a new document concerns the directories above it and no other.

use std::sync::Arc;

use futures::future::{join, join_all};
use salvia::{QueryContext, query};

use super::{Probe, dead, definitions, fault, front, include_cycle, links, outline};
use crate::core::cost::note;
use crate::core::duplicates::duplicates;
use crate::core::parse::{Link, LinkKind};
use crate::core::problem::{Fault, Problem};
use crate::core::progress::Progress;
use crate::core::resolve::{Destination, Target, resolve_link};
use crate::core::workspace::{Entries, Folder, RelPath};

/// What is wrong in one document, in order. In a task of its own, so that a first check keeps all processors busy.
#[query(spawn)]
pub async fn problems(path: RelPath, cx: &QueryContext) -> Arc<[Problem]> {
    note(cx, "problems", &path);
    let mut found = match links(path.clone(), cx).await {
        Ok(links) => target_problems(&path, &links, cx).await,
        Err(why) => vec![Problem::unreadable(&path, &why)],
    };
    found.extend(own_problems(&path, cx).await);
    found.sort();
    if let Some(progress) = cx.try_resource::<Progress>() {
        progress.step();
    }
    found.into()
}

/// What is wrong in a directory and those in it.
#[query]
pub async fn folder_problems(path: RelPath, cx: &QueryContext) -> Arc<[Problem]> {
    note(cx, "folder_problems", &path);
    let entries = Folder(path.clone()).get::<Entries>(cx).await;
    let documents = join_all(
        entries
            .documents
            .iter()
            .map(|document| problems(document.clone(), cx)),
    );
    let folders = join_all(
        entries
            .folders
            .iter()
            .map(|folder| folder_problems(folder.clone(), cx)),
    );
    let (documents, folders) = join(documents, folders).await;
    let failure = entries
        .failure
        .iter()
        .map(|why| Problem::unreadable(&path, why));
    let below = documents
        .iter()
        .chain(&folders)
        .flat_map(|found| found.iter().cloned());
    failure.chain(below).collect()
}

/// What is wrong in the folder, in order.
#[query]
pub async fn report(cx: &QueryContext) -> Arc<[Problem]> {
    note(cx, "report", ());
    let mut found = folder_problems(RelPath::root(), cx).await.to_vec();
    found.sort();
    found.into()
}

/// What is wrong whatever other files are like.
async fn own_problems(path: &RelPath, cx: &QueryContext) -> Vec<Problem> {
    let (definitions, undefined) = definitions(path.clone(), cx).await;
    let (headings, ids) = outline(path.clone(), cx).await;
    let bad_front = front(path.clone(), cx).await.err();
    let bad_front = bad_front.map(|fault| Problem::front(path, &fault));
    let unused = definitions.iter().filter(|definition| !definition.used);
    let unused = unused.map(|definition| Problem::unused(path, definition));
    let undefined = undefined
        .iter()
        .map(|undefined| Problem::undefined(path, undefined));
    let duplicates = duplicates(&headings, &ids);
    let duplicates = duplicates
        .iter()
        .map(|duplicate| Problem::duplicate(path, duplicate));
    let own = unused.chain(undefined).chain(duplicates);
    own.chain(bad_front).collect()
}

/// What is wrong about the targets a document names.
async fn target_problems(path: &RelPath, links: &[Link], cx: &QueryContext) -> Vec<Problem> {
    let mut found = Vec::new();
    for link in links {
        let fault = match resolve_link(path, link) {
            Target::External => {
                found.extend(dead_link(path, link, cx).await);
                None
            }
            Target::Inside(target) => fault_of(path, link.kind, target, cx).await,
            target => Fault::of(&target),
        };
        found.extend(fault.map(|fault| Problem::target(path, link, &fault)));
    }
    found
}

/// What is wrong about a link out of the folder, if it is to be followed.
async fn dead_link(path: &RelPath, link: &Link, cx: &QueryContext) -> Option<Problem> {
    cx.try_resource::<Probe>()?;
    let reason = dead(link.target.clone(), cx).await?;
    Some(Problem::dead(path, link, &reason))
}

async fn fault_of(
    path: &RelPath,
    kind: LinkKind,
    target: Destination,
    cx: &QueryContext,
) -> Option<Fault> {
    let place = target.path.clone();
    let fault = fault(kind, target, cx).await;
    if fault.is_some() || kind != LinkKind::Include || !place.is_markdown() {
        return fault;
    }
    include_cycle(path.clone(), place, cx)
        .await
        .map(Fault::Cycle)
}
