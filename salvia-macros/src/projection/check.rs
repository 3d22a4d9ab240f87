//! Every rule about projections that can be seen in their tokens.

use super::model::View;
use crate::diag::Errors;

/// Applies every rule.
pub(super) fn check(view: &View<'_>, errors: &mut Errors) {
    if let Some(union) = &view.union {
        errors.push(
            union,
            "a union cannot be a projection, because it cannot tell its values apart: use a struct or an enum",
        );
    }
    for ty in &view.parts.unknown {
        errors.push(
            ty,
            "a projection can hold itself in boxes, options, vectors, arrays, tuples and maps of the standard library, \
             with its own parameters: use one of these, or implement `ToStatic` by hand",
        );
    }
}
