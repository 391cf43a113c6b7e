//! How a stored sale is taken over by a new run.

use std::sync::Arc;

use super::{
    error::ClientError,
    lock::{Hold, Lock, SaleLock},
    pending::SnapshotProblem,
    storage::Storage,
};
use crate::{
    flow::{Fence, RunId, Snapshot, State},
    port::SnapshotStore,
    value::{Parties, SaleId},
};

/// A sale that starts or resumes.
pub(super) struct Begun {
    pub(super) state: State,
    pub(super) hold: Hold,
    pub(super) fence: Fence,
}

/// Resumes a stored sale.
pub(super) struct TakingOver {
    pub(super) id: SaleId,
    pub(super) run: RunId,
    /// The parties whose sales the client resumes.
    pub(super) parties: Parties,
    pub(super) storage: Storage,
}

impl TakingOver {
    /// Loads the sale. From now on no other run of it can commit. Runs on the store's thread.
    pub(super) fn begin(self, store: &Arc<dyn SnapshotStore>) -> Result<Begun, ClientError> {
        let Self {
            id,
            run,
            parties,
            storage,
        } = self;
        if !id.is_of_a_sale() {
            return Err(ClientError::NotFound { id });
        }
        let lock = Lock::ask(store, id.as_str())?;
        if matches!(lock, Lock::Taken) {
            return Err(ClientError::StillRunning { id });
        }
        let bytes = store
            .load(&id)?
            .ok_or_else(|| ClientError::NotFound { id: id.clone() })?;
        let Snapshot(stored) = Snapshot::decode(&bytes).map_err(|error| ClientError::Damaged {
            id: id.clone(),
            problem: SnapshotProblem::Contents(error),
        })?;
        if let Some(others) = stored.other_parties(&parties) {
            return Err(ClientError::Foreign {
                id,
                sale: Box::new(others.clone()),
                client: Box::new(parties),
            });
        }
        let mut fence = Fence::of_resume(run, stored.run());
        let state: State = stored.in_run(run);
        let hold = match lock {
            Lock::Held(held) => Hold::Held(SaleLock::new(held, storage)),
            Lock::Taken | Lock::Unsupported => Hold::Unsupported,
        };
        if matches!(hold, Hold::Unsupported) && state.is_before_commit() {
            // This run will report that perform sale was not sent, so no other run may send it from now on.
            store.save(&id, &Snapshot(state.clone()).encode())?;
            fence.wrote(true);
        }
        Ok(Begun { state, hold, fence })
    }
}
