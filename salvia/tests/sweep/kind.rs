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
    /// Everything that can be made again goes.
    CollectAll,
    /// What was not taken since the newest revision began goes.
    CollectUnused,
    /// The last handle is dropped; the roots go on.
    DropHandle,
    /// The last handle is dropped, and the roots too.
    DropAll,
    Shutdown,
}

impl Kind {
    /// Whether what was made may have to be made again at the same revision.
    pub(crate) fn forgets(self) -> bool {
        matches!(self, Self::CollectAll | Self::CollectUnused)
    }

    pub(crate) const ALL: [Self; 14] = [
        Self::DropBoth,
        Self::DropFirst,
        Self::DropSecond,
        Self::ForgetFirst,
        Self::Panic,
        Self::CommitHere,
        Self::CommitBeside,
        Self::SnapshotDropped,
        Self::SnapshotHeld,
        Self::CollectAll,
        Self::CollectUnused,
        Self::DropHandle,
        Self::DropAll,
        Self::Shutdown,
    ];
}
