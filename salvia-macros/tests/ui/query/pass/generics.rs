#![deny(warnings)]


use std::fmt::Debug;
use std::hash::Hash;
use std::marker::PhantomData;

use salvia::{QueryContext, Stashable, query};

#[query]
pub async fn bounds<T: Stashable + Hash, U>(_t: T, cx: &QueryContext) -> Option<U>
where
    U: Stashable,
    i32: Clone,
{
    bounds::<u8, U>(1, cx).await
}

#[query]
pub async fn constants<const N: usize, T: Stashable + Hash + Debug>(t: [T; N], _cx: &QueryContext) -> [T; N] {
    t
}

pub struct Widget<T, const N: usize>(PhantomData<T>);

impl<T, const N: usize> Widget<T, N>
where
    T: Stashable + Hash,
{
    #[query]
    pub async fn associated<U: Stashable>(t: T, cx: &QueryContext) -> (T, Option<U>) {
        Self::associated::<U>(t, cx).await
    }

    #[query]
    pub async fn of_self(_cx: &QueryContext) -> T {
        todo!()
    }
}

impl<T: Stashable + Hash> Clone for Widget<T, 1> {
    fn clone(&self) -> Self {
        Self(PhantomData)
    }
}
impl<T: Stashable + Hash> PartialEq for Widget<T, 1> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
impl<T: Stashable + Hash> Eq for Widget<T, 1> {}
impl<T: Stashable + Hash> Hash for Widget<T, 1> {
    fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
}

impl<T: Stashable + Hash> Widget<T, 1> {
    #[query]
    pub async fn method<'a, U: From<T> + Stashable, const M: usize>(self, t: T, cx: &'a QueryContext) -> [U; M] {
        self.method::<U, M>(t, cx).await
    }
}

fn main() {}
