//! The choice of a reader: which rows are shown, in which order and under which headings. The script does the same in the browser.

use common::{door::paths, host_labels::HostLabels, host_status::HostLiveness};

use super::{host::HostRow, natural};
use crate::{door::form::percent_encoded, pages::plain_text};

/// An agent that was heard so lately is heard now, milliseconds.
pub(super) const LATELY: u64 = 10_000;
/// Nobody types more into the filter.
const LONGEST: usize = 200;

/// The order of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HostOrder {
    State,
    Name,
    Cpu,
    Memory,
    Disk,
    Network,
    Uptime,
    Heard,
}

impl HostOrder {
    /// Every order, as the columns stand.
    pub(super) const ALL: [Self; 8] = [
        Self::State,
        Self::Name,
        Self::Cpu,
        Self::Memory,
        Self::Disk,
        Self::Network,
        Self::Uptime,
        Self::Heard,
    ];

    /// Its name in the address.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Name => "name",
            Self::Cpu => "cpu",
            Self::Memory => "memory",
            Self::Disk => "disk",
            Self::Network => "network",
            Self::Uptime => "uptime",
            Self::Heard => "heard",
        }
    }

    /// Returns true if the largest comes first, unless the reader turns it round.
    pub(super) const fn falls(self) -> bool {
        !matches!(self, Self::State | Self::Name)
    }
}

/// The choice of a reader: the query of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostsChoice {
    pub(super) filter: String,
    pub(super) order: HostOrder,
    pub(super) falls: bool,
    pub(super) group: Option<String>,
}

impl Default for HostsChoice {
    fn default() -> Self {
        Self::of_query("", "", "", "")
    }
}

/// A row, and its place in the order of names.
#[derive(Debug)]
pub(super) struct ArrangedRow {
    pub(super) row: HostRow,
    pub(super) rank: usize,
    pub(super) is_shown: bool,
}

/// Rows under one heading.
#[derive(Debug)]
pub(super) struct HostGroup {
    /// The heading: a label's key, and its value where the rows have one. None where nothing is grouped.
    pub(super) heading: Option<(String, Option<String>)>,
    pub(super) rows: Vec<ArrangedRow>,
}

impl HostsChoice {
    /// Reads the parts of a query; what makes no sense is as if it were not there.
    #[must_use]
    pub fn of_query(filter: &str, sort: &str, dir: &str, group: &str) -> Self {
        let order = HostOrder::ALL.into_iter().find(|order| order.name() == sort).unwrap_or(HostOrder::Name);
        let falls = match dir {
            "asc" => false,
            "desc" => true,
            _ => order.falls(),
        };
        let group = HostLabels::is_key(group).then(|| group.to_owned());
        Self { filter: filter.chars().take(LONGEST).collect(), order, falls, group }
    }

    /// The address of the page in this order; a second time it is turned round.
    pub(super) fn address(&self, order: HostOrder) -> String {
        let turned = order == self.order && self.falls == order.falls();
        let dir = match (turned, order.falls()) {
            (false, _) => "",
            (true, false) => "desc",
            (true, true) => "asc",
        };
        let pairs = [
            ("q", self.filter.as_str()),
            ("sort", order.name()),
            ("dir", dir),
            ("group", self.group.as_deref().unwrap_or_default()),
        ];
        let given = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        let query: Vec<String> =
            given.map(|(name, value)| [name, "=", &percent_encoded(value)].concat()).collect();
        [paths::HOSTS, "?", &query.join("&")].concat()
    }

    /// Puts rows into their order and under their headings.
    pub(super) fn arrange(&self, mut rows: Vec<HostRow>, now_ms: u64) -> Vec<HostGroup> {
        // This machine is always first by name.
        rows.sort_by(|a, b| {
            let is_other = |row: &HostRow| row.agent.is_some();
            let by_name = || natural::compare(a.info.id.as_str(), b.info.id.as_str());
            is_other(a).cmp(&is_other(b)).then_with(by_name)
        });
        let words: Vec<String> = self.filter.to_lowercase().split_whitespace().map(str::to_owned).collect();
        let mut rows: Vec<ArrangedRow> = rows
            .into_iter()
            .enumerate()
            .map(|(rank, row)| {
                let text = search_text(&row);
                let is_shown = words.iter().all(|word| text.contains(word.as_str()));
                ArrangedRow { row, rank, is_shown }
            })
            .collect();
        rows.sort_by(|a, b| {
            let order = match (self.value(a, now_ms), self.value(b, now_ms)) {
                (Some(a), Some(b)) if self.falls => b.total_cmp(&a),
                (Some(a), Some(b)) => a.total_cmp(&b),
                // The unknown is last in both directions.
                (a, b) => b.is_some().cmp(&a.is_some()),
            };
            order.then(a.rank.cmp(&b.rank))
        });
        self.grouped(rows)
    }

    fn grouped(&self, rows: Vec<ArrangedRow>) -> Vec<HostGroup> {
        let has = |key: &&String| rows.iter().any(|row| row.row.labels.get(key).is_some());
        let Some(key) = self.group.as_ref().filter(has) else {
            return vec![HostGroup { heading: None, rows }];
        };
        let mut groups: Vec<HostGroup> = Vec::new();
        for row in rows {
            let value = row.row.labels.get(key).map(|value| plain_text(value).into_owned());
            let heading = Some((key.clone(), value));
            match groups.iter_mut().find(|group| group.heading == heading) {
                Some(group) => group.rows.push(row),
                None => groups.push(HostGroup { heading, rows: vec![row] }),
            }
        }
        let value = |group: &HostGroup| group.heading.clone().and_then(|(_, value)| value);
        groups.sort_by(|a, b| match (value(a), value(b)) {
            (Some(a), Some(b)) => natural::compare(&a, &b),
            (a, b) => b.is_some().cmp(&a.is_some()),
        });
        groups
    }

    fn value(&self, row: &ArrangedRow, now_ms: u64) -> Option<f64> {
        let status = &row.row.status;
        match self.order {
            HostOrder::Name => Some(row.rank as f64),
            HostOrder::State => Some(match status.state {
                HostLiveness::Offline => 0.0,
                HostLiveness::Never => 1.0,
                HostLiveness::Online => 2.0,
                HostLiveness::Local => 3.0,
            }),
            HostOrder::Cpu => status.cpu,
            HostOrder::Memory => status.memory,
            HostOrder::Disk => status.disk,
            HostOrder::Network => match (status.received, status.sent) {
                (None, None) => None,
                (received, sent) => Some(received.unwrap_or(0.0) + sent.unwrap_or(0.0)),
            },
            HostOrder::Uptime => status.uptime,
            HostOrder::Heard => Some(match (status.state, status.heard_ms) {
                (HostLiveness::Local, _) => 0.0,
                // Those that are heard now are equal: they do not change places at each report.
                (_, Some(at)) if now_ms.saturating_sub(at) < LATELY => 0.0,
                (_, Some(at)) => now_ms.saturating_sub(at) as f64,
                (_, None) => f64::INFINITY,
            }),
        }
    }
}

/// The text in which words are looked for: the name, the machine's own name, its system and its labels.
pub(super) fn search_text(row: &HostRow) -> String {
    let mut text = [row.info.id.as_str(), " ", &row.info.hostname].concat();
    if let Some(os) = &row.info.os {
        text.push(' ');
        text.push_str(os);
    }
    for (key, value) in row.labels.iter() {
        text.extend([" ", key, "=", value]);
    }
    plain_text(&text.to_lowercase()).into_owned()
}

#[cfg(test)]
mod tests {
    use common::{host::HostInfo, host_status::HostStatus};

    use super::*;
    use crate::door::hosts::host::HostAgent;

    fn row(id: &str, cpu: Option<f64>, labels: &[&str]) -> HostRow {
        let id: common::host::HostId = id.parse().expect("a name");
        let is_local = id.as_str() == "local";
        let info = HostInfo {
            hostname: format!("{id}.example"),
            id: id.clone(),
            os: Some("Debian GNU/Linux 12".into()),
            kernel: None,
            cpu_model: None,
            cores: 4,
            fast_ms: 1_000,
            slow_ms: 2_000,
        };
        let status = HostStatus {
            id,
            state: if is_local { HostLiveness::Local } else { HostLiveness::Online },
            cpu,
            memory: None,
            disk: None,
            received: None,
            sent: None,
            uptime: None,
            heard_ms: None,
            ahead_ms: 0,
        };
        let agent = (!is_local).then_some(HostAgent {
            number: 1,
            version: None,
            transport: None,
            has_containers: false,
        });
        let labels = HostLabels::from_pairs(labels.iter().copied()).expect("labels");
        HostRow { info, labels, agent, status }
    }

    fn ids(groups: &[HostGroup]) -> Vec<String> {
        let shown = groups.iter().flat_map(|group| &group.rows).filter(|row| row.is_shown);
        shown.map(|row| row.row.info.id.to_string()).collect()
    }

    fn all() -> Vec<HostRow> {
        vec![
            row("web-10", Some(5.0), &["role=web", "site=서울"]),
            row("db-1", None, &["role=db"]),
            row("web-2", Some(50.0), &["role=web"]),
            row("local", Some(20.0), &[]),
        ]
    }

    fn arranged(filter: &str, sort: &str, dir: &str, group: &str) -> Vec<String> {
        ids(&HostsChoice::of_query(filter, sort, dir, group).arrange(all(), 0))
    }

    #[test]
    fn rows_are_sorted_and_the_unknown_is_last() {
        assert_eq!(arranged("", "", "", ""), ["local", "db-1", "web-2", "web-10"]);
        assert_eq!(arranged("", "cpu", "", ""), ["web-2", "local", "web-10", "db-1"]);
        assert_eq!(arranged("", "cpu", "asc", ""), ["web-10", "local", "web-2", "db-1"]);
        assert_eq!(arranged("", "no such", "no such", "NO"), ["local", "db-1", "web-2", "web-10"]);
    }

    #[test]
    fn each_word_of_the_filter_must_match() {
        assert_eq!(arranged("WEB debian", "", "", ""), ["web-2", "web-10"]);
        assert_eq!(arranged("web site=서울", "", "", ""), ["web-10"]);
        assert_eq!(arranged(" example  -1 ", "", "", ""), ["db-1", "web-10"]);
        assert_eq!(arranged("nobody", "", "", ""), [""; 0]);
    }

    #[test]
    fn groups_stand_by_value_and_those_without_are_last() {
        assert_eq!(arranged("", "cpu", "", "role"), ["db-1", "web-2", "web-10", "local"]);
        let headings = |group: &str| -> Vec<_> {
            let groups = HostsChoice::of_query("", "", "", group).arrange(all(), 0);
            groups.into_iter().map(|group| group.heading.and_then(|(_, value)| value)).collect()
        };
        assert_eq!(headings("role"), [Some("db".to_owned()), Some("web".to_owned()), None]);
        assert_eq!(headings("rack"), [None], "no host has it");
    }

    #[test]
    fn the_address_of_an_order_keeps_the_rest_and_turns_round_the_second_time() {
        let choice = HostsChoice::of_query("a&b 서", "cpu", "", "role");
        assert_eq!(choice.address(HostOrder::Cpu), "/hosts?q=a%26b%20%EC%84%9C&sort=cpu&dir=asc&group=role");
        assert_eq!(choice.address(HostOrder::Name), "/hosts?q=a%26b%20%EC%84%9C&sort=name&group=role");
        let turned = HostsChoice::of_query("", "cpu", "asc", "");
        assert_eq!(turned.address(HostOrder::Cpu), "/hosts?sort=cpu");
        assert_eq!(HostsChoice::default().address(HostOrder::Name), "/hosts?sort=name&dir=desc");
    }
}
