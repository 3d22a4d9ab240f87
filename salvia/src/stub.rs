//! Placeholders with the final signatures, until the engine arrives.
#![allow(missing_docs, clippy::unimplemented)]

use std::future::Future;
use std::hash::Hash;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be stored: it is not `Stashable`",
    label = "needs `Clone + Eq + Send + Sync + 'static`",
    note = "if `{Self}` is yours, add `#[derive(Clone, PartialEq, Eq)]`"
)]
pub trait Stashable: Clone + Eq + Send + Sync + 'static {}
#[diagnostic::do_not_recommend]
impl<T: Clone + Eq + Send + Sync + 'static> Stashable for T {}

pub trait Input<V: Stashable>: Stashable + Hash {
    fn initial(&self) -> V;
}

mod sealed {
    pub trait Sealed {}
}
/// Sealed; implemented by both contexts and by `&`, `&mut`, `Box`, `Arc` of them.
pub trait ReadContext: sealed::Sealed + Send + Sync {}
impl sealed::Sealed for QueryContext {}
impl sealed::Sealed for InputContext {}
impl ReadContext for QueryContext {}
impl ReadContext for InputContext {}
impl<T: ReadContext> sealed::Sealed for &T {}
impl<T: ReadContext> ReadContext for &T {}

#[derive(Debug)]
pub struct QueryContext {
    _private: (),
}
impl QueryContext {
    pub fn revision(&self) -> Revision {
        unimplemented!()
    }
    /// Panics with the type's name if absent.
    pub fn resource<T: Send + Sync + 'static>(&self) -> Arc<T> {
        unimplemented!()
    }
    pub fn try_resource<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        unimplemented!()
    }
}
#[derive(Debug)]
pub struct InputContext {
    _private: (),
}
impl InputContext {
    pub async fn update<H: Input<V>, V: Stashable>(&self, host: H, change: impl FnOnce(&mut V)) {
        let _ = (host, change);
        unimplemented!()
    }
    /// `cx.unset::<V>(host)`: back to `initial()`.
    pub fn unset<V: Stashable>(&self, host: impl Input<V>) -> impl Future<Output = ()> + Send {
        let _ = host;
        async {}
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(u64);
impl std::fmt::Display for Revision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
#[derive(Debug, Clone)]
pub struct QueryError;

#[must_use = "futures do nothing unless polled"]
pub struct Query<'cx, Args, V> {
    _cx: &'cx QueryContext,
    _args: Args,
    _value: PhantomData<fn() -> V>,
}
impl<Args, V> Unpin for Query<'_, Args, V> {}
impl<Args, V> Future for Query<'_, Args, V> {
    type Output = V;
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<V> {
        unimplemented!()
    }
}
impl<'cx, Args, V> Query<'cx, Args, V> {
    /// The query's failure as a value. What handled a failure is never stored.
    pub async fn catch(self) -> Result<V, QueryError> {
        Ok(self.await)
    }
}

pub struct Get<'cx, H, V>(PhantomData<(&'cx (), H, fn() -> V)>);
impl<H, V> Unpin for Get<'_, H, V> {}
impl<H, V> Future for Get<'_, H, V> {
    type Output = V;
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<V> {
        unimplemented!()
    }
}
pub struct Set<'cx, H, V>(PhantomData<(&'cx (), H, V)>);
impl<H, V> Unpin for Set<'_, H, V> {}
impl<H, V> Future for Set<'_, H, V> {
    type Output = ();
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        unimplemented!()
    }
}

#[derive(Debug, Clone)]
pub struct Snapshot;
impl Snapshot {
    pub fn revision(&self) -> Revision {
        unimplemented!()
    }
    pub async fn query<F, Fut>(&self, f: F) -> Fut::Output
    where
        F: FnOnce(QueryContext) -> Fut,
        Fut: Future,
    {
        let _ = f;
        unimplemented!()
    }
}

#[derive(Debug)]
pub struct Runtime;
pub struct Builder;
impl Builder {
    pub fn resource<T: Send + Sync + 'static>(self, _: T) -> Self {
        self
    }
    pub fn tokio(self, _: tokio::runtime::Handle) -> Self {
        self
    }
    pub fn build(self) -> Arc<Runtime> {
        unimplemented!()
    }
}
impl Runtime {
    pub fn builder() -> Builder {
        Builder
    }
    pub async fn new() -> Arc<Runtime> {
        unimplemented!()
    }
    pub fn with_tokio(tokio: &tokio::runtime::Runtime) -> Arc<Runtime> {
        let _ = tokio;
        unimplemented!()
    }
    pub fn revision(&self) -> Revision {
        unimplemented!()
    }
    pub fn snapshot(self: &Arc<Self>) -> Snapshot {
        unimplemented!()
    }
    pub async fn query<F, Fut>(self: &Arc<Self>, f: F) -> Fut::Output
    where
        F: FnOnce(QueryContext) -> Fut,
        Fut: Future,
    {
        let _ = f;
        unimplemented!()
    }
    pub async fn try_query<F, Fut>(self: &Arc<Self>, f: F) -> Result<Fut::Output, QueryError>
    where
        F: FnOnce(QueryContext) -> Fut,
        Fut: Future,
    {
        let _ = f;
        unimplemented!()
    }
    pub async fn mutate<F, Fut>(self: &Arc<Self>, f: F) -> Fut::Output
    where
        F: FnOnce(InputContext) -> Fut,
        Fut: Future,
    {
        let _ = f;
        unimplemented!()
    }
    pub async fn try_mutate<F, Fut, T, E>(self: &Arc<Self>, f: F) -> Result<T, E>
    where
        F: FnOnce(InputContext) -> Fut,
        Fut: Future<Output = Result<T, E>>,
    {
        let _ = f;
        unimplemented!()
    }
    pub async fn mutate_pinned<F, Fut>(self: &Arc<Self>, f: F) -> (Fut::Output, Snapshot)
    where
        F: FnOnce(InputContext) -> Fut,
        Fut: Future,
    {
        let _ = f;
        unimplemented!()
    }
    pub async fn shutdown(self: &Arc<Self>) {}
}
