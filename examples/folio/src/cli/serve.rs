//! `folio serve`: the folder as a site on this machine.

use std::process::ExitCode;

use anyhow::Context;

use super::{Serve, end_signal, folder, remark};
use crate::core::progress::Progress;
use crate::core::workspace::{Watcher, Workspace};
use crate::serve::{Server, follow};

/// Serves until Ctrl-C.
pub(super) async fn serve(asked: Serve) -> anyhow::Result<ExitCode> {
    let root = folder(&asked.dir)?;
    let (watcher, follower) = Watcher::new(&root)?;
    let workspace = Workspace::new(root.clone(), Progress::on_terminal());
    let mut workspace = workspace.watched_by(follower);
    let _inspecting = asked.inspect.begin(workspace.runtime()).await?;
    workspace
        .load()
        .await
        .with_context(|| format!("cannot read {}", asked.dir.display()))?;
    workspace.progress().end();
    let server = Server::bind(asked.port, root.into(), workspace.runtime().clone()).await?;
    remark(&format!(
        "serving {} at http://{}/, Ctrl-C ends",
        asked.dir.display(),
        server.address()?
    ));
    tokio::select! {
        ended = server.run() => ended?,
        ended = follow(workspace, watcher) => ended?,
        ended = end_signal() => ended?,
    }
    Ok(ExitCode::SUCCESS)
}
