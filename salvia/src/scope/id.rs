//! Call ids: linked lists of calls, each towards its root.
//!
//! Invariants: an id is never changed; equality looks at whole paths, a hash only narrows; nothing that walks a path or
//! drops one recurses, however long it is.

use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::hash::{Hash, Hasher};
use std::panic::{RefUnwindSafe, UnwindSafe};

use crate::node::bound::Bound;
use crate::scope::ambient;
use crate::scope::future::Scoped;
use crate::scope::site::Site;
use crate::scope::slot::{Named, Nth, Origin, Slot};
use crate::scope::witness;
use crate::sync::Arc;

/// Says by which calls a piece of code was reached.
///
/// Two ids are equal when the calls on their paths stand at the same places and have equal slots. An id is an ordinary
/// key: the host of an input, an argument of a query, a slot. A clone shares it, and it is gone with the last one.
///
/// See [the module](crate::scope) for what makes a path.
///
/// ```
/// use salvia::scope::{CallId, call_in_slot};
/// use salvia::{Input, InputAccess, Runtime};
///
/// /// State that belongs to a place.
/// #[derive(Clone, PartialEq, Eq, Hash, InputAccess)]
/// struct Clicks(CallId);
///
/// impl Input<u32> for Clicks {
///     fn initial(&self) -> u32 { 0 }
/// }
///
/// fn button(label: &str) -> Clicks {
///     call_in_slot(label, || Clicks(CallId::current()))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let rt = Runtime::new().await;
/// rt.mutate(async |cx| button("ok").set(3, &cx).await).await;
/// let clicks = rt.query(async |cx| (button("ok").get(&cx).await, button("cancel").get(&cx).await));
/// assert_eq!(clicks.await, (3, 0));
/// # }
/// ```
#[derive(Clone)]
pub struct CallId(pub(super) Option<Arc<Link>>);

/// Where a path begins outside of any call.
pub(crate) static ROOT: CallId = CallId(None);

// An id is never changed, so there is nothing a panic could leave half-done.
impl UnwindSafe for CallId {}
impl RefUnwindSafe for CallId {}

/// One call on a path.
pub(super) struct Link<S: ?Sized = dyn Slot> {
    /// Of the whole path.
    pub(super) hash: u64,
    pub(super) parent: CallId,
    /// Where the call stands; `None` for what is called by the engine.
    pub(super) site: Option<Site>,
    pub(super) slot: S,
}

impl CallId {
    /// The id of the innermost call around this one; the same for all outside of any.
    ///
    /// # Panics
    ///
    /// In the body of a query, if hashing its arguments panics.
    ///
    /// ```
    /// use salvia::scope::{CallId, call};
    ///
    /// let outside = CallId::current();
    /// let inside = call(|| {
    ///     let before = CallId::current();
    ///     assert_ne!(call(CallId::current), before);
    ///     assert_eq!(CallId::current(), before, "the call inside has ended");
    ///     before
    /// });
    /// assert_ne!(inside, outside);
    /// assert_eq!(CallId::current(), outside);
    /// ```
    pub fn current() -> Self {
        ambient::current()
    }

    /// The future, polled as if it were called where this id was current. It counts its calls on its own.
    ///
    /// It takes a path into a task, or beyond the end of a [`call`](super::call):
    ///
    /// ```
    /// use salvia::scope::{CallId, call};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let id = call(CallId::current);
    /// let task = tokio::spawn(id.scope(async {
    ///     tokio::task::yield_now().await;
    ///     CallId::current()
    /// }));
    /// assert_eq!(task.await.unwrap(), id);
    /// # }
    /// ```
    ///
    /// # Cancel safety
    ///
    /// That of the future.
    pub fn scope<F: Future>(&self, future: F) -> Scoped<F> {
        Scoped::new(self.clone(), future)
    }

    /// The `nth` call of a place.
    #[inline]
    pub(crate) fn counted(&self, site: Site, nth: u64) -> Self {
        CallId(Some(Arc::new(Link {
            hash: mix(self.path_hash() ^ nth, site.number()),
            parent: self.clone(),
            site: Some(site),
            slot: Nth(nth),
        })))
    }

    /// A call in a slot that has this hash.
    pub(crate) fn in_slot<S>(&self, site: Site, slot: S, hash: u64) -> Self
    where
        S: Eq + Send + Sync + 'static,
    {
        CallId(Some(Arc::new(Link {
            hash: mix(mix(self.path_hash(), site.number()), hash),
            parent: self.clone(),
            site: Some(site),
            slot: Named(slot),
        })))
    }

    /// The body of a bound query. Calls its key's `Hash`.
    pub(crate) fn query(bound: Bound) -> Self {
        let origin = Origin(bound);
        CallId(Some(Arc::new(Link {
            hash: origin.hash(),
            parent: ROOT.clone(),
            site: None,
            slot: origin,
        })))
    }

    #[inline]
    pub(crate) fn path_hash(&self) -> u64 {
        self.0.as_ref().map_or(0, |link| link.hash)
    }

    /// The calls of the path, the innermost first.
    fn links(&self) -> impl Iterator<Item = &Link> {
        std::iter::successors(self.0.as_deref(), |link| link.parent.0.as_deref())
    }
}

/// Two numbers in one, so that a change of either changes all of it.
#[inline]
pub(super) fn mix(one: u64, other: u64) -> u64 {
    let product =
        u128::from(one ^ 0x9e37_79b9_7f4a_7c15) * u128::from(other ^ 0xd1b5_4a32_d192_ed03);
    (product as u64) ^ ((product >> 64) as u64)
}

impl PartialEq for CallId {
    fn eq(&self, other: &Self) -> bool {
        let (mut one, mut other) = (self, other);
        loop {
            let (Some(a), Some(b)) = (&one.0, &other.0) else {
                return one.0.is_none() && other.0.is_none();
            };
            if Arc::ptr_eq(a, b) {
                return true;
            }
            if a.hash != b.hash || a.site != b.site || !a.slot.same(&b.slot) {
                return false;
            }
            (one, other) = (&a.parent, &b.parent);
        }
    }
}

impl Eq for CallId {}

impl Hash for CallId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        witness::hashed(self);
        state.write_u64(self.path_hash());
    }
}

/// How many calls of a path are shown, the innermost ones.
const SHOWN: usize = 8;

impl fmt::Debug for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut links: Vec<&Link> = self.links().take(SHOWN + 1).collect();
        f.write_str("CallId(")?;
        if links.len() > SHOWN {
            links.truncate(SHOWN);
            f.write_str(".. > ")?;
        }
        for (nth, link) in links.iter().rev().enumerate() {
            if nth > 0 {
                f.write_str(" > ")?;
            }
            if let Some(site) = link.site {
                write!(f, "{site}")?;
            }
            link.slot.show(f)?;
        }
        f.write_str(")")
    }
}

thread_local! {
    /// What is to be dropped after the link that is being dropped on this thread; `None` while none is.
    static LEFT: RefCell<Option<Vec<Arc<Link>>>> = const { RefCell::new(None) };
}

/// A link drops its parent, and a slot may hold ids as well. Each would be dropped inside the other; instead the outermost
/// drop takes them one after the other.
impl Drop for CallId {
    #[inline]
    fn drop(&mut self) {
        // If another holder goes at this moment the link is dropped here all the same, and what is in it is put off.
        if let Some(link) = self.0.take_if(|link| Arc::strong_count(link) == 1) {
            drop_last(link);
        }
    }
}

fn drop_last(link: Arc<Link>) {
    let outermost = LEFT.try_with(|left| match &mut *left.borrow_mut() {
        Some(left) => {
            left.push(link);
            None
        }
        left => {
            *left = Some(Vec::new());
            Some(link)
        }
    });
    // At the very end of a thread there is nobody to put anything off to, and it is gone by now.
    if let Ok(Some(link)) = outermost {
        let _rest = Rest;
        drop(link);
    }
}

/// Drops what was put off, also if the drop of a slot panics.
struct Rest;

impl Drop for Rest {
    fn drop(&mut self) {
        let next = || LEFT.with_borrow_mut(|left| left.as_mut().and_then(Vec::pop));
        while let Some(link) = next() {
            let rest = Rest;
            drop(link);
            std::mem::forget(rest);
        }
        LEFT.set(None);
    }
}
