//! What is shared comes back as it was put in and is dropped once, when the last one goes.

use std::panic::{AssertUnwindSafe, RefUnwindSafe, UnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use salvia_counted::{
    Common, Counted, Kept, MarkedCell, Member, NumberOr, Thin, ThinAny, VeiledArc, VeiledBox,
    VeiledWeak,
};

/// Counts how often it is dropped. Aligned to more than any head.
#[derive(Clone, Default)]
#[repr(align(64))]
struct Dropped(Arc<AtomicUsize>);

impl Dropped {
    fn times(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

type Swap = hazarc::atomic::AtomicOptionArcPtr<
    Counted<Dropped>,
    hazarc::DefaultDomain,
    hazarc::write_policy::Concurrent,
>;

/// A counter, and what counts there.
fn counter() -> (Arc<AtomicUsize>, Dropped) {
    let dropped = Dropped::default();
    (dropped.0.clone(), dropped)
}

fn is_send_and_sync<T: Send + Sync>() {}

#[test]
fn a_pointer_takes_one_word_and_its_head_sixteen_bytes_at_most() {
    assert_eq!(size_of::<Option<Counted<u64>>>(), size_of::<usize>());
    assert_eq!(size_of::<Option<ThinAny>>(), size_of::<usize>());
    assert_eq!(size_of::<Option<Thin<u64>>>(), size_of::<usize>());
    assert_eq!(size_of::<Option<Member<u64>>>(), size_of::<usize>());
    assert_eq!(size_of::<Option<VeiledArc<u64>>>(), size_of::<usize>());
    assert_eq!(size_of::<Option<VeiledBox<u64>>>(), size_of::<usize>());
    assert_eq!(size_of::<NumberOr<u64>>(), 8);
    assert_eq!(size_of::<MarkedCell<u32>>(), 8);
    assert_eq!(size_of::<MarkedCell<u64, u32>>(), 16);
    assert_eq!(ThinAny::new(7_u64).heap_bytes(), 24);
    let group = Common::new::<u64>(());
    assert_eq!(Member::new(group, 0, 7_u64).heap_bytes(), 24);
}

#[test]
fn all_of_them_go_to_other_threads() {
    is_send_and_sync::<Counted<u64>>();
    is_send_and_sync::<ThinAny>();
    is_send_and_sync::<Thin<u64>>();
    is_send_and_sync::<Member<u64>>();
    is_send_and_sync::<Common<u64>>();
    is_send_and_sync::<MarkedCell<u64>>();
    is_send_and_sync::<NumberOr<u64>>();
    is_send_and_sync::<VeiledArc<u64>>();
    is_send_and_sync::<VeiledWeak<u64>>();
    is_send_and_sync::<VeiledBox<u64>>();
}

#[test]
fn all_of_them_can_be_unwound_through_and_moved() {
    fn is_plain<T: UnwindSafe + RefUnwindSafe + Unpin>() {}
    is_plain::<Counted<u64>>();
    is_plain::<ThinAny>();
    is_plain::<Thin<u64>>();
    is_plain::<Common<u64>>();
    is_plain::<Member<u64>>();
    is_plain::<VeiledArc<u64>>();
    is_plain::<VeiledWeak<u64>>();
    is_plain::<VeiledBox<u64>>();
}

#[test]
fn a_veiled_value_is_dropped_with_the_last_who_has_it() {
    let (drops, value) = counter();
    let one = VeiledArc::from(Arc::new(value));
    let other = one.clone();
    let weak = VeiledArc::downgrade(&one);
    drop((one, weak.clone().upgrade()));
    assert_eq!(other.times(), 0);
    assert!(VeiledArc::as_ptr(&other) == VeiledArc::as_ptr(&weak.upgrade().expect("it is there")));
    drop(other);
    assert_eq!(drops.load(Ordering::Relaxed), 1);
    assert!(weak.upgrade().is_none() && VeiledWeak::<u64>::default().upgrade().is_none());
}

#[test]
fn a_veiled_value_that_is_never_made_or_takes_no_place_is_as_any() {
    let made = catch_unwind(|| VeiledArc::<u64>::new_cyclic(|_| panic!("not made")));
    assert!(made.is_err());
    let nothing = VeiledArc::new_cyclic(|weak| assert!(weak.upgrade().is_none()));
    assert_eq!(*nothing.clone(), ());
    assert_eq!(*VeiledBox::new(()), ());
}

#[test]
fn a_veiled_box_drops_its_value_once_also_if_that_panics() {
    struct Panics(Dropped);
    impl Drop for Panics {
        fn drop(&mut self) {
            panic!("dropped after {}", self.0.times());
        }
    }
    let (drops, value) = counter();
    let mut kept = VeiledBox::new(Panics(value));
    kept.0 = Dropped(drops.clone());
    assert_eq!(drops.load(Ordering::Relaxed), 1);
    assert!(catch_unwind(AssertUnwindSafe(|| drop(kept))).is_err());
    assert_eq!(drops.load(Ordering::Relaxed), 2);
}

#[test]
fn a_value_is_dropped_with_the_last_who_shares_it() {
    let (drops, value) = counter();
    let one = Counted::new(value);
    let other = one.clone();
    assert!(Counted::ptr_eq(&one, &other));
    assert_eq!(Counted::count(&other), 2);
    drop(one);
    assert_eq!(other.times(), 0);
    drop(other);
    assert_eq!(drops.load(Ordering::Relaxed), 1);
}

#[test]
fn a_value_of_any_type_comes_back_as_that_type_alone() {
    let (drops, value) = counter();
    let any = ThinAny::new(value);
    assert!(any.get::<u64>().is_none());
    assert_eq!(any.get::<Dropped>().map(Dropped::times), Some(0));
    let Err(any) = any.typed::<u64>() else {
        panic!("it is no number")
    };
    let Ok(typed) = any.clone().typed::<Dropped>() else {
        panic!("it is one")
    };
    let same = typed.clone();
    assert!(Thin::ptr_eq(&typed, &same));
    assert_eq!(Thin::count(&typed), 3);
    drop((any, typed));
    assert_eq!(same.times(), 0);
    drop(same);
    assert_eq!(drops.load(Ordering::Relaxed), 1);
}

#[test]
fn what_has_no_bytes_is_shared_too() {
    assert_eq!(ThinAny::new(()).get::<()>(), Some(&()));
    let member = Member::new(Common::new::<()>("group"), 3, ());
    assert_eq!((member.get::<()>(), member.number()), (Some(&()), 3));
    drop(Counted::new(()));
}

#[test]
fn a_member_has_its_key_its_number_and_what_it_has_in_common() {
    let (drops, common) = counter();
    let (key_drops, key) = counter();
    let group = Common::new::<Dropped>(common);
    let member = Member::new(group.clone(), 7, key);
    let same = member.clone();
    assert!(Member::ptr_eq(&member, &same) && Common::ptr_eq(&group, same.common()));
    drop((group, member));
    assert_eq!(same.number(), 7);
    assert!(same.get::<u64>().is_none());
    assert_eq!(same.get::<Dropped>().map(Dropped::times), Some(0));
    let erased = same.key().downcast_ref::<Dropped>();
    assert_eq!(erased.map(Dropped::times), Some(0));
    assert_eq!(same.common().times(), 0);
    drop(same);
    assert_eq!(key_drops.load(Ordering::Relaxed), 1);
    assert_eq!(drops.load(Ordering::Relaxed), 1);
}

#[test]
#[should_panic(expected = "the keys of one group are of one type, which is not u64")]
fn a_key_of_another_type_is_no_member() {
    Member::new(Common::new::<String>(()), 0, 7_u64);
}

#[test]
fn a_drop_that_panics_is_the_only_one() {
    struct Panics(#[expect(dead_code, reason = "dropped with it")] Dropped);
    impl Drop for Panics {
        fn drop(&mut self) {
            panic!("dropped");
        }
    }
    for make in [
        |value| drop(Counted::new(value)),
        |value| drop(ThinAny::new(value)),
        |value| drop(Member::new(Common::new::<Panics>(()), 0, value)),
    ] {
        let make: fn(Panics) = make;
        let (drops, value) = counter();
        assert!(catch_unwind(AssertUnwindSafe(|| make(Panics(value)))).is_err());
        assert_eq!(drops.load(Ordering::Relaxed), 1);
    }
}

#[test]
fn a_cell_is_filled_once_and_marked_at_any_time() {
    let (drops, value) = counter();
    let cell = MarkedCell::new(u32::MAX, 7);
    assert_eq!(cell.marks(), MarkedCell::<Dropped, i32>::MARKS);
    assert!(cell.get().is_none());
    cell.mark(|_| 1);
    assert!(cell.set(value, 3).is_ok());
    assert!(cell.set(Dropped::default(), 0).is_err());
    assert_eq!((cell.get().map(Dropped::times), cell.marks()), (Some(0), 3));
    cell.mark(|_| u32::MAX);
    assert_eq!(cell.get().map(Dropped::times), Some(0));
    assert_eq!(cell.beside(), &7);
    drop(cell);
    assert_eq!(drops.load(Ordering::Relaxed), 1);
    let (drops, value) = counter();
    drop(MarkedCell::with_value(value, 5, ()));
    assert_eq!(drops.load(Ordering::Relaxed), 1);
    drop(MarkedCell::<Dropped>::new(0, ()));
}

#[test]
fn threads_that_swap_and_load_and_clone_drop_each_value_once() {
    const TIMES: usize = 20_000;
    let (drops, first) = counter();
    let swap = Swap::new(Some(Counted::new(first)));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..TIMES {
                    swap.swap(Some(Counted::new(Dropped(drops.clone()))));
                }
            });
            scope.spawn(|| {
                for _ in 0..TIMES {
                    let (borrowed, owned) = (swap.load(), swap.load_owned());
                    drop((owned.clone(), borrowed, owned));
                }
            });
        }
    });
    assert_eq!(drops.load(Ordering::Relaxed), 2 * TIMES);
    drop(swap);
    assert_eq!(drops.load(Ordering::Relaxed), 2 * TIMES + 1);
}

/// Then there is one reference, and a second only while somebody is helped to one.
#[test]
fn what_is_taken_out_of_a_swap_while_it_is_looked_at_is_dropped_once() {
    const TIMES: usize = 100_000;
    let (drops, _) = counter();
    let swap = Swap::none();
    let is_over = AtomicUsize::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..TIMES {
                swap.store(Some(Counted::new(Dropped(drops.clone()))));
                drop(swap.swap(None));
            }
            is_over.store(1, Ordering::Relaxed);
        });
        scope.spawn(|| {
            while is_over.load(Ordering::Relaxed) == 0 {
                drop((swap.load(), swap.load_owned()));
            }
        });
    });
    assert_eq!(drops.load(Ordering::Relaxed), TIMES + 1);
}

#[test]
fn a_number_gives_its_place_to_one_value_which_stays() {
    let (times, value) = counter();
    let word = NumberOr::new(1);
    word.set(2);
    assert!(matches!(word.get(), Kept::Number(2)) && word.counted().is_none());
    assert!(word.keep(Counted::new(value), true).is_ok());
    let (other_times, other) = counter();
    drop(
        word.keep(Counted::new(other), false)
            .expect_err("it has one"),
    );
    assert_eq!(other_times.load(Ordering::Relaxed), 1);
    let (shared, marked) = word.counted().expect("it has a value");
    assert!(marked && Counted::count(&shared) == 2);
    let second = NumberOr::of(shared, false);
    drop(word);
    assert!(matches!(second.get(), Kept::Value { value, marked: false } if value.times() == 0));
    drop(second);
    assert_eq!(times.load(Ordering::Relaxed), 1);
}
