//! All that a nested function can be, and no warning.

#![deny(warnings)]

use std::fmt::Debug;
use std::hash::Hash;

use salvia::nested;
use salvia::scope::CallId;

#[nested]
pub fn nothing() {}

#[nested]
pub async fn nothing_later() {}

#[nested]
unsafe fn promised(pointer: *const u32) -> u32 {
    unsafe { *pointer }
}

#[nested]
async unsafe fn promised_later(pointer: *const u32) -> u32 {
    unsafe { *pointer }
}

/// Text.
#[nested(slot = "key")]
#[must_use]
#[inline]
fn generic<T: Clone + Eq + Hash + Send + Sync + 'static, const N: usize>(key: T) -> [T; N]
where
    T: Debug,
{
    #![allow(unused_variables)]
    let unused = 1;
    [(); N].map(|()| key.clone())
}

#[nested(slot = "&*name")]
async fn lifetimes<'a, 'b: 'a>(name: &'a mut String, other: &'b str, f: impl Fn(&str) -> &str) -> (&'a str, usize) {
    tokio::task::yield_now().await;
    name.push_str(f(other));
    (name, 1)
}

#[nested]
#[track_caller]
fn tracked(_: u8, mut a: u8, ref b: u8, (c, _): (u8, u8)) -> u8 {
    a += 1;
    a + b + c
}

#[nested]
async fn patterns(_: u8, mut a: u8, ref b: u8, (mut c, _): (u8, u8), [d, ..]: [u8; 2]) -> u8 {
    a += 1;
    c += 1;
    a + b + c + d
}

#[nested]
async fn never() -> ! {
    std::future::pending().await
}

struct Holder<T>(T);

impl<T: Debug + Clone> Holder<T> {
    #[nested]
    fn by_value(mut self, value: T) -> T {
        self.0 = value;
        self.0
    }

    #[nested]
    async fn later(self: Box<Self>) -> T {
        self.0
    }

    #[nested]
    async fn borrowed(&self, others: &[T]) -> Vec<&T> {
        let _ = others;
        vec![&self.0]
    }

    #[nested]
    async fn unused(self) -> CallId {
        CallId::current()
    }
}

trait Shape {
    #[nested]
    fn area(&self) -> u32 {
        1
    }

    fn sides(&self) -> impl Future<Output = u32>;
}

impl Shape for Holder<u32> {
    #[nested]
    async fn sides(&self) -> u32 {
        self.0
    }
}

#[nested(crate = ::salvia)]
fn elsewhere() {}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    nothing();
    nothing_later().await;
    let n = 7;
    assert_eq!(unsafe { promised(&n) }, 7);
    assert_eq!(unsafe { promised_later(&n).await }, 7);
    assert_eq!(generic::<_, 2>('a'), ['a', 'a']);
    let mut name = "a".to_owned();
    assert_eq!(lifetimes(&mut name, "b", |s| s).await, ("ab", 1));
    assert_eq!(tracked(0, 1, 2, (3, 4)), 7);
    assert_eq!(patterns(0, 1, 2, (3, 4), [5, 6]).await, 13);
    drop(never());
    assert_eq!(Holder(1).by_value(2), 2);
    assert_eq!(Box::new(Holder(1)).later().await, 1);
    assert_eq!(Holder(1).borrowed(&[2]).await, [&1]);
    Holder(1).unused().await;
    assert_eq!((Holder(1).area(), Holder(2).sides().await), (1, 2));
    elsewhere();
}
