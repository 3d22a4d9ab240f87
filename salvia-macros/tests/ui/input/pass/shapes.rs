#![deny(warnings)]


use std::fmt::Display;
use std::hash::Hash;
use std::marker::PhantomData;
use std::sync::Mutex;

use salvia::{Input, InputAccess, InputContext, QueryContext, Stashable};

#[derive(Debug, Copy, Clone, Eq, PartialEq, Hash, InputAccess)]
pub struct Unit;

#[derive(Clone, Eq, PartialEq, Hash, InputAccess)]
pub struct Tuple(pub u8, pub String);

#[derive(Clone, Eq, PartialEq, Hash, InputAccess)]
pub struct Named {
    pub name: String,
}

#[derive(Clone, Eq, PartialEq, Hash, InputAccess)]
pub enum Variants {
    A,
    B(u8),
    C { c: u8 },
}

#[derive(InputAccess)]
pub enum Empty {}

#[derive(InputAccess)]
pub struct NotAHost(pub Mutex<f64>);

#[derive(InputAccess)]
pub struct Bounds<T: Clone + Display, U>(pub PhantomData<(T, U)>)
where
    U: Display;

#[derive(InputAccess)]
pub struct Defaults<V: Clone = u8, const N: usize = 3>(pub [V; N]);

#[derive(InputAccess)]
pub struct Borrowing<'a, T: ?Sized>(pub &'a T);

#[derive(Clone, Eq, PartialEq, Hash, InputAccess)]
pub struct Generic<T>(pub T);

impl<T: Stashable + Hash> Input<T> for Generic<T> {
    fn initial(&self) -> T {
        self.0.clone()
    }
}

impl Input<u32> for Tuple {
    fn initial(&self) -> u32 {
        0
    }
}

impl Input<u32> for Unit {
    fn initial(&self) -> u32 {
        0
    }
}

impl Input<String> for Unit {
    fn initial(&self) -> String {
        String::new()
    }
}

impl Input<u8> for Borrowing<'static, str> {
    fn initial(&self) -> u8 {
        0
    }
}

impl Clone for Borrowing<'static, str> {
    fn clone(&self) -> Self {
        Self(self.0)
    }
}
impl PartialEq for Borrowing<'static, str> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl Eq for Borrowing<'static, str> {}
impl Hash for Borrowing<'static, str> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

/// The value's type by inference, annotation and argument; the context by one reference and by two.
pub async fn read(cx: &QueryContext) -> u32 {
    let text: String = Unit.get(cx).await;
    let length = Generic(7usize).get(cx).await + text.len();
    Tuple(1, text).get(cx).await + 1 + Unit.get::<u32>(&cx).await + u32::from(Borrowing("a").get(cx).await) + length as u32
}

pub async fn write(cx: InputContext) {
    let number = Tuple(1, String::new()).get(&cx).await;
    Unit.set(number + 1, &cx).await;
    Unit.set("text".to_owned(), &cx).await;
    Generic(1).set(2, &cx).await;
}

pub async fn generic<T>(host: Generic<T>, cx: &QueryContext) -> u64
where
    T: Clone,
    Generic<T>: Input<u64>,
{
    host.get(cx).await
}

pub fn sent(cx: &QueryContext) -> impl Future<Output = u32> + Send + Unpin {
    Unit.get(cx)
}

fn main() {}
