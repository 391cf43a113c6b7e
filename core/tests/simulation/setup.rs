//! The parts of a world, chosen by its seed: processes, clients, stores, gateways, and which faults can happen.

use std::collections::BTreeSet;

use super::{fault::Fault, gateway::Repeated, merchant::Extension, random::Random};

/// The store and the gateway of a client.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClientPlan {
    pub(crate) disk: usize,
    pub(crate) gateway: usize,
}

#[derive(Debug)]
pub(crate) struct Setup {
    faults: BTreeSet<Fault>,
    pub(crate) processes: Vec<Vec<ClientPlan>>,
    pub(crate) disks: usize,
    pub(crate) gateways: usize,
    /// Whether the stores have locks. Without locks, two processes are only guaranteed that no outcome is wrong and
    /// that each invoice is performed once. The app must ensure that they do not acknowledge each other's sales.
    pub(crate) has_locks: bool,
    /// The number of threads of a process that may block.
    pub(crate) threads: usize,
    /// The number of acts of each process's app.
    pub(crate) acts: u64,
    pub(crate) names_invoice: bool,
    /// What the merchant answers about its invoices.
    pub(crate) extension: Extension,
    pub(crate) endless_limits: bool,
    pub(crate) repeated_perform: Repeated,
}

impl Setup {
    pub(crate) fn from_seed(seed: u64) -> Self {
        let mut random = Random::new(seed);
        // Some worlds have few faults, so that single faults occur alone; some have many.
        let share = random.one_of(&[60, 150, 300, 500]);
        let mut faults = BTreeSet::new();
        for fault in Fault::ALL {
            if random.permille(share) {
                faults.insert(*fault);
            }
        }
        let gateways = random.one_of(&[1, 1, 2]);
        let disks = random.one_of(&[1, 1, 2]);
        let mut gateway_of_disk: Vec<_> = (0..disks).map(|disk| disk % gateways).collect();
        gateway_of_disk.rotate_left(usize::from(random.permille(500)) % disks);
        let processes = random.one_of(&[1, 1, 1, 2, 2, 3]);
        let processes = (0..processes)
            .map(|_| {
                let clients = random.one_of(&[1, 1, 2]);
                let client = |random: &mut Random| {
                    let disk = random.place(disks).unwrap_or_default();
                    let shares_store = faults.contains(&Fault::ResumesWithOtherGateway) && random.permille(500);
                    let gateway = if shares_store {
                        random.place(gateways).unwrap_or_default()
                    } else {
                        gateway_of_disk[disk]
                    };
                    ClientPlan { disk, gateway }
                };
                (0..clients).map(|_| client(&mut random)).collect()
            })
            .collect();
        Self {
            processes,
            disks,
            gateways,
            has_locks: random.permille(700),
            threads: random.one_of(&[2, 4, 8]),
            acts: random.between(1, 7),
            names_invoice: random.permille(500),
            extension: random.one_of(&[
                Extension::WithVoid,
                Extension::WithVoid,
                Extension::TokensOnly,
                Extension::Off,
            ]),
            endless_limits: faults.contains(&Fault::SetsEndlessLimits) && random.permille(300),
            repeated_perform: random.one_of(&[
                Repeated::Refused,
                Repeated::Conflict,
                Repeated::Replayed,
                Repeated::PerformedAgain,
            ]),
            faults,
        }
    }

    pub(crate) fn has(&self, fault: Fault) -> bool {
        self.faults.contains(&fault)
    }
}
