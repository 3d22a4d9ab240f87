//! What has to be known of types: the lifetimes they hold, and whether they are known.

use proc_macro2::Span;
use syn::visit_mut::{self, VisitMut};
use syn::{
    BoundLifetimes, GenericArgument, GenericParam, Lifetime, ParenthesizedGenericArguments, Path,
    PathArguments, TraitBound, Type, TypeBareFn, TypeReference,
};

/// The type with `'static` for every lifetime that is not bound inside of it, to be named where no other is in scope.
pub(super) fn in_static(ty: &Type) -> Type {
    let mut ty = ty.clone();
    MakeStatic::default().visit_type_mut(&mut ty);
    ty
}

#[derive(Default)]
struct MakeStatic {
    bound: Vec<Lifetime>,
    /// Within the signature of a function type, which binds what is left out.
    depth: usize,
}

impl MakeStatic {
    fn binding(&mut self, lifetimes: Option<&BoundLifetimes>, visit: impl FnOnce(&mut Self)) {
        let before = self.bound.len();
        for param in lifetimes.into_iter().flat_map(|bound| &bound.lifetimes) {
            if let GenericParam::Lifetime(param) = param {
                self.bound.push(param.lifetime.clone());
            }
        }
        visit(self);
        self.bound.truncate(before);
    }
}

impl VisitMut for MakeStatic {
    fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
        if reference.lifetime.is_none() && self.depth == 0 {
            reference.lifetime = Some(Lifetime::new("'static", Span::mixed_site()));
        }
        visit_mut::visit_type_reference_mut(self, reference);
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        let stays = match lifetime.ident == "_" {
            true => self.depth > 0,
            false => self.bound.contains(lifetime),
        };
        if !stays {
            *lifetime = Lifetime::new("'static", lifetime.span());
        }
    }

    fn visit_bound_lifetimes_mut(&mut self, _: &mut BoundLifetimes) {
        // A declaration, not a use.
    }

    fn visit_type_bare_fn_mut(&mut self, function: &mut TypeBareFn) {
        let bound = function.lifetimes.clone();
        self.binding(bound.as_ref(), |this| {
            this.depth += 1;
            visit_mut::visit_type_bare_fn_mut(this, function);
            this.depth -= 1;
        });
    }

    fn visit_trait_bound_mut(&mut self, bound: &mut TraitBound) {
        let lifetimes = bound.lifetimes.clone();
        self.binding(lifetimes.as_ref(), |this| {
            visit_mut::visit_trait_bound_mut(this, bound);
        });
    }

    fn visit_parenthesized_generic_arguments_mut(
        &mut self,
        arguments: &mut ParenthesizedGenericArguments,
    ) {
        self.depth += 1;
        visit_mut::visit_parenthesized_generic_arguments_mut(self, arguments);
        self.depth -= 1;
    }
}

/// Types of the standard library, by names nobody gives to a parameter. All of them can be arguments of memos.
const PLAIN: [&str; 38] = [
    "u8",
    "u16",
    "u32",
    "u64",
    "u128",
    "usize",
    "i8",
    "i16",
    "i32",
    "i64",
    "i128",
    "isize",
    "f32",
    "f64",
    "bool",
    "char",
    "str",
    "String",
    "Path",
    "PathBuf",
    "OsStr",
    "OsString",
    "CStr",
    "CString",
    "Duration",
    "Instant",
    "SystemTime",
    "IpAddr",
    "Ipv4Addr",
    "Ipv6Addr",
    "SocketAddr",
    "NonZeroU8",
    "NonZeroU16",
    "NonZeroU32",
    "NonZeroU64",
    "NonZeroUsize",
    "Ordering",
    "ThreadId",
];

/// The same of types that hold others.
const HOLDERS: [&str; 10] = [
    "Option", "Result", "Vec", "VecDeque", "Box", "Rc", "Arc", "Cow", "BTreeMap", "BTreeSet",
];

/// Whether a type is certainly one of the standard library, whose snapshots have a type that can be named. Of any other
/// name it is not known: it could be a parameter of an `impl` around the function, which the macro does not see, or lack
/// what an argument needs, which is to be said once.
pub(super) fn is_plain(ty: &Type) -> bool {
    match ty {
        Type::Reference(reference) => is_plain(&reference.elem),
        Type::Slice(slice) => is_plain(&slice.elem),
        Type::Array(array) => matches!(array.len, syn::Expr::Lit(_)) && is_plain(&array.elem),
        Type::Tuple(tuple) => tuple.elems.iter().all(is_plain),
        Type::Paren(inner) => is_plain(&inner.elem),
        Type::Group(inner) => is_plain(&inner.elem),
        Type::Path(path) => path.qself.is_none() && is_plain_path(&path.path),
        _ => false,
    }
}

fn is_plain_path(path: &Path) -> bool {
    let mut segments = path.segments.iter().rev();
    let Some(last) = segments.next() else {
        return false;
    };
    let is_at_home = path.segments.len() == 1
        || ["std", "core", "alloc"]
            .iter()
            .any(|root| path.segments[0].ident == root);
    let is_known = match &last.arguments {
        PathArguments::None => PLAIN.iter().any(|name| last.ident == name),
        PathArguments::AngleBracketed(list) => {
            HOLDERS.iter().any(|name| last.ident == name)
                && list.args.iter().all(|argument| match argument {
                    GenericArgument::Lifetime(_) => true,
                    GenericArgument::Type(ty) => is_plain(ty),
                    _ => false,
                })
        }
        PathArguments::Parenthesized(_) => false,
    };
    is_at_home && is_known && segments.all(|segment| segment.arguments.is_none())
}
