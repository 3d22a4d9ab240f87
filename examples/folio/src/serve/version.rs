//! Versions of what is handed out: the revision at which a value last became another one.

use axum::http::HeaderMap;
use axum::http::header::IF_NONE_MATCH;
use salvia::Revision;

use super::Site;

impl Site {
    /// A version as an entity tag.
    pub(super) fn tag(&self, revision: Revision) -> String {
        format!("\"{:x}-{revision}\"", self.start)
    }

    /// A version as a page knows it; of a page that is not there, too.
    pub(super) fn version(&self, revision: Option<Revision>) -> String {
        match revision {
            Some(revision) => format!("{:x}-{revision}", self.start),
            None => format!("{:x}-none", self.start),
        }
    }
}

/// Whether the browser has this version.
pub(super) fn has(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers
        .get_all(IF_NONE_MATCH)
        .into_iter()
        .filter_map(|value| value.to_str().ok());
    let mut known = known.flat_map(|value| value.split(','));
    known.any(|known| matches!(known.trim(), "*") || known.trim().trim_start_matches("W/") == tag)
}
