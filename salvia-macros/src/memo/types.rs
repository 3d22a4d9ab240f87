//! Whether a type is known.

use syn::{GenericArgument, Path, PathArguments, Type};

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
