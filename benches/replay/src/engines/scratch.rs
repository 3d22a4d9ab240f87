//! The same core without its memory: at each edit a new engine is told of everything and asked again. The texts stay in
//! memory, so that no disk is measured.

use std::sync::Arc;

use folio::core::progress::Progress;
use folio::core::workspace::{Changes, Look, Mirror, RelPath, Workspace};

use super::folio::Request;
use crate::ask::Engine;
use crate::session::Session;
use crate::world::World;

/// What was read, and the engine of the last edit.
pub(crate) struct Scratch {
    look: Look,
    root: std::path::PathBuf,
    mirror: Mirror,
    path: RelPath,
}

impl Engine for Scratch {
    type Reader = Request;

    async fn open(world: &World, session: &Session) -> anyhow::Result<Self> {
        let root = world.root()?;
        let (mut disk, mut mirror) = Workspace::new(root.clone(), Progress::none()).into_parts();
        let look = disk.look(&Changes::all()).await?;
        mirror.apply(look.clone()).await;
        Ok(Scratch {
            look,
            root,
            mirror,
            path: session.path.clone(),
        })
    }

    async fn edit(&mut self, text: Arc<str>) {
        let (_, mirror) = Workspace::new(self.root.clone(), Progress::none()).into_parts();
        self.mirror = mirror;
        self.mirror.apply(self.look.clone()).await;
        self.mirror.open(self.path.clone(), text).await;
    }

    fn reader(&self) -> Request {
        Request::new(&self.mirror, &self.path)
    }
}
