//! The kinds of disturbance.

/// What is done at one poll of a run. Two roots ask the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing: to count the polls.
    Undisturbed,
    DropBoth,
    DropFirst,
    DropSecond,
    /// The first root is kept and never polled again.
    ForgetFirst,
    /// The body that is at this point panics.
    Panic,
    /// A commit, from its closure to the new revision, inside this poll.
    CommitHere,
    /// A commit in a task of its own.
    CommitBeside,
    SnapshotDropped,
    /// A snapshot is taken here, and asked after the next round.
    SnapshotHeld,
    /// The last handle is dropped; the roots go on.
    DropHandle,
    /// The last handle is dropped, and the roots too.
    DropAll,
    Shutdown,
}

impl Kind {
    pub(crate) const ALL: [Self; 12] = [
        Self::DropBoth,
        Self::DropFirst,
        Self::DropSecond,
        Self::ForgetFirst,
        Self::Panic,
        Self::CommitHere,
        Self::CommitBeside,
        Self::SnapshotDropped,
        Self::SnapshotHeld,
        Self::DropHandle,
        Self::DropAll,
        Self::Shutdown,
    ];
}
