//! What thin references and their tables are made of.

use salvia_thin::macro_support::{Exclusive, Shared};
use salvia_thin::{Ref, RefMut, thin_dyn};

#[thin_dyn]
trait Zero {}
#[thin_dyn]
trait One {
    fn one(&self) -> u8;
}
#[thin_dyn]
trait Three {
    fn first(&self) -> u8;
    fn bounded<'a, 'b: 'a>(&'a self, _other: &'b u8) -> &'a u8;
    fn last(&mut self, by: u8) {
        let _ = by;
    }
}

struct Big([u8; 400]);

// Functions that are not inlined have one address; of others there may be several copies.
impl Zero for Big {}
impl One for Big {
    #[inline(never)]
    fn one(&self) -> u8 {
        self.0[0]
    }
}
impl Three for Big {
    #[inline(never)]
    fn first(&self) -> u8 {
        self.0[1]
    }
    #[inline(never)]
    fn bounded<'a, 'b: 'a>(&'a self, _other: &'b u8) -> &'a u8 {
        &self.0[2]
    }
    #[inline(never)]
    fn last(&mut self, by: u8) {
        self.0[3] += by;
    }
}

const WORD: usize = size_of::<usize>();

const _: () = {
    assert!(size_of::<Ref<'_, dyn Zero>>() == WORD && size_of::<RefMut<'_, dyn Zero>>() == WORD);
    assert!(
        size_of::<Ref<'_, dyn One>>() == 2 * WORD && size_of::<RefMut<'_, dyn One>>() == 2 * WORD
    );
    assert!(size_of::<Ref<'_, dyn Three>>() == 2 * WORD);
    assert!(size_of::<RefMut<'_, dyn Three + Send + Sync>>() == 2 * WORD);
    assert!(size_of::<Option<Ref<'_, dyn Zero>>>() == WORD);
    assert!(size_of::<Option<Ref<'_, dyn One>>>() == 2 * WORD);
    assert!(size_of::<Option<RefMut<'_, dyn Three>>>() == 2 * WORD);
};

/// The words of a reference.
fn words(reference: Ref<'_, dyn One>) -> [*const (); 2] {
    // SAFETY: a reference to an object with methods is two pointers in this order, because it is `repr(transparent)` around
    // an `Object`, which is `repr(C)`.
    unsafe { std::mem::transmute(reference) }
}

#[test]
fn the_address_of_a_single_method_is_in_the_reference() {
    let big = Big([0; 400]);
    let [data, code] = words(Ref::new(&big));
    assert_eq!(data, (&raw const big).cast());
    assert_eq!(code, <Big as One>::one as *const ());
}

#[test]
fn several_methods_are_in_a_table_of_their_addresses_alone() {
    let big = Big([0; 400]);
    let three: Ref<'_, dyn Three> = Ref::new(&big);
    // SAFETY: as in `words`.
    let [data, table]: [*const (); 2] = unsafe { std::mem::transmute(three) };
    assert_eq!(data, (&raw const big).cast());
    // SAFETY: the table has an address for each of the three methods, in the order of the trait.
    let entries = unsafe { table.cast::<[*const (); 3]>().read() };
    let addresses = [
        <Big as Three>::first as *const (),
        <Big as Three>::bounded as *const (),
        <Big as Three>::last as *const (),
    ];
    assert_eq!(entries, addresses);
}

#[test]
fn a_method_has_one_address_whoever_makes_the_reference() {
    fn here(big: &Big) -> Ref<'_, dyn One> {
        Ref::new(big)
    }
    fn there(big: &mut Big) -> Ref<'_, dyn One> {
        let marked: RefMut<'_, dyn One + Send + Sync> = RefMut::new(big);
        Ref::from(marked).remove_send().remove_sync()
    }
    let mut big = Big([1; 400]);
    let own = <Big as One>::one as *const ();
    assert_eq!(words(here(&big))[1], own);
    assert_eq!(words(there(&mut big))[1], own);
}

#[test]
fn size_and_alignment_of_the_target_are_those_of_the_pointers() {
    let big = Big([0; 400]);
    let one: Ref<'_, dyn One> = Ref::new(&big);
    assert_eq!((size_of_val(&*one), align_of_val(&*one)), (2 * WORD, WORD));
    let zero: Ref<'_, dyn Zero> = Ref::new(&big);
    assert_eq!((size_of_val(&*zero), align_of_val(&*zero)), (WORD, WORD));
}

#[test]
fn values_of_any_size_and_alignment_arrive_whole() {
    #[repr(align(64))]
    struct Aligned([u8; 64]);
    struct Nothing;
    #[thin_dyn]
    trait Place {
        fn place(&self) -> usize;
        fn fill(&mut self, with: u8) -> usize;
    }
    impl Place for Aligned {
        fn place(&self) -> usize {
            (&raw const *self).addr()
        }
        fn fill(&mut self, with: u8) -> usize {
            self.0.fill(with);
            size_of_val(self)
        }
    }
    impl Place for Nothing {
        fn place(&self) -> usize {
            (&raw const *self).addr()
        }
        fn fill(&mut self, _with: u8) -> usize {
            size_of_val(self)
        }
    }
    let (mut aligned, mut nothing) = (Aligned([0; 64]), Nothing);
    let addresses = [(&raw const aligned).addr(), (&raw const nothing).addr()];
    let mut places: [RefMut<'_, dyn Place>; 2] =
        [RefMut::new(&mut aligned), RefMut::new(&mut nothing)];
    assert_eq!(places.each_mut().map(|place| place.fill(7)), [64, 0]);
    assert_eq!(places.map(|place| place.place()), addresses);
    assert_eq!(aligned.0, [7; 64]);
}

// What a method gets for its receiver is a pointer, never null, as the reference is that it takes it for.
const _: () = {
    assert!(size_of::<Shared<'_>>() == size_of::<&Big>());
    assert!(align_of::<Shared<'_>>() == align_of::<&Big>());
    assert!(size_of::<Option<Shared<'_>>>() == size_of::<&Big>());
    assert!(size_of::<Exclusive<'_>>() == size_of::<&mut Big>());
    assert!(align_of::<Exclusive<'_>>() == align_of::<&mut Big>());
    assert!(size_of::<Option<Exclusive<'_>>>() == size_of::<&mut Big>());
};

/// A value goes where its kind has to: nowhere, in a register of either sort, in two, or behind a pointer, which moves the
/// receiver on by one. So does an argument, in registers or on the stack.
#[test]
fn a_receiver_is_passed_as_the_reference_it_stands_for_beside_values_of_every_kind() {
    type Many = [u64; 9];
    #[thin_dyn]
    trait Kinds {
        fn nothing(&mut self);
        fn float(&self) -> f64;
        fn pair(&self) -> (u64, u64);
        fn mixed(&self) -> (f32, u8);
        fn many(&mut self, by: Many) -> Many;
        fn wide(&self) -> u128;
        fn borrowed<'s>(&'s mut self, or: &'s mut u64) -> &'s mut u64;
        fn text(&self) -> Option<Box<str>>;
    }
    impl Kinds for u64 {
        fn nothing(&mut self) {
            *self += 1;
        }
        fn float(&self) -> f64 {
            *self as f64 / 2.0
        }
        fn pair(&self) -> (u64, u64) {
            (*self, 2 * *self)
        }
        fn mixed(&self) -> (f32, u8) {
            (*self as f32, *self as u8)
        }
        fn many(&mut self, by: Many) -> Many {
            *self += 1;
            by.map(|by| by * *self)
        }
        fn wide(&self) -> u128 {
            u128::from(*self) << 64
        }
        fn borrowed<'s>(&'s mut self, or: &'s mut u64) -> &'s mut u64 {
            if *self > *or { self } else { or }
        }
        fn text(&self) -> Option<Box<str>> {
            Some(self.to_string().into())
        }
    }
    let (mut value, mut other) = (4_u64, 5);
    let mut kinds: RefMut<'_, dyn Kinds> = RefMut::new(&mut value);
    kinds.nothing();
    assert_eq!((kinds.float(), kinds.pair()), (2.5, (5, 10)));
    assert_eq!((kinds.mixed(), kinds.wide()), ((5.0, 5), 5 << 64));
    assert_eq!(kinds.many([1, 2, 3, 4, 5, 6, 7, 8, 9])[8], 54);
    *kinds.borrowed(&mut other) += 1;
    assert_eq!(kinds.text().as_deref(), Some("7"));
    *kinds.borrowed(&mut 9) = 0;
    assert_eq!(value, 7);
}
