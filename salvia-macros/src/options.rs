//! The syntax of an attribute's options: names, some with `= path`, between commas.
//!
//! Which names there are is up to the macro, which is a `Known`. Each mistake is reported at its token; what was right
//! before it holds, and reading goes on behind it where it is plain what belongs to it.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{ParseStream, Parser};
use syn::{ExprPath, Ident, LitInt, LitStr, Path, Token, ext::IdentExt};

use crate::diag::{Errors, error};
use crate::suggest;

/// The options a macro knows.
pub(crate) trait Known {
    /// All of them as they are written, such as `lru = N`.
    const OPTIONS: &'static [&'static str];

    /// Takes the option of this name; its value is still to be read. False if there is none of the name.
    fn take(&mut self, name: &Ident, input: ParseStream<'_>) -> syn::Result<bool>;
}

/// Reads the options of an attribute.
pub(crate) fn read(known: &mut impl Known, options: TokenStream, errors: &mut Errors) {
    let parser = |input: ParseStream<'_>| {
        while !input.is_empty() {
            if let Err(mistake) = read_one(known, input) {
                errors.adopt(mistake);
                skip(input)?;
            }
            input.parse::<Option<Token![,]>>()?;
        }
        Ok(())
    };
    if let Err(mistake) = parser.parse2(options) {
        errors.adopt(mistake);
    }
}

fn read_one<K: Known>(known: &mut K, input: ParseStream<'_>) -> syn::Result<()> {
    let Ok(name) = input.call(Ident::parse_any) else {
        return Err(error(
            next(input),
            "an option is expected to begin with its name",
        ));
    };
    if !known.take(&name, input)? {
        return Err(unknown(&name, K::OPTIONS));
    }
    if at_end(input) {
        return Ok(());
    }
    Err(error(
        next(input),
        format_args!("the option `{name}` has ended: write a comma before the next one"),
    ))
}

fn unknown(name: &Ident, options: &[&'static str]) -> syn::Error {
    let names = options.iter().filter_map(|option| option.split(' ').next());
    let meant = suggest::nearest(&name.to_string(), names);
    let meant = match meant {
        Some(meant) => format!("did you mean `{meant}`? The"),
        None => "the".to_owned(),
    };
    let known = suggest::listed(options);
    let all = if options.len() == 1 {
        "only option is"
    } else {
        "options are"
    };
    let message = format!("the option `{name}` is not known: {meant} {all} {known}");
    error(name, message)
}

/// Goes on behind a mistake: a value of one token is passed over. Where more follows it cannot be told how much of it is
/// the value, so all of it is.
fn skip(input: ParseStream<'_>) -> syn::Result<()> {
    input.parse::<Option<Token![=]>>()?;
    if !at_end(input) {
        input.parse::<TokenTree>()?;
    }
    if !at_end(input) {
        input.parse::<TokenStream>()?;
    }
    Ok(())
}

/// An option is given at most once.
pub(crate) fn set<T>(place: &mut Option<T>, name: &Ident, value: T) -> syn::Result<()> {
    if place.is_some() {
        let message = format_args!("`{name}` is given twice: remove one").to_string();
        return Err(error(name, message));
    }
    *place = Some(value);
    Ok(())
}

/// Nothing follows an option that is but a word.
pub(crate) fn nothing(name: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
    if at_end(input) {
        return Ok(());
    }
    let ahead = input.fork();
    let has_value = ahead.parse::<Token![=]>().is_ok() || ahead.peek(syn::token::Paren);
    if !has_value {
        // What it is will be said by whoever expects the next option.
        return Ok(());
    }
    let value = if at_end(&ahead) {
        next(input)
    } else {
        next(&ahead)
    };
    Err(error(
        value,
        format_args!("`{name}` takes no value: write `{name}` alone"),
    ))
}

/// The path of a crate or module, after a name and `=`.
pub(crate) fn module(name: &Ident, input: ParseStream<'_>) -> syn::Result<Path> {
    value(name, "crate", input, Path::parse_mod_style)
}

/// The path of a function, after a name and `=`. It may have generic arguments, and begin with `Self` or `<T as Trait>`.
pub(crate) fn function(name: &Ident, input: ParseStream<'_>) -> syn::Result<ExprPath> {
    let path = value(name, "function", input, |input| {
        // Attributes parse as well, but say nothing about a path.
        match input.peek(Token![#]) {
            true => Err(input.error("a path")),
            false => input.parse::<ExprPath>(),
        }
    })?;
    if input.peek(Token![<]) {
        return Err(error(
            next(input),
            "write `::` before the generic arguments of a function",
        ));
    }
    if input.peek(syn::token::Paren) {
        return Err(error(
            next(input),
            format_args!("`{name}` takes the path of a function: do not call it here"),
        ));
    }
    Ok(path)
}

/// A number above zero, after a name and `=`.
pub(crate) fn count(name: &Ident, input: ParseStream<'_>) -> syn::Result<LitInt> {
    let expected = |at: TokenStream| {
        let message = format_args!("`{name}` takes a number above zero: write `{name} = 100`");
        error(at, message.to_string())
    };
    if !input.peek(Token![=]) {
        return Err(expected(name.to_token_stream()));
    }
    input.parse::<Token![=]>()?;
    let ahead = input.fork();
    let is_count = |count: &LitInt| {
        matches!(count.suffix(), "" | "usize")
            && count.base10_parse::<usize>().is_ok_and(|count| count > 0)
    };
    match ahead.parse::<LitInt>() {
        Ok(count) if is_count(&count) => input.parse(),
        _ if at_end(input) => Err(expected(name.to_token_stream())),
        _ => Err(expected(next(input))),
    }
}

fn value<T>(
    name: &Ident,
    what: &str,
    input: ParseStream<'_>,
    parse: impl Fn(ParseStream<'_>) -> syn::Result<T>,
) -> syn::Result<T> {
    if !input.peek(Token![=]) {
        return Err(error(
            name,
            format_args!("the path of the {what} is missing: write `{name} = path`"),
        ));
    }
    input.parse::<Token![=]>()?;
    if let Ok(text) = input.fork().parse::<LitStr>() {
        return Err(error(
            text,
            format_args!("write the path of the {what} without quotes"),
        ));
    }
    if parse(&input.fork()).is_ok() {
        return parse(input);
    }
    let at = match at_end(input) {
        true => name.to_token_stream(),
        false => next(input),
    };
    let message = format_args!("the path of the {what} is expected after `{name} =`").to_string();
    Err(error(at, message))
}

/// Whether the option that is being read is over.
fn at_end(input: ParseStream<'_>) -> bool {
    input.is_empty() || input.peek(Token![,])
}

/// The next token, to point at.
fn next(input: ParseStream<'_>) -> TokenStream {
    let next = input.cursor().token_tree();
    next.map(|(token, _)| token.into()).unwrap_or_default()
}
