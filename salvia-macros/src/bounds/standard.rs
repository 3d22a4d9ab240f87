//! What the traits of the standard library ask of the arguments of its containers.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::{Asked, Container};

/// The traits that can be derived with exact bounds, and what containers ask beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standard {
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    /// What `HashMap` asks of the hasher.
    BuildHasher,
}

impl Asked for Standard {
    fn path(&self, span: Span) -> TokenStream {
        let span = Span::mixed_site().located_at(span);
        match self {
            Self::Clone => quote_spanned! { span=> ::core::clone::Clone },
            Self::Copy => quote_spanned! { span=> ::core::marker::Copy },
            Self::Debug => quote_spanned! { span=> ::core::fmt::Debug },
            Self::Default => quote_spanned! { span=> ::core::default::Default },
            Self::PartialEq => quote_spanned! { span=> ::core::cmp::PartialEq },
            Self::Eq => quote_spanned! { span=> ::core::cmp::Eq },
            Self::Hash => quote_spanned! { span=> ::core::hash::Hash },
            Self::PartialOrd => quote_spanned! { span=> ::core::cmp::PartialOrd },
            Self::Ord => quote_spanned! { span=> ::core::cmp::Ord },
            Self::BuildHasher => quote_spanned! { span=> ::core::hash::BuildHasher },
        }
    }

    fn of_argument(&self, container: Container, position: usize) -> Option<Vec<Self>> {
        let same = || vec![*self];
        let asked = match (container, position) {
            (Container::Option, 0) | (Container::Slice, 0) => self.unless_default(),
            (Container::Vec | Container::VecDeque | Container::LinkedList, 0)
            | (Container::BTreeSet | Container::Once, 0)
            | (Container::BTreeMap, 0 | 1) => self.unless_default(),
            (Container::Result, 0 | 1) | (Container::Tuple, _) => same(),
            (Container::Box | Container::RefCell | Container::Lock, 0)
            | (Container::Pin | Container::Wrapper | Container::Array, 0)
            | (Container::MutReference, 0) => same(),
            (Container::Rc | Container::Arc | Container::Cow, 0) if *self == Self::Clone => {
                Vec::new()
            }
            (Container::Rc | Container::Arc, 0) => same(),
            // The default of a `Cow` is that of the owned form, which has no name here.
            (Container::Cow, 0) => (*self != Self::Default).then(same)?,
            (Container::Reference, 0) => match self {
                Self::Clone | Self::Copy => Vec::new(),
                _ => same(),
            },
            (Container::BinaryHeap, 0) => match self {
                Self::Default => vec![Self::Ord],
                _ => same(),
            },
            (Container::Cell, 0) => self.in_cell(),
            (Container::HashMap, 0 | 1) | (Container::HashSet, 0) => {
                self.in_hash_table(position == 0)
            }
            (Container::HashMap, 2) | (Container::HashSet, 1) => self.of_hasher(),
            (Container::PhantomData | Container::Pointer | Container::Weak, 0) => Vec::new(),
            _ => return None,
        };
        Some(asked)
    }
}

impl Standard {
    /// The names of those that can be derived.
    pub(crate) const DERIVABLE: [&str; 9] = [
        "Clone",
        "Copy",
        "Debug",
        "Default",
        "PartialEq",
        "Eq",
        "Hash",
        "PartialOrd",
        "Ord",
    ];

    /// The trait of this name, if it can be derived, and the module it is in.
    pub(crate) fn derivable(name: &str) -> Option<(Self, &'static str)> {
        let known = match name {
            "Clone" => (Self::Clone, "clone"),
            "Copy" => (Self::Copy, "marker"),
            "Debug" => (Self::Debug, "fmt"),
            "Default" => (Self::Default, "default"),
            "PartialEq" => (Self::PartialEq, "cmp"),
            "Eq" => (Self::Eq, "cmp"),
            "Hash" => (Self::Hash, "hash"),
            "PartialOrd" => (Self::PartialOrd, "cmp"),
            "Ord" => (Self::Ord, "cmp"),
            _ => return None,
        };
        Some(known)
    }

    /// Of the content of what is empty by default.
    fn unless_default(self) -> Vec<Self> {
        match self {
            Self::Default => Vec::new(),
            _ => vec![self],
        }
    }

    /// All but the default of a `Cell` needs its content copied out.
    fn in_cell(self) -> Vec<Self> {
        match self {
            Self::Default => vec![self],
            Self::Clone | Self::Copy => vec![Self::Copy],
            _ => vec![self, Self::Copy],
        }
    }

    fn in_hash_table(self, is_key: bool) -> Vec<Self> {
        match self {
            Self::Default => Vec::new(),
            Self::PartialEq | Self::Eq if is_key => vec![Self::Eq, Self::Hash],
            _ => vec![self],
        }
    }

    fn of_hasher(self) -> Vec<Self> {
        match self {
            Self::Debug => Vec::new(),
            Self::PartialEq | Self::Eq => vec![Self::BuildHasher],
            _ => vec![self],
        }
    }
}
