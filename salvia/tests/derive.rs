//! `#[perfect_derive]` and `#[bounded_derive]`: what is derived, and under which bounds.

#[path = "derive/defaults.rs"]
mod defaults;
#[path = "derive/exact.rs"]
mod exact;
#[path = "derive/items.rs"]
mod items;
#[path = "derive/kit.rs"]
mod kit;
#[path = "derive/marks.rs"]
mod marks;
#[path = "derive/programs.rs"]
mod programs;
#[path = "derive/recursive.rs"]
mod recursive;
#[path = "derive/twins.rs"]
mod twins;
