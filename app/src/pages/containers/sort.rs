//! In which order containers stand.

use std::cmp::Ordering;

use common::container::{ContainerInfo, ContainerUsage, ContainersUsage};

use super::{health::judge, words::ContainersWords};
use crate::order::ascending;

/// The column that containers are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ContainerColumn {
    State,
    Name,
    Image,
    Cpu,
    Memory,
    Network,
    Disk,
    Restarts,
    Uptime,
}

/// The groups that rows are put together in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grouping {
    None,
    Project,
}

/// An order of containers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ContainerSort {
    pub(super) column: ContainerColumn,
    pub(super) descending: bool,
}

impl ContainerSort {
    /// Those that need someone come first.
    pub(super) const FIRST: Self = Self { column: ContainerColumn::State, descending: false };

    /// Returns the order after a click on a column: the same column the other way round, another one with what stands out first.
    pub(super) fn turned(self, column: ContainerColumn) -> Self {
        let descending = match column {
            _ if column == self.column => !self.descending,
            ContainerColumn::State
            | ContainerColumn::Name
            | ContainerColumn::Image
            | ContainerColumn::Uptime => false,
            _ => true,
        };
        Self { column, descending }
    }

    /// Returns the places of the containers in this order.
    pub(super) fn places(
        self,
        rows: &[(&ContainerInfo, Option<&ContainerUsage>)],
        grouping: Grouping,
        words: &ContainersWords,
    ) -> Vec<usize> {
        ascending(rows.len(), &|one, other| {
            let (one, other) = (rows[one], rows[other]);
            let group = match grouping {
                Grouping::None => Ordering::Equal,
                // Those of no project come last.
                Grouping::Project => {
                    let key = |one: &ContainerInfo| (one.project.is_none(), one.project.clone());
                    key(one.0).cmp(&key(other.0))
                }
            };
            group.then_with(|| self.compare(one, other, words))
        })
    }

    fn compare(
        self,
        (a, a_uses): (&ContainerInfo, Option<&ContainerUsage>),
        (b, b_uses): (&ContainerInfo, Option<&ContainerUsage>),
        words: &ContainersWords,
    ) -> Ordering {
        let by = |figure: fn(&ContainerUsage) -> Option<f64>| {
            let of = |uses: Option<&ContainerUsage>| uses.and_then(figure).unwrap_or(-1.0);
            of(a_uses).total_cmp(&of(b_uses))
        };
        let order = match self.column {
            ContainerColumn::State => judge(a, words).0.cmp(&judge(b, words).0),
            ContainerColumn::Name => Ordering::Equal,
            ContainerColumn::Image => a.image.cmp(&b.image),
            ContainerColumn::Cpu => by(|uses| uses.cpu),
            ContainerColumn::Memory => by(|uses| uses.memory.map(|bytes| bytes as f64)),
            ContainerColumn::Network => by(network),
            ContainerColumn::Disk => by(disk),
            ContainerColumn::Restarts => a.restarts.cmp(&b.restarts),
            // The shortest uptime is the latest start.
            ContainerColumn::Uptime => b.started_ms.cmp(&a.started_ms),
        };
        let order = order.then_with(|| {
            let names = a.name.cmp(&b.name);
            // Names go up within what is alike, whichever way round that is.
            if self.descending && self.column != ContainerColumn::Name { names.reverse() } else { names }
        });
        if self.descending { order.reverse() } else { order }
    }
}

/// All that goes over the network, bytes a second.
pub(super) fn network(uses: &ContainerUsage) -> Option<f64> {
    Some(uses.received? + uses.sent?)
}

/// All that is read and written, bytes a second.
pub(super) fn disk(uses: &ContainerUsage) -> Option<f64> {
    Some(uses.read? + uses.written?)
}

/// Finds what a container uses.
pub(super) fn usage_of<'a>(usage: Option<&'a ContainersUsage>, id: &str) -> Option<&'a ContainerUsage> {
    usage?.containers.iter().find(|one| one.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;

    fn one(name: &str, state: &str, project: Option<&str>, restarts: u64) -> ContainerInfo {
        ContainerInfo {
            id: name.into(),
            name: name.into(),
            state: state.into(),
            project: project.map(Into::into),
            restarts,
            exit_code: (state == "exited").then_some(1),
            started_ms: Some(restarts),
            ..ContainerInfo::default()
        }
    }

    #[test]
    fn what_needs_someone_comes_first_and_a_click_turns_or_begins_with_what_stands_out() {
        let all = [
            one("web", "running", Some("shop"), 0),
            one("job", "exited", None, 7),
            one("db", "running", Some("shop"), 2),
            one("app", "running", Some("blog"), 2),
        ];
        let cpu = ContainerUsage { id: "db".into(), cpu: Some(50.0), ..ContainerUsage::default() };
        let rows: Vec<_> = all.iter().map(|one| (one, (one.name == "db").then_some(&cpu))).collect();
        let words = ContainersWords::of(Language::En);
        let names = |sort: ContainerSort, grouping| -> Vec<&str> {
            sort.places(&rows, grouping, words).into_iter().map(|place| &*all[place].name).collect()
        };
        let first = ContainerSort::FIRST;
        assert_eq!(names(first, Grouping::None), ["job", "app", "db", "web"]);
        assert_eq!(names(first, Grouping::Project), ["app", "db", "web", "job"]);
        assert_eq!(names(first.turned(ContainerColumn::Cpu), Grouping::None), ["db", "app", "job", "web"]);
        let by_restarts = first.turned(ContainerColumn::Restarts);
        assert_eq!(names(by_restarts, Grouping::None), ["job", "app", "db", "web"]);
        let by_name = first.turned(ContainerColumn::Name);
        assert_eq!(names(by_name, Grouping::None), ["app", "db", "job", "web"]);
        assert_eq!(names(by_name.turned(ContainerColumn::Name), Grouping::None), ["web", "job", "db", "app"]);
        assert_eq!(names(first.turned(ContainerColumn::Uptime), Grouping::None)[0], "job");
    }
}
