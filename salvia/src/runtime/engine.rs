//! The engine: what everything of one runtime hangs off.
//!
//! It is kept alive by whoever works in it, storage tasks too; what ends its work is the drop
//! of the last [`Runtime`](crate::Runtime) handle, which only users' values hold.

use std::ops::Deref;

use anymap2::SendSyncAnyMap;

use crate::node::counts::Count;
use crate::runtime::anonymous::family::Families;
use crate::runtime::anonymous::later::Later;
use crate::runtime::expire::Expiries;
use crate::runtime::keep::Keeper;
use crate::runtime::listener::{Listener, Listeners};
use crate::runtime::pin::{AtWork, Clock};
use crate::runtime::store::Store;
use crate::runtime::task::Tasks;
use crate::runtime::watch::Sleepers;
use crate::sync::{Apart, Arc, Host, Turn, VeiledArc, VeiledWeak};

pub(crate) struct Engine {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) tasks: Tasks,
    pub(crate) sleepers: Sleepers,
    pub(crate) expiries: Expiries,
    pub(crate) keeper: Keeper,
    pub(crate) families: Families,
    /// What sweeping has put off.
    pub(crate) later: Later,
    /// The writers' turn: mutations run one at a time, in the order of their requests.
    pub(crate) turn: Arc<Turn<AtWork>>,
    /// Who has this is the next to have the turn.
    pub(crate) queue: Arc<Turn<()>>,
    /// The user's resources: an `Arc<T>` for each type.
    pub(crate) resources: SendSyncAnyMap,
    pub(crate) scheduling: Scheduling,
    pub(crate) listeners: Listeners,
    /// Of the frames that have ended.
    pub(crate) hits: Apart<Count>,
    /// Writes to inputs hosted on the ids of nodes that were dropped.
    pub(crate) dropped_writes: Count,
}

/// Where updates run.
///
/// ```
/// # use salvia::{Runtime, Scheduling};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let rt = Runtime::builder().scheduling(Scheduling::TaskPerNode).build();
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Scheduling {
    /// An update is polled once where it was asked for; it is given a task if it cannot finish
    /// there, if it nests too deep or the poll it began in has taken long, or if its query is known
    /// to keep a core busy. On a tokio runtime with several workers the first updates of a query, as
    /// many as there are workers, are given one too, since nobody knows yet what they cost: so a
    /// thread of tokio must not block on a request.
    ///
    /// Where they are polled in place, updates may take 1,280 KiB of stack together (512 on
    /// Windows) before one is given a task, beside what the innermost body takes: threads that ask
    /// should have the usual 2 MiB.
    #[default]
    Adaptive,
    /// The same without regard to what a query costs, but for the option `spawn`: siblings that keep
    /// a core busy run one after the other.
    InPlace,
    /// Every update is given a task: the plain shape of a task for each node, for comparing and
    /// debugging.
    TaskPerNode,
}

/// A share of an engine.
///
/// All that a user holds leads to one, and a debugger's description of it would lead to all of the engine. It would be written
/// again for each part of the user's program; so it is veiled.
#[derive(Clone)]
pub(crate) struct EngineArc(VeiledArc<Engine>);

/// A share that does not keep the engine. By default it leads to none.
#[derive(Clone, Default)]
pub(crate) struct EngineWeak(VeiledWeak<Engine>);

impl EngineArc {
    pub(crate) fn new(
        tokio: Host,
        resources: SendSyncAnyMap,
        scheduling: Scheduling,
        budget: Option<usize>,
        listener: Option<Listener>,
    ) -> Self {
        let at_work = AtWork::default();
        EngineArc(VeiledArc::new_cyclic(|engine| Engine {
            store: Store::new(),
            clock: Clock::new(EngineWeak(engine.clone()), at_work.clone()),
            tasks: Tasks::new(tokio),
            sleepers: Sleepers::default(),
            expiries: Expiries::default(),
            keeper: Keeper::new(budget),
            families: Families::default(),
            later: Later::default(),
            turn: Arc::new(Turn::new(at_work)),
            queue: Arc::new(Turn::new(())),
            resources,
            scheduling,
            listeners: Listeners::new(listener),
            hits: Apart::default(),
            dropped_writes: Count::default(),
        }))
    }

    pub(crate) fn downgrade(this: &Self) -> EngineWeak {
        EngineWeak(VeiledArc::downgrade(&this.0))
    }

    /// Tells engines apart.
    #[inline]
    pub(crate) fn as_ptr(this: &Self) -> *const Engine {
        VeiledArc::as_ptr(&this.0)
    }
}

impl Deref for EngineArc {
    type Target = Engine;

    #[inline]
    fn deref(&self) -> &Engine {
        &self.0
    }
}

impl EngineWeak {
    pub(crate) fn upgrade(&self) -> Option<EngineArc> {
        self.0.upgrade().map(EngineArc)
    }
}
