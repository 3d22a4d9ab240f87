//! Which references can be sent, shared, and kept across a panic.

use std::cell::Cell;
use std::marker::PhantomPinned;
use std::panic::RefUnwindSafe;
use std::thread;

use salvia_thin::{Object, Ref, RefMut, thin_dyn};

#[thin_dyn]
trait Plain {
    fn value(&self) -> u8;
    fn set(&mut self, to: u8);
}
impl Plain for u8 {
    fn value(&self) -> u8 {
        *self
    }
    fn set(&mut self, to: u8) {
        *self = to;
    }
}

#[thin_dyn]
trait Marked:
    Send + std::marker::Sync + Unpin + std::panic::UnwindSafe + RefUnwindSafe + 'static
{
    fn value(&self) -> u8;
}
impl Marked for u8 {
    fn value(&self) -> u8 {
        *self
    }
}

#[thin_dyn]
trait Sendable: Send {
    fn set(&mut self, to: u8);
}
impl Sendable for Cell<u8> {
    fn set(&mut self, to: u8) {
        self.replace(to);
    }
}

mod markers {
    pub(super) use std::marker::{Send, Sync, Unpin};
    pub(super) use std::panic::{RefUnwindSafe, UnwindSafe};
}

/// Modules with a type whose constant says whether its parameter has a marker: that of the `impl` hides that of the trait.
macro_rules! probe {
    ($($name:ident $marker:ident)*) => {$(
        mod $name {
            use super::markers::$marker as Marker;
            pub(super) trait Fallback {
                const HOLDS: bool = false;
            }
            pub(super) struct Probe<T: ?Sized>(pub(super) std::marker::PhantomData<T>);
            impl<T: ?Sized> Fallback for Probe<T> {}
            impl<T: ?Sized + Marker> Probe<T> {
                pub(super) const HOLDS: bool = true;
            }
        }
    )*};
}
probe! { send Send sync Sync unwind UnwindSafe ref_unwind RefUnwindSafe unpin Unpin }

/// `[Send, Sync, UnwindSafe, RefUnwindSafe, Unpin]`.
macro_rules! holds {
    ($ty:ty) => {
        [
            holds!($ty, send),
            holds!($ty, sync),
            holds!($ty, unwind),
            holds!($ty, ref_unwind),
            holds!($ty, unpin),
        ]
    };
    ($ty:ty, $marker:ident) => {{
        #[allow(unused_imports, reason = "needed where the marker is missing")]
        use $marker::Fallback as _;
        <$marker::Probe<$ty>>::HOLDS
    }};
}

/// Each thin reference beside the ordinary one.
macro_rules! same_as_ordinary {
    ($($object:ty)*) => {$(
        assert_eq!(holds!(Ref<'static, $object>), holds!(&'static $object), stringify!(Ref<$object>));
        assert_eq!(holds!(RefMut<'static, $object>), holds!(&'static mut $object), stringify!(RefMut<$object>));
        assert_eq!(holds!(&'static Object<$object>), holds!(&'static $object), stringify!(&Object<$object>));
        assert_eq!(
            holds!(&'static mut Object<$object>),
            holds!(&'static mut $object),
            stringify!(&mut Object<$object>)
        );
    )*};
}

#[test]
fn thin_references_have_the_auto_traits_of_ordinary_ones() {
    same_as_ordinary! {
        dyn Plain
        dyn Plain + Send
        dyn Plain + Sync
        dyn Plain + Send + Sync
        dyn Marked
        dyn Marked + Send
        dyn Sendable
        dyn Sendable + Sync
    }
}

#[test]
fn the_probe_tells_types_apart() {
    type No = (PhantomPinned, *const Cell<u8>, &'static mut u8);
    assert_eq!(holds!(No), [false; 5]);
    assert_eq!(holds!(u8), [true; 5]);
}

#[test]
fn each_marker_is_needed() {
    let send_and_sync = |all: [bool; 5]| [all[0], all[1]];
    assert_eq!(send_and_sync(holds!(Ref<'_, dyn Plain>)), [false, false]);
    assert_eq!(
        send_and_sync(holds!(Ref<'_, dyn Plain + Send>)),
        [false, false]
    );
    assert_eq!(
        send_and_sync(holds!(Ref<'_, dyn Plain + Sync>)),
        [true, true]
    );
    assert_eq!(
        send_and_sync(holds!(Ref<'_, dyn Plain + Send + Sync>)),
        [true, true]
    );
    assert_eq!(send_and_sync(holds!(RefMut<'_, dyn Plain>)), [false, false]);
    assert_eq!(
        send_and_sync(holds!(RefMut<'_, dyn Plain + Send>)),
        [true, false]
    );
    assert_eq!(
        send_and_sync(holds!(RefMut<'_, dyn Plain + Sync>)),
        [false, true]
    );
    assert_eq!(
        send_and_sync(holds!(RefMut<'_, dyn Plain + Send + Sync>)),
        [true, true]
    );
}

#[test]
fn references_go_to_other_threads_and_are_used_there() {
    let shared: Ref<'_, dyn Plain + Sync> = Ref::new(&3);
    let mut value = 0;
    let mut exclusive: RefMut<'_, dyn Plain + Send> = RefMut::new(&mut value);
    let mut cell = Cell::new(0);
    let mut sendable: RefMut<'_, dyn Sendable> = RefMut::new(&mut cell);
    thread::scope(|scope| {
        let both = [
            scope.spawn(|| shared.value()),
            scope.spawn(move || shared.value()),
        ];
        scope.spawn(move || exclusive.set(5));
        scope.spawn(move || sendable.set(6));
        assert_eq!(both.map(|one| one.join().unwrap()), [3, 3]);
    });
    assert_eq!((value, cell.get()), (5, 6));
}

#[test]
fn the_target_of_a_shared_reference_is_shared() {
    let shared: Ref<'_, dyn Plain + Sync> = Ref::new(&4);
    let target: &Object<dyn Plain + Sync> = &shared;
    let there = thread::scope(|scope| scope.spawn(|| target.value()).join().unwrap());
    assert_eq!(there, 4);
}

#[test]
fn a_trait_may_ask_for_markers() {
    let marked: Ref<'_, dyn Marked> = Ref::new(&9);
    let there = thread::spawn(move || marked.value()).join().unwrap();
    assert_eq!(there, 9);
    let caught = std::panic::catch_unwind(move || marked.value());
    assert_eq!(caught.unwrap(), 9);
}
