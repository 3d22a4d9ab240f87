//! The place a site is written to.
//!
//! A list of what was written lies beside it, so that the next build knows what is ours.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::core::place::OWN;
use crate::core::workspace::{RelPath, io_reason};

/// What a build did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// Files the site has.
    pub files: usize,
    /// Files that are new or another thing.
    pub written: usize,
    /// Files of an earlier build that are no more.
    pub removed: usize,
    /// What could not be read, and why.
    pub failures: Vec<String>,
}

/// A site that is being written.
#[derive(Debug)]
pub(super) struct Output {
    place: PathBuf,
    before: BTreeSet<String>,
    now: BTreeSet<String>,
    done: Written,
}

impl Output {
    pub(super) fn open(place: &Path) -> io::Result<Self> {
        fs::create_dir_all(place)?;
        let before = match fs::read_to_string(list(place)) {
            Ok(before) => before.lines().map(str::to_owned).collect(),
            Err(error) if error.kind() == ErrorKind::NotFound => BTreeSet::new(),
            Err(error) => return Err(error),
        };
        let (now, done) = (BTreeSet::new(), Written::default());
        Ok(Output {
            place: place.to_owned(),
            before,
            now,
            done,
        })
    }

    /// Makes the file `name` hold `content`.
    pub(super) fn write(&mut self, name: &str, content: &[u8]) -> io::Result<()> {
        self.now.insert(name.to_owned());
        self.done.files += 1;
        let path = self.place.join(name);
        if fs::read(&path).is_ok_and(|old| old == content) {
            return Ok(());
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        // Never half a page, whoever reads at the same time.
        let part = path.with_extension("part");
        fs::write(&part, content)?;
        fs::rename(&part, &path)?;
        self.done.written += 1;
        Ok(())
    }

    /// Removes what is no more.
    pub(super) fn finish(mut self) -> io::Result<Written> {
        let is_inside = |name: &&String| RelPath::new(name).is_some();
        for gone in self.before.difference(&self.now).filter(is_inside) {
            match fs::remove_file(self.place.join(gone)) {
                Ok(()) => self.done.removed += 1,
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
            let mut folder = Path::new(gone).parent();
            while let Some(empty) = folder.filter(|folder| !folder.as_os_str().is_empty()) {
                // Fails where something is left, which is where to stop.
                if fs::remove_dir(self.place.join(empty)).is_err() {
                    break;
                }
                folder = empty.parent();
            }
        }
        let names: Vec<_> = self.now.iter().map(String::as_str).collect();
        let names = names.join("\n") + "\n";
        let list = list(&self.place);
        if !fs::read_to_string(&list).is_ok_and(|old| old == names) {
            fs::write(list, names)?;
        }
        Ok(self.done)
    }
}

/// Copies a file of the folder. One that cannot be read is told, and what was written of it before stays.
pub(super) fn copy(output: &mut Output, root: &Path, path: &RelPath) -> io::Result<()> {
    match fs::read(path.to_disk(root)) {
        Ok(content) => output.write(path.as_str(), &content),
        Err(error) => {
            output.now.insert(path.to_string());
            output
                .done
                .failures
                .push(format!("{path}: {}", io_reason(&error)));
            Ok(())
        }
    }
}

fn list(place: &Path) -> PathBuf {
    place.join(OWN).join("files.txt")
}
