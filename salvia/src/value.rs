//! Values and what they have to be.
//!
//! The core works on erased values; the typed faces (queries, inputs) are the only places
//! that know the type again, and they put in what they take out.

use std::any::Any;
use std::fmt;

use crate::shared::Shared;
use crate::sync::ThinAny;

/// `Clone + Eq + Send + Sync + 'static`: what every value that flows in or out has to be.
///
/// Implemented for every type that qualifies; use it as a bound in generic code.
///
/// ```
/// fn keep<T: salvia::Stashable>(value: T) -> T { value }
/// assert_eq!(keep(7), 7);
/// ```
#[diagnostic::on_unimplemented(
    message = "salvia: `{Self}` cannot be kept by the engine",
    note = "a value needs `Clone + Eq + Send + Sync + 'static`: derive `Clone`, `PartialEq` and `Eq`, and own what it holds",
    note = "a float has no `Eq`: keep its bits, as `x.to_bits()`, or a newtype that has it, such as `OrderedFloat` of the crate \
            `ordered-float`; a query may return one if it says `no_eq`, or `eq = path`"
)]
pub trait Stashable: Clone + Eq + Send + Sync + 'static {}

// The error names `Stashable`, once, instead of each trait that is missing.
#[diagnostic::do_not_recommend]
impl<T: Clone + Eq + Send + Sync + 'static> Stashable for T {}

/// Anything that can be stored, without its type.
pub type Erased = dyn Any + Send + Sync;

/// A value without its type, in two words. A clone shares it.
#[derive(Clone)]
pub struct Value(Kept);

/// Where the value is: numbers and the like need no memory of their own.
macro_rules! kept {
    ($($name:ident $plain:ty,)*) => {
        #[derive(Clone)]
        enum Kept {
            $($name($plain),)*
            Shared(ThinAny),
        }

        impl Value {
            pub(crate) fn new<V: Send + Sync + 'static>(value: V) -> Self {
                // Which of these holds is known when the code for `V` is made.
                $(if let Some(&plain) = (&value as &dyn Any).downcast_ref::<$plain>() {
                    return Value(Kept::$name(plain));
                })*
                Value(Kept::Shared(ThinAny::new(value)))
            }

            /// The value. Its type is fixed by the node it belongs to.
            #[inline]
            pub(crate) fn get<V: 'static>(&self) -> &V {
                let value: Option<&V> = match &self.0 {
                    $(Kept::$name(plain) => (plain as &dyn Any).downcast_ref(),)*
                    Kept::Shared(value) => value.get(),
                };
                value.expect("a node's values have the type its query or input declares")
            }

            /// What it takes on the heap, without what it points to.
            pub(crate) fn heap_bytes(&self) -> usize {
                match &self.0 {
                    $(Kept::$name(_) => 0,)*
                    Kept::Shared(value) => value.heap_bytes(),
                }
            }

            /// A handle of the value.
            pub(crate) fn share<V: Send + Sync + 'static>(&self) -> Shared<V> {
                let shared = match &self.0 {
                    $(&Kept::$name(plain) => ThinAny::new(plain),)*
                    Kept::Shared(value) => value.clone(),
                };
                let shared = shared.typed();
                Shared::new(shared.unwrap_or_else(|_| {
                    unreachable!("a node's values have the type its query or input declares")
                }))
            }
        }
    };
}

kept! {
    Unit (), Bool bool, Char char, Usize usize,
    U8 u8, U16 u16, U32 u32, U64 u64,
    I8 i8, I16 i16, I32 i32, I64 i64,
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Value(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_comes_back_as_it_was_put_in() {
        assert_eq!(*Value::new(7_u64).get::<u64>(), 7);
        assert_eq!(*Value::new(-7_i32).get::<i32>(), -7);
        assert_eq!(Value::new("seven".to_owned()).get::<String>(), "seven");
        Value::new(()).get::<()>();
    }

    #[test]
    fn a_clone_shares_the_value() {
        let value = Value::new(String::from("one"));
        assert!(std::ptr::eq(
            value.get::<String>(),
            value.clone().get::<String>()
        ));
    }
}
