//! Looking into a running [`salvia`] runtime from a browser.
//!
//! ```
//! use salvia::Runtime;
//! use salvia_inspector::Inspector;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! let rt = Runtime::new().await;
//! let serving = Inspector::new(&rt).serve("127.0.0.1:0").await?;
//! println!("look at {}", serving.url());
//! # assert!(serving.url().starts_with("http://127.0.0.1:"));
//! # Ok(())
//! # }
//! ```
//!
//! The page shows the graph as it is now, what ran in the last revisions and why, which queries cost most, and what takes
//! the memory. It is served by this crate alone: nothing is built, and nothing is asked of any other host.
//!
//! # Who can look
//!
//! - Only loopback addresses are served, unless [`Inspector::open_to_network`] is called.
//! - The URL holds a random token of 128 bits; without it there is nothing to be found.
//! - The header `Host` has to be an address of this machine, so that no foreign name can be led here; `Origin`, where it is
//!   sent, has to be that same host. Only `GET` is answered, and nothing can be changed.
//! - What the program being looked at calls its things is text on the page, and never markup; scripts and styles come from
//!   this crate alone (`Content-Security-Policy: default-src 'self'`).
//! - Connections, the time for a request's head, and the size of every answer are bounded.
//!
//! There is no encryption: over a network, whoever can listen can look.
//!
//! # What it costs
//!
//! While there is no inspector, nothing. With one, each event is noted under a short lock: no text is made of it before
//! somebody looks. It keeps the runtime's handle alive at no time, but keeps the arguments of the runs it shows, and of the
//! nodes it counts runs of. While a page is open the nodes are visited now and then, in a thread for blocking work, for an
//! eighth of the time at most. On a machine of two busy cores a run of a small query took 1.9 µs without an inspector, 2.2 µs
//! with one, and 2.4 µs while a page asked (`cargo bench -p salvia-inspector --bench overhead`).

mod access;
mod answer;
mod door;
mod history;
mod inspector;
mod page;
mod picture;
mod sample;
mod serving;
mod shared;

pub use inspector::Inspector;
pub use serving::Serving;
