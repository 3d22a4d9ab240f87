//! Things with usual names that are not what the names say.
//!
//! The other modules import all of it.

#![expect(dead_code, reason = "these are here to be in the way")]

pub(crate) struct Option;
pub(crate) struct Result;
pub(crate) struct Box;
pub(crate) struct Vec;
pub(crate) struct String;
pub(crate) struct Pin;
pub(crate) struct Arc;
pub(crate) struct Query;
pub(crate) struct Value;
pub(crate) struct Running;
pub(crate) struct Options;
pub(crate) struct Cycle;
pub(crate) struct PhantomData;
pub(crate) struct LocalKey;
pub(crate) struct Formatter;
pub(crate) struct Ordering;
pub(crate) struct DebugStruct;
pub(crate) struct Discriminant;
pub(crate) struct Some;
pub(crate) struct None;
pub(crate) struct Ok;
pub(crate) struct Err;

pub(crate) trait Clone {}
pub(crate) trait Copy {}
pub(crate) trait Send {}
pub(crate) trait Sync {}
pub(crate) trait Sized {}
pub(crate) trait Eq {}
pub(crate) trait Hash {}
pub(crate) trait Debug {}
pub(crate) trait Default {}
pub(crate) trait PartialEq {}
pub(crate) trait PartialOrd {}
pub(crate) trait Ord {}
pub(crate) trait Hasher {}
pub(crate) trait Future {}
pub(crate) trait Fn {}
pub(crate) trait FnOnce {}
pub(crate) trait Input {}
pub(crate) trait Stashable {}
pub(crate) trait ByDebug {}
pub(crate) trait ToStatic {}
pub(crate) trait Param {}

pub(crate) mod core {}
pub(crate) mod std {}
pub(crate) mod alloc {}
pub(crate) mod salvia {}
pub(crate) mod macro_support {}

/// Methods every type has, which generated calls must not find.
pub(crate) trait Everything {
    fn get(&self) {}
    fn clone(&self) {}
    fn eq(&self) {}
    fn hash(&self) {}
    fn cmp(&self) {}
    fn partial_cmp(&self) {}
    fn field(&self) {}
    fn finish(&self) {}
    fn set(&self) {}
    fn key(&self) {}
    fn plain(&self) {}
    fn view(&self) {}
    fn fmt(&self) {}
    fn poll(&self) {}
    fn spawn(&self) {}
    fn detached(&self) {}
    fn cycle(&self) {}
    fn to_static(&self) {}
    fn eq_static(&self) {}
    fn hash_view(&self) {}
    fn matches(&self) {}
    fn to_key(&self) {}
    fn look(&self) {}
    fn with(&self) {}
    fn nested(&self) {}
    fn scope(&self) {}
    fn slot(&self) {}
}
impl<T: ?::core::marker::Sized> Everything for T {}

macro_rules! decoy {
    ($($name:ident)*) => {$(
        #[allow(unused_macros, reason = "these are here to be in the way")]
        macro_rules! $name { ($d:tt) => { ::core::compile_error!("found the wrong macro") } }
    )*};
}
decoy! { unreachable panic todo matches write format vec thread_local }
