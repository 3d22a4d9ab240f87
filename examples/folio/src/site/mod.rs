//! Pages: what a reader gets to see, whoever hands it out.
//!
//! - `page`: a whole page as a query, and when it last became another one;
//! - `frame`: what stands around every page;
//! - `index`: the shards of the search, as files;
//! - `route`: which page an address means;
//! - `asset`: style sheet and script.

mod asset;
mod frame;
mod index;
mod page;
mod route;

pub use asset::{ASSETS, asset};
pub use frame::{Frame, framed};
pub use index::{search_shard, search_version};
pub use page::{Place, all_places, page, place_address, tag_address, version};
pub use route::{Route, file_version, near, route};
