//! The address of a dashboard: its time and zone, and whether it is looked at, changed or on a wall.

use common::door::paths;

use crate::door::history_span::HistorySpan;

/// A dashboard as an address asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DashboardView {
    /// Its number.
    pub id: u64,
    /// The length of the time in every card; none where each has its own.
    pub span: Option<HistorySpan>,
    /// The zone of the times that are shown, minutes east of UTC.
    pub zone: i32,
    /// The use that is made of it.
    pub mode: DashboardMode,
}

/// The use that is made of a dashboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DashboardMode {
    /// It is looked at.
    Look,
    /// It is changed.
    Edit,
    /// It fills a screen.
    Wall {
        /// The seconds after which the next one is shown; none where this one stays.
        seconds: Option<u64>,
        /// The dashboards that take turns; all where it is empty.
        of: Vec<u64>,
    },
}

impl DashboardView {
    /// The view of a dashboard that somebody looks at.
    #[must_use]
    pub const fn look(id: u64) -> Self {
        Self { id, span: None, zone: 0, mode: DashboardMode::Look }
    }

    /// The address without a base path.
    #[must_use]
    pub fn address(&self) -> String {
        let mut pairs = Vec::new();
        pairs.extend(self.span.map(|span| ("span", span.name.to_owned())));
        match &self.mode {
            DashboardMode::Look => {}
            DashboardMode::Edit => pairs.push(("edit", "1".to_owned())),
            DashboardMode::Wall { seconds, of } => {
                pairs.push(("full", "1".to_owned()));
                pairs.extend(seconds.map(|seconds| ("rotate", seconds.to_string())));
                pairs.extend(of.iter().map(|id| ("of", id.to_string())));
            }
        }
        if self.zone != 0 {
            pairs.push(("zone", self.zone.to_string()));
        }
        let pairs: Vec<_> = pairs.into_iter().map(|(name, value)| [name, "=", &value].concat()).collect();
        let path = paths::DASHBOARD.replace("{id}", &self.id.to_string());
        if pairs.is_empty() { path } else { [&path, "?", &pairs.join("&")].concat() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::door::history_span::HISTORY_SPANS;

    #[test]
    fn every_part_of_a_view_is_in_its_address() {
        let look = DashboardView::look(7);
        assert_eq!(look.address(), "/dashboards/7");
        let edit = DashboardView { mode: DashboardMode::Edit, ..look.clone() };
        assert_eq!(edit.address(), "/dashboards/7?edit=1");
        let mode = DashboardMode::Wall { seconds: Some(30), of: vec![7, 2] };
        let wall = DashboardView { span: Some(HISTORY_SPANS[2]), zone: -210, mode, ..look };
        assert_eq!(wall.address(), "/dashboards/7?span=6h&full=1&rotate=30&of=7&of=2&zone=-210");
    }
}
