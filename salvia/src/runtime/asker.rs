//! Who asks: the engine, the revision, the update that asks, and the request it is a part of.

use crate::node::claim::Claim;
use crate::revision::Revision;
use crate::runtime::engine::EngineArc;
use crate::runtime::pin::Pinned;
use crate::runtime::request::Request;
use crate::sync::{Arc, OnceLock, Thin};

/// An engine at a revision that stays.
#[derive(Clone)]
pub(crate) struct View {
    pub(crate) engine: EngineArc,
    pub(crate) pin: Arc<Pinned>,
}

/// Who asks, at which revision.
pub(crate) struct Asker {
    /// That of the pin, at hand for each hit.
    revision: Revision,
    asks: Asks,
    /// The update the question is asked for; `None` at a root.
    pub(crate) claim: Option<Thin<Claim>>,
}

/// What a question belongs to, and what it is asked of.
enum Asks {
    /// A root or a watch, where each question is its own.
    Apart {
        view: View,
        /// The request of its first question, and of later ones if it is as good as new.
        first: OnceLock<Thin<Request>>,
    },
    /// What a root has asked for. It has the view, so that an update need not count what all threads share.
    For(Thin<Request>),
}

impl Asker {
    /// One whose questions are each their own.
    pub(crate) fn apart(view: View, claim: Option<Thin<Claim>>) -> Self {
        Asker {
            revision: view.pin.revision,
            asks: Asks::Apart {
                view,
                first: OnceLock::new(),
            },
            claim,
        }
    }

    /// The same with a request of its own.
    pub(crate) fn with_request(&self) -> Self {
        self.requested(self.claim.clone())
    }

    /// Who asks for an update, as its queries see it.
    pub(crate) fn under(&self, claim: Thin<Claim>) -> Self {
        self.requested(Some(claim))
    }

    fn requested(&self, claim: Option<Thin<Claim>>) -> Self {
        let request = match &self.asks {
            Asks::Apart { view, first } => {
                let first = first.get_or_init(|| Request::new(view.clone()));
                Request::again(first).unwrap_or_else(|| Request::new(view.clone()))
            }
            Asks::For(request) => request.clone(),
        };
        Asker {
            revision: self.revision,
            asks: Asks::For(request),
            claim,
        }
    }

    /// What its questions belong to; `None` at a root.
    pub(crate) fn request(&self) -> Option<&Thin<Request>> {
        match &self.asks {
            Asks::Apart { .. } => None,
            Asks::For(request) => Some(request),
        }
    }

    #[inline]
    fn view(&self) -> &View {
        match &self.asks {
            Asks::Apart { view, .. } => view,
            Asks::For(request) => &request.view,
        }
    }

    #[inline]
    pub(crate) fn engine(&self) -> &EngineArc {
        &self.view().engine
    }

    pub(crate) fn pin(&self) -> &Arc<Pinned> {
        &self.view().pin
    }

    #[inline]
    pub(crate) fn revision(&self) -> Revision {
        self.revision
    }
}
