//! What does a large folder cost: to know it all, to follow an edit, to keep, to serve?
//!
//! `cargo bench -p folio --bench scale` makes ten thousand documents; a directory as argument takes its documents
//! instead. Each part has a process of its own, so that the memory of one is not that of another.

mod corpus;
mod edits;
mod known;
mod served;
mod stage;

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Context;

const DOCUMENTS: usize = 10_000;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    // Cargo says `--bench` to every bench.
    let mut arguments = std::env::args().skip(1).filter(|given| given != "--bench");
    match (arguments.next().as_deref(), arguments.next()) {
        (Some("--known"), Some(root)) => known::measure(Path::new(&root)).await,
        (Some("--served"), Some(root)) => served::measure(Path::new(&root)).await,
        (given, _) => parts(given),
    }
}

/// Makes the folder, and has each part measured in it.
fn parts(given: Option<&str>) -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let root = dir.path().canonicalize()?;
    match given {
        Some(given) => {
            copy(Path::new(given), &root).with_context(|| format!("cannot copy {given}"))?
        }
        None => generate(&root)?,
    }
    for part in ["--known", "--served"] {
        let mut command = Command::new(std::env::current_exe()?);
        let status = command.arg(part).arg(&root).status()?;
        anyhow::ensure!(status.success(), "{part} has failed");
    }
    Ok(())
}

fn generate(root: &Path) -> anyhow::Result<()> {
    fs::write(root.join("README.md"), "# Ten thousand documents\n")?;
    for n in 0..DOCUMENTS {
        let file = root.join(corpus::path(n));
        fs::create_dir_all(file.parent().context("it is in the folder")?)?;
        fs::write(file, corpus::text(n, DOCUMENTS))?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy(&entry.path(), &to)?,
            false => drop(fs::copy(entry.path(), to)?),
        }
    }
    Ok(())
}
