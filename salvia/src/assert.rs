//! What generated code asks of the types of a query, with messages for those that do not have it.

use crate::QueryContext;

/// The type of a query's last parameter, behind the `&`. Only `QueryContext`, but an alias of it will do.
#[diagnostic::on_unimplemented(
    message = "salvia: the last parameter of a query is `&QueryContext`, not `&{Self}`",
    label = "write `&QueryContext`, or add `cx: &QueryContext` after this parameter"
)]
pub trait Context {
    /// The context in the type the user wrote.
    fn written(cx: &QueryContext) -> &Self;

    /// The context in the type of the engine.
    fn plain(&self) -> &QueryContext;
}

impl Context for QueryContext {
    fn written(cx: &QueryContext) -> &Self {
        cx
    }

    fn plain(&self) -> &QueryContext {
        self
    }
}

/// From the type the user wrote to the engine's.
pub fn context<C: Context>(cx: &C) -> &QueryContext {
    cx.plain()
}

/// From the engine's type to the one the user wrote.
pub fn written<C: Context>(cx: &QueryContext) -> &C {
    C::written(cx)
}

/// Marks one argument, so that what its type lacks can be reported where that type is written.
pub fn argument<A>(argument: A) -> A {
    argument
}
