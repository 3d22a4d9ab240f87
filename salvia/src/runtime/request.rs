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
}

impl Request {
    pub(crate) fn new(view: View) -> Thin<Self> {
        Thin::new(Request {
            view,
            passing: Mutex::default(),
            used: AtomicBool::new(false),
            descended_in_vain: AtomicBool::new(false),
        })
    }

    /// Whether nothing was ever remembered in it.
    pub(crate) fn is_untouched(&self) -> bool {
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
        // The next question of the root may descend elsewhere.
        self.descended_in_vain.store(false, Ordering::Relaxed);
        if self.is_untouched() || planted("failure-outlives-request") {
            return;
        }
        let passing = std::mem::take(&mut *self.passing.lock());
        passing.into_values().for_each(discard);
    }

    /// Remembers an outcome; the first for a node stays.
    pub(crate) fn remember(&self, edge: Edge, release: &Release) {
        let mut passing = self.passing.lock();
        passing.entry(edge).or_insert_with(|| release.clone());
        self.used.store(true, Ordering::Release);
    }
}
