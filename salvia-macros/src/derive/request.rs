//! What an attribute asks for: names of traits, and where the engine is.

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};
use syn::{Ident, Path, Token, ext::IdentExt};

use crate::bounds::Standard;
use crate::diag::{Errors, error};
use crate::engine::Engine;
use crate::options::Known;
use crate::suggest;

/// The traits of one attribute, each once, in their order.
#[derive(Default)]
pub(super) struct Request {
    pub(super) traits: Vec<Wanted>,
    pub(super) engine: Engine,
}

/// A trait that is to be implemented, and the token that says so.
pub(super) struct Wanted {
    pub(super) kind: Standard,
    pub(super) name: Ident,
}

impl Request {
    /// Reads the list; a mistake is reported, and takes nothing else with it.
    pub(super) fn read(list: TokenStream, errors: &mut Errors) -> Self {
        let mut request = Self::default();
        let parser = |input: ParseStream<'_>| {
            while !input.is_empty() {
                if let Err(mistake) = request.read_one(input) {
                    errors.adopt(mistake);
                    while !input.is_empty() && !input.peek(Token![,]) {
                        input.parse::<TokenTree>()?;
                    }
                }
                input.parse::<Option<Token![,]>>()?;
            }
            Ok(())
        };
        if let Err(mistake) = parser.parse2(list) {
            errors.adopt(mistake);
        }
        request
    }

    fn read_one(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        if input.peek(Token![crate]) && input.peek2(Token![=]) {
            let name = input.call(Ident::parse_any)?;
            self.engine.take(&name, input)?;
        } else {
            let Ok(path) = input.call(Path::parse_mod_style) else {
                return Err(error(next(input), "the name of a trait is expected here"));
            };
            self.take_trait(&path)?;
        }
        match input.is_empty() || input.peek(Token![,]) {
            true => Ok(()),
            false => Err(error(
                next(input),
                "write a comma before the name of the next trait",
            )),
        }
    }

    fn take_trait(&mut self, path: &Path) -> syn::Result<()> {
        let wanted = standard(path).ok_or_else(|| unknown(path))?;
        if self.traits.iter().any(|other| other.kind == wanted.kind) {
            let message = format_args!("`{}` is given twice: remove one", wanted.name).to_string();
            return Err(error(path, message));
        }
        self.traits.push(wanted);
        Ok(())
    }
}

/// The trait that a path names: the name alone, or the path in the standard library. What it is in the user's scope cannot
/// be seen.
fn standard(path: &Path) -> Option<Wanted> {
    let name = &path.segments.last()?.ident;
    let (kind, module) = Standard::derivable(&name.to_string())?;
    let modules: Vec<String> = path
        .segments
        .iter()
        .take(path.segments.len() - 1)
        .map(|segment| segment.ident.to_string())
        .collect();
    let is_standard = match &modules.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => path.leading_colon.is_none(),
        [found] => path.leading_colon.is_none() && *found == module,
        ["std" | "core", found] => *found == module,
        ["std" | "core", "prelude", _] => true,
        _ => false,
    };
    is_standard.then(|| Wanted {
        kind,
        name: name.clone(),
    })
}

fn unknown(path: &Path) -> syn::Error {
    let segments = path.segments.iter().map(|one| one.ident.to_string());
    let name = segments.collect::<Vec<_>>().join("::");
    let meant = suggest::nearest(&name, Standard::DERIVABLE);
    let meant = meant.map_or_else(String::new, |meant| {
        format!("did you mean `{meant}`? Else ")
    });
    let known = suggest::listed(&Standard::DERIVABLE);
    error(
        path,
        format_args!(
            "`{name}` cannot be derived with exact bounds, only {known} of the standard library can: {meant}move it to \
             `#[derive({name})]`"
        ),
    )
}

/// The next token, to point at.
fn next(input: ParseStream<'_>) -> TokenStream {
    let next = input.cursor().token_tree();
    next.map(|(token, _)| token.into()).unwrap_or_default()
}
