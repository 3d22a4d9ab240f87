//! Requests to the engine that both drivers make: questions, and the writes of a mutation.

use std::sync::Arc;

use futures::future::join_all;
use salvia::{InputContext, QueryContext, Revision};

use crate::lab::{Lab, Tracked};
use crate::operation::{Mutation, Question};
use crate::oracle::{Nodes, Oracle, one};
use crate::program::{Expr, State, VALUES, Write};
use crate::subject::{Code, Slot, Witness, node};

/// What one request was told.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) revision: Revision,
    values: Vec<u8>,
    /// The first one read before the nodes, the second one after them.
    witnesses: (u64, u64),
}

impl Question {
    pub(crate) fn roots(&self) -> Nodes {
        self.nodes.iter().fold(0, |roots, &node| roots | one(node))
    }

    /// Asks all of it in one context.
    pub(crate) async fn ask(&self, cx: &QueryContext) -> Answer {
        let revision = cx.revision();
        let lab = cx.resource::<Lab>();
        let first = Witness(0).get(cx).await;
        let calls = self.nodes.iter().map(|&index| node(index, &lab, cx));
        let values = if self.joined {
            let values = join_all(calls).await;
            values.iter().map(|value| value.value).collect()
        } else {
            let mut values = Vec::new();
            for call in calls {
                values.push(call.await.value);
            }
            values
        };
        let second = Witness(1).get(cx).await;
        Answer {
            revision,
            values,
            witnesses: (first, second),
        }
    }
}

impl Answer {
    /// Whether it says the same, perhaps at another revision.
    pub(crate) fn same_values(&self, other: &Self) -> bool {
        (&self.values, self.witnesses) == (&other.values, other.witnesses)
    }

    /// Compares with the from-scratch values at the revision of the answer.
    pub(crate) fn check(
        &self,
        question: &Question,
        state: &State,
        oracle: &Oracle,
    ) -> Result<(), String> {
        let expected: Vec<u8> = question
            .nodes
            .iter()
            .map(|&index| oracle.value(index))
            .collect();
        let revision = self.revision;
        if self.values != expected {
            let nodes = &question.nodes;
            let read = &self.values;
            return Err(format!(
                "nodes {nodes:?} at revision {revision} read {read:?}, from scratch {expected:?}"
            ));
        }
        if self.witnesses != (state.witness, state.witness) {
            let (read, expected) = (self.witnesses, state.witness);
            return Err(format!(
                "witnesses at revision {revision} read {read:?}, written {expected}"
            ));
        }
        Ok(())
    }
}

/// Writes through the engine.
pub(crate) async fn write(write: &Write, lab: &Lab, cx: &InputContext) {
    match write {
        Write::Slot(slot, value) => {
            let slot = lab.tracked(*slot);
            let value = slot.with(*value);
            Slot(slot).set(value, cx).await;
        }
        Write::Bump(slot, by) => {
            let by = *by;
            cx.update(Slot(lab.tracked(*slot)), move |value: &mut Tracked<u8>| {
                value.value = (value.value + by) % VALUES;
            })
            .await;
        }
        Write::UnsetSlot(slot) => cx.unset::<Tracked<u8>>(Slot(lab.tracked(*slot))).await,
        Write::Code(index, code) => {
            let index = lab.tracked(*index);
            let code = index.with(code.clone());
            Code(index).set(code, cx).await;
        }
        Write::UnsetCode(index) => {
            let code = Code(lab.tracked(*index));
            cx.unset::<Tracked<Arc<Expr>>>(code).await;
        }
        Write::Stamp(stamp) => {
            Witness(0).set(*stamp, cx).await;
            Witness(1).set(*stamp, cx).await;
        }
    }
}

/// Reads inside a mutation see the mutation's own writes.
pub(crate) async fn peek(
    mutation: &Mutation,
    expected: &State,
    lab: &Lab,
    cx: &InputContext,
) -> Result<(), String> {
    if !mutation.peek {
        return Ok(());
    }
    for (slot, &written) in expected.slots.iter().enumerate() {
        let read: Tracked<u8> = Slot(lab.tracked(slot as u16)).get(cx).await;
        let read = read.value;
        if read != written {
            return Err(format!(
                "i{slot} read {read} inside the mutation, written {written}"
            ));
        }
    }
    Ok(())
}
