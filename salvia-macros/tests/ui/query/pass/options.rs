#![deny(warnings)]

use std::hash::Hash;
use std::sync::Arc;

use salvia::{Cycle, QueryContext, Stashable, query};

mod cycles {
    use salvia::Cycle;

    pub fn nothing(_cycle: &Cycle) {}

    pub fn of_any<T>(_cycle: &Cycle, t: T) -> Vec<T> {
        vec![t]
    }
}

#[query()]
pub async fn none(_cx: &QueryContext) {}

#[query(spawn)]
pub async fn spawned(_cx: &QueryContext) {}

#[query(detached,)]
pub async fn detached(_cx: &QueryContext) {}

#[query(cycle = cycles::nothing)]
pub async fn unit(cx: &QueryContext) {
    unit(cx).await;
}

#[query(cycle = self::cycles::nothing, detached, crate = salvia, spawn)]
pub async fn all(_cx: &QueryContext) {}

#[query(spawn, crate = ::salvia, detached, cycle = crate::cycles::nothing,)]
pub async fn in_any_order(_cx: &QueryContext) {}

#[query(cycle = cycles::of_any)]
pub async fn inferred(n: u8, _cx: &QueryContext) -> Vec<u8> {
    vec![n]
}

#[query(cycle = cycles::of_any::<T>, spawn)]
pub async fn generic<T: Stashable + Hash>(t: T, cx: &QueryContext) -> Vec<T> {
    generic::<T>(t, cx).await
}

fn zeros<const N: usize, T: Default + Copy, U>(_cycle: &Cycle, _t: T) -> [T; N] {
    [T::default(); N]
}

#[query(cycle = zeros::<N, T, Vec<Option<u8>>>)]
pub async fn constants<const N: usize, T>(t: T, _cx: &QueryContext) -> [T; N]
where
    T: Stashable + Hash + Default + Copy,
{
    [t; N]
}

fn many(_cycle: &Cycle, a: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, b: String) -> (u8, String) {
    (a, b)
}

#[query(cycle = many)]
pub async fn of_many(
    a: u8,
    _b: u8,
    _c: u8,
    _d: u8,
    _e: u8,
    _f: u8,
    _g: u8,
    _h: u8,
    _i: u8,
    _j: u8,
    _k: u8,
    _l: u8,
    m: String,
    _cx: &QueryContext,
) -> (u8, String) {
    (a, m)
}

const POINTER: fn(&Cycle, fn(&u8) -> &u8, &'static str) -> Arc<dyn Shape> = |_, _, _| Arc::new(Square);

pub trait Shape: Send + Sync {}
pub struct Square;
impl Shape for Square {}
impl PartialEq for dyn Shape {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
impl Eq for dyn Shape {}

#[query(cycle = POINTER)]
pub async fn of_pointer(_f: fn(&u8) -> &u8, _s: &'static str, _cx: &QueryContext) -> Arc<dyn Shape> {
    Arc::new(Square)
}

pub trait Fallback: Sized {
    fn fallback(cycle: &Cycle, key: Self) -> Self;
    fn boxed(self: Box<Self>) -> Self {
        *self
    }
}

impl Fallback for u8 {
    fn fallback(_cycle: &Cycle, key: Self) -> Self {
        key
    }
}

#[query(cycle = <T as Fallback>::fallback)]
pub async fn of_trait<T: Fallback + Stashable + Hash>(key: T, _cx: &QueryContext) -> T {
    key
}

#[query(cycle = <u8>::fallback)]
pub async fn of_type(key: u8, _cx: &QueryContext) -> u8 {
    key
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Widget<T>(T);

impl<T: Stashable + Hash> Widget<T> {
    fn broken(_cycle: &Cycle, this: Self, _n: u8) -> T {
        this.0
    }

    fn broken_box<U: From<T>>(_cycle: &Cycle, this: Box<Self>) -> U {
        this.0.into()
    }

    fn broken_static(_cycle: &Cycle, this: &'static Self) -> T {
        this.0.clone()
    }

    #[query(cycle = Self::broken)]
    pub async fn method(mut self, n: u8, cx: &QueryContext) -> T {
        self.0 = self.clone().method(n, cx).await;
        self.0
    }

    #[query(cycle = Self::broken_box::<U>, spawn, detached)]
    pub async fn of_box<U: From<T> + Stashable>(self: Box<Self>, _cx: &QueryContext) -> U {
        self.0.into()
    }

    #[query(cycle = Widget::<T>::broken_static)]
    pub async fn of_static(&'static self, _cx: &QueryContext) -> T {
        self.0.clone()
    }

    #[query(cycle = cycles::of_any::<T>)]
    pub async fn associated(t: T, cx: &QueryContext) -> Vec<T> {
        Self::associated(t, cx).await
    }
}

macro_rules! queries {
    ($name:ident, $path:path, $expression:expr, $($tokens:tt)*) => {
        #[query(cycle = $path)]
        pub async fn $name(n: u8, _cx: &QueryContext) -> Vec<u8> {
            vec![n]
        }

        pub mod $name {
            use super::*;

            #[query(cycle = $expression)]
            pub async fn expression(n: u8, _cx: &QueryContext) -> Vec<u8> {
                vec![n]
            }

            #[query($($tokens)*)]
            pub async fn tokens(n: u8, _cx: &QueryContext) -> Vec<u8> {
                vec![n]
            }
        }
    };
}
queries!(by_macro, cycles::of_any, cycles::of_any::<u8>, spawn, cycle = cycles::of_any);

pub fn in_function() {
    fn local(_cycle: &Cycle, n: u8) -> u8 {
        n
    }

    #[query(cycle = local)]
    async fn inner(n: u8, _cx: &QueryContext) -> u8 {
        n
    }

    let _ = inner;
}

fn main() {}
