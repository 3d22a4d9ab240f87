//! Files that are no documents: what queries read from the disk themselves, when somebody asks.
//!
//! The stamp of a file is read before the file: it is what makes the query run again.

use std::io::ErrorKind;
use std::sync::Arc;

use salvia::{QueryContext, query};

use super::Root;
use crate::core::cost::note;
use crate::core::workspace::{
    Content, Document, Kind, Presence, RelPath, Stamp, Unreadable, io_reason,
};

/// A listing that is longer is no listing.
const LONGEST: u64 = 4 << 20;

/// Whether there is a file, and a promise to run again when it may hold something else.
pub async fn is_file(path: &RelPath, cx: &QueryContext) -> bool {
    let presence = Presence(path.clone());
    let is_file = presence.clone().get::<Kind>(cx).await == Kind::File;
    presence.get::<Stamp>(cx).await;
    is_file
}

/// The width and the height of an image in pixels; `None` if there is none, or if it does not say.
#[query]
pub async fn image_size(path: RelPath, cx: &QueryContext) -> Option<(usize, usize)> {
    note(cx, "image_size", &path);
    if !is_file(&path, cx).await {
        return None;
    }
    let place = path.to_disk(&cx.resource::<Root>().0);
    let size = tokio::task::spawn_blocking(move || imagesize::size(place).ok());
    let size = size.await.ok()??;
    Some((size.width, size.height))
}

/// The text of any file; the error says why there is none.
#[query]
pub async fn file_text(path: RelPath, cx: &QueryContext) -> Result<Arc<str>, Unreadable> {
    note(cx, "file_text", &path);
    let missing = || Unreadable::whole(format!("there is no `{path}`"));
    if path.is_markdown() {
        return match Document(path.clone()).get(cx).await {
            Content::Missing => Err(missing()),
            Content::Text(text) => Ok(text),
            Content::Unreadable(why) => Err(why),
        };
    }
    if !is_file(&path, cx).await {
        return Err(missing());
    }
    let place = path.to_disk(&cx.resource::<Root>().0);
    let read = async {
        if tokio::fs::metadata(&place).await?.len() > LONGEST {
            return Err(ErrorKind::FileTooLarge.into());
        }
        tokio::fs::read(&place).await
    };
    let bytes = read
        .await
        .map_err(|error| Unreadable::whole(format!("`{path}`: {}", io_reason(&error))))?;
    let text = String::from_utf8(bytes);
    text.map(Arc::from)
        .map_err(|_| Unreadable::whole(format!("`{path}` is not UTF-8")))
}
