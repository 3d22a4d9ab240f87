//! Requests to the engine that both drivers make: questions, and the writes of a mutation.

use futures::future::join_all;
use salvia::{InputContext, QueryContext, Revision};

use crate::operation::{Mutation, Question};
use crate::oracle::{Nodes, Oracle, one};
use crate::program::{State, Write};
use crate::subject::{Code, Slot, Witness, node};

/// What one request was told.
#[derive(Debug)]
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
        let first = Witness(0).get(cx).await;
        let values = if self.joined {
            join_all(self.nodes.iter().map(|&index| node(index, cx))).await
        } else {
            let mut values = Vec::new();
            for &index in &self.nodes {
                values.push(node(index, cx).await);
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
pub(crate) async fn write(write: &Write, cx: &InputContext) {
    match write {
        Write::Slot(slot, value) => Slot(*slot).set(*value, cx).await,
        Write::Bump(slot, by) => {
            let by = *by;
            cx.update(Slot(*slot), move |value: &mut u8| {
                *value = (*value + by) % crate::program::VALUES
            })
            .await;
        }
        Write::UnsetSlot(slot) => cx.unset::<u8>(Slot(*slot)).await,
        Write::Code(index, code) => Code(*index).set(code.clone(), cx).await,
        Write::UnsetCode(index) => {
            cx.unset::<std::sync::Arc<crate::program::Expr>>(Code(*index))
                .await
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
    cx: &InputContext,
) -> Result<(), String> {
    if !mutation.peek {
        return Ok(());
    }
    for (slot, &written) in expected.slots.iter().enumerate() {
        let read: u8 = Slot(slot as u16).get(cx).await;
        if read != written {
            return Err(format!(
                "i{slot} read {read} inside the mutation, written {written}"
            ));
        }
    }
    Ok(())
}
