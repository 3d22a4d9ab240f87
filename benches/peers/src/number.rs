//! How an amount is written.

use crate::figure::Unit;

/// Three digits or so, and the unit; nothing for what is not a number.
pub(crate) fn amount(unit: Unit, value: f64) -> String {
    let digits = |value: f64| match value {
        _ if value >= 100.0 => format!("{value:.0}"),
        _ if value >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    };
    match unit {
        _ if !value.is_finite() => String::new(),
        Unit::Time if value < 1e3 => format!("{} ns", digits(value)),
        Unit::Time if value < 1e6 => format!("{} us", digits(value / 1e3)),
        Unit::Time => format!("{} ms", digits(value / 1e6)),
        Unit::Times => format!("{value:.2} x"),
        Unit::Bytes => format!("{value:.0} B"),
        Unit::Percent => format!("{value:.1} %"),
    }
}
