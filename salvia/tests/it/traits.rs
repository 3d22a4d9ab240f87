//! Queries below async traits, through the inner functions of 0.1.

use std::hash::Hash;

use async_trait::async_trait;
use salvia::{QueryContext, Stashable, query};

use crate::kit::{Slot, counted, ran, soon};

#[async_trait]
trait Figure: Stashable + Hash {
    /// A defaulted function without a receiver.
    async fn sides(of: u32, cx: &QueryContext) -> u32 {
        #[query]
        async fn inner(of: u32, cx: &QueryContext) -> u32 {
            ran(cx, "sides");
            of + 2
        }
        inner(of, cx).await
    }

    /// What an implementor gives.
    async fn area_of(self, scale: u32, cx: &QueryContext) -> u32;

    /// What a user calls.
    async fn area(self, scale: u32, cx: &QueryContext) -> u32 {
        #[query]
        async fn inner<SelfT>(this: SelfT, scale: u32, cx: &QueryContext) -> u32
        where
            SelfT: Figure,
        {
            ran(cx, "area");
            this.area_of(scale, cx).await
        }
        inner(self, scale, cx).await
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Square;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Strip;

#[async_trait]
impl Figure for Square {
    async fn area_of(self, scale: u32, _cx: &QueryContext) -> u32 {
        scale * scale
    }
}

#[async_trait]
impl Figure for Strip {
    async fn area_of(self, scale: u32, cx: &QueryContext) -> u32 {
        let width: i64 = Slot(7).get(cx).await;
        scale * width.unsigned_abs() as u32
    }
}

#[tokio::test]
async fn async_traits_work_through_inner_functions() {
    soon(async {
        let (rt, counts) = counted();
        for _ in 0..2 {
            rt.query(|cx| async move {
                assert_eq!(Square::sides(3, &cx).await, 5);
                assert_eq!(Square.area(4, &cx).await, 16);
                assert_eq!(Strip.area(4, &cx).await, 0);
            })
            .await;
        }
        // `Self` is part of the bound query: two implementors never share a value.
        assert_eq!(counts.take(), ["area", "area", "sides"]);
        rt.mutate(|cx| async move { Slot(7).set(3, &cx).await })
            .await;
        assert_eq!(
            rt.query(|cx| async move { Strip.area(4, &cx).await }).await,
            12
        );
        assert_eq!(counts.take(), ["area"]);
    })
    .await;
}
