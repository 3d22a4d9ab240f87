//! Methods that are more than plain functions.

use std::panic::Location;

use salvia_thin::{Ref, RefMut, thin_dyn};

/// Goes in registers for floats in the ABI of C, and in others in that of Rust.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Floats {
    one: f32,
    two: f32,
    three: f32,
}

/// A trait with all that is allowed in one.
#[thin_dyn]
pub(crate) trait Wide {
    /// Unsafe.
    ///
    /// # Safety
    ///
    /// None.
    unsafe fn risky(&self, by: u8) -> u8;
    /// Of C.
    extern "C" fn foreign(&mut self, by: u8, wide: u64) -> u64;
    /// Of C, which passes it in other registers than Rust does.
    extern "C" fn foreign_floats(&self, by: Floats) -> Floats;
    /// Of C, and unsafe.
    ///
    /// # Safety
    ///
    /// None.
    unsafe extern "C" fn both(&self) -> u8 {
        9
    }
    /// Never returns.
    fn never(&self) -> !;
    /// More parameters than registers, of many kinds.
    #[expect(clippy::too_many_arguments, reason = "that is what is tested")]
    fn many(
        &self,
        a: u8,
        b: f64,
        c: [u64; 5],
        d: (u8, String),
        e: &mut u32,
        f: u128,
        g: Option<Box<u8>>,
        h: &[u16],
        i: f32,
        _: bool,
        j: (),
        k: fn(u8) -> u8,
    ) -> (u128, [u64; 5], f64, String);
    /// Patterns in a default.
    fn patterns(&self, (a, b): (u8, u8), mut c: u8, _: u8) -> u8 {
        c += a + b;
        c
    }
    /// A constructor, which is none of the object's.
    fn make() -> Self
    where
        Self: Sized;
    /// Generic, and none of the object's.
    fn generic<T: Into<u64>>(&self, t: T) -> u64
    where
        Self: ::core::marker::Sized,
    {
        t.into()
    }
    /// By value, and none of the object's.
    fn consume(self) -> u8
    where
        Self: Sized;
    /// Where it was called from.
    #[track_caller]
    fn caller(&self) -> &'static Location<'static> {
        Location::caller()
    }
    /// Not in this program.
    #[cfg(any())]
    fn absent(&self, missing: Missing) -> Missing;
    /// In every program, by way of a conditional attribute.
    #[cfg_attr(all(), cfg(all()), doc = "x", must_use)]
    fn present(&self, #[cfg(any())] missing: Missing, #[cfg(not(any()))] present: u8) -> u8 {
        present
    }
    /// A future.
    fn future(&self) -> std::pin::Pin<Box<dyn Future<Output = u8> + '_>>;
    /// The last one, behind all that is left out.
    #[deprecated(note = "asserted")]
    fn last(&self) -> &'static str {
        "last"
    }
}

impl Wide for u8 {
    unsafe fn risky(&self, by: u8) -> u8 {
        *self + by
    }
    extern "C" fn foreign(&mut self, by: u8, wide: u64) -> u64 {
        *self += by;
        wide + u64::from(*self)
    }
    extern "C" fn foreign_floats(&self, by: Floats) -> Floats {
        let Floats { one, two, three } = by;
        Floats {
            one: three,
            two: two * f32::from(*self),
            three: one,
        }
    }
    fn never(&self) -> ! {
        panic!("never {self}")
    }
    fn many(
        &self,
        a: u8,
        b: f64,
        c: [u64; 5],
        d: (u8, String),
        e: &mut u32,
        f: u128,
        g: Option<Box<u8>>,
        h: &[u16],
        i: f32,
        _: bool,
        (): (),
        k: fn(u8) -> u8,
    ) -> (u128, [u64; 5], f64, String) {
        *e += u32::from(k(a)) + u32::from(h[1]);
        let sum = f + u128::from(*g.unwrap_or_default()) + u128::from(d.0);
        (sum, c, b + f64::from(i), d.1)
    }
    fn make() -> Self {
        1
    }
    fn consume(self) -> u8 {
        self
    }
    fn future(&self) -> std::pin::Pin<Box<dyn Future<Output = u8> + '_>> {
        Box::pin(std::future::ready(*self))
    }
}

#[test]
fn unsafe_methods_stay_unsafe() {
    let wide: Ref<'_, dyn Wide> = Ref::new(&1);
    // SAFETY: the methods ask for nothing.
    let risky = unsafe { wide.risky(2) };
    // SAFETY: as above.
    let both = unsafe { wide.both() };
    assert_eq!((risky, both), (3, 9));
}

#[test]
fn foreign_methods_are_called_by_their_abi() {
    let mut value = 1;
    let mut wide: RefMut<'_, dyn Wide> = RefMut::new(&mut value);
    assert_eq!(wide.foreign(2, 1 << 40), (1 << 40) + 3);
    let floats = |one, two, three| Floats { one, two, three };
    let turned = wide.foreign_floats(floats(1.5, 2.5, 4.0));
    assert_eq!(turned, floats(4.0, 7.5, 1.5));
    assert_eq!(value, 3);
}

#[test]
fn a_method_that_never_returns_does_not() {
    let wide: Ref<'_, dyn Wide + Sync> = Ref::new(&1);
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| wide.never()));
    assert!(caught.is_err());
}

#[test]
fn every_parameter_arrives() {
    let wide: Ref<'_, dyn Wide> = Ref::new(&1);
    let (mut e, d) = (1, (2, "d".to_owned()));
    let g = Some(Box::new(3));
    let result = wide.many(
        4,
        0.5,
        [1, 2, 3, 4, 5],
        d,
        &mut e,
        1 << 100,
        g,
        &[6, 7],
        0.25,
        true,
        (),
        |k| k * 2,
    );
    assert_eq!(
        result,
        ((1 << 100) + 5, [1, 2, 3, 4, 5], 0.75, "d".to_owned())
    );
    assert_eq!(e, 16);
    assert_eq!(wide.patterns((1, 2), 3, 4), 6);
}

#[test]
fn what_is_for_sized_types_is_left_out_and_stays_usable_on_the_type() {
    assert_eq!((u8::make(), 2.consume(), 3.generic(4_u32)), (1, 2, 4));
}

#[test]
fn methods_and_parameters_that_are_configured_out_leave_no_gap() {
    let wide: Ref<'_, dyn Wide> = Ref::new(&5);
    assert_eq!(wide.present(6), 6);
    #[expect(deprecated, reason = "the trait says so")]
    let last = wide.last();
    assert_eq!(last, "last");
}

#[test]
fn a_method_that_tracks_its_caller_can_be_called() {
    let wide: Ref<'_, dyn Wide> = Ref::new(&5);
    assert!(wide.caller().file().ends_with(".rs"));
}

#[test]
fn a_boxed_future_takes_the_place_of_an_async_method() {
    use std::task::{Context, Poll, Waker};

    let wide: Ref<'_, dyn Wide> = Ref::new(&5);
    let mut future = wide.future();
    let poll = future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()));
    assert_eq!(poll, Poll::Ready(5));
}

/// A trait that has but one method where its conditions say so.
#[thin_dyn]
trait Conditional {
    #[cfg(any())]
    fn absent(&self);
    fn only(&self) -> u8;
    #[cfg(any())]
    fn absent_too(&self);
}
impl Conditional for u8 {
    #[inline(never)]
    fn only(&self) -> u8 {
        *self
    }
}

#[test]
fn methods_are_counted_after_configuration() {
    let only: Ref<'_, dyn Conditional> = Ref::new(&5);
    assert_eq!(only.only(), 5);
    // SAFETY: two pointers, because there is a method, and the second is its address, because it is the only one.
    let [_, code]: [*const (); 2] = unsafe { std::mem::transmute(only) };
    assert_eq!(code, <u8 as Conditional>::only as *const ());
}

#[thin_dyn]
#[cfg(any())]
trait Nowhere {
    fn missing(&self, missing: Missing);
}
