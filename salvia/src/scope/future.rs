//! Futures that are polled in a call.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::scope::ambient::Paused;
use crate::scope::id::CallId;

pin_project! {
    /// The future of [`CallId::scope`]: polls a future with an id.
    ///
    /// # Cancel safety
    ///
    /// That of the future.
    ///
    /// ```
    /// # use salvia::scope::{CallId, Scoped, call};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let three: Scoped<std::future::Ready<u32>> = call(CallId::current).scope(std::future::ready(3));
    /// assert_eq!(three.await, 3);
    /// # }
    /// ```
    #[must_use = "a future does nothing until it is awaited"]
    pub struct Scoped<F> {
        #[pin]
        future: F,
        path: Paused,
    }
}

impl<F> Scoped<F> {
    pub(crate) fn new(id: CallId, future: F) -> Self {
        Scoped {
            future,
            path: Paused::call(id),
        }
    }
}

impl<F: Future> Future for Scoped<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _path = this.path.resume();
        this.future.poll(cx)
    }
}

impl<F> fmt::Debug for Scoped<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scoped").finish_non_exhaustive()
    }
}
