//! The texts of a container's page.

mod en;
mod ko;

use crate::i18n::words;

/// Every text of the page in one language.
#[derive(Debug)]
pub struct OneContainerWords {
    /// The name of one that is gone.
    pub removed_name: &'static str,
    /// It is gone.
    pub removed: &'static str,
    /// Of a container of another machine: where the rest of it is.
    pub elsewhere: &'static str,
    /// Link to its lines.
    pub lines: &'static str,
    /// Choice: the time that the charts show.
    pub span: &'static str,
    /// Choice.
    pub ten_minutes: &'static str,
    /// Choice.
    pub one_hour: &'static str,
    /// Line of a chart.
    pub received: &'static str,
    /// Line of a chart.
    pub sent: &'static str,
    /// Line of a chart.
    pub read: &'static str,
    /// Line of a chart.
    pub written: &'static str,
    /// Section.
    pub configuration: &'static str,
    /// The configuration did not come.
    pub not_loaded: &'static str,
    /// Below the configuration.
    pub masked: &'static str,
    /// Fact.
    pub id: &'static str,
    /// Fact.
    pub created: &'static str,
    /// Fact.
    pub command: &'static str,
    /// Fact.
    pub restart_policy: &'static str,
    /// Fact.
    pub memory_limit: &'static str,
    /// Fact.
    pub cpu_limit: &'static str,
    /// Fact.
    pub pids_limit: &'static str,
    /// Fact.
    pub network_mode: &'static str,
    /// Fact.
    pub health_check: &'static str,
    /// Fact.
    pub terminal: &'static str,
    /// Fact.
    pub mounts: &'static str,
    /// Fact.
    pub networks: &'static str,
    /// Fact.
    pub environment: &'static str,
    /// Fact.
    pub labels: &'static str,
    /// Value.
    pub no_limit: &'static str,
    /// Value.
    pub none: &'static str,
    /// Value.
    pub yes: &'static str,
    /// Value.
    pub no: &'static str,
    /// The question, for screen readers.
    pub question: &'static str,
    /// Button.
    pub cancel: &'static str,
    /// Button: `start`, `stop` or `restart`.
    pub action: fn(&str) -> &'static str,
    /// The question: the action and the container's name.
    pub ask: fn(&str, &str) -> String,
    /// The effect of an action.
    pub effect: fn(&str) -> &'static str,
    /// The engine is at it.
    pub asked: fn(&str) -> &'static str,
    /// It was not done.
    pub failed: fn(&str) -> &'static str,
    /// The cores that it may use.
    pub of_cores: fn(&str) -> String,
}

words!(OneContainerWords, en::EN, ko::KO);
