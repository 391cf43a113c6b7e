//! A campaign's row in the table at the end of the long tests. Tests of several crates use it.

use std::{fs::OpenOptions, io::Write as _};

/// The file to which rows are added; without it there are none.
const VARIABLE: &str = "SALEKIT_FIGURES";

/// What a campaign counted.
#[derive(Debug, Default)]
pub struct Figures {
    /// Sales, killed apps or states.
    pub cases: usize,
    /// How many faults were injected; `None` if everything is tried and nothing counted.
    pub faults: Option<u64>,
    /// Invoices that were charged or performed more than once.
    pub double_charges: usize,
    /// Outcomes that are wrong.
    pub wrong: usize,
    /// Outcomes that are *unknown*; `None` if they are not counted.
    pub unknown: Option<usize>,
    /// Unknown outcomes that could have been known, or stayed unknown without a reason.
    pub unexplained: usize,
}

impl Figures {
    /// Adds the row of `campaign`.
    pub fn report(&self, campaign: &str) {
        let Ok(file) = std::env::var(VARIABLE) else { return };
        let row = [
            campaign.to_owned(),
            self.cases.to_string(),
            self.faults
                .map_or_else(|| "every".to_owned(), |faults| faults.to_string()),
            self.double_charges.to_string(),
            self.wrong.to_string(),
            self.unknown
                .map_or_else(|| "-".to_owned(), |unknown| unknown.to_string()),
            self.unexplained.to_string(),
        ];
        let mut rows = OpenOptions::new().append(true).create(true).open(file).unwrap();
        // One write, because the tests of a program run at the same time.
        rows.write_all(format!("{}\n", row.join("\t")).as_bytes()).unwrap();
    }
}
