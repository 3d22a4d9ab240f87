//! Where the folder is, for queries that read files themselves.

use std::path::Path;
use std::sync::Arc;

/// A resource of the runtime: the folder's place on the disk. It never changes.
#[derive(Debug, Clone)]
pub struct Root(pub Arc<Path>);
