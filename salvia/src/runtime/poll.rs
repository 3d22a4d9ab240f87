//! What the engine remembers for the length of one poll, in thread-locals that are put back
//! when the poll ends, also by unwinding: how deep updates are nested in place, and for which
//! engines the code around this call is a mutation's closure or a query's body.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use crate::bug::planted;
use crate::runtime::engine::Engine;
use crate::sync::{BusyInstant as Instant, MODELLED, thread_local};

/// How many updates may be polled inside one another before one is given a task of its own.
const MAX_DEPTH: u32 = 1_024;

/// How much stack they may take together: bodies can be of any size. A worker has 2 MiB, and so have most threads; the first
/// thread of a program on Windows has one.
const MAX_STACK: usize = if cfg!(windows) { 512 } else { 1_280 } * 1024;

/// How long one poll may go on beginning updates in place; a timeout beside it has to get its turn.
const MAX_TIME: Duration = Duration::from_millis(1);

/// So much longer for each level it is deep: all of them become tasks when it ends, which takes time too.
const TIME_OF_LEVEL: Duration = Duration::from_micros(2);

/// One in this many looks at the clock.
const LOOK_AT_CLOCK: u32 = if MODELLED { 1 } else { 32 };

/// So many roots that find all they ask for, or commits that tell few, count as one against what a task may do without a pause:
/// tokio makes one after 128, and it costs as much as many such roots.
const ROOTS_IN_ONE: u32 = 4;

thread_local! {
    /// How many roots this thread has seen that count with the next.
    static ROOTS: Cell<u32> = const { Cell::new(0) };
    static POLL: Cell<Option<Budget>> = const { Cell::new(None) };
    static NEST: Cell<Nest> = const { Cell::new(Nest { depth: 0, base: 0, engine: std::ptr::null() }) };
    /// Time spent in nested updates, while the code around them is measured.
    static NESTED: Cell<Option<Duration>> = const { Cell::new(None) };
    static GIVING_UP: Cell<bool> = const { Cell::new(false) };
    static MARKS: RefCell<Vec<(Doing, *const Engine)>> = const { RefCell::new(Vec::new()) };
}

#[derive(Clone, Copy)]
struct Nest {
    depth: u32,
    /// Where the stack was at the outermost level.
    base: usize,
    /// As if in whose task the innermost level is polled.
    engine: *const Engine,
}

/// What has been begun in place in one poll from outside.
#[derive(Clone, Copy)]
struct Budget {
    updates: u32,
    began: Option<Instant>,
    spent: bool,
}

/// One poll from outside, of a root or a storage task: what it begins in place shares a budget.
pub(crate) struct Outermost {
    is: bool,
}

impl Outermost {
    pub(crate) fn enter() -> Self {
        let is = POLL.get().is_none();
        if is {
            POLL.set(Some(Budget {
                updates: 0,
                began: None,
                spent: false,
            }));
        }
        Outermost { is }
    }

    /// Whether a root or a mutation has to take its turn: a loop of them that never wait would else keep its thread for ever.
    pub(crate) fn takes_turn() -> bool {
        let roots = ROOTS.get();
        ROOTS.set((roots + 1) % ROOTS_IN_ONE);
        roots == 0 && !planted("roots-never-pause")
    }

    /// It was more than a look at what is there: the next one takes its turn.
    pub(crate) fn was_long() {
        if !planted("long-commits-pass") {
            ROOTS.set(0);
        }
    }

    /// Whether this poll may still begin updates in place.
    pub(crate) fn has_time() -> bool {
        POLL.get().is_none_or(|budget| !budget.spent)
    }
}

impl Drop for Outermost {
    fn drop(&mut self) {
        if !self.is {
            return;
        }
        if POLL.replace(None).is_some_and(|budget| budget.updates > 0) {
            Outermost::was_long();
        }
    }
}

impl Budget {
    /// Takes up one more update, `depth` levels deep. False when the time is over.
    fn has_time(&mut self, depth: u32) -> bool {
        if self.updates.is_multiple_of(LOOK_AT_CLOCK) {
            match self.began {
                None => self.began = Some(Instant::now()),
                Some(began) => {
                    self.spent |= began.elapsed() > MAX_TIME + depth * TIME_OF_LEVEL;
                }
            }
        }
        self.updates = self.updates.wrapping_add(1);
        !self.spent
    }
}

/// Whether one more update may be polled inside `depth` others, which take up `stack` bytes.
fn may_nest(depth: u32, stack: usize) -> bool {
    if planted("nesting-unbounded") {
        return true;
    }
    if let Some(mut budget) = POLL.get() {
        let has_time = budget.has_time(depth);
        POLL.set(Some(budget));
        if !has_time {
            return false;
        }
    }
    depth < MAX_DEPTH && stack <= MAX_STACK
}

/// One level of nested in-place polling.
pub(crate) struct Nested {
    before: Nest,
    engine: *const Engine,
    /// When this level began, if the code around it is measured.
    began: Option<Instant>,
}

impl Nested {
    /// `None` if the nesting is as deep as it may become, or this poll has taken long enough.
    pub(crate) fn enter(engine: *const Engine) -> Option<Self> {
        let before = NEST.get();
        let here = stack_address();
        let base = if before.depth == 0 { here } else { before.base };
        if !may_nest(before.depth, base.abs_diff(here)) {
            return None;
        }
        NEST.set(Nest {
            depth: before.depth + 1,
            base,
            engine,
        });
        let began = NESTED.get().map(|_| Instant::now());
        Some(Nested {
            before,
            engine,
            began,
        })
    }

    /// Whether the level around this one is of another engine, or there is none.
    pub(crate) fn is_first_of_its_engine(&self) -> bool {
        self.before.engine != self.engine
    }
}

/// Says that what is polled here is polled as if in a task of an engine, though no update is.
pub(crate) struct Inside {
    before: Nest,
}

impl Inside {
    /// `None` if it is said already.
    pub(crate) fn enter(engine: *const Engine) -> Option<Self> {
        let before = NEST.get();
        if before.engine == engine {
            return None;
        }
        NEST.set(Nest { engine, ..before });
        Some(Inside { before })
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        NEST.set(self.before);
    }
}

impl Drop for Nested {
    fn drop(&mut self) {
        NEST.set(self.before);
        if let (Some(began), Some(nested)) = (self.began, NESTED.get()) {
            NESTED.set(Some(nested + began.elapsed()));
        }
    }
}

/// About where the stack is now.
fn stack_address() -> usize {
    let here = 0u8;
    std::ptr::from_ref(&here).addr()
}

/// A measurement of how long user code keeps the core busy, without the updates that are polled
/// inside it.
pub(crate) struct Measured {
    began: Instant,
    /// What the measurement around this one has of nested updates, if there is one.
    around: Option<Duration>,
}

impl Measured {
    pub(crate) fn begin() -> Self {
        Measured {
            around: NESTED.replace(Some(Duration::ZERO)),
            began: Instant::now(),
        }
    }

    pub(crate) fn end(self) -> Duration {
        let nested = NESTED.get().unwrap_or_default();
        self.began.elapsed().saturating_sub(nested)
    }
}

impl Drop for Measured {
    fn drop(&mut self) {
        NESTED.set(self.around);
    }
}

/// While an update is dropped that nobody came back for.
pub(crate) struct GivingUp(());

impl GivingUp {
    pub(crate) fn enter() -> Self {
        GIVING_UP.set(true);
        GivingUp(())
    }

    pub(crate) fn is_set() -> bool {
        GIVING_UP.get()
    }
}

impl Drop for GivingUp {
    fn drop(&mut self) {
        GIVING_UP.set(false);
    }
}

/// What user code is being polled for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doing {
    /// A mutation's closure.
    Mutation,
    /// A query's body.
    Body,
}

/// Marks this poll as one of user code for the engine at an address.
pub(crate) struct Mark(());

impl Mark {
    pub(crate) fn enter(doing: Doing, engine: *const Engine) -> Self {
        MARKS.with_borrow_mut(|marks| marks.push((doing, engine)));
        Mark(())
    }

    /// Whether this call comes out of such user code.
    pub(crate) fn is_set(doing: Doing, engine: *const Engine) -> bool {
        MARKS.with_borrow(|marks| marks.contains(&(doing, engine))) && !planted("nesting-unnoticed")
    }

    /// # Panics
    ///
    /// If this call comes out of a query's body of the engine.
    pub(crate) fn assert_outside_of_bodies(engine: *const Engine) {
        if !Mark::is_set(Doing::Body, engine) {
            return;
        }
        let nearest = MARKS.with_borrow(|marks| marks.last().copied());
        assert!(
            nearest.is_none_or(|(_, around)| around != engine),
            "salvia: a query's body asked the runtime; what it reads there is not recorded, so ask through the query's own context"
        );
        panic!(
            "salvia: a query's body asked the runtime, by way of another runtime that it had asked; what is read there is not \
             recorded, so ask in that body, through its own context, and pass on what comes of it"
        );
    }
}

impl Drop for Mark {
    fn drop(&mut self) {
        MARKS.with_borrow_mut(|marks| marks.pop());
    }
}
