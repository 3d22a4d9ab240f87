//! The orders in which three threads may come by and what each may see then, tried by loom: with `RUSTFLAGS="--cfg loom"`, else
//! there is nothing here.
#![cfg(loom)]

use loom::cell::UnsafeCell;
use loom::thread;
use salvia_counted::{Counted, Kept, MarkedCell, NumberOr, Thin};

/// Loom ends the run if a write to it races with a look at it.
struct Tracked(UnsafeCell<u32>);

// SAFETY: of a loom cell, which finds races.
unsafe impl Sync for Tracked {}

impl Tracked {
    fn new() -> Self {
        let new = Tracked(UnsafeCell::new(0));
        new.0.with_mut(|_| {});
        new
    }

    fn look(&self) {
        self.0.with(|_| {});
    }
}

impl Drop for Tracked {
    fn drop(&mut self) {
        self.0.with_mut(|_| {});
    }
}

/// Two threads and this one look at what they share and let go of it.
fn shared_by_three<S: Clone + Send + 'static>(new: fn() -> S, look: fn(&S)) {
    loom::model(move || {
        let mine = new();
        for _ in 0..2 {
            let theirs = mine.clone();
            thread::spawn(move || {
                look(&theirs);
                drop(theirs);
            });
        }
        look(&mine);
        drop(mine);
    });
}

#[test]
fn all_looks_are_over_when_the_last_one_drops_the_value() {
    shared_by_three(|| Counted::new(Tracked::new()), |one| one.look());
}

/// Members go in the same way.
#[test]
fn and_when_the_last_one_sees_that_it_is_alone() {
    shared_by_three(|| Thin::new(Tracked::new()), |one| one.look());
}

/// Who takes the value out has it with all that others did to it, and is the only one.
#[test]
fn all_looks_are_over_when_the_value_is_taken_out() {
    loom::model(|| {
        let mine = Thin::new(Tracked::new());
        let theirs = mine.clone();
        let other = thread::spawn(move || {
            theirs.look();
            Thin::try_unwrap(theirs).is_ok()
        });
        let taken = Thin::try_unwrap(mine).is_ok();
        assert!(!(taken && other.join().expect("it ends")));
    });
}

#[test]
fn who_sees_that_a_cell_is_full_sees_its_value() {
    let mut model = loom::model::Builder::new();
    // All there are take 20 s; these find the same mistakes.
    model.preemption_bound = Some(2);
    model.check(|| {
        let cell = Counted::new(MarkedCell::<Tracked>::new(0, ()));
        let filled = [1, 2].map(|mark| {
            let cell = cell.clone();
            thread::spawn(move || cell.set(Tracked::new(), mark).is_ok())
        });
        cell.mark(|marks| marks | 4);
        if let Some(value) = cell.get() {
            value.look();
            assert!(matches!(cell.marks() & 3, 1 | 2));
        }
        let filled = filled.map(|thread| thread.join().expect("it ends"));
        assert_eq!(filled.iter().filter(|&&filled| filled).count(), 1);
        assert!(cell.get().is_some() && cell.marks() & 3 != 0);
    });
}

/// Who sees that there is a value sees it, and the last one who goes drops it.
#[test]
fn a_value_that_comes_in_the_place_of_a_number_is_whole() {
    loom::model(|| {
        let word = Counted::new(NumberOr::<Tracked>::new(1));
        let kept = [false, true].map(|marked| {
            let word = word.clone();
            thread::spawn(move || word.keep(Counted::new(Tracked::new()), marked).is_ok())
        });
        match word.get() {
            Kept::Number(number) => assert_eq!(number, 1),
            Kept::Value { value, .. } => value.look(),
        }
        if let Some((value, _)) = word.counted() {
            value.look();
        }
        let kept = kept.map(|thread| thread.join().expect("it ends"));
        assert_eq!(kept.iter().filter(|&&kept| kept).count(), 1);
    });
}
