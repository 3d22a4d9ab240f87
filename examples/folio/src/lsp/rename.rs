//! Another text for a heading, another name for a file: with all links to them.

use std::collections::BTreeMap;

use async_lsp::lsp_types::{
    DocumentChangeOperation, DocumentChanges, OneOf, OptionalVersionedTextDocumentIdentifier,
    Position as LspPosition, PrepareRenameResponse, RenameFile, ResourceOp, TextDocumentEdit,
    TextEdit, WorkspaceEdit,
};
use percent_encoding::percent_decode_str;
use salvia::QueryContext;

use super::convert::{self, Text};
use super::find::{Item, Referent, destination, item_at, references, referent};
use super::moves::{Edits, moved, rewrite};
use crate::core::parse::{Heading, parse};
use crate::core::place::encode;
use crate::core::queries::{landing, outline};
use crate::core::workspace::RelPath;

/// What would be renamed at the cursor.
enum Subject {
    Heading(RelPath, Heading),
    File(RelPath),
}

/// Whether something can be renamed at the cursor, and how it is called now.
pub(super) async fn prepare(
    path: RelPath,
    at: LspPosition,
    cx: &QueryContext,
) -> Option<PrepareRenameResponse> {
    let text = Text::of(&path, cx).await;
    let index = text.index();
    let item = item_at(&path, convert::place(&index, at), cx).await;
    let span = match &item {
        Item::Heading(heading) => heading.written?,
        Item::Link(link) => link.written?,
        Item::Prose => return None,
    };
    let placeholder = match subject(&path, item, cx).await? {
        Subject::Heading(_, heading) => heading.text,
        Subject::File(file) => file.to_string(),
    };
    let range = convert::range(&index, span);
    Some(PrepareRenameResponse::RangeWithPlaceholder { range, placeholder })
}

/// All edits of a rename. The error is for the person who asked.
pub(super) async fn rename(
    path: RelPath,
    at: LspPosition,
    name: String,
    cx: &QueryContext,
) -> Result<WorkspaceEdit, String> {
    let text = Text::of(&path, cx).await;
    let item = item_at(&path, convert::place(&text.index(), at), cx).await;
    match subject(&path, item, cx).await {
        Some(Subject::Heading(path, heading)) => rename_heading(&path, &heading, &name, cx).await,
        Some(Subject::File(file)) => {
            let to = RelPath::new(name.trim()).filter(|to| *to != RelPath::root());
            let to = to.ok_or("the new path leaves the folder")?;
            rename_file(&file, &to, cx).await
        }
        None => Err("only headings, and links to them or to files, can be renamed".to_owned()),
    }
}

/// The edits that keep links right when the client renames files by itself.
pub(super) async fn will_rename(
    moves: Vec<(RelPath, RelPath)>,
    cx: &QueryContext,
) -> WorkspaceEdit {
    workspace_edit(moved(&moves, cx).await, None, cx)
}

async fn subject(path: &RelPath, item: Item, cx: &QueryContext) -> Option<Subject> {
    match item {
        Item::Heading(heading) => Some(Subject::Heading(path.clone(), heading)),
        Item::Link(link) => match referent(path, &link, cx).await? {
            Referent {
                path,
                anchor: Some(anchor),
            } => {
                let (headings, _) = outline(path.clone(), cx).await;
                let heading = headings.iter().find(|heading| *heading.anchor == *anchor);
                Some(Subject::Heading(path, heading?.clone()))
            }
            Referent { anchor: None, .. } => {
                let place = destination(path, &link)?;
                Some(Subject::File(landing(place.path, cx).await))
            }
        },
        Item::Prose => None,
    }
}

async fn rename_heading(
    path: &RelPath,
    heading: &Heading,
    name: &str,
    cx: &QueryContext,
) -> Result<WorkspaceEdit, String> {
    let name = name.trim();
    if name.is_empty() || name.contains('\n') {
        return Err("a heading is one line of text".to_owned());
    }
    let written = heading
        .written
        .ok_or("a heading in HTML cannot be renamed")?;
    let text = Text::of(path, cx).await;
    let index = text.index();
    let mut edits = Edits::new();
    let range = convert::range(&index, written);
    let edit = TextEdit {
        range,
        new_text: name.to_owned(),
    };
    edits
        .entry(path.clone())
        .or_default()
        .insert((range.start.line, range.start.character), edit);
    // A number behind an anchor counts headings, so one rename may move the anchors of others.
    let mut after = text.as_str().to_owned();
    after.replace_range(index.offset(written.start)..index.offset(written.end), name);
    let (before, _) = outline(path.clone(), cx).await;
    let after = parse(&after).headings;
    if before.len() != after.len() {
        return Err("with this text it would be no heading, or more than one".to_owned());
    }
    for (old, new) in before
        .iter()
        .zip(after.iter())
        .filter(|(old, new)| old.anchor != new.anchor)
    {
        let to = Referent {
            path: path.clone(),
            anchor: Some(old.anchor.as_str().into()),
        };
        for (from, link) in references(&to, cx).await {
            if let Some(target) = with_fragment(&link.target, &old.anchor, &new.anchor) {
                rewrite(&mut edits, &from, &link, &target, cx).await;
            }
        }
    }
    Ok(workspace_edit(edits, None, cx))
}

/// `target` with another fragment, if it has the old one.
fn with_fragment(target: &str, old: &str, new: &str) -> Option<String> {
    let (address, fragment) = target.split_once('#')?;
    let known = percent_decode_str(fragment).decode_utf8().ok()?;
    let new = if fragment.contains('%') {
        encode(new)
    } else {
        new.to_owned()
    };
    (known == old).then(|| format!("{address}#{new}"))
}

async fn rename_file(
    from: &RelPath,
    to: &RelPath,
    cx: &QueryContext,
) -> Result<WorkspaceEdit, String> {
    let moves = [(from.clone(), to.clone())];
    let edits = moved(&moves, cx).await;
    let urls = convert::url(from, cx).zip(convert::url(to, cx));
    let (old_uri, new_uri) = urls.ok_or("the folder has no full name")?;
    let operation = RenameFile {
        old_uri,
        new_uri,
        options: None,
        annotation_id: None,
    };
    Ok(workspace_edit(edits, Some(operation), cx))
}

/// Edits come before the file moves, so all of them name it as it is now.
fn workspace_edit(edits: Edits, file: Option<RenameFile>, cx: &QueryContext) -> WorkspaceEdit {
    let edited = |(path, edits): (RelPath, BTreeMap<_, TextEdit>)| {
        let text_document = OptionalVersionedTextDocumentIdentifier {
            uri: convert::url(&path, cx)?,
            version: None,
        };
        let edits = edits.into_values().map(OneOf::Left).collect();
        Some(DocumentChangeOperation::Edit(TextDocumentEdit {
            text_document,
            edits,
        }))
    };
    let edits = edits.into_iter().filter_map(edited);
    let file = file.map(|file| DocumentChangeOperation::Op(ResourceOp::Rename(file)));
    let operations = edits.chain(file).collect();
    WorkspaceEdit {
        document_changes: Some(DocumentChanges::Operations(operations)),
        ..WorkspaceEdit::default()
    }
}
