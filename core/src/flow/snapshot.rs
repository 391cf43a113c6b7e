//! A sale's state as bytes, with a version, for a store.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::State;

/// The version that is written. Older ones are read as long as they are listed in [`Snapshot::decode`].
const VERSION: u32 = 1;

/// A stored sale. It holds what is needed to ask how the sale stands (tokens, ids), and no card data: [`State`] has
/// no place for any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot(pub State);

#[derive(Serialize, Deserialize)]
struct Versioned<T> {
    version: u32,
    sale: T,
}

/// Read first, so that a snapshot of a later version is told apart from a broken one.
#[derive(Deserialize)]
struct VersionOnly {
    version: u32,
}

/// Why bytes are not a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SnapshotError {
    /// Not a snapshot, or a damaged one.
    #[error("the snapshot is damaged: {detail}")]
    Damaged {
        /// Where reading stopped.
        detail: String,
    },
    /// Written by a later version of SaleKit.
    #[error("the snapshot has version {version}, this SaleKit reads up to {VERSION}; update the app to read it")]
    TooNew {
        /// Its version.
        version: u32,
    },
}

impl Snapshot {
    /// The bytes to store: JSON, a few hundred to two thousand bytes.
    pub fn encode(&self) -> Vec<u8> {
        let written = serde_json::to_vec(&Versioned {
            version: VERSION,
            sale: &self.0,
        });
        debug_assert!(written.is_ok(), "the state is plain data");
        written.unwrap_or_default()
    }

    /// The state in `bytes`.
    ///
    /// # Errors
    /// [`SnapshotError`] where they hold none that this version understands. Nothing in the error repeats contents.
    pub fn decode(bytes: &[u8]) -> Result<Self, SnapshotError> {
        // serde_json's text may quote a value, and a value may be a token; its position may not.
        let damaged = |error: serde_json::Error| SnapshotError::Damaged {
            detail: format!("line {}, column {}", error.line(), error.column()),
        };
        let VersionOnly { version } = serde_json::from_slice(bytes).map_err(damaged)?;
        match version {
            VERSION => {
                let versioned: Versioned<State> = serde_json::from_slice(bytes).map_err(damaged)?;
                Ok(Self(versioned.sale))
            }
            version if version > VERSION => Err(SnapshotError::TooNew { version }),
            version => Err(SnapshotError::Damaged {
                detail: format!("there never was a version {version}"),
            }),
        }
    }
}
