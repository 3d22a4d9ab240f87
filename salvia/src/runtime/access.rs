//! Inputs: values that a mutation sets and queries read.
//!
//! An input is a node like any other, with a host and a value type for its key. Its first pair is
//! made on the first access, by whoever comes first, and holds from revision 0 on.

use std::any::TypeId;
use std::fmt;
use std::future::Future;
use std::hash::Hash;
use std::marker::PhantomData;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::bug::planted;
use crate::error::QueryError;
use crate::node::bound::{self, Describe, Keys, Kind, Local, Options, Work};
use crate::node::cost::Cost;
use crate::node::edge::Edge;
use crate::node::memo::{Memo, Seen};
use crate::revision::Revision;
use crate::runtime::engine::Engine;
use crate::runtime::frame::Frame;
use crate::runtime::guard::guarded;
use crate::runtime::name::{long, short};
use crate::runtime::store::Found;
use crate::runtime::{InputContext, ReadContext, Reader};
use crate::scope::{CallId, first_id};
use crate::sync::{Common, Mutex, OnceLock};
use crate::value::{Stashable, Value};

/// Marks a type as the host of an input with values of type `V`.
///
/// The host is a handle: equal hosts name one input. A type may host several inputs with
/// different value types. Derive [`InputAccess`](macro@crate::InputAccess) to read and set them.
///
/// ```
/// # use salvia::{Input, InputAccess, Runtime};
/// #[derive(Clone, PartialEq, Eq, Hash, InputAccess)]
/// struct Temperature(&'static str);
///
/// impl Input<i32> for Temperature {
///     fn initial(&self) -> i32 {
///         20
///     }
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let rt = Runtime::new().await;
/// rt.mutate(async |cx| Temperature("attic").set(31, &cx).await).await;
/// let read = rt.query(async |cx| (Temperature("attic").get(&cx).await, Temperature("cellar").get(&cx).await));
/// assert_eq!(read.await, (31, 20));
/// # }
/// ```
pub trait Input<
    V: Stashable, // The value: `Clone + Eq + Send + Sync + 'static`. Of a float, hold the bits, or a newtype with `Eq`.
>: Stashable + Hash // The host: derive `Clone`, `PartialEq`, `Eq` and `Hash`.
{
    /// The value while nothing is set.
    ///
    /// It may be called more than once, before and after a value is set, and has to give equal
    /// values. A panic in it is a panic of whoever accesses the input.
    fn initial(&self) -> V;
}

/// Tells the inputs of one host type apart, and from queries.
struct Slot<H, V>(PhantomData<fn() -> (H, V)>);

/// Writes a host, for its name; `None` where it is not known whether it can be written.
pub(crate) type Shown<H> = Option<Show<H>>;

/// How a host is written.
pub(crate) type Show<H> = fn(&H, &mut fmt::Formatter<'_>) -> fmt::Result;

impl Engine {
    /// The node of an input, made if need be. Calls the host's `Hash`, `Eq` and `initial`.
    pub(crate) fn input<H: Input<V>, V: Stashable>(&self, host: H, shown: Shown<H>) -> Found {
        let id = TypeId::of::<Slot<H, V>>();
        let hash = self.store.hash(id, &host);
        if let Some(found) = self.store.find(id, hash, |key: &H| *key == host) {
            return found;
        }
        let initial = Value::new(host.initial());
        let id_in_host = first_id(&host);
        let node = id_in_host.as_ref().and_then(|id| id.nodes().next());
        let kind = || {
            let kind = self.store.kind(id, || kind::<H, V>(id));
            show(&kind, shown);
            if node.is_some() {
                kind.local.relate();
            }
            kind
        };
        let since = if planted("input-since-now") {
            self.clock.revision()
        } else {
            Revision::FIRST
        };
        let first = |bound| Memo::initial(bound, initial, since);
        let Some(node) = node else {
            return self.store.find_or_make((id, hash), kind, host, first);
        };
        self.host(node, |announce| {
            (self.store).find_or_announce((id, hash), kind, host, first, announce)
        })
    }

    /// The node of an input that is hosted on the id of a node. That is noted before anybody can find the input and set it: the
    /// node may be dropped as soon as it was, and then the input has to be reset. `make` is given what notes it.
    fn host(&self, node: &CallId, make: impl FnOnce(&mut dyn FnMut(Edge)) -> Found) -> Found {
        let mut announced = None;
        let made = guarded(|| {
            make(&mut |input| {
                announced = Some(input);
                if !planted("hosted-late") {
                    self.families.host(node, input);
                }
            })
        });
        let there = made.as_ref().ok().map(Found::edge);
        if let (Some(input), true) = (there, planted("hosted-late")) {
            // Long enough for others to find it.
            std::thread::sleep(std::time::Duration::from_millis(100));
            self.families.host(node, input);
        }
        // Somebody else was first, or user code has panicked.
        if let Some(input) = announced.filter(|input| Some(*input) != there) {
            self.families.left(input);
        }
        made.unwrap_or_else(|payload| resume_unwind(payload))
    }

    /// Whether a host holds the id of a node that was dropped, or of a call in its body. Calls the host's `Hash`.
    pub(crate) fn is_dropped<H: Hash>(&self, host: &H) -> bool {
        self.families.are_there()
            && first_id(host).is_some_and(|id| id.nodes().any(|node| !self.families.is_alive(node)))
    }
}

/// Lets the nodes of a kind be written from now on, if they could not be before: the first access may have
/// been one that cannot tell how.
pub(crate) fn show<H: 'static>(kind: &Kind, shown: Shown<H>) {
    let (Work::Input(text), Some(shown)) = (&kind.work, shown) else {
        return;
    };
    if text.get().is_none() {
        let describe: Describe = Box::new(move |key, f| match key.downcast_ref::<H>() {
            Some(host) => shown(host, f),
            None => f.write_str(".."),
        });
        // Somebody else may have been first, with the same.
        let _ = text.set(describe);
    }
}

fn kind<H: Input<V>, V: Stashable>(id: TypeId) -> Common<Kind> {
    Common::new::<H>(Kind {
        id,
        name: short(std::any::type_name::<H>()),
        path: long(std::any::type_name::<H>()),
        same: |old, new| old.get::<V>() == new.get::<V>(),
        describe: Box::new(|_, f| f.write_str("..")),
        work: Work::Input(OnceLock::new()),
        options: Options::default(),
        cost: Cost::default(),
        keys: Keys::of::<H>(),
        kept: Mutex::default(),
        counts: Default::default(),
        local: Local {
            initial: Some(|host| Value::new(bound::downcast::<H>(host).initial())),
            ..Local::default()
        },
    })
}

/// The future of an input's `get`.
///
/// Ready at its first poll, but for a pause after some thousand reads in a row. Cancel safe.
#[must_use = "futures do nothing unless polled"]
pub struct Get<'cx, H, V> {
    host: Option<H>,
    reader: Reader<'cx>,
    /// How many reads the caller had made when it called.
    after: u32,
    shown: Shown<H>,
    /// How to read. What it asks of the types is asked when the future is made, not of it.
    read: fn(H, Shown<H>, &Reader<'_>, u32) -> V,
}

impl<H, V> Unpin for Get<'_, H, V> {}

impl<H, V> fmt::Debug for Get<'_, H, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Get").finish_non_exhaustive()
    }
}

#[inline]
pub(crate) fn get<H: Input<V>, V: Stashable>(
    host: H,
    shown: Shown<H>,
    cx: &impl ReadContext,
) -> Get<'_, H, V> {
    let reader = cx.reader();
    let after = match reader {
        Reader::Query(cx) => cx.frame().asked_after(),
        Reader::Input(_) => 0,
    };
    Get {
        host: Some(host),
        reader,
        after,
        shown,
        read: |host, shown, reader, after| match reader {
            Reader::Query(cx) => read(cx.frame(), host, shown, after),
            Reader::Input(cx) => cx.read(host, shown),
        },
    }
}

impl<H, V> Future for Get<'_, H, V> {
    type Output = V;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<V> {
        if let Reader::Query(query) = self.reader {
            let frame = query.frame();
            if frame.asker.engine().tasks.is_closed() {
                frame.fail(&QueryError::shutdown(String::new()), cx.waker());
                return Poll::Pending;
            }
            if frame.is_yield_due_for_input() {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
        }
        let host = self
            .host
            .take()
            .expect("salvia: `get` was polled after it had given its value");
        Poll::Ready((self.read)(host, self.shown, &self.reader, self.after))
    }
}

fn read<H: Input<V>, V: Stashable>(frame: &Frame, host: H, shown: Shown<H>, after: u32) -> V {
    let id = TypeId::of::<Slot<H, V>>();
    let guess = frame.guess();
    let is_it = |key: &H| *key == host;
    let again = guess.and_then(|guess| frame.find_again(guess, id, is_it));
    let found = again.unwrap_or_else(|| {
        let found = frame.asker.engine().input::<H, V>(host, shown);
        if guess.is_some() {
            frame.was_wrong(Some(&found));
        }
        found
    });
    let (edge, memo) = (found.edge(), found.memo());
    memo.touch(frame.asker.engine().keeper.tick());
    if let Some(finding) = memo.right_at(frame.asker.revision()) {
        frame.take(edge, after, memo, finding.taken());
        return value(memo);
    }
    let seen = pair(frame.asker.engine(), frame.asker.revision(), &found);
    frame.take(edge, after, &seen.memo, seen.taken());
    value(&seen.memo)
}

/// The pair of an input that was in force at a pinned revision.
pub(crate) fn pair(engine: &Engine, revision: Revision, found: &Found) -> Seen {
    let state = engine.store.node(found.edge().slot).state.lock();
    let pair = state.older_at(revision);
    Seen::published(pair.expect("a pinned revision's pairs are kept").clone())
}

pub(crate) fn value<V: Clone + 'static>(memo: &Memo) -> V {
    memo.value()
        .expect("an input has a value from its making on")
        .get::<V>()
        .clone()
}

/// The future of an input's `set`.
///
/// Ready at its first poll. Cancel safe: a `set` that was not polled did not happen.
#[must_use = "futures do nothing unless polled"]
pub struct Set<'cx, H, V> {
    write: Option<(H, V)>,
    cx: &'cx InputContext,
    shown: Shown<H>,
    /// How to write, as in `Get`.
    set: fn(&InputContext, H, Shown<H>, V),
}

impl<H, V> Unpin for Set<'_, H, V> {}

impl<H, V> fmt::Debug for Set<'_, H, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Set").finish_non_exhaustive()
    }
}

pub(crate) fn set<H: Input<V>, V: Stashable>(
    host: H,
    value: V,
    shown: Shown<H>,
    cx: &InputContext,
) -> Set<'_, H, V> {
    Set {
        write: Some((host, value)),
        cx,
        shown,
        set: |cx, host, shown, value| cx.write(host, shown, value),
    }
}

impl<H, V> Future for Set<'_, H, V> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let (host, value) = self
            .write
            .take()
            .expect("salvia: `set` was polled after it had ended");
        (self.set)(self.cx, host, self.shown, value);
        Poll::Ready(())
    }
}
