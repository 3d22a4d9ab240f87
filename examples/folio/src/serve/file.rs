//! A file as it is: whole, a part of it, or the word that the browser has it already.

use std::io::{self, ErrorKind, SeekFrom};
use std::ops::RangeInclusive;
use std::path::Path;

use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_RANGE,
    RANGE,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use futures::stream::{self, Stream};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};

use super::{failure, version};
use crate::core::workspace::{RelPath, io_reason};

/// How much is read at once.
const PIECE: usize = 64 << 10;

/// The file at `path`, whose version is `tag`.
pub(super) async fn response(
    root: &Path,
    path: &RelPath,
    tag: Option<String>,
    headers: &HeaderMap,
) -> Response {
    let tag = tag.unwrap_or_default();
    let known = [(ETAG, tag.clone()), (CACHE_CONTROL, "no-cache".to_owned())];
    if !tag.is_empty() && version::has(headers, &tag) {
        return (StatusCode::NOT_MODIFIED, known).into_response();
    }
    let opened = async {
        let file = File::open(path.to_disk(root)).await?;
        let length = file.metadata().await?.len();
        Ok((file, length))
    };
    let (file, length) = match opened.await {
        Ok(opened) => opened,
        Err(error) => return unreadable(path, &error),
    };
    let kind = mime_guess::from_path(path.as_str())
        .first_or_octet_stream()
        .to_string();
    let about = [(CONTENT_TYPE, kind), (ACCEPT_RANGES, "bytes".to_owned())];
    match asked_part(headers, &tag, length) {
        Part::Whole => {
            let body = Body::from_stream(pieces(file, 0, length));
            (known, about, [(CONTENT_LENGTH, length.to_string())], body).into_response()
        }
        Part::Range(range) => {
            let count = range.end() - range.start() + 1;
            let place = format!("bytes {}-{}/{length}", range.start(), range.end());
            let size = [(CONTENT_RANGE, place), (CONTENT_LENGTH, count.to_string())];
            let body = Body::from_stream(pieces(file, *range.start(), count));
            (StatusCode::PARTIAL_CONTENT, known, about, size, body).into_response()
        }
        Part::Outside => {
            let place = [(CONTENT_RANGE, format!("bytes */{length}"))];
            (StatusCode::RANGE_NOT_SATISFIABLE, place).into_response()
        }
    }
}

/// What a browser asks for.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    Whole,
    Range(RangeInclusive<u64>),
    Outside,
}

/// One range is given; for several the whole is, which is always right.
fn asked_part(headers: &HeaderMap, tag: &str, length: u64) -> Part {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    // A part of another version would not fit to what the browser has.
    if text(IF_RANGE).is_some_and(|known| known != tag) {
        return Part::Whole;
    }
    let Some(Ok(asked)) = text(RANGE).map(http_range_header::parse_range_header) else {
        return Part::Whole;
    };
    match asked.validate(length) {
        Ok(ranges) => match &ranges[..] {
            [range] => Part::Range(range.clone()),
            _ => Part::Whole,
        },
        Err(_) => Part::Outside,
    }
}

fn pieces(file: File, start: u64, length: u64) -> impl Stream<Item = io::Result<Bytes>> {
    stream::try_unfold(
        (file, Some(start), length),
        |(mut file, seek, left)| async move {
            if left == 0 {
                return Ok(None);
            }
            if let Some(start) = seek {
                file.seek(SeekFrom::Start(start)).await?;
            }
            let mut piece = vec![0; PIECE.min(usize::try_from(left).unwrap_or(PIECE))];
            let read = file.read(&mut piece).await?;
            if read == 0 {
                // It became shorter while it was sent; the browser has to know that something is missing.
                return Err(ErrorKind::UnexpectedEof.into());
            }
            piece.truncate(read);
            Ok(Some((Bytes::from(piece), (file, None, left - read as u64))))
        },
    )
}

fn unreadable(path: &RelPath, error: &io::Error) -> Response {
    let status = match error.kind() {
        ErrorKind::NotFound => StatusCode::NOT_FOUND,
        ErrorKind::PermissionDenied => StatusCode::FORBIDDEN,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    failure::page(
        status,
        &format!("{path} cannot be read."),
        &io_reason(error),
        "",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_given_if_it_is_one_and_of_this_version() {
        let asked = |range: &str, known: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert(RANGE, range.parse().unwrap());
            if let Some(known) = known {
                headers.insert(IF_RANGE, known.parse().unwrap());
            }
            asked_part(&headers, "\"1\"", 100)
        };
        let table = [
            ("bytes=0-9", None, Part::Range(0..=9)),
            ("bytes=90-", None, Part::Range(90..=99)),
            ("bytes=-5", None, Part::Range(95..=99)),
            ("bytes=0-9,20-29", None, Part::Whole),
            ("bytes=100-", None, Part::Outside),
            ("pages=1", None, Part::Whole),
            ("bytes=0-9", Some("\"1\""), Part::Range(0..=9)),
            ("bytes=0-9", Some("\"2\""), Part::Whole),
        ];
        for (range, known, expected) in table {
            assert_eq!(asked(range, known), expected, "{range} {known:?}");
        }
    }
}
