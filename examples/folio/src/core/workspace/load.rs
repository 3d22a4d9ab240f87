//! Reading documents: from paths to contents, many at once.
//!
//! Nothing here fails as a whole: each file gives a `Content`, whatever is wrong with it. A file that went away since it
//! was listed is `Missing`; the next look at the folder will know.

use std::io::ErrorKind;
use std::path::Path;

use futures::StreamExt;
use futures::stream;

use super::{Content, Found, Listing, RelPath, Unreadable, io_reason};
use crate::core::parse::LineIndex;

/// Enough to keep a disk busy, few enough for the usual limit of open files.
const AT_ONCE: usize = 64;

/// Reads `documents`, and calls `on_read` after each.
pub(super) async fn read_all(
    root: &Path,
    listing: &Listing,
    documents: Vec<RelPath>,
    on_read: impl Fn(),
) -> Vec<(RelPath, Content)> {
    let reads = documents.into_iter().map(|path| {
        let on_read = &on_read;
        async move {
            let content = match listing.get(&path) {
                Some(Found::Odd(reason)) => Content::Unreadable(Unreadable::whole(reason.clone())),
                _ => read(&path.to_disk(root)).await,
            };
            on_read();
            (path, content)
        }
    });
    stream::iter(reads)
        .buffer_unordered(AT_ONCE)
        .collect()
        .await
}

/// What is longer was written by no person, and would hold memory for all that is known of it.
const LONGEST: u64 = 16 << 20;

async fn read(path: &Path) -> Content {
    let bytes = async {
        let length = tokio::fs::metadata(path).await?.len();
        if length > LONGEST {
            return Ok(Err(length));
        }
        tokio::fs::read(path).await.map(Ok)
    };
    match bytes.await {
        Ok(Ok(bytes)) => decode(bytes),
        Ok(Err(length)) => {
            let (length, most) = (length.div_ceil(1 << 20), LONGEST >> 20);
            let reason = format!("too large: {length} MiB, the most is {most} MiB");
            Content::Unreadable(Unreadable::whole(reason))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Content::Missing,
        Err(error) => Content::Unreadable(Unreadable::whole(io_reason(&error))),
    }
}

/// UTF-8 with or without a byte order mark. A zero byte is in no text, whatever its encoding says.
fn decode(bytes: Vec<u8>) -> Content {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Content::Unreadable(Unreadable::whole("not UTF-8 but UTF-16"));
    }
    if bytes.contains(&0) {
        return Content::Unreadable(Unreadable::whole("a binary file: it holds a zero byte"));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Content::Text(text.strip_prefix('\u{feff}').unwrap_or(&text).into()),
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let bytes = error.as_bytes();
            let text = std::str::from_utf8(&bytes[..good]).unwrap_or_default();
            let at = LineIndex::new(text).position(good);
            Content::Unreadable(Unreadable {
                reason: format!("not UTF-8: byte 0x{:02x}", bytes[good]).into(),
                at,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_utf_8() {
        let text = |text: &str| Content::Text(text.into());
        let bad = |byte, line, column| {
            let at = crate::core::parse::Position { line, column };
            Content::Unreadable(Unreadable {
                reason: format!("not UTF-8: byte {byte}").into(),
                at,
            })
        };
        let whole = |reason: &str| Content::Unreadable(Unreadable::whole(reason));
        let table: [(&[u8], Content); 7] = [
            (b"", text("")),
            ("ü".as_bytes(), text("ü")),
            (b"\xef\xbb\xbf# A", text("# A")),
            (b"\xff\xfe#\0", whole("not UTF-8 but UTF-16")),
            (b"\x7fELF\0", whole("a binary file: it holds a zero byte")),
            (b"ab\n\xc3\xbcx\x80", bad("0x80", 2, 3)),
            (b"cut \xc3", bad("0xc3", 1, 5)),
        ];
        for (bytes, expected) in table {
            assert_eq!(decode(bytes.to_vec()), expected, "{bytes:?}");
        }
    }

    #[tokio::test]
    async fn a_file_that_went_away_is_missing() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("a.md"), "text").unwrap();
        let listing = Listing::look(dir.path()).unwrap();
        let paths = ["a.md", "b.md"]
            .map(|path| RelPath::new(path).unwrap())
            .to_vec();
        let mut read = read_all(dir.path(), &listing, paths.clone(), || ()).await;
        read.sort_by(|(a, _), (b, _)| a.cmp(b));
        let [a, b] = &paths[..] else {
            unreachable!("two paths")
        };
        assert_eq!(
            read,
            [
                (a.clone(), Content::Text("text".into())),
                (b.clone(), Content::Missing)
            ]
        );
    }
}
