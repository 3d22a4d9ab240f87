//! Anonymous nodes: what a body remembers in the middle of itself, by the call path and the input.
//!
//! A node's key is the call id with the owned input, below the types of input, value and function. So it is a bound query
//! like any other, an input that has changed is another node, and every rule about revisions is that of bound queries.
//! What is new is who keeps it: its parent, in whose body it was called.
//!
//! - `node`: key, kind and body of such a node
//! - `call`: `memo` and `memo_in_slot`, and their future
//! - `family`: which nodes, and which inputs hosted on their ids, belong to which parent
//! - `faint`: ids that are known though they have neither
//! - `notes`: what is noted until it can be settled
//! - `sweep`, `unstored`: what goes when a parent has run without it
//! - `later`: what of that takes the writers' turn
//! - `settled`: what has to be known before it is done
//! - `turn`: how a mutation comes to that

pub(crate) mod call;
mod faint;
pub(crate) mod family;
pub(crate) mod later;
pub(crate) mod node;
mod notes;
mod settled;
pub(crate) mod sweep;
mod turn;
mod unstored;
