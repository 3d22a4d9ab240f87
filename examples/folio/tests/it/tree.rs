//! A folder for one test, and the program run on it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use folio::core::progress::Progress;
use folio::core::workspace::Workspace;
use tempfile::TempDir;

/// A folder that goes away with the value.
pub(crate) struct Tree {
    dir: TempDir,
}

/// What a run of the program gave.
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) lines: Vec<String>,
    pub(crate) remarks: String,
}

impl Tree {
    /// A folder with these files.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let tree = Tree {
            dir: tempfile::tempdir().unwrap(),
        };
        for (path, text) in files {
            tree.write(path, text);
        }
        tree
    }

    pub(crate) fn root(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    /// Writes a file, and the directories it is in.
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// What the library knows of the folder: nothing yet.
    pub(crate) fn workspace(&self) -> Workspace {
        Workspace::new(self.root().canonicalize().unwrap(), Progress::none())
    }

    /// `folio check` on the folder.
    pub(crate) fn check(&self, arguments: &[&str]) -> Run {
        folio()
            .arg("check")
            .arg(self.root())
            .args(arguments)
            .output()
            .unwrap()
            .into()
    }

    /// The lines of a report on the folder.
    pub(crate) fn report(&self) -> Vec<String> {
        self.check(&[]).lines
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Run {
            code: output.status.code(),
            lines: text(output.stdout).lines().map(str::to_owned).collect(),
            remarks: text(output.stderr),
        }
    }
}

/// The program.
pub(crate) fn folio() -> Command {
    Command::new(env!("CARGO_BIN_EXE_folio"))
}

/// The beginning of an image of this size: as much as says so.
pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend([8, 2, 0, 0, 0]);
    bytes
}
