//! What the inspector promises, without a browser; `tests/browser.sh` is the part with one.

mod answers;
mod bounds;
mod door;
mod kit;
mod life;
