//! Stores that survive processes: each step of a save can fail, and a kill or a power failure can come between two of
//! them.
//!
//! The steps are those of the directory store: write a new file, flush it, rename it, flush the folder.

use std::collections::{BTreeMap, BTreeSet};

use salekit_core::{SaleId, StoreError, StoreLock};

use super::{
    fault::Fault,
    invariants::{self, Property},
    ports::Place,
    secrets,
    world::World,
};

#[derive(Default)]
pub(crate) struct Disk {
    files: BTreeMap<SaleId, File>,
    /// New files that were not renamed.
    unfinished: BTreeMap<SaleId, Vec<u8>>,
    /// Sales whose file could not be read the last time.
    unread: BTreeSet<SaleId>,
    /// Who holds which lock: a client, in one life of a process.
    locks: BTreeMap<String, (u64, u64)>,
    /// Until when the disk is full.
    full_until: u64,
    /// When the engine asked for the work that is being done.
    pub(crate) work_began: u64,
}

#[derive(Default)]
struct File {
    /// What a reader sees.
    seen: Option<Vec<u8>>,
    /// What is left after a power failure.
    durable: Option<Vec<u8>>,
    /// When each client began its newest write.
    newest: BTreeMap<u64, u64>,
}

pub(crate) fn save(world: &mut World, place: Place, sale: &SaleId, snapshot: &[u8]) -> Result<(), StoreError> {
    let now = world.now;
    let name = world.name(sale);
    secrets::check_stored(world, &name, snapshot);
    let began = world.disks[place.disk].work_began;
    let is_full = !world.faults_ended && now < world.disks[place.disk].full_until;
    if is_full || world.happens(Fault::FailsAtWrite, 25) {
        world.trace(|| format!("{name} is not saved"));
        return full();
    }
    world.disks[place.disk]
        .unfinished
        .insert(sale.clone(), snapshot.to_vec());
    if world.happens(Fault::KilledInSave, 20) {
        world.dying = Some(place.life);
        return failed("killed");
    }
    for (fault, permille) in [(Fault::FailsAtSync, 20), (Fault::FailsAtRename, 20)] {
        if world.happens(fault, permille) {
            world.disks[place.disk].unfinished.remove(sale);
            return failed("input/output error");
        }
    }
    let fails_at_folder = world.happens(Fault::FailsAtFolderSync, 20);
    let disk = &mut world.disks[place.disk];
    disk.unfinished.remove(sale);
    let file = disk.files.entry(sale.clone()).or_default();
    file.seen = Some(snapshot.to_vec());
    let newest = file.begun(place.client, began);
    if !fails_at_folder {
        file.durable = Some(snapshot.to_vec());
    }
    world.trace(|| format!("{name} saved{}", if fails_at_folder { ", not durably" } else { "" }));
    if began < newest {
        world.breaks(
            Property::InOrder,
            format!("a save of {name} that was given up overtook a later one"),
        );
    }
    if fails_at_folder {
        return failed("input/output error");
    }
    Ok(())
}

pub(crate) fn load(world: &mut World, place: Place, sale: &SaleId) -> Result<Option<Vec<u8>>, StoreError> {
    if world.happens(Fault::FailsToRead, 25) {
        world.disks[place.disk].unread.insert(sale.clone());
        return failed("input/output error");
    }
    world.disks[place.disk].unread.remove(sale);
    Ok(world.disks[place.disk]
        .files
        .get(sale)
        .and_then(|file| file.seen.clone()))
}

pub(crate) fn list(world: &mut World, place: Place) -> Result<Vec<SaleId>, StoreError> {
    if world.happens(Fault::FailsToRead, 25) {
        return failed("input/output error");
    }
    let disk = &mut world.disks[place.disk];
    // Left by a killed save. In a simulation no save runs at the same time as another call.
    disk.unfinished.clear();
    Ok(disk
        .files
        .iter()
        .filter(|(_, file)| file.seen.is_some())
        .map(|(id, _)| id.clone())
        .collect())
}

pub(crate) fn remove(world: &mut World, place: Place, sale: &SaleId) -> Result<(), StoreError> {
    let began = world.disks[place.disk].work_began;
    if world.happens(Fault::FailsAtWrite, 25) {
        return failed("permission denied");
    }
    world.disks[place.disk].unfinished.remove(sale);
    let fails_at_folder = world.happens(Fault::FailsAtFolderSync, 20);
    let was_read = !world.disks[place.disk].unread.contains(sale);
    let mut removed = None;
    if let Some(file) = world.disks[place.disk].files.get_mut(sale) {
        removed = file.seen.take();
        file.begun(place.client, began);
        if !fails_at_folder {
            file.durable = None;
        }
    }
    let name = world.name(sale);
    world.trace(|| format!("{name} removed"));
    invariants::removed(world, place.client, sale, removed.as_deref(), was_read);
    if fails_at_folder {
        failed("input/output error")
    } else {
        Ok(())
    }
}

pub(crate) fn lock(world: &mut World, place: Place, name: &str) -> Result<StoreLock, StoreError> {
    if !world.setup.has_locks {
        return Ok(StoreLock::Unsupported);
    }
    if world.happens(Fault::FailsToLock, 25) {
        return failed("too many open files");
    }
    let locks = &mut world.disks[place.disk].locks;
    if locks.contains_key(name) {
        return Ok(StoreLock::Taken);
    }
    locks.insert(name.to_owned(), (place.life, place.client));
    Ok(StoreLock::Held)
}

pub(crate) fn unlock(world: &mut World, place: Place, name: &str) {
    let locks = &mut world.disks[place.disk].locks;
    // The locks of a dead process are already released, and another client may hold them.
    if locks.get(name) == Some(&(place.life, place.client)) {
        locks.remove(name);
    }
}

impl File {
    /// Records a write of a client. Returns when the client's newest write before it began.
    fn begun(&mut self, client: u64, began: u64) -> u64 {
        let newest = self.newest.entry(client).or_default();
        std::mem::replace(newest, began.max(*newest))
    }
}

impl Disk {
    /// The system releases the locks of a dead process.
    pub(crate) fn lose_process(&mut self, life: u64) {
        self.locks.retain(|_, (holder, _)| *holder != life);
    }

    /// The held locks, and the clients that hold them.
    pub(crate) fn locked(&self) -> impl Iterator<Item = (&String, u64)> {
        self.locks.iter().map(|(name, (_, client))| (name, *client))
    }

    /// Nothing can be written for a while.
    pub(crate) const fn fills_up(&mut self, until: u64) {
        self.full_until = until;
    }

    /// Data that was not flushed may be lost, file by file.
    pub(crate) fn lose_power(world: &mut World) {
        for disk in 0..world.disks.len() {
            let ids: Vec<_> = world.disks[disk].files.keys().cloned().collect();
            for id in ids {
                let is_lost = world.random.permille(500);
                if let Some(file) = world.disks[disk].files.get_mut(&id) {
                    if is_lost {
                        file.seen = file.durable.clone();
                    } else {
                        file.durable = file.seen.clone();
                    }
                }
            }
        }
    }

    /// The sales of files that belong to no snapshot.
    pub(crate) fn left_files(&self) -> impl Iterator<Item = &SaleId> {
        self.unfinished.keys()
    }
}

fn full() -> Result<(), StoreError> {
    Err(StoreError::Full {
        detail: "no space left on device".to_owned(),
    })
}

fn failed<T>(detail: &str) -> Result<T, StoreError> {
    Err(StoreError::Failed {
        detail: detail.to_owned(),
    })
}
