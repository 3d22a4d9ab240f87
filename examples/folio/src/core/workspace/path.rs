//! Paths inside the folder: what names a document, whatever the operating system?
//!
//! A `RelPath` is relative to the folder, separated by `/`, without `.`, `..` and empty parts; the folder itself is
//! the empty path. Two equal paths are one file, compared by exact case.

use std::borrow::Borrow;
use std::fmt;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// A normal path below the folder. A clone is a counter.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RelPath(Arc<str>);

impl RelPath {
    /// The folder itself.
    pub fn root() -> Self {
        RelPath(Arc::from(""))
    }

    /// Normalises `path`; `None` if it leaves the folder.
    pub fn new(path: &str) -> Option<Self> {
        Self::root().join(path)
    }

    /// Follows `path` from this directory; `None` if that leaves the folder on the way.
    pub fn join(&self, path: &str) -> Option<Self> {
        let mut parts: Vec<&str> = self.parts().collect();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => drop(parts.pop()?),
                part => parts.push(part),
            }
        }
        Some(RelPath(parts.join("/").into()))
    }

    /// The path of a file found on the disk. A name that is not Unicode is shown with replacement characters.
    pub fn from_disk(root: &Path, found: &Path) -> Option<Self> {
        let relative = found.strip_prefix(root).ok()?;
        let mut parts = Vec::new();
        for component in relative.components() {
            match component {
                Component::Normal(part) => parts.push(part.to_string_lossy()),
                Component::CurDir => {}
                _ => return None,
            }
        }
        Some(RelPath(parts.join("/").into()))
    }

    /// Where the file is on the disk.
    pub fn to_disk(&self, root: &Path) -> PathBuf {
        let mut path = root.to_path_buf();
        path.extend(self.parts());
        path
    }

    /// The directory this path is in; `None` for the folder itself.
    pub fn parent(&self) -> Option<Self> {
        if self.0.is_empty() {
            return None;
        }
        let end = self.0.rfind('/').unwrap_or(0);
        Some(RelPath(self.0[..end].into()))
    }

    /// The last part; empty for the folder itself.
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or("")
    }

    /// The same path with another ending, if it ends with `ending`.
    pub fn with_ending(&self, ending: &str, other: &str) -> Option<Self> {
        let stem = self.0.strip_suffix(ending)?;
        Some(RelPath(format!("{stem}{other}").into()))
    }

    /// Whether a file of this name is a document.
    pub fn is_markdown(&self) -> bool {
        self.name().ends_with(".md")
    }

    /// Whether it is what its directory shows.
    pub fn is_index(&self) -> bool {
        matches!(self.name(), "README.md" | "index.md")
    }

    /// A name for people: without ending, and that of the directory for what it shows.
    pub fn shown_name(&self) -> &str {
        let place = if self.is_index() {
            self.0.rsplit('/').nth(1)
        } else {
            Some(self.name())
        };
        match place {
            Some(name) => name.strip_suffix(".md").unwrap_or(name),
            None => "Home",
        }
    }

    /// The text of the path; `.` for the folder itself.
    pub fn as_str(&self) -> &str {
        if self.0.is_empty() { "." } else { &self.0 }
    }

    fn parts(&self) -> impl Iterator<Item = &str> {
        self.0.split('/').filter(|part| !part.is_empty())
    }
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// So that a map of paths answers for a `&str`. Hash, equality and order are those of the inner text.
impl Borrow<str> for RelPath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_normal_or_outside() {
        let table = [
            ("docs", "a.md", Some("docs/a.md")),
            ("docs", "./a.md", Some("docs/a.md")),
            ("docs", "../a.md", Some("a.md")),
            ("docs", "../docs//b/./c.md", Some("docs/b/c.md")),
            ("docs", "..", Some(".")),
            ("docs", "../..", None),
            ("", "../docs/a.md", None),
            ("", "a/../../folder/a.md", None),
        ];
        for (from, path, expected) in table {
            let joined = RelPath::new(from).unwrap().join(path);
            assert_eq!(
                joined.as_ref().map(RelPath::as_str),
                expected,
                "{from} + {path}"
            );
        }
    }

    #[test]
    fn parents_end_at_the_folder() {
        let path = RelPath::new("a/b/c.md").unwrap();
        assert_eq!(path.parent(), RelPath::new("a/b"));
        assert_eq!(
            RelPath::new("c.md").unwrap().parent(),
            Some(RelPath::root())
        );
        assert_eq!(RelPath::root().parent(), None);
    }

    #[test]
    fn a_path_on_the_disk_goes_there_and_back() {
        let root = Path::new("/somewhere/docs");
        let path = RelPath::from_disk(root, Path::new("/somewhere/docs/a/b.md")).unwrap();
        assert_eq!(path.as_str(), "a/b.md");
        assert_eq!(path.to_disk(root), Path::new("/somewhere/docs/a/b.md"));
        assert_eq!(RelPath::from_disk(root, Path::new("/elsewhere/b.md")), None);
    }
}
