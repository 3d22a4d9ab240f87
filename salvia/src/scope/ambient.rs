//! In which call the code of this thread is, for as long as it is polled or called.
//!
//! A thread has a stack of the calls that run on it. A counted call gets its id only when somebody asks for that, or for
//! one below it: most calls are never asked, and an id is an allocation.
//!
//! Invariants: who enters a call leaves it, also by unwinding, in the order of a stack; a thread that does nothing is
//! outside of any call. No user code runs while the thread-local is borrowed.

use std::cell::RefCell;

use crate::node::bound::Bound;
use crate::scope::id::{CallId, ROOT};
use crate::scope::site::Site;
use crate::sync::thread_local;

/// Which call this is.
enum Here {
    Call(CallId),
    /// The `nth` of a place, below the call under this one on the stack. Nobody has asked for its id so far.
    Counted(Site, u64),
    /// The body of a bound query, whose id nobody has asked for so far.
    Query(Bound),
}

/// A call that runs.
struct Frame {
    here: Here,
    /// Where its counts begin.
    base: usize,
    /// Where the latest of its counts is; its counts begin here as long as there is none.
    latest: usize,
}

#[derive(Default)]
struct Ambient {
    frames: Vec<Frame>,
    /// How often each place has called, for each of the frames; the innermost has the end of it.
    counts: Vec<(Site, u64)>,
}

thread_local! {
    static AMBIENT: RefCell<Ambient> = const {
        RefCell::new(Ambient {
            frames: Vec::new(),
            counts: Vec::new(),
        })
    };
}

impl Ambient {
    /// How often the place has called before. Outside of any call nothing is counted: there a call is always the first.
    #[inline]
    fn count(&mut self, site: Site) -> u64 {
        let Some(frame) = self.frames.last_mut() else {
            return 0;
        };
        // A loop over one call meets its place again, and a loop over several the one behind it.
        let is_at = |at: usize| self.counts.get(at).is_some_and(|(one, _)| one.is(site));
        let at = match frame.latest {
            at if is_at(at) => at,
            at if is_at(at + 1) => at + 1,
            _ => match position(&self.counts[frame.base..], site) {
                Some(at) => frame.base + at,
                None => self.counts.len(),
            },
        };
        frame.latest = at;
        match self.counts.get_mut(at) {
            Some((_, count)) => {
                *count += 1;
                *count
            }
            None => {
                self.counts.push((site, 0));
                0
            }
        }
    }

    #[inline]
    fn enter(&mut self, here: Here) {
        let base = self.counts.len();
        let latest = base;
        self.frames.push(Frame { here, base, latest });
    }

    /// Ends the innermost call. What this gives may hold the last share of a slot, and is dropped outside the borrow.
    #[inline]
    fn leave(&mut self) -> Option<Here> {
        let Frame { here, base, .. } = self.frames.pop()?;
        self.counts.truncate(base);
        Some(here)
    }

    /// The id here, and with it those of the calls around that have none. If that takes the id of a query's body: which
    /// frame that is, for the key's `Hash` is user code.
    fn id(&mut self) -> Result<CallId, (usize, Bound)> {
        let is_known = |frame: &Frame| !matches!(frame.here, Here::Counted(..));
        let known = self.frames.iter().rposition(is_known);
        let mut id = match known.map(|at| (at, &self.frames[at].here)) {
            Some((at, Here::Query(bound))) => return Err((at, bound.clone())),
            Some((_, Here::Call(id))) => id.clone(),
            Some((_, Here::Counted(..))) | None => ROOT.clone(),
        };
        for frame in &mut self.frames[known.map_or(0, |at| at + 1)..] {
            if let Here::Counted(site, nth) = frame.here {
                id = id.counted(site, nth);
                frame.here = Here::Call(id.clone());
            }
        }
        Ok(id)
    }
}

/// Where the count of a place is.
#[cold]
#[inline(never)]
fn position(counts: &[(Site, u64)], site: Site) -> Option<usize> {
    counts.iter().position(|(counted, _)| *counted == site)
}

pub(crate) fn current() -> CallId {
    loop {
        let (at, bound) = match AMBIENT.with_borrow_mut(Ambient::id) {
            Ok(id) => return id,
            Err(query) => query,
        };
        let here = Here::Call(CallId::query(bound));
        let change = |ambient: &mut Ambient| std::mem::replace(&mut ambient.frames[at].here, here);
        drop(AMBIENT.with_borrow_mut(change));
    }
}

/// The current call, and how often `site` has called in it before; `None` outside of any. Counts this call.
pub(crate) fn place(site: Site) -> Option<(CallId, u64)> {
    let count = |ambient: &mut Ambient| (!ambient.frames.is_empty()).then(|| ambient.count(site));
    let nth = AMBIENT.with_borrow_mut(count)?;
    Some((current(), nth))
}

/// A call, until this is dropped.
pub(crate) struct Entered(());

impl Entered {
    /// A call at a place, counted.
    #[inline]
    pub(crate) fn counted(site: Site) -> Self {
        AMBIENT.with_borrow_mut(|ambient| {
            let nth = ambient.count(site);
            ambient.enter(Here::Counted(site, nth));
        });
        Entered(())
    }

    pub(crate) fn call(id: CallId) -> Self {
        AMBIENT.with_borrow_mut(|ambient| ambient.enter(Here::Call(id)));
        Entered(())
    }
}

impl Drop for Entered {
    #[inline]
    fn drop(&mut self) {
        let here = AMBIENT.with_borrow_mut(Ambient::leave);
        drop(here);
    }
}

/// A call between two polls of its future.
pub(crate) struct Paused {
    /// `None` while it goes on.
    here: Option<Here>,
    counts: Vec<(Site, u64)>,
}

impl Paused {
    fn new(here: Here) -> Self {
        Paused {
            here: Some(here),
            counts: Vec::new(),
        }
    }

    pub(crate) fn call(id: CallId) -> Self {
        Self::new(Here::Call(id))
    }

    /// The body of a bound query.
    pub(crate) fn query(bound: Bound) -> Self {
        Self::new(Here::Query(bound))
    }

    /// Goes on with the call, until what this gives is dropped.
    pub(crate) fn resume(&mut self) -> Resumed<'_> {
        let here = self.here.take();
        let here = here.expect("a call that goes on is lent to its guard");
        AMBIENT.with_borrow_mut(|ambient| {
            ambient.enter(here);
            // Most often nothing in it is counted.
            if !self.counts.is_empty() {
                ambient.counts.append(&mut self.counts);
            }
        });
        Resumed(self)
    }

    /// Runs a function in the call.
    pub(crate) fn within<R>(&mut self, run: impl FnOnce() -> R) -> R {
        let _resumed = self.resume();
        run()
    }
}

/// A call that goes on, until this is dropped.
pub(crate) struct Resumed<'p>(&'p mut Paused);

impl Drop for Resumed<'_> {
    fn drop(&mut self) {
        AMBIENT.with_borrow_mut(|ambient| {
            // What the end of a call throws away is kept for the next time.
            let base = ambient.frames.last().map_or(0, |frame| frame.base);
            if base < ambient.counts.len() {
                self.0.counts.extend(ambient.counts.drain(base..));
            }
            self.0.here = ambient.leave();
        });
    }
}
