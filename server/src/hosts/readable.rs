//! The part of a host that a reader may read. Pages and REST tell what the topics of the host tell, and to the same readers.

use common::{
    Topic,
    history::{Columns, History, Rates},
    host::{HostId, HostSnapshot, Names},
    metric_catalog::MetricCatalog,
    panel::{Panel, Tier},
};

/// The topics of one host that a reader may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ReadableTopics {
    metrics: bool,
    system: bool,
    processes: bool,
}

impl ReadableTopics {
    pub(super) fn of(id: &HostId, may_read: &dyn Fn(&Topic) -> bool) -> Self {
        Self {
            metrics: may_read(&id.metrics_topic()),
            system: may_read(&id.system_topic()),
            processes: may_read(&id.processes_topic()),
        }
    }

    /// Reports that CPU, memory and disk may be read.
    pub(super) fn metrics(self) -> bool {
        self.metrics
    }

    /// Reports that the rest may be read.
    pub(super) fn system(self) -> bool {
        self.system
    }

    /// Reports that none of them may be read.
    pub(super) fn is_empty(self) -> bool {
        !(self.metrics || self.system || self.processes)
    }

    /// Leaves out what the other topics tell.
    pub(super) fn of_snapshot(self, snapshot: HostSnapshot) -> HostSnapshot {
        HostSnapshot {
            metrics: snapshot.metrics.filter(|_| self.metrics),
            system: snapshot.system.filter(|_| self.system),
            processes: snapshot.processes.filter(|_| self.processes),
            names: if self.system { snapshot.names } else { Names::default() },
            history: self.of_history(snapshot.history),
            ..snapshot
        }
    }

    /// Leaves out the trends of what the other topics tell.
    pub(super) fn of_history(self, history: History) -> History {
        let History { at, values, rates } = history;
        let (at, values) = if self.metrics { (at, values) } else { (Vec::new(), Columns::new()) };
        History { at, values, rates: if self.system { rates } else { Rates::default() } }
    }
}

/// The catalog for every set of topics, made once: a page has the panels whose topics its reader may read.
#[derive(Debug, Clone, Copy)]
pub(super) struct ReadableCatalogs {
    all: &'static MetricCatalog,
    fast: &'static MetricCatalog,
    slow: &'static MetricCatalog,
    none: &'static MetricCatalog,
}

impl ReadableCatalogs {
    /// Makes them for as long as the process lives.
    pub(super) fn new(all: &'static MetricCatalog) -> Self {
        let with = |tier: Option<Tier>| -> &'static MetricCatalog {
            let panels = all.panels.iter().filter(|panel| Some(panel.tier) == tier).copied();
            let panels: &'static [Panel] = panels.collect::<Vec<_>>().leak();
            Box::leak(Box::new(MetricCatalog { metrics: all.metrics, panels }))
        };
        Self { all, fast: with(Some(Tier::Fast)), slow: with(Some(Tier::Slow)), none: with(None) }
    }

    /// Every metric and panel.
    pub(super) fn all(self) -> &'static MetricCatalog {
        self.all
    }

    /// The panels for a reader of these topics.
    pub(super) fn of(self, topics: ReadableTopics) -> &'static MetricCatalog {
        match (topics.metrics, topics.system) {
            (true, true) => self.all,
            (true, false) => self.fast,
            (false, true) => self.slow,
            (false, false) => self.none,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hosts::catalog::served;

    fn readable(topics: &[&str]) -> ReadableTopics {
        ReadableTopics::of(&HostId::local(), &|topic| topics.contains(&topic.as_str()))
    }

    #[test]
    fn a_reader_of_one_topic_gets_its_trends_and_panels_alone() {
        let metrics = readable(&["host/local/metrics"]);
        assert!(!metrics.is_empty() && readable(&["host/other/metrics"]).is_empty());
        let column = || Columns::from([("x".into(), vec![Some(1.0)])]);
        let history =
            || History { at: vec![1], values: column(), rates: Rates { at: vec![2], values: column() } };
        let told = metrics.of_history(history());
        assert_eq!((told.at, told.values, told.rates), (vec![1], column(), Rates::default()));
        let told = readable(&["host/local/system"]).of_history(history());
        assert_eq!((told.at, told.values, told.rates), (vec![], Columns::new(), history().rates));
        let catalogs = ReadableCatalogs::new(served(&Default::default()));
        let fast = catalogs.of(metrics).panels;
        assert!(!fast.is_empty() && fast.iter().all(|panel| panel.tier == Tier::Fast));
        let slow = catalogs.of(readable(&["host/local/system"])).panels;
        assert_eq!(fast.len() + slow.len(), catalogs.all().panels.len());
        assert_eq!(catalogs.of(readable(&["host/local/processes"])).panels.len(), 0);
        let both = readable(&["host/local/system", "host/local/metrics"]);
        assert!(std::ptr::eq(catalogs.of(both), catalogs.all()));
    }
}
