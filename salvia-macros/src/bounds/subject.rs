//! The type that is being derived: its parameters, and where it mentions itself.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{
    Data, DeriveInput, Expr, ExprPath, Field, GenericArgument, GenericParam, Ident, Macro, Path,
    PathArguments, PathSegment, Type, TypePath,
};

use super::container::bare;

/// What has to be known of a type to find its bounds.
pub(crate) struct Subject {
    name: Ident,
    /// The type parameters, in their order.
    pub(super) types: Vec<Ident>,
    /// The constant parameters: they get no bounds of their own, but a type that mentions one may have a trait or not.
    constants: Vec<Ident>,
    /// The parameters that are no lifetimes, in their order, as text.
    arguments: Vec<String>,
}

/// How a type refers to the one that is being derived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mention {
    /// It is the same type, with the same parameters.
    Same,
    /// It has other arguments, or may be another type of the same name.
    Other,
}

impl Subject {
    /// Takes over the head of an item.
    pub(crate) fn new(input: &DeriveInput) -> Self {
        let (mut types, mut constants, mut arguments) = (Vec::new(), Vec::new(), Vec::new());
        for param in &input.generics.params {
            let (name, kind) = match param {
                GenericParam::Lifetime(_) => continue,
                GenericParam::Type(param) => (&param.ident, &mut types),
                GenericParam::Const(param) => (&param.ident, &mut constants),
            };
            arguments.push(name.to_string());
            kind.push(name.clone());
        }
        Self {
            name: input.ident.clone(),
            types,
            constants,
            arguments,
        }
    }

    /// Whether there are no type parameters.
    pub(crate) fn has_no_types(&self) -> bool {
        self.types.is_empty()
    }

    /// A name for one more parameter.
    pub(crate) fn free_name(&self, wish: &str) -> Ident {
        let mut name = Ident::new(wish, Span::mixed_site());
        while self.is_param(&name) {
            name = Ident::new(&format!("{name}_"), Span::mixed_site());
        }
        name
    }

    /// Whether it depends on a parameter that is no lifetime what the type is, and so which traits it has.
    pub(super) fn decides(&self, ty: &Type) -> bool {
        let mentions = self.mentions(ty);
        !mentions.params.is_empty() || mentions.has_constant || mentions.has_itself
    }

    /// Whether a type mentions the one that is being derived, at any depth.
    pub(crate) fn has_itself(&self, ty: &Type) -> bool {
        self.mentions(ty).has_itself
    }

    /// The type parameters that a type mentions. To mention the type itself is to mention all of them.
    pub(crate) fn params(&self, ty: &Type) -> Vec<&Ident> {
        let mentions = self.mentions(ty);
        let is_mentioned =
            |param: &&Ident| mentions.has_itself || mentions.params.contains(&param.to_string());
        self.types.iter().filter(is_mentioned).collect()
    }

    /// The types in a type that are projections of a parameter, as `T::Item`, or `<T as Trait>::Item`.
    pub(super) fn projections(&self, ty: &Type) -> Vec<Type> {
        self.mentions(ty).projections
    }

    /// Whether a type, all of it, is the one that is being derived.
    pub(crate) fn mention(&self, ty: &Type) -> Option<Mention> {
        match ty {
            Type::Path(path) if path.qself.is_none() => self.path_mention(&path.path),
            _ => None,
        }
    }

    fn path_mention(&self, path: &Path) -> Option<Mention> {
        let segments: Vec<&PathSegment> = path.segments.iter().collect();
        let (last, before) = segments.split_last()?;
        if path.leading_colon.is_some() {
            return None;
        }
        match before {
            [] if last.ident == "Self" => Some(Mention::Same),
            [] if last.ident == self.name && !self.is_param(&last.ident) => {
                Some(self.with_arguments(&last.arguments))
            }
            [root] if root.ident == "self" && last.ident == self.name => {
                Some(self.with_arguments(&last.arguments))
            }
            [root, ..] if is_local(&root.ident) && last.ident == self.name => Some(Mention::Other),
            _ => None,
        }
    }

    /// Lifetimes do not count: what is asked of a type does not depend on them.
    fn with_arguments(&self, arguments: &PathArguments) -> Mention {
        let given: Vec<String> = match arguments {
            PathArguments::AngleBracketed(list) => {
                list.args.iter().filter_map(argument_name).collect()
            }
            PathArguments::None | PathArguments::Parenthesized(_) => Vec::new(),
        };
        match given == self.arguments {
            true => Mention::Same,
            false => Mention::Other,
        }
    }

    fn is_param(&self, name: &Ident) -> bool {
        self.types.contains(name) || self.constants.contains(name)
    }

    fn mentions(&self, ty: &Type) -> Mentions<'_> {
        let mut mentions = Mentions {
            subject: self,
            params: Vec::new(),
            has_constant: false,
            has_itself: false,
            projections: Vec::new(),
        };
        mentions.visit_type(ty);
        mentions
    }
}

/// Whether a path that begins with this stays in the crate that wrote it.
fn is_local(root: &Ident) -> bool {
    ["crate", "super", "self", "$crate"]
        .iter()
        .any(|name| root == name)
}

/// All fields, those of all variants one after the other.
pub(crate) fn fields(data: &Data) -> Vec<&Field> {
    match data {
        Data::Struct(data) => data.fields.iter().collect(),
        Data::Enum(data) => data.variants.iter().flat_map(|one| &one.fields).collect(),
        Data::Union(data) => data.fields.named.iter().collect(),
    }
}

/// The text of an argument that may be a parameter alone; `None` for a lifetime.
fn argument_name(argument: &GenericArgument) -> Option<String> {
    match argument {
        GenericArgument::Lifetime(_) => None,
        GenericArgument::Type(ty) => Some(bare(ty).to_token_stream().to_string()),
        GenericArgument::Const(Expr::Block(block)) => match &block.block.stmts[..] {
            [syn::Stmt::Expr(inner, None)] => Some(inner.to_token_stream().to_string()),
            _ => Some(block.to_token_stream().to_string()),
        },
        other => Some(other.to_token_stream().to_string()),
    }
}

/// What a type mentions.
struct Mentions<'s> {
    subject: &'s Subject,
    params: Vec<String>,
    has_constant: bool,
    has_itself: bool,
    projections: Vec<Type>,
}

impl Mentions<'_> {
    /// A parameter is a whole path, or the beginning of one.
    fn see(&mut self, path: &Path) {
        self.has_itself |= self.subject.path_mention(path).is_some();
        let first = path
            .segments
            .first()
            .filter(|_| path.leading_colon.is_none());
        if let Some(first) = first {
            self.see_name(&first.ident);
        }
    }

    fn see_name(&mut self, name: &Ident) {
        self.has_constant |= self.subject.constants.contains(name);
        if self.subject.types.contains(name) {
            self.params.push(name.to_string());
        }
    }

    /// What a macro makes of its tokens is not known; each name counts.
    fn see_tokens(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.see_tokens(group.stream()),
                TokenTree::Ident(name) => {
                    self.has_itself |= name == "Self" || name == self.subject.name;
                    self.see_name(&name);
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
}

impl<'ast> Visit<'ast> for Mentions<'_> {
    fn visit_type_path(&mut self, ty: &'ast TypePath) {
        let begins_with_param = |path: &Path| {
            let first = path.segments.first().filter(|_| path.segments.len() > 1);
            first.is_some_and(|first| self.subject.types.contains(&first.ident))
        };
        let is_projection = match &ty.qself {
            None => ty.path.leading_colon.is_none() && begins_with_param(&ty.path),
            Some(qself) => match bare(&qself.ty) {
                Type::Path(inner) => inner
                    .path
                    .get_ident()
                    .is_some_and(|name| self.subject.types.contains(name)),
                _ => false,
            },
        };
        if is_projection {
            self.projections.push(Type::Path(ty.clone()));
        }
        if ty.qself.is_none() {
            self.see(&ty.path);
        }
        visit::visit_type_path(self, ty);
    }

    fn visit_expr_path(&mut self, path: &'ast ExprPath) {
        if path.qself.is_none() {
            self.see(&path.path);
        }
        visit::visit_expr_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.see_tokens(call.tokens.clone());
    }
}
