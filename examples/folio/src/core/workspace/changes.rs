//! Where is it worth to look again?

use std::collections::BTreeSet;

use super::RelPath;

/// Which paths may have changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files, and directories with all that is in them.
    pub paths: BTreeSet<RelPath>,
    /// Nobody knows: look at everything.
    pub everything: bool,
}

impl Changes {
    /// Everything may have changed.
    pub fn all() -> Self {
        Changes {
            paths: BTreeSet::new(),
            everything: true,
        }
    }

    /// These may have, and what is in them.
    pub fn at(paths: impl IntoIterator<Item = RelPath>) -> Self {
        Changes {
            paths: paths.into_iter().collect(),
            everything: false,
        }
    }

    /// Whether something at `path`, or a directory it is in, may have changed.
    pub fn touch(&self, path: &RelPath) -> bool {
        let up = std::iter::successors(Some(path.clone()), RelPath::parent);
        self.everything || up.into_iter().any(|path| self.paths.contains(&path))
    }
}
