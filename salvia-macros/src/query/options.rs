//! The options of `#[query(..)]`, as written.

use syn::parse::ParseStream;
use syn::{ExprPath, Ident};

use crate::engine::Engine;
use crate::options::{self, Known};

/// What the attribute says of a query.
#[derive(Default)]
pub(crate) struct Options {
    /// `crate = path`.
    pub(crate) engine: Engine,
    /// `spawn`: always update in a task of its own.
    pub(crate) spawn: Option<Ident>,
    /// `detached`: finish even if nobody waits any more.
    pub(crate) detached: Option<Ident>,
    /// `cycle = path`: the value of a query that is part of a cycle.
    pub(crate) cycle: Option<ExprPath>,
}

impl Known for Options {
    fn take(&mut self, name: &Ident, input: ParseStream<'_>) -> syn::Result<bool> {
        let word = match name.to_string().as_str() {
            "spawn" => &mut self.spawn,
            "detached" => &mut self.detached,
            "cycle" => {
                let path = options::function(name, input)?;
                options::set(&mut self.cycle, name, path)?;
                return Ok(true);
            }
            _ => return self.engine.take(name, input),
        };
        options::nothing(name, input)?;
        options::set(word, name, name.clone())?;
        Ok(true)
    }
}
