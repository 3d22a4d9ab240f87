//! Free queries.

#[allow(
    unused_imports,
    clippy::wildcard_imports,
    reason = "generated code must not use them"
)]
use crate::decoys::*;

use ::engine::QueryContext;

// A parameter pattern that finds a constant of its name would be a comparison.
#[allow(non_upper_case_globals, reason = "named like variables")]
#[expect(dead_code, reason = "generated code must not use them")]
mod constants {
    pub(super) const run: u8 = 0;
    pub(super) const args: u8 = 0;
    pub(super) const context: u8 = 0;
    pub(super) const describe: u8 = 0;
}
#[allow(
    unused_imports,
    clippy::wildcard_imports,
    reason = "generated code must not use them"
)]
use constants::*;

/// Adds one.
#[::engine::query(crate = engine)]
pub async fn next(number: u32, _cx: &QueryContext) -> u32 {
    number + 1
}

/// Returns early.
#[::engine::query(crate = ::engine)]
pub async fn early(mut number: u32, cx: &QueryContext) -> ::core::result::Result<u32, u8> {
    if number == 0 {
        return ::core::result::Result::Err(1);
    }
    number -= 1;
    let number = ::core::result::Result::<u32, u8>::Ok(number)?;
    ::core::result::Result::Ok(next(number, cx).await)
}

/// Has items of its own before anything else.
#[::engine::query(crate = engine)]
pub async fn items(cx: &QueryContext) -> u32 {
    use self::next as other;

    const ONE: u32 = 1;

    other(ONE, cx).await
}

/// Calls itself.
#[::engine::query(crate = engine)]
pub async fn fibonacci(n: u64, cx: &QueryContext) -> u64 {
    match n {
        0 | 1 => n,
        n => fibonacci(n - 1, cx).await + fibonacci(n - 2, cx).await,
    }
}

/// Has no value.
#[::engine::query(crate = engine)]
pub async fn nothing(_cx: &QueryContext) {}

/// Knows nothing of its parameter but the bounds.
#[::engine::query(crate = engine)]
pub async fn generic<T, const N: usize>(value: T, _cx: &QueryContext) -> [T; N]
where
    T: ::engine::Stashable + ::core::hash::Hash,
    i32: ::core::clone::Clone,
{
    [(); N].map(|()| value.clone())
}

/// Uses parameters that have the names of hidden things.
#[::engine::query(crate = engine)]
pub async fn names(salvia: u8, engine: u8, marker: u8, f: u8, cx: &QueryContext) -> u8 {
    let _ = cx;
    salvia + engine + marker + f
}

/// Has more parameters than a tuple has traits for.
#[::engine::query(crate = engine)]
#[allow(
    clippy::too_many_arguments,
    clippy::many_single_char_names,
    reason = "this is the point"
)]
pub async fn many(
    a: u8,
    b: u8,
    c: u8,
    d: u8,
    e: u8,
    f: u8,
    g: u8,
    h: u8,
    i: u8,
    j: u8,
    k: u8,
    l: u8,
    m: u8,
    n: u8,
    _cx: &QueryContext,
) -> [u8; 14] {
    [a, b, c, d, e, f, g, h, i, j, k, l, m, n]
}

/// Has a query of its own.
pub async fn outer(number: u32, cx: &QueryContext) -> u32 {
    #[::engine::query(crate = engine)]
    async fn inner(number: u32, cx: &QueryContext) -> u32 {
        next(number, cx).await * 2
    }

    inner(number, cx).await
}
