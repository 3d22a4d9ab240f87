//! The options of `#[query(..)]`, as written.

use syn::parse::ParseStream;
use syn::{ExprPath, Ident, LitInt};

use crate::diag::error;
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
    /// `shared`: give handles of values.
    pub(crate) shared: Option<Ident>,
    /// `no_eq`: every new value is another one.
    pub(crate) no_eq: Option<Ident>,
    /// `eq = path`: compares values.
    pub(crate) eq: Option<ExprPath>,
    /// `size = path`: measures values.
    pub(crate) size: Option<ExprPath>,
    /// `lru = count`: keep so many values.
    pub(crate) lru: Option<LitInt>,
}

impl Options {
    /// Whether values are compared by `Eq`.
    pub(crate) fn compares(&self) -> bool {
        self.no_eq.is_none() && self.eq.is_none()
    }
}

impl Known for Options {
    const OPTIONS: &'static [&'static str] = &[
        "spawn",
        "detached",
        "shared",
        "no_eq",
        "eq = path",
        "size = path",
        "lru = N",
        "cycle = path",
        "crate = path",
    ];

    fn take(&mut self, name: &Ident, input: ParseStream<'_>) -> syn::Result<bool> {
        let word = match name.to_string().as_str() {
            "spawn" => &mut self.spawn,
            "detached" => &mut self.detached,
            "shared" => &mut self.shared,
            "no_eq" => &mut self.no_eq,
            "lru" => {
                let count = options::count(name, input)?;
                options::set(&mut self.lru, name, count)?;
                return Ok(true);
            }
            _ => return self.take_function(name, input),
        };
        options::nothing(name, input)?;
        options::set(word, name, name.clone())?;
        self.one_comparison(name)
    }
}

impl Options {
    /// The options that are given a function.
    fn take_function(&mut self, name: &Ident, input: ParseStream<'_>) -> syn::Result<bool> {
        let function = match name.to_string().as_str() {
            "cycle" => &mut self.cycle,
            "eq" => &mut self.eq,
            "size" => &mut self.size,
            _ => return self.engine.take(name, input),
        };
        let path = options::function(name, input)?;
        options::set(function, name, path)?;
        self.one_comparison(name)
    }

    fn one_comparison(&self, name: &Ident) -> syn::Result<bool> {
        if (name == "eq" || name == "no_eq") && self.eq.is_some() && self.no_eq.is_some() {
            return Err(error(
                name,
                "`eq` says how values are compared, `no_eq` that they are not: remove one",
            ));
        }
        Ok(true)
    }
}
