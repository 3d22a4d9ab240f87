//! Storage tasks: where updates live that could not finish at once, and their common end.
//!
//! A task is listed from before it is spawned until its future is gone, so closing the list
//! leaves none behind.

use std::future::Future;

use futures_util::FutureExt;

use crate::bug::planted;
use crate::sync::{
    AbortHandle, Arc, AtomicBool, HashMap, Host, Mutex, MutexGuard, Notify, Ordering, VeiledBox,
    siblings,
};

pub(crate) struct Tasks {
    tokio: VeiledBox<Host>,
    /// How many tasks run at the same time; 0 if it is one after the other.
    siblings: u32,
    list: Arc<Listed>,
    /// The list's `closed`, for a look without the lock.
    closed: AtomicBool,
}

#[derive(Default)]
struct Listed {
    list: Mutex<List>,
    /// Told when a closed list has become empty.
    ended: Notify,
}

#[derive(Default)]
struct List {
    /// `None` while the task is being spawned, and for one that must not be aborted.
    live: HashMap<u64, Option<AbortHandle>>,
    next: u64,
    closed: bool,
}

/// Takes a task off the list when its future is dropped, however that comes about.
struct Entry {
    list: Arc<Listed>,
    number: u64,
}

impl Tasks {
    pub(crate) fn new(tokio: Host) -> Self {
        Tasks {
            siblings: siblings(&tokio),
            tokio: VeiledBox::new(tokio),
            list: Arc::default(),
            closed: AtomicBool::new(false),
        }
    }

    pub(crate) fn tokio(&self) -> &Host {
        &self.tokio
    }

    /// How many tasks run at the same time; 0 if it is one after the other.
    pub(crate) fn siblings(&self) -> u32 {
        self.siblings
    }

    pub(crate) fn is_closed(&self) -> bool {
        // In one order with who begins to write.
        self.closed.load(Ordering::SeqCst)
    }

    /// Runs a future in a task. False if there is no more running here, and it was dropped.
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) -> bool {
        let Some(entry) = self.enlist() else {
            return false;
        };
        let number = entry.number;
        let mut task = self.tokio.spawn(listed(work, entry));
        // A tokio that has shut down drops the future inside the call.
        if let Some(Err(error)) = (&mut task).now_or_never() {
            return !error.is_cancelled() || planted("dead-tokio-unnoticed");
        }
        let mut list = self.list.lock();
        if list.closed {
            drop(list);
            task.abort();
        } else if let Some(handle) = list.live.get_mut(&number) {
            *handle = Some(task.abort_handle());
        }
        true
    }

    /// Runs a future that may be stopped in a task. `None` if there is no more running here.
    pub(crate) fn spawn_timer(
        &self,
        work: impl Future<Output = ()> + Send + 'static,
    ) -> Option<AbortHandle> {
        let entry = self.enlist()?;
        let number = entry.number;
        let task = self.tokio.spawn(listed(work.boxed(), entry));
        if let Some(handle) = self.list.lock().live.get_mut(&number) {
            *handle = Some(task.abort_handle());
        }
        if self.is_closed() {
            task.abort();
        }
        Some(task.abort_handle())
    }

    /// Runs a future in a task that the end of the runtime waits for and does not abort.
    pub(crate) fn finish(&self, work: impl Future<Output = ()> + Send + 'static) {
        let entry = self.enlist_anyway();
        self.tokio.spawn(listed(work.boxed(), entry));
    }

    fn enlist(&self) -> Option<Entry> {
        (!self.is_closed()).then(|| self.enlist_anyway())
    }

    fn enlist_anyway(&self) -> Entry {
        let mut list = self.list.lock();
        let number = list.next;
        list.next += 1;
        list.live.insert(number, None);
        Entry {
            list: self.list.clone(),
            number,
        }
    }

    /// Ends every task at its next await, and spawns no more.
    pub(crate) fn close(&self) {
        let mut list = self.list.lock();
        list.closed = true;
        self.closed.store(true, Ordering::SeqCst);
        let tasks: Vec<AbortHandle> = list.live.values().flatten().cloned().collect();
        drop(list);
        if !planted("tasks-left-at-shutdown") {
            tasks.iter().for_each(AbortHandle::abort);
        }
    }

    /// Waits until no task is left.
    pub(crate) async fn ended(&self) {
        loop {
            // Made before the look, so that the last end is not missed.
            let ended = self.list.ended.notified();
            if self.list.lock().live.is_empty() || planted("shutdown-does-not-wait") {
                return;
            }
            ended.await;
        }
    }
}

/// Does the work of a task. That is dropped before its entry, also if it was never polled. What is seldom done comes in a box: for
/// each type of future all of a tokio task is compiled.
async fn listed(work: impl Future<Output = ()>, _entry: Entry) {
    work.await;
}

impl Listed {
    fn lock(&self) -> MutexGuard<'_, List> {
        self.list.lock()
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        let mut list = self.list.lock();
        let handle = list.live.remove(&self.number);
        let last = list.closed && list.live.is_empty();
        drop(list);
        drop(handle);
        if last {
            self.list.ended.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Says when it is dropped whether any task was listed then.
    struct Sees(Arc<Listed>, Arc<AtomicBool>);

    impl Drop for Sees {
        fn drop(&mut self) {
            let is_listed = !self.0.lock().live.is_empty();
            self.1.store(is_listed, Ordering::SeqCst);
        }
    }

    /// Who waits for the end of all tasks may then rely on that nothing of their work is left.
    #[test]
    fn work_is_gone_before_it_is_off_the_list_also_if_it_was_never_polled() {
        let tokio = tokio::runtime::Builder::new_current_thread().build();
        let tasks = Tasks::new(tokio.expect("there can be one").handle().clone());
        let was_listed = Arc::new(AtomicBool::new(false));
        let sees = Sees(tasks.list.clone(), was_listed.clone());
        let is_spawned = tasks.spawn(async move {
            let _sees = sees;
        });
        assert!(!is_spawned, "its tokio has ended");
        assert!(was_listed.load(Ordering::SeqCst));
        assert!(tasks.list.lock().live.is_empty());
    }
}
