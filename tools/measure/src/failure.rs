//! What stops a run.

use std::error::Error;

/// Why it stopped. Measurements that a machine cannot make are no failure; they are rows of the table.
pub(crate) type Failure = Box<dyn Error + Send + Sync>;
