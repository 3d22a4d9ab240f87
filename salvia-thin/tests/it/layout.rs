//! What thin references and their tables are made of.

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
