//! Readable names: `score` or `Team::score` from the path of the function's code, and the text of
//! a bound query with its arguments.

use std::fmt;

use crate::node::bound::{Bound, Work};
use crate::runtime::guard::guarded;

/// The text of a bound query, such as `Team::score(Red)`, or of an input.
pub(crate) fn text(bound: &Bound) -> String {
    if let Work::Input(shown) = &bound.kind().work
        && let Some(shown) = shown.get()
        && let Ok(host) = guarded(|| written(|f| shown(bound.key(), f)))
    {
        return hosted(&bound.kind().name, host);
    }
    called(&bound.kind().name, |f| {
        (bound.kind().describe)(bound.key(), f)
    })
}

/// A name with its arguments. Their `Debug` is user code, and the text is for errors, which are no
/// place to fail in.
pub(crate) fn called(
    name: &str,
    arguments: impl Fn(&mut fmt::Formatter<'_>) -> fmt::Result,
) -> String {
    let written = guarded(|| format!("{name}({})", written(arguments)));
    written.unwrap_or_else(|_| format!("{name}(..)"))
}

/// The name of an input. `Debug` mostly tells the type, as in `Price("tea")`, but not that of a variant: `Team(Red)`.
fn hosted(name: &str, host: String) -> String {
    let is_letter = |letter: char| letter.is_alphanumeric() || letter == '_';
    match host.strip_prefix(name) {
        Some(rest) if !rest.starts_with(is_letter) => host,
        _ => format!("{name}({host})"),
    }
}

fn written(write: impl Fn(&mut fmt::Formatter<'_>) -> fmt::Result) -> String {
    Written(write).to_string()
}

struct Written<F>(F);

impl<F: Fn(&mut fmt::Formatter<'_>) -> fmt::Result> fmt::Display for Written<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.0)(f)
    }
}

/// Shortens the type name of a query's marker. Keeps the function's name, and the type in whose
/// `impl` it stands; types are told from modules by their case.
pub(crate) fn short(path: &str) -> String {
    match parts(path).as_slice() {
        [.., owner, name] if is_type(owner) => format!("{}::{}", owner_name(owner), plain(name)),
        [.., name] => plain(name).to_owned(),
        [] => path.to_owned(),
    }
}

/// The same with the module: `app::team::Team::score`.
pub(crate) fn long(path: &str) -> String {
    let parts = parts(path);
    let named = parts.iter().map(|part| match part.strip_prefix('<') {
        // The type says in which module it is.
        Some(_) => plain_path(owner_path(part)),
        None => plain(part).to_owned(),
    });
    let mut long: Vec<String> = named.collect();
    if let Some(whole) = parts.iter().rposition(|part| part.starts_with('<')) {
        long.drain(..whole);
    }
    long.join("::")
}

/// The segments of a path that somebody wrote.
fn parts(path: &str) -> Vec<&str> {
    let parts = split(path).into_iter();
    parts.filter(|part| *part != "{{closure}}").collect()
}

/// The segments of a path; a `::` between angle brackets belongs to its segment.
fn split(path: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0u32);
    let bytes = path.as_bytes();
    for (at, byte) in path.bytes().enumerate() {
        match byte {
            b'<' => depth += 1,
            b'>' if at > 0 && bytes[at - 1] != b'-' => depth = depth.saturating_sub(1),
            b':' if depth == 0 && bytes[..at].ends_with(b":") => {
                parts.push(&path[start..at - 1]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&path[start..]);
    parts
}

fn is_type(part: &str) -> bool {
    part.starts_with(|first: char| first.is_uppercase() || first == '<')
}

/// `Team` of `Team`, `<a::b::Team>`, `<a::b::Team<T>>` and `<a::Team as b::Trait>`.
fn owner_name(owner: &str) -> &str {
    let path = owner_path(owner);
    split(path).last().map_or(path, |last| plain(last))
}

/// The type in such a segment.
fn owner_path(owner: &str) -> &str {
    let inner = owner
        .strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'))
        .unwrap_or(owner);
    let inner = inner.strip_prefix("impl ").unwrap_or(inner);
    inner.split(" as ").next().unwrap_or(inner)
}

/// A path without generic arguments.
fn plain_path(path: &str) -> String {
    let parts: Vec<&str> = split(path).into_iter().map(plain).collect();
    parts.join("::")
}

/// A name without its generic arguments.
fn plain(name: &str) -> &str {
    name.split('<').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_tell_methods_apart() {
        let table = [
            ("app::leader::{{closure}}", "leader"),
            ("app::module::leader<i32>::{{closure}}", "leader"),
            ("app::Team::score::{{closure}}", "Team::score"),
            ("app::<impl app::Team>::score::{{closure}}", "Team::score"),
            ("<app::Team>::score::{{closure}}", "Team::score"),
            (
                "<app::Cell<alloc::string::String>>::read::{{closure}}",
                "Cell::read",
            ),
            ("app::outer::{{closure}}::inner::{{closure}}", "inner"),
        ];
        for (path, expected) in table {
            assert_eq!(short(path), expected, "{path}");
        }
    }

    #[test]
    fn a_host_is_named_with_its_type_once() {
        let table = [
            ("Price", "Price(\"tea\")", "Price(\"tea\")"),
            ("Limit", "Limit", "Limit"),
            ("Point", "Point { x: 1 }", "Point { x: 1 }"),
            ("Team", "Red", "Team(Red)"),
            ("Team", "Teams", "Team(Teams)"),
            ("Team", "..", "Team(..)"),
        ];
        for (name, host, expected) in table {
            assert_eq!(hosted(name, host.to_owned()), expected);
        }
    }

    #[test]
    fn long_names_have_the_module_too() {
        let table = [
            (
                "app::module::leader<i32>::{{closure}}",
                "app::module::leader",
            ),
            ("app::Team::score::{{closure}}", "app::Team::score"),
            (
                "app::other::<impl app::Team>::score::{{closure}}",
                "app::Team::score",
            ),
            (
                "<app::Cell<alloc::string::String>>::read::{{closure}}",
                "app::Cell::read",
            ),
            (
                "<app::Cell<u8> as app::Read>::read::{{closure}}::inner",
                "app::Cell::read::inner",
            ),
            ("app::Host", "app::Host"),
        ];
        for (path, expected) in table {
            assert_eq!(long(path), expected, "{path}");
        }
    }
}
