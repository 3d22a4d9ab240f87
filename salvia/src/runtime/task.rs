//! Storage tasks: where updates live that could not finish at once, and their common end.
//!
//! A task is listed from before it is spawned until its future is gone, so closing the list
//! leaves none behind.

use std::collections::HashMap;
use std::future::Future;

use tokio::runtime::Handle;
use tokio::task::AbortHandle;

use crate::sync::{Arc, AtomicBool, Mutex, Ordering};

pub(crate) struct Tasks {
    tokio: Handle,
    list: Arc<Mutex<List>>,
    /// The list's `closed`, for a look without the lock.
    closed: AtomicBool,
}

#[derive(Default)]
struct List {
    /// `None` while the task is being spawned.
    live: HashMap<u64, Option<AbortHandle>>,
    next: u64,
    closed: bool,
}

/// Takes a task off the list when its future is dropped, however that comes about.
struct Entry {
    list: Arc<Mutex<List>>,
    number: u64,
}

impl Tasks {
    pub(crate) fn new(tokio: Handle) -> Self {
        Tasks {
            tokio,
            list: Arc::default(),
            closed: AtomicBool::new(false),
        }
    }

    pub(crate) fn tokio(&self) -> &Handle {
        &self.tokio
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Runs a future to its end in a task, or drops it if there is no more running here.
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let Some(entry) = self.enlist() else { return };
        let number = entry.number;
        let task = self.tokio.spawn(async move {
            let _entry = entry;
            work.await;
        });
        let mut list = self.list.lock();
        if list.closed {
            drop(list);
            task.abort();
        } else if let Some(handle) = list.live.get_mut(&number) {
            *handle = Some(task.abort_handle());
        }
    }

    fn enlist(&self) -> Option<Entry> {
        let mut list = self.list.lock();
        if list.closed {
            return None;
        }
        let number = list.next;
        list.next += 1;
        list.live.insert(number, None);
        Some(Entry {
            list: self.list.clone(),
            number,
        })
    }

    /// Ends every task at its next await, and spawns no more.
    pub(crate) fn close(&self) {
        let mut list = self.list.lock();
        list.closed = true;
        self.closed.store(true, Ordering::Release);
        let live = std::mem::take(&mut list.live);
        drop(list);
        live.into_values().flatten().for_each(|task| task.abort());
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        let handle = self.list.lock().live.remove(&self.number);
        drop(handle);
    }
}
