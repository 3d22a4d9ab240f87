//! The one who sets inputs: edits and looks at the disk, in the order in which they are told.

use std::sync::Arc;

use anyhow::Context;
use salvia::{Runtime, Snapshot};
use tokio::sync::{mpsc, oneshot};

use crate::core::workspace::{Changes, Disk, Look, Mirror, RelPath, Watcher, Workspace};

/// What the writer is told.
#[derive(Debug)]
pub(super) enum Message {
    /// A buffer holds this now.
    Edit(RelPath, Arc<str>),
    /// A buffer is closed.
    Close(RelPath),
    /// The disk was looked at.
    Look(Look),
    /// Somebody asks what has been told so far.
    Pin(oneshot::Sender<Snapshot>),
}

/// A way to the writer. A clone leads to the same one.
#[derive(Debug, Clone)]
pub(super) struct Writer {
    /// Unbounded: an editor is not to wait, and the writer only commits.
    messages: mpsc::UnboundedSender<Message>,
    runtime: Arc<Runtime>,
}

impl Writer {
    /// Starts the writer, which looks at the folder before anything else, and whoever looks again at each change.
    /// When one of them fails, `on_failure` is told.
    pub(super) fn start(
        workspace: Workspace,
        watcher: Watcher,
        on_failure: impl FnOnce(anyhow::Error) + Send + 'static,
    ) -> Self {
        let (messages, told) = mpsc::unbounded_channel();
        let runtime = workspace.runtime().clone();
        let (disk, mirror) = workspace.into_parts();
        let looks = messages.clone();
        tokio::spawn(async move {
            if let Err(error) = write(disk, mirror, watcher, looks, told).await {
                on_failure(error);
            }
        });
        Writer { messages, runtime }
    }

    pub(super) fn runtime(&self) -> &Arc<Runtime> {
        &self.runtime
    }

    pub(super) fn tell(&self, message: Message) {
        // Fails when the writer has failed, which was told.
        let _ = self.messages.send(message);
    }

    /// What is known once everything that was told before has been committed. The place in the order is taken by
    /// the call, not by the first poll.
    pub(super) fn pin(&self) -> impl Future<Output = Option<Snapshot>> + Send + 'static + use<> {
        let (reply, snapshot) = oneshot::channel();
        self.tell(Message::Pin(reply));
        async { snapshot.await.ok() }
    }
}

async fn write(
    mut disk: Disk,
    mut mirror: Mirror,
    watcher: Watcher,
    looks: mpsc::UnboundedSender<Message>,
    mut told: mpsc::UnboundedReceiver<Message>,
) -> anyhow::Result<()> {
    let look = disk
        .look(&Changes::all())
        .await
        .context("cannot read the folder")?;
    mirror.apply(look).await;
    let looking = look_again(disk, watcher, looks);
    let writing = async {
        while let Some(message) = told.recv().await {
            match message {
                Message::Edit(path, text) => {
                    mirror.open(path, text).await;
                }
                Message::Close(path) => {
                    mirror.close(&path).await;
                }
                Message::Look(look) => {
                    mirror.apply(look).await;
                }
                // Who asked may be gone.
                Message::Pin(reply) => drop(reply.send(mirror.snapshot())),
            }
        }
        Ok(())
    };
    tokio::select! {
        ended = looking => ended,
        ended = writing => ended,
    }
}

/// Looks where something has changed. What takes long is done here, so that no edit waits for it.
async fn look_again(
    mut disk: Disk,
    mut watcher: Watcher,
    looks: mpsc::UnboundedSender<Message>,
) -> anyhow::Result<()> {
    loop {
        let changes = watcher.next().await?;
        let look = disk
            .look(&changes)
            .await
            .context("cannot look at the folder")?;
        if looks.send(Message::Look(look)).is_err() {
            return Ok(());
        }
    }
}
