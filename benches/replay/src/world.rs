//! The folder: in memory, and on the disk for what reads it there.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use folio::core::workspace::RelPath;
use tempfile::TempDir;

use crate::corpus;

/// How many documents there are.
pub(crate) const DOCUMENTS: usize = 5_000;

/// A folder that goes away with the value.
pub(crate) struct World {
    dir: TempDir,
    pub(crate) documents: Vec<(RelPath, Arc<str>)>,
}

impl World {
    pub(crate) fn new() -> anyhow::Result<Self> {
        let document = |n| {
            let path = RelPath::new(&corpus::path(n)).context("it is in the folder")?;
            anyhow::Ok((path, corpus::text(n, DOCUMENTS).into()))
        };
        let documents: anyhow::Result<Vec<(RelPath, Arc<str>)>> =
            (0..DOCUMENTS).map(document).collect();
        let world = World {
            dir: tempfile::tempdir()?,
            documents: documents?,
        };
        let root = world.root()?;
        for (path, text) in &world.documents {
            let file = path.to_disk(&root);
            fs::create_dir_all(file.parent().context("it is in the folder")?)?;
            fs::write(file, text.as_bytes())?;
        }
        Ok(world)
    }

    pub(crate) fn root(&self) -> anyhow::Result<PathBuf> {
        Ok(self.dir.path().canonicalize()?)
    }
}
