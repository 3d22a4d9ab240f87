//! What can be wrong with a document, and how is it said?
//!
//! Every message folio prints about a document is made here, so that one mistake reads the same wherever it is found.
//! Problems are ordered by path, line and column: the order of a report.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::core::duplicates::Duplicate;
use crate::core::parse::{Definition, FrontFault, Link, LinkKind, Position, Undefined};
use crate::core::resolve::Target;
use crate::core::workspace::{RelPath, Unreadable};

/// The kinds of problems: stable names for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Code {
    /// A link or an include leads nowhere, or where it leads cannot be known.
    BrokenLink,
    /// The document is there, the heading or id is not.
    BrokenAnchor,
    /// The file of an image is not there.
    MissingImage,
    /// A heading or an id asks for an anchor that is taken.
    DuplicateAnchor,
    /// A reference definition that nothing uses.
    UnusedDefinition,
    /// Front matter that is not what it should be.
    FrontMatter,
    /// A link out of the folder that nobody answers to.
    DeadLink,
    /// A document or a directory that cannot be read.
    Unreadable,
}

/// One line of a report.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Problem {
    /// The document.
    pub path: RelPath,
    /// Where in it.
    pub at: Position,
    /// Which kind.
    pub code: Code,
    /// What is written there.
    pub target: Arc<str>,
    /// The explanation, on one line.
    pub message: Arc<str>,
}

impl Problem {
    /// A link, image or include, with what is wrong about its target.
    pub fn target(path: &RelPath, link: &Link, fault: &Fault) -> Self {
        let written = one_line(&link.target);
        let (code, what) = match (link.kind, fault) {
            (_, Fault::NoAnchor { .. } | Fault::NoPage { .. }) => {
                (Code::BrokenAnchor, "broken anchor")
            }
            (_, Fault::Cycle(_)) => (Code::BrokenLink, ""),
            (LinkKind::Link, _) => (Code::BrokenLink, "broken link"),
            (LinkKind::Image, _) => (Code::MissingImage, "missing image"),
            (LinkKind::Include, _) => (Code::BrokenLink, "broken include"),
        };
        let message = match fault {
            Fault::Cycle(_) => fault.to_string(),
            Fault::Empty => format!("{what}: {fault}"),
            fault => format!("{what}: {}: {fault}", quoted(&written)),
        };
        Problem {
            path: path.clone(),
            at: link.at,
            code,
            target: written.into(),
            message: message.into(),
        }
    }

    /// A reference link without a definition.
    pub fn undefined(path: &RelPath, undefined: &Undefined) -> Self {
        let label = &undefined.label;
        Problem {
            path: path.clone(),
            at: undefined.at,
            code: Code::BrokenLink,
            target: label.as_str().into(),
            message: format!("broken link: no definition for {}", quoted(label)).into(),
        }
    }

    /// An anchor that is taken.
    pub fn duplicate(path: &RelPath, duplicate: &Duplicate<'_>) -> Self {
        let Duplicate {
            anchor,
            at,
            first,
            instead,
        } = duplicate;
        let taken = format!(
            "duplicate anchor: `{anchor}` is taken by line {}",
            first.line
        );
        let message = match instead {
            Some(instead) => format!("{taken}, this heading is `{instead}`"),
            None => taken,
        };
        Problem {
            path: path.clone(),
            at: *at,
            code: Code::DuplicateAnchor,
            target: (*anchor).into(),
            message: message.into(),
        }
    }

    /// A definition that nothing uses.
    pub fn unused(path: &RelPath, definition: &Definition) -> Self {
        let label = &definition.label;
        Problem {
            path: path.clone(),
            at: definition.at,
            code: Code::UnusedDefinition,
            target: label.as_str().into(),
            message: format!("unused definition: nothing refers to {}", quoted(label)).into(),
        }
    }

    /// Front matter that cannot be read.
    pub fn front(path: &RelPath, fault: &FrontFault) -> Self {
        Problem {
            path: path.clone(),
            at: fault.at,
            code: Code::FrontMatter,
            target: path.as_str().into(),
            message: format!("front matter: {}", one_line(&fault.reason)).into(),
        }
    }

    /// A link out of the folder, with what came of following it.
    pub fn dead(path: &RelPath, link: &Link, reason: &str) -> Self {
        let written = one_line(&link.target);
        Problem {
            path: path.clone(),
            at: link.at,
            code: Code::DeadLink,
            message: format!("dead link: {}: {}", quoted(&written), one_line(reason)).into(),
            target: written.into(),
        }
    }

    /// A document or a directory that cannot be read.
    pub fn unreadable(path: &RelPath, why: &Unreadable) -> Self {
        Problem {
            path: path.clone(),
            at: why.at,
            code: Code::Unreadable,
            target: path.as_str().into(),
            message: format!("unreadable: {}", why.reason).into(),
        }
    }
}

/// What is wrong about a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Nothing is written.
    Empty,
    /// It leads out of the folder.
    Outside,
    /// It cannot be decoded.
    Garbled,
    /// No such file.
    NoFile(RelPath),
    /// An image or an include needs a file, this is a directory.
    IsFolder(RelPath),
    /// A path that ends with `/` needs a directory, this is a file.
    NoFolder(RelPath),
    /// The document has no such anchor.
    NoAnchor {
        /// The document.
        document: RelPath,
        /// The anchor.
        anchor: Arc<str>,
        /// An anchor of the document that may be meant.
        near: Option<Arc<str>>,
    },
    /// A fragment of a directory that has no page of its own.
    NoPage(RelPath),
    /// An include that comes back to the document it is written in.
    Cycle(Arc<str>),
}

impl Fault {
    /// What is wrong about a target wherever it is written; nothing about one in the folder, or of somebody else.
    pub fn of(target: &Target) -> Option<Self> {
        match target {
            Target::External | Target::Inside(_) => None,
            Target::Empty => Some(Fault::Empty),
            Target::Outside => Some(Fault::Outside),
            Target::Garbled => Some(Fault::Garbled),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Empty => write!(f, "there is no target"),
            Fault::Outside => write!(f, "leaves the folder, so it cannot be checked"),
            Fault::Garbled => write!(f, "is not Unicode once percent-decoded"),
            Fault::NoFile(path) => write!(f, "there is no `{path}`"),
            Fault::NoFolder(path) => write!(f, "`{path}` is no directory"),
            Fault::IsFolder(path) => write!(f, "`{path}` is a directory"),
            Fault::NoAnchor {
                document,
                anchor,
                near: None,
            } => write!(f, "`{document}` has no `#{anchor}`"),
            Fault::NoAnchor {
                document,
                anchor,
                near: Some(near),
            } => {
                write!(f, "`{document}` has no `#{anchor}`, but `#{near}`")
            }
            Fault::NoPage(path) => write!(f, "the directory `{path}` has no README.md or index.md"),
            Fault::Cycle(chain) => write!(f, "include cycle: {chain}"),
        }
    }
}

/// A target may hold a line break (an attribute in HTML can); a report may not.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// Labels are often code already: [`Arc`].
fn quoted(text: &str) -> String {
    if text.contains('`') {
        format!("[{text}]")
    } else {
        format!("`{text}`")
    }
}
