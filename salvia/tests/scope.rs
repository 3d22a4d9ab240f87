//! What call paths promise, one named test a claim.

#[path = "scope/deep.rs"]
mod deep;
#[path = "scope/futures.rs"]
mod futures;
#[path = "scope/nested.rs"]
mod nested;
#[path = "scope/paths.rs"]
mod paths;
#[path = "scope/queries.rs"]
mod queries;
#[path = "scope/slots.rs"]
mod slots;
