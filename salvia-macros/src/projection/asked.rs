//! What `ToStatic` asks of the arguments of containers, for the search for exact bounds.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use crate::bounds::{Asked, Container, Standard};
use crate::engine::Engine;

/// A trait that the snapshot of a container asks of what it holds.
#[derive(Clone)]
pub(super) enum Needed<'e> {
    ToStatic(&'e Engine),
    Standard(Standard),
}

impl PartialEq for Needed<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::ToStatic(_), Self::ToStatic(_)) => true,
            (Self::Standard(one), Self::Standard(other)) => one == other,
            _ => false,
        }
    }
}

impl Asked for Needed<'_> {
    fn path(&self, span: Span) -> TokenStream {
        match self {
            Self::ToStatic(engine) => {
                let span = Span::mixed_site().located_at(span);
                quote_spanned! { span=> #engine::ToStatic }
            }
            Self::Standard(asked) => asked.path(span),
        }
    }

    fn of_argument(&self, container: Container, position: usize) -> Option<Vec<Self>> {
        let Self::ToStatic(_) = self else {
            let Self::Standard(asked) = self else {
                return None;
            };
            let all = asked.of_argument(container, position)?;
            return Some(all.into_iter().map(Self::Standard).collect());
        };
        let asked = match (container, position) {
            (Container::Option | Container::Box | Container::Cow | Container::Wrapper, 0)
            | (Container::Vec | Container::VecDeque | Container::LinkedList, 0)
            | (Container::Array | Container::Slice | Container::Reference, 0)
            | (Container::BTreeSet, 0)
            | (Container::Result | Container::BTreeMap | Container::HashMap, 1)
            | (Container::Result | Container::BTreeMap, 0)
            | (Container::Tuple, _) => vec![self.clone()],
            (Container::HashMap | Container::HashSet, 0) => {
                vec![self.clone(), Self::Standard(Standard::Hash)]
            }
            (Container::Rc | Container::Arc, 0) => vec![Self::Standard(Standard::PartialEq)],
            (Container::PhantomData, 0) | (Container::HashMap, 2) | (Container::HashSet, 1) => {
                Vec::new()
            }
            _ => return None,
        };
        Some(asked)
    }
}
