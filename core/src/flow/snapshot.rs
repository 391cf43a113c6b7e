//! A sale's state as bytes with a version, for a store.
//!
//! A snapshot is either complete for its phase, which the types ensure, or damaged. [`Snapshot::decode`] lists the
//! older versions that can be read, each with its own module.

mod remains;
mod version_1;

pub use remains::Remains;

use ring::digest::{SHA256, digest};
use serde::Serialize;
use serde_json::value::RawValue;
use thiserror::Error;

use super::State;
use crate::json::{Members, Parts, Stored};

/// The version that is written. If you change the format, raise it and keep a reader for the version before.
const VERSION: u32 = 2;

/// A stored sale. It contains what is needed to ask for the status (tokens, ids), and no card data: [`State`] cannot
/// hold any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot(pub State);

#[derive(Serialize)]
struct Sealed<'a> {
    version: u32,
    /// Over the bytes of `sale`, in hex. Without it, a flipped bit in an amount or an id would go unnoticed. It does
    /// not protect against somebody who may write the file.
    sha256: String,
    sale: &'a RawValue,
}

/// Why a snapshot cannot be decoded.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
pub enum SnapshotError {
    /// Not a snapshot, or a damaged one.
    #[error("the snapshot is damaged: {detail}")]
    Damaged {
        /// What is wrong.
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
        let written = serde_json::value::to_raw_value(&self.0).and_then(|sale| {
            serde_json::to_vec(&Sealed {
                version: VERSION,
                sha256: seal(sale.get().as_bytes()),
                sale: &sale,
            })
        });
        debug_assert!(written.is_ok(), "the state is plain data");
        written.unwrap_or_default()
    }

    /// Decodes a snapshot.
    ///
    /// # Errors
    /// [`SnapshotError`] if `bytes` are not a snapshot that this version can read. The error never repeats contents.
    pub fn decode(bytes: &[u8]) -> Result<Self, SnapshotError> {
        let damaged = |detail: &str| SnapshotError::Damaged {
            detail: detail.to_owned(),
        };
        let parts = Members::of(bytes).map(Parts::from);
        let parts = parts.ok_or_else(|| damaged("it is not complete"))?;
        // Read the version first, to tell a snapshot of a later version from a damaged one.
        let version: u32 = parts.part("version").ok_or_else(|| damaged("it has no version"))?;
        if version == 0 {
            return Err(damaged("version 0 does not exist"));
        }
        if version > VERSION {
            return Err(SnapshotError::TooNew { version });
        }
        let sale = parts.value("sale").ok_or_else(|| damaged("its sale is missing"))?;
        let sha256: Option<String> = parts.part("sha256").ok_or_else(|| damaged("its checksum is wrong"))?;
        // The first snapshots had no checksum.
        let is_sealed = sha256.map_or(version == 1, |sha256| sha256 == seal(sale.raw()));
        if !is_sealed {
            return Err(damaged("its checksum is wrong"));
        }
        let incomplete = || damaged("a member that its phase needs is missing or invalid");
        let mut state = if version == 1 {
            let old = version_1::Sale::read(sale).ok_or_else(incomplete)?;
            old.upgrade().map_err(|missing| SnapshotError::Damaged {
                detail: format!("its {missing} is missing"),
            })?
        } else {
            State::read(sale).ok_or_else(incomplete)?
        };
        // Limit the stored timeouts, so that the sale ends whatever is stored.
        state.terms.plan = state.terms.plan.bounded();
        Ok(Self(state))
    }
}

fn seal(sale: &[u8]) -> String {
    let digest = digest(&SHA256, sale);
    let halves = digest.as_ref().iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    halves.filter_map(|half| char::from_digit(half.into(), 16)).collect()
}
