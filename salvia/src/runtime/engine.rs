//! The engine: what everything of one runtime hangs off.
//!
//! It is kept alive by whoever works in it, storage tasks too; what ends its work is the drop
//! of the last [`Runtime`](crate::Runtime) handle, which only users' values hold.

use anymap2::SendSyncAnyMap;
use tokio::runtime::Handle;

use crate::runtime::pin::Clock;
use crate::runtime::store::Store;
use crate::runtime::task::Tasks;
use crate::sync::{Arc, Turn};

pub(crate) struct Engine {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) tasks: Tasks,
    /// The writers' turn: mutations run one at a time, in the order of their requests.
    pub(crate) turn: Arc<Turn<()>>,
    /// The user's resources: an `Arc<T>` for each type.
    pub(crate) resources: SendSyncAnyMap,
}

impl Engine {
    pub(crate) fn new(tokio: Handle, resources: SendSyncAnyMap) -> Arc<Self> {
        Arc::new_cyclic(|engine| Engine {
            store: Store::new(),
            clock: Clock::new(engine.clone()),
            tasks: Tasks::new(tokio),
            turn: Arc::new(Turn::new(())),
            resources,
        })
    }
}
