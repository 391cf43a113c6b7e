//! The table: what is measured, its goal, what came out, and whether the goal is met. Markdown, which a terminal shows as
//! well as a page.

use std::fmt;

/// A row.
pub(crate) struct Row {
    what: String,
    goal: Option<String>,
    measured: String,
    is_met: Option<bool>,
}

impl Row {
    /// A figure that must not be more than `goal`, both with so many decimals and the same unit.
    pub(crate) fn at_most(what: impl Into<String>, goal: f64, figure: f64, decimals: usize, unit: &str) -> Self {
        Self {
            what: what.into(),
            goal: Some(format!("≤ {goal:.decimals$}{unit}")),
            measured: format!("{figure:.decimals$}{unit}"),
            is_met: Some(figure <= goal),
        }
    }

    /// A figure that must lie between two others.
    pub(crate) fn within(what: impl Into<String>, (least, most): (f64, f64), figure: f64, remark: &str) -> Self {
        Self {
            what: what.into(),
            goal: Some(format!("{least:.2} – {most:.2}")),
            measured: format!("{figure:.2}{remark}"),
            is_met: Some((least..=most).contains(&figure)),
        }
    }

    /// Something that must not happen, and how often it did.
    pub(crate) fn none(what: impl Into<String>, count: u64) -> Self {
        Self {
            what: what.into(),
            goal: Some("0".to_owned()),
            measured: count.to_string(),
            is_met: Some(count == 0),
        }
    }

    /// A figure without a goal, to compare others with.
    pub(crate) fn figure(what: impl Into<String>, measured: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            goal: None,
            measured: measured.into(),
            is_met: None,
        }
    }

    /// What this machine cannot measure, and why; `goal` is what it must not be more than.
    pub(crate) fn not_run(what: impl Into<String>, goal: Option<f64>, reason: &str) -> Self {
        // A bar would end the cell, a line's end the row.
        let reason = reason.replace('|', "/").replace('\n', " ");
        Self {
            goal: goal.map(|goal| format!("≤ {goal:.2}")),
            ..Self::figure(what, format!("not run here: {reason}"))
        }
    }

    /// Adds a remark to what was measured.
    pub(crate) fn with_remark(mut self, remark: &str) -> Self {
        self.measured.push_str(remark);
        self
    }
}

/// Rows under their headings, with a sentence on how each part was measured.
#[derive(Default)]
pub(crate) struct Table {
    text: String,
}

impl Table {
    /// Adds a part.
    pub(crate) fn part(&mut self, heading: &str, how: &str, rows: &[Row]) {
        let mut part =
            format!("### {heading}\n\n{how}\n\n| measured | goal | here | met |\n| --- | --- | --- | --- |\n");
        for row in rows {
            let goal = row.goal.as_deref().unwrap_or("–");
            let met = match row.is_met {
                Some(true) => "yes",
                Some(false) => "**no**",
                None => "–",
            };
            part.push_str(&format!("| {} | {goal} | {} | {met} |\n", row.what, row.measured));
        }
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(&part);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}
