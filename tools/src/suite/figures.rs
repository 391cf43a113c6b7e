//! The table of what the long campaigns found. Each campaign adds a row, separated by tabs, to the file that `SALEKIT_FIGURES`
//! names.

use std::fmt::Write as _;

const HEADINGS: &str =
    "campaign\tcases\tfaults injected\tdouble charges\twrong outcomes\tunknowns\tunexplained unknowns";

/// The rows as a table, or nothing if there is no row.
pub(super) fn table(rows: &str) -> String {
    let rows: Vec<Vec<&str>> = rows
        .lines()
        .filter(|row| !row.is_empty())
        .map(|row| row.split('\t').collect())
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    let headings: Vec<&str> = HEADINGS.split('\t').collect();
    let lines = || std::iter::once(&headings).chain(&rows);
    let widths: Vec<usize> = (0..headings.len())
        .map(|column| {
            lines()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
        })
        .collect();
    let mut table = String::new();
    for row in lines() {
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            // Names stand on the left, numbers on the right.
            let _ = if column == 0 {
                write!(table, "{cell:<width$}")
            } else {
                write!(table, "  {cell:>width$}")
            };
        }
        table.push('\n');
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_do_not_push_the_numbers_away() {
        let rows = "idle connections closed\t48\t80\t0\t0\t0\t-\nwhole engine in made-up worlds (simulation)\t15000\t108388\t0\t0\t3624\t0\n";
        let table = table(rows);
        let ends: Vec<usize> = table.lines().map(|line| line.chars().count()).collect();
        assert_eq!(ends.len(), 3);
        assert!(ends.iter().all(|end| *end == ends[0]), "{table}");
        assert!(table.contains("(simulation)  15000           108388  "), "{table}");
    }

    #[test]
    fn without_a_campaign_there_is_no_table() {
        assert_eq!(table(""), "");
    }
}
