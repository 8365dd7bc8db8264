//! All that the document of a dashboard is made from.

use super::{card::DashboardCardView, view::DashboardView};
use crate::door::problem::FormProblem;

/// The script of the pages. The policy of a document that has it names its hash, so every byte between the tags is this text.
pub const DASHBOARDS_SCRIPT: &str = include_str!("dashboards.js");

/// A dashboard without cards asks anew so often, milliseconds.
const EMPTY_STEP: u64 = 60_000;

/// A dashboard with its numbers.
#[derive(Debug, Clone)]
pub struct DashboardPage {
    /// All that its address says.
    pub view: DashboardView,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: u64,
    /// Whoever changed it last, where that is known.
    pub changed_by: Option<String>,
    /// The time of that, milliseconds since 1970.
    pub changed_ms: u64,
    /// The time now.
    pub now_ms: u64,
    /// Its cards, row by row.
    pub rows: Vec<Vec<DashboardCardView>>,
    /// On a wall, the address of the one that comes next.
    pub next: Option<DashboardView>,
    /// The reader may change it.
    pub may_manage: bool,
    /// True if nothing is kept.
    pub is_off: bool,
    /// The reason for which a form was not accepted.
    pub problem: Option<FormProblem>,
}

impl DashboardPage {
    /// The time after which a card has something new to show, milliseconds.
    pub(super) fn step(&self) -> u64 {
        self.rows.iter().flatten().map(|card| card.step).min().unwrap_or(EMPTY_STEP)
    }
}
