//! The containers of the standard library, and the other constructors of types, by their names.
//!
//! A macro cannot look names up. A type of another crate with a name of this table is taken for the one of the standard
//! library; the bounds may then not suffice, and the compiler says so.

use syn::{GenericArgument, Path, PathArguments, Type};

/// What makes a type of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Container {
    Option,
    Result,
    Box,
    Rc,
    Arc,
    /// Of either count.
    Weak,
    Vec,
    VecDeque,
    LinkedList,
    BinaryHeap,
    BTreeMap,
    BTreeSet,
    HashMap,
    HashSet,
    Cow,
    Cell,
    RefCell,
    /// `OnceCell`, `OnceLock`.
    Once,
    /// `Mutex`, `RwLock`.
    Lock,
    Pin,
    /// `Reverse`, `Wrapping` and others that are but their content.
    Wrapper,
    PhantomData,
    Reference,
    MutReference,
    Pointer,
    /// A pointer to a function. It has what it has whatever the types in its signature are, so they are no arguments.
    Function,
    Array,
    Slice,
    Tuple,
}

/// The outermost constructor of a type, and its type arguments in their order. `None` if it is none of the table.
pub(crate) fn take_apart(ty: &Type) -> Option<(Container, Vec<&Type>)> {
    let known = match ty {
        Type::Reference(reference) if reference.mutability.is_some() => {
            (Container::MutReference, vec![&*reference.elem])
        }
        Type::Reference(reference) => (Container::Reference, vec![&*reference.elem]),
        Type::Ptr(pointer) => (Container::Pointer, vec![&*pointer.elem]),
        Type::BareFn(_) => (Container::Function, Vec::new()),
        Type::Array(array) => (Container::Array, vec![&*array.elem]),
        Type::Slice(slice) => (Container::Slice, vec![&*slice.elem]),
        Type::Tuple(tuple) => (Container::Tuple, tuple.elems.iter().collect()),
        Type::Path(path) if path.qself.is_none() => {
            (named(&path.path)?, type_arguments(&path.path)?)
        }
        _ => return None,
    };
    Some(known)
}

/// The type arguments of the last segment. `None` if there is something else than types, lifetimes and constants.
fn type_arguments(path: &Path) -> Option<Vec<&Type>> {
    match &path.segments.last()?.arguments {
        PathArguments::None => Some(Vec::new()),
        PathArguments::Parenthesized(_) => None,
        PathArguments::AngleBracketed(list) => {
            let mut types = Vec::new();
            for argument in &list.args {
                match argument {
                    GenericArgument::Type(ty) => types.push(ty),
                    GenericArgument::Lifetime(_) | GenericArgument::Const(_) => {}
                    _ => return None,
                }
            }
            Some(types)
        }
    }
}

/// `Rc`, `rc::Rc`, `std::rc::Rc`, `::alloc::rc::Rc`.
fn named(path: &Path) -> Option<Container> {
    let segments: Vec<String> = path
        .segments
        .iter()
        .map(|segment| segment.ident.to_string())
        .collect();
    let (name, modules) = segments.split_last()?;
    let (container, homes) = lookup(name)?;
    let at_home = |module: &String| homes.contains(&module.as_str());
    let is_standard = match modules {
        [] => path.leading_colon.is_none(),
        [module] => path.leading_colon.is_none() && at_home(module),
        [root, ..] => matches!(root.as_str(), "std" | "core" | "alloc"),
    };
    is_standard.then_some(container)
}

/// The container of this name, and the modules it is imported with.
fn lookup(name: &str) -> Option<(Container, &'static [&'static str])> {
    let known: (Container, &'static [&'static str]) = match name {
        "Option" => (Container::Option, &["option"]),
        "Result" => (Container::Result, &["result"]),
        "Box" => (Container::Box, &["boxed"]),
        "Rc" => (Container::Rc, &["rc"]),
        "Arc" => (Container::Arc, &["sync"]),
        "Weak" => (Container::Weak, &["rc", "sync"]),
        "Vec" => (Container::Vec, &["vec"]),
        "VecDeque" => (Container::VecDeque, &["collections"]),
        "LinkedList" => (Container::LinkedList, &["collections"]),
        "BinaryHeap" => (Container::BinaryHeap, &["collections"]),
        "BTreeMap" => (Container::BTreeMap, &["collections"]),
        "BTreeSet" => (Container::BTreeSet, &["collections"]),
        "HashMap" => (Container::HashMap, &["collections"]),
        "HashSet" => (Container::HashSet, &["collections"]),
        "Cow" => (Container::Cow, &["borrow"]),
        "Cell" => (Container::Cell, &["cell"]),
        "RefCell" => (Container::RefCell, &["cell"]),
        "OnceCell" => (Container::Once, &["cell"]),
        "OnceLock" => (Container::Once, &["sync"]),
        "Mutex" | "RwLock" => (Container::Lock, &["sync"]),
        "Pin" => (Container::Pin, &["pin"]),
        "ManuallyDrop" => (Container::Wrapper, &["mem"]),
        "Reverse" => (Container::Wrapper, &["cmp"]),
        "Wrapping" | "Saturating" => (Container::Wrapper, &["num"]),
        "PhantomData" => (Container::PhantomData, &["marker"]),
        _ => return None,
    };
    Some(known)
}

/// The type without the parentheses around it, and without the group that a `macro_rules` macro puts around what it was given.
pub(crate) fn bare(mut ty: &Type) -> &Type {
    loop {
        ty = match ty {
            Type::Paren(inner) => &inner.elem,
            Type::Group(inner) => &inner.elem,
            _ => return ty,
        };
    }
}

/// Whether the type begins or ends with something that a predicate would take for its own.
pub(super) fn needs_parentheses(ty: &Type) -> bool {
    match ty {
        Type::BareFn(function) => function.lifetimes.is_some(),
        Type::TraitObject(_) => true,
        _ => false,
    }
}
