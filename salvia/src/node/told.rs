//! What a node keeps of what it was told, and of where it stands itself, in four bytes.

/// How often a memo was told of a change, and in which queues of what may go its node stands.
#[derive(Clone, Copy, Default)]
pub(crate) struct Told(u32);

/// In which queues of what may go a node stands.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Queued {
    /// That of its query.
    pub(crate) kind: bool,
    /// That of the runtime.
    pub(crate) all: bool,
}

impl Told {
    const KIND: u32 = 1;
    const ALL: u32 = 2;
    const QUEUED: u32 = Told::KIND | Told::ALL;
    const LISTED: u32 = 4;
    const TELL: u32 = 8;

    pub(crate) fn count(&mut self) {
        self.0 = self.0.wrapping_add(Told::TELL);
    }

    /// Another number after each time.
    pub(crate) fn times(self) -> u32 {
        self.0 / Told::TELL
    }

    /// Whether it stands among the readers of the only node it has read, for good.
    pub(crate) fn is_listed(self) -> bool {
        self.0 & Told::LISTED != 0
    }

    pub(crate) fn list(&mut self, listed: bool) {
        let bit = if listed { Told::LISTED } else { 0 };
        self.0 = self.0 & !Told::LISTED | bit;
    }

    pub(crate) fn queued(self) -> Queued {
        Queued {
            kind: self.0 & Told::KIND != 0,
            all: self.0 & Told::ALL != 0,
        }
    }

    pub(crate) fn queue(&mut self, queued: Queued) {
        let kind = if queued.kind { Told::KIND } else { 0 };
        let all = if queued.all { Told::ALL } else { 0 };
        self.0 = self.0 & !Told::QUEUED | kind | all;
    }
}
