//! What becomes of a finished execution, and of a finished validation: the publish rule.

use crate::bug::planted;
use crate::node::interval::{Interval, joined};
use crate::revision::Revision;

/// A finished execution, as far as the rule needs it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Finished {
    pub(crate) revision: Revision,
    /// It read a private result, or ran for its reader alone.
    pub(crate) private: bool,
    /// The latest `valid_from` of what it read.
    pub(crate) valid_from: Revision,
}

/// The memo that is in place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Current {
    pub(crate) interval: Interval,
    /// Whether its value equals the new one.
    pub(crate) equal: bool,
    /// Whether its value was evicted.
    pub(crate) empty: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Publish {
    /// The result goes to the reader's snapshot and nowhere else.
    Private,
    /// Another update has published what covers the revision: use that.
    Covered,
    /// The value was evicted: it comes back, and everything else stays.
    Refill,
    /// Early cut-off: the value is the one that was there.
    Backdate { valid_from: Revision },
    /// The value is new.
    Replace { since: Revision },
}

pub(crate) fn publish(done: Finished, current: Option<Current>) -> Publish {
    if done.private {
        return Publish::Private;
    }
    let Some(current) = current else {
        return Publish::Replace {
            since: done.valid_from,
        };
    };
    if current.interval.valid_from > done.revision && !planted("publish-over-newer") {
        Publish::Private
    } else if current.interval.covers(done.revision) && !planted("covered-replaced") {
        if current.empty && !planted("refill-is-a-change") {
            Publish::Refill
        } else {
            Publish::Covered
        }
    } else if current.equal && !planted("no-cut-off") {
        Publish::Backdate {
            valid_from: joined(current.interval, done.valid_from),
        }
    } else {
        Publish::Replace {
            since: if planted("changed-before-dirty") {
                done.valid_from
            } else {
                done.valid_from.max(current.interval.dirty_at)
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const R: fn(u64) -> Revision = Revision::from_raw;

    fn done(revision: u64, valid_from: u64) -> Finished {
        Finished {
            revision: R(revision),
            private: false,
            valid_from: R(valid_from),
        }
    }

    fn current(valid_from: u64, dirty_at: u64, equal: bool) -> Option<Current> {
        let interval = Interval {
            valid_from: R(valid_from),
            dirty_at: R(dirty_at),
        };
        Some(Current {
            interval,
            equal,
            empty: false,
        })
    }

    #[test]
    fn the_rule_line_by_line() {
        let table = [
            (
                "first value",
                publish(done(7, 3), None),
                Publish::Replace { since: R(3) },
            ),
            (
                "newer memo",
                publish(done(7, 3), current(8, 9, true)),
                Publish::Private,
            ),
            (
                "covered",
                publish(done(7, 3), current(5, 8, true)),
                Publish::Covered,
            ),
            (
                "cut-off",
                publish(done(7, 4), current(2, 5, true)),
                Publish::Backdate { valid_from: R(2) },
            ),
            (
                "cut-off, gap",
                publish(done(7, 6), current(2, 5, true)),
                Publish::Backdate { valid_from: R(6) },
            ),
            (
                "changed",
                publish(done(7, 4), current(2, 5, false)),
                Publish::Replace { since: R(5) },
            ),
            (
                "changed late",
                publish(done(7, 6), current(2, 5, false)),
                Publish::Replace { since: R(6) },
            ),
        ];
        for (case, got, expected) in table {
            assert_eq!(got, expected, "{case}");
        }
        let evicted = current(5, 8, false).map(|current| Current {
            empty: true,
            ..current
        });
        assert_eq!(publish(done(7, 3), evicted), Publish::Refill);
        assert_eq!(
            publish(done(9, 3), evicted),
            Publish::Replace { since: R(8) }
        );
        let private = Finished {
            private: true,
            ..done(7, 3)
        };
        assert_eq!(publish(private, None), Publish::Private);
    }
}
