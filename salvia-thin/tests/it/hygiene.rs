//! Names that generated code might have used, and places where a trait might stand.

use salvia_thin::thin_dyn;

/// A trait of a name, with decoys beside it, is used like any other.
macro_rules! named {
    ($($test:ident $name:ident $(<$param:ident>)?)*) => {$(
        #[test]
        fn $test() {
            use ::salvia_thin::{Ref as Shared, RefMut as Exclusive, thin_dyn};

            #[thin_dyn]
            #[allow(non_camel_case_types, reason = "a keyword may be a name, too")]
            trait $name $(<$param>)? {
                fn get(&self) -> u8;
                fn set(&mut self, to: u8 $(, _: $param)?);
            }
            impl $name $(<$param>)? for u8 {
                fn get(&self) -> u8 {
                    *self
                }
                fn set(&mut self, to: u8 $(, _: $param)?) {
                    *self = to;
                }
            }
            let mut value = 1;
            let mut exclusive: Exclusive<'_, dyn $name> = Exclusive::new(&mut value);
            exclusive.set(2);
            let shared: Shared<'_, dyn $name + Sync> = Shared::new(&value);
            assert_eq!(shared.get(), 2);
        }
    )*};
}
named! {
    a_trait_may_be_named_t T
    a_trait_may_be_named_c C
    a_trait_may_be_named_concrete Concrete
    a_trait_may_be_named_trait Trait
    a_trait_may_be_named_object Object
    a_trait_may_be_named_ref Ref
    a_trait_may_be_named_dyn_trait DynTrait
    a_trait_may_be_named_upcast Upcast
    a_trait_may_be_named_as_generated_parameters ThinConcrete
    a_trait_may_be_named_as_generated_objects ThinObject
    a_trait_may_be_named_by_a_keyword r#async
}

#[test]
fn types_beside_the_trait_may_have_any_name() {
    struct FooVtable;
    struct FooNewtype;
    struct FooTable;
    #[derive(Clone, Copy, PartialEq, Debug)]
    struct ThinConcrete;
    #[derive(Clone, Copy)]
    struct ThinObject<'thin>(&'thin str);
    #[expect(non_camel_case_types, reason = "names of variables")]
    struct method;
    #[expect(non_upper_case_globals, reason = "a name of a variable")]
    const argument0: u8 = 3;

    #[thin_dyn]
    trait Foo<'thin> {
        fn a(&self, _: FooVtable, _: FooNewtype, concrete: ThinConcrete) -> ThinConcrete {
            concrete
        }
        fn b<'thin_>(&self, object: ThinObject<'thin>, _: ThinObject<'thin_>) -> ThinObject<'thin>;
        fn method(
            &self,
            table: FooTable,
            __thin_1: u8,
            __thin_0: u8,
            _: [u8; argument0 as usize],
        ) -> method {
            let FooTable = table;
            assert_eq!((__thin_1, __thin_0), (1, 2));
            method
        }
    }
    impl<'thin> Foo<'thin> for u8 {
        fn b<'thin_>(&self, object: ThinObject<'thin>, _: ThinObject<'thin_>) -> ThinObject<'thin> {
            object
        }
    }
    let foo: salvia_thin::Ref<'_, dyn Foo<'_>> = salvia_thin::Ref::new(&0_u8);
    assert_eq!(foo.a(FooVtable, FooNewtype, ThinConcrete), ThinConcrete);
    assert_eq!(foo.b(ThinObject("x"), ThinObject("y")).0, "x");
    let _: method = foo.method(FooTable, 1, 2, [0; 3]);
}

#[test]
fn a_trait_stands_in_a_function_and_shadows_another() {
    fn outer() -> u8 {
        #[thin_dyn]
        trait Local {
            fn get(&self) -> u8;
        }
        impl Local for u8 {
            fn get(&self) -> u8 {
                *self
            }
        }
        let inner = {
            #[thin_dyn]
            trait Local {
                fn get(&self) -> u8;
                fn other(&self) {}
            }
            impl Local for u8 {
                fn get(&self) -> u8 {
                    *self * 10
                }
            }
            salvia_thin::Ref::<dyn Local>::new(&2).get()
        };
        inner + salvia_thin::Ref::<dyn Local>::new(&1).get()
    }
    assert_eq!(outer(), 21);
}

mod facade {
    pub(crate) use ::salvia_thin as renamed;
}

#[facade::renamed::thin_dyn(crate = crate::hygiene::facade::renamed)]
pub(crate) trait Renamed {
    fn get(&self) -> u8;
}
impl Renamed for u8 {
    fn get(&self) -> u8 {
        *self
    }
}

#[test]
fn the_crate_is_reached_by_another_path() {
    assert_eq!(facade::renamed::Ref::<dyn Renamed>::new(&1).get(), 1);
}

/// A trait made by a macro, with a `$crate` path and types that are groups of tokens.
macro_rules! make {
    ($name:ident, $ty:ty, $receiver:ty) => {
        #[thin_dyn]
        trait $name {
            fn get(&self, facade: &dyn $crate::hygiene::Renamed) -> $ty;
            fn own(self: &$receiver) -> $ty;
        }
    };
}
make!(Made, Option<u8>, Self);
impl Made for u8 {
    fn get(&self, facade: &dyn Renamed) -> Option<u8> {
        Some(facade.get())
    }
    fn own(&self) -> Option<u8> {
        Some(*self)
    }
}

#[test]
fn a_trait_is_made_by_a_macro() {
    let made = salvia_thin::Ref::<dyn Made>::new(&1);
    assert_eq!((made.get(&4), made.own()), (Some(4), Some(1)));
}
