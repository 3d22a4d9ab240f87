//! Thin trait objects, from outside. The name of a test is the claim it makes.

mod calls;
mod generics;
mod hygiene;
mod layout;
mod lifetimes;
mod references;
mod signatures;
mod threads;
