//! Every rule about hosts of inputs.

use super::model::Host;
use crate::diag::Errors;

/// Applies every rule.
pub(crate) fn check(host: &Host, errors: &mut Errors) {
    if let Some(union) = &host.union {
        errors.push(
            union,
            "a union cannot be the host of an input, because it cannot tell its values apart: use a struct or an enum",
        );
    }
}
