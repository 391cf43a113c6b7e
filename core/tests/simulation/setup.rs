//! What a world is made of, rolled from its seed: processes, clients, stores, gateways, and which faults it knows.

use std::collections::BTreeSet;

use crate::{dice::Dice, fault::Fault, gateway::Repeated, merchant::Extension};

/// Which store and gateway a client has.
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
    /// The stores have locks. Where they have none, what is promised to two processes is that no outcome lies and that each
    /// invoice is performed once; that they do not acknowledge each other's sales is up to the app.
    pub(crate) has_locks: bool,
    /// Threads of a process that may block.
    pub(crate) threads: usize,
    /// Acts of each process's app.
    pub(crate) acts: u64,
    pub(crate) names_invoice: bool,
    /// What the merchant tells of its invoices.
    pub(crate) extension: Extension,
    pub(crate) endless_limits: bool,
    pub(crate) repeated_perform: Repeated,
}

impl Setup {
    pub(crate) fn roll(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        // Some worlds are nearly calm, so that single faults are seen alone; some are storms.
        let share = dice.one_of(&[60, 150, 300, 500]);
        let mut faults = BTreeSet::new();
        for fault in Fault::ALL {
            if dice.permille(share) {
                faults.insert(*fault);
            }
        }
        let gateways = dice.one_of(&[1, 1, 2]);
        let disks = dice.one_of(&[1, 1, 2]);
        let mut gateway_of_disk: Vec<_> = (0..disks).map(|disk| disk % gateways).collect();
        gateway_of_disk.rotate_left(usize::from(dice.permille(500)) % disks);
        let processes = dice.one_of(&[1, 1, 1, 2, 2, 3]);
        let processes = (0..processes)
            .map(|_| {
                let clients = dice.one_of(&[1, 1, 2]);
                let client = |dice: &mut Dice| {
                    let disk = dice.place(disks).unwrap_or_default();
                    let shares_store = faults.contains(&Fault::ResumesWithOtherGateway) && dice.permille(500);
                    let gateway = if shares_store {
                        dice.place(gateways).unwrap_or_default()
                    } else {
                        gateway_of_disk[disk]
                    };
                    ClientPlan { disk, gateway }
                };
                (0..clients).map(|_| client(&mut dice)).collect()
            })
            .collect();
        Self {
            processes,
            disks,
            gateways,
            has_locks: dice.permille(700),
            threads: dice.one_of(&[2, 4, 8]),
            acts: dice.between(1, 7),
            names_invoice: dice.permille(500),
            extension: dice.one_of(&[
                Extension::WithVoid,
                Extension::WithVoid,
                Extension::TokensOnly,
                Extension::Off,
            ]),
            endless_limits: faults.contains(&Fault::SetsEndlessLimits) && dice.permille(300),
            repeated_perform: dice.one_of(&[
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
