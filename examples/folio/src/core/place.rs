//! Addresses: where is a page, a directory or a file found by a browser?
//!
//! A page has one address, relative to the folder and without an ending: `docs/start`, `docs/` for what the directory
//! shows. Served, that is its path. Published, it is a file (`docs/start.html`, `docs/index.html`), and links are
//! relative, so that a site works below any path.

use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::core::workspace::RelPath;

/// What folio itself puts beside the pages. No document is there.
pub const OWN: &str = "_folio";

/// What may stand in a path as it is.
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// Who shows the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Medium {
    /// A server of ours, which knows addresses.
    Served,
    /// Any server of files.
    Published,
}

/// How links are written on one page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Style {
    medium: Medium,
    /// The address of the page; empty where it does not matter.
    from: Arc<str>,
}

impl Style {
    /// Links on the page at `address`.
    pub fn new(medium: Medium, address: &Arc<str>) -> Self {
        let from = match medium {
            Medium::Served => Arc::from(""),
            Medium::Published => address.clone(),
        };
        Style { medium, from }
    }

    /// A link to the page at `address`.
    pub fn page(&self, address: &str) -> String {
        match self.medium {
            Medium::Served => format!("/{}", encode(address)),
            Medium::Published => self.relative(&page_file(address)),
        }
    }

    /// A link to a file.
    pub fn file(&self, path: &str) -> String {
        match self.medium {
            Medium::Served => format!("/{}", encode(path)),
            Medium::Published => self.relative(path),
        }
    }

    /// What leads from the page to the folder: ends with `/`, or is empty.
    pub fn root(&self) -> String {
        match self.medium {
            Medium::Served => "/".to_owned(),
            Medium::Published => "../".repeat(self.from.matches('/').count()),
        }
    }

    fn relative(&self, to: &str) -> String {
        let folder = |path| match str::rsplit_once(path, '/') {
            Some((folder, name)) => (folder, name),
            None => ("", path),
        };
        let ((from, _), (to, name)) = (folder(&self.from), folder(to));
        let mut way = way(from, to);
        way.push(name);
        // `a:b` alone would be a scheme; it is encoded, so nothing has to be done about it.
        encode(&way.join("/"))
    }
}

/// The steps from one directory to another: up as far as has to be, then down.
pub fn way<'p>(from: &'p str, to: &'p str) -> Vec<&'p str> {
    let parts = |path: &'p str| -> Vec<_> {
        let parts = path.split('/');
        parts.filter(|part| !matches!(*part, "" | ".")).collect()
    };
    let (from, to) = (parts(from), parts(to));
    let pairs = from.iter().zip(&to);
    let shared = pairs.take_while(|(from, to)| from == to).count();
    let mut way = vec![".."; from.len() - shared];
    way.extend(&to[shared..]);
    way
}

/// The file a page is published as.
pub fn page_file(address: &str) -> String {
    match address {
        "" => "index.html".to_owned(),
        folder if folder.ends_with('/') => format!("{folder}index.html"),
        page => format!("{page}.html"),
    }
}

/// The address of a directory.
pub fn folder_address(folder: &RelPath) -> Arc<str> {
    match *folder == RelPath::root() {
        true => "".into(),
        false => format!("{folder}/").into(),
    }
}

/// A path as it is written in a link.
pub fn encode(path: &str) -> String {
    utf8_percent_encode(path, IN_PATH).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_of_a_published_page_is_relative() {
        let table = [
            ("", "a", "a.html", ""),
            ("a", "", "index.html", ""),
            ("a/b", "a/c", "c.html", "../"),
            ("a/b", "a/", "index.html", "../"),
            ("a/", "b/c", "../b/c.html", "../"),
            ("a/b/c", "a/", "../index.html", "../../"),
            ("a/b/c", "ü x", "../../%C3%BC%20x.html", "../../"),
        ];
        for (from, to, link, root) in table {
            let style = Style::new(Medium::Published, &from.into());
            assert_eq!(
                (style.page(to).as_str(), style.root().as_str()),
                (link, root),
                "{from} {to}"
            );
        }
    }

    #[test]
    fn a_link_of_a_served_page_is_an_address() {
        let style = Style::new(Medium::Served, &"a/b".into());
        assert_eq!(style.page("a/"), "/a/");
        assert_eq!(style.file("a/i j.png"), "/a/i%20j.png");
    }
}
