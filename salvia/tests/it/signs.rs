//! Queries one above the other: the value of a slot, its sign, the sum of two.

use salvia::{QueryContext, query};

use crate::kit::Slot;

#[query]
pub(crate) async fn value(n: u32, cx: &QueryContext) -> i64 {
    Slot(n).get(cx).await
}

#[query]
pub(crate) async fn sign(n: u32, cx: &QueryContext) -> i64 {
    value(n, cx).await.signum()
}

#[query]
pub(crate) async fn both(cx: &QueryContext) -> i64 {
    sign(0, cx).await + sign(1, cx).await
}
