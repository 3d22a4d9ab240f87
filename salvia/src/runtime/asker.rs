//! Who asks: the engine, the revision, the update that asks, and the request it is a part of.

use crate::node::claim::Claim;
use crate::revision::Revision;
use crate::runtime::engine::Engine;
use crate::runtime::pin::Pinned;
use crate::runtime::request::Request;
use crate::sync::{Arc, Counted};

/// An engine at a revision that stays.
#[derive(Clone)]
pub(crate) struct View {
    pub(crate) engine: Arc<Engine>,
    pub(crate) pin: Arc<Pinned>,
}

/// Who asks, at which revision.
pub(crate) struct Asker {
    pub(crate) engine: Arc<Engine>,
    /// That of the pin, at hand for each hit.
    revision: Revision,
    asks: Asks,
    /// The update the question is asked for; `None` at a root.
    pub(crate) claim: Option<Counted<Claim>>,
}

/// What a question belongs to, and what pins its revision.
enum Asks {
    /// A root or a watch, where each question is its own.
    Apart(Arc<Pinned>),
    /// What a root has asked for. It has the pin, so that an update need not count it.
    For(Counted<Request>),
}

impl Asker {
    /// One whose questions are each their own.
    pub(crate) fn apart(View { engine, pin }: View, claim: Option<Counted<Claim>>) -> Self {
        Asker {
            engine,
            revision: pin.revision,
            asks: Asks::Apart(pin),
            claim,
        }
    }

    /// The same with a request of its own.
    pub(crate) fn with_request(&self) -> Self {
        self.requested(self.claim.clone())
    }

    /// Who asks for an update, as its queries see it.
    pub(crate) fn under(&self, claim: Counted<Claim>) -> Self {
        self.requested(Some(claim))
    }

    fn requested(&self, claim: Option<Counted<Claim>>) -> Self {
        let request = match &self.asks {
            Asks::Apart(pin) => Request::new(pin.clone()),
            Asks::For(request) => request.clone(),
        };
        Asker {
            engine: self.engine.clone(),
            revision: self.revision,
            asks: Asks::For(request),
            claim,
        }
    }

    /// What its questions belong to; `None` at a root.
    pub(crate) fn request(&self) -> Option<&Counted<Request>> {
        match &self.asks {
            Asks::Apart(_) => None,
            Asks::For(request) => Some(request),
        }
    }

    pub(crate) fn pin(&self) -> &Arc<Pinned> {
        match &self.asks {
            Asks::Apart(pin) => pin,
            Asks::For(request) => &request.pin,
        }
    }

    #[inline]
    pub(crate) fn revision(&self) -> Revision {
        self.revision
    }
}
