//! Requests: what a root asked for, with everything that is asked on the way.
//!
//! A failure, and a value that was made by handling one, is stored nowhere; so without more each
//! of many askers in one request would run it again, twice as often with each level. A request
//! remembers such outcomes as long as it lasts. The next one tries again.

use std::collections::BTreeMap;

use crate::bug::planted;
use crate::node::claim::Release;
use crate::node::edge::Edge;
use crate::runtime::asker::View;
use crate::runtime::guard::discard;
use crate::sync::{AtomicBool, Mutex, Ordering, Thin};

pub(crate) struct Request {
    /// Of what everything is asked.
    pub(crate) view: View,
    /// The passing outcomes. Leaf lock: fits under a node's.
    passing: Mutex<BTreeMap<Edge, Release>>,
    /// Whether `passing` has ever held anything, to pass its lock by.
    used: AtomicBool,
    /// A long descent came to nothing.
    descended_in_vain: AtomicBool,
    /// A question of its root has it, which others may have.
    taken: AtomicBool,
}

impl Request {
    pub(crate) fn new(view: View) -> Thin<Self> {
        Thin::new(Request {
            view,
            passing: Mutex::default(),
            used: AtomicBool::new(false),
            descended_in_vain: AtomicBool::new(false),
            taken: AtomicBool::new(false),
        })
    }

    /// Gives a request that was made before to one more question, if it is like a new one: no question has it, nor an update
    /// that goes on without its question, and nothing was remembered in it.
    pub(crate) fn again(this: &Thin<Self>) -> Option<Thin<Self>> {
        if this.taken.swap(true, Ordering::Acquire) && !planted("request-shared") {
            return None;
        }
        let is_alone = Thin::is_alone(this) || planted("request-shared");
        let is_like_new = is_alone && this.may_descend() && this.is_untouched();
        if !is_like_new {
            // It never will be again, or as soon as that update is over.
            this.taken.store(false, Ordering::Release);
            return None;
        }
        Some(this.clone())
    }

    /// Whether nothing was ever remembered in it.
    fn is_untouched(&self) -> bool {
        !self.used.load(Ordering::Acquire)
    }

    pub(crate) fn may_descend(&self) -> bool {
        !self.descended_in_vain.load(Ordering::Relaxed)
    }

    pub(crate) fn stop_descending(&self) {
        self.descended_in_vain.store(true, Ordering::Relaxed);
    }

    pub(crate) fn outcome(&self, edge: Edge) -> Option<Release> {
        if self.is_untouched() {
            return None;
        }
        self.passing.lock().get(&edge).cloned()
    }

    /// Forgets everything. Updates of this request may outlive it and be joined by another one,
    /// which has to try for itself.
    pub(crate) fn end(&self) {
        if !self.is_untouched() && !planted("failure-outlives-request") {
            let passing = std::mem::take(&mut *self.passing.lock());
            passing.into_values().for_each(discard);
        }
        self.taken.store(false, Ordering::Release);
    }

    /// Remembers an outcome; the first for a node stays.
    pub(crate) fn remember(&self, edge: Edge, release: &Release) {
        let mut passing = self.passing.lock();
        passing.entry(edge).or_insert_with(|| release.clone());
        self.used.store(true, Ordering::Release);
    }
}
