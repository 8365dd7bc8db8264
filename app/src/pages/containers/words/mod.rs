//! The texts of the page of containers, which only its piece brings.

mod en;
mod ko;

use crate::i18n::words;

/// Every text of the page in one language.
#[derive(Debug)]
pub struct ContainersWords {
    /// The table, for screen readers.
    pub table: &'static str,
    /// An engine whose name is not known.
    pub engine: &'static str,
    /// There is no engine.
    pub engine_off: &'static str,
    /// It was never reached yet.
    pub engine_connecting: &'static str,
    /// Advice where there is no engine.
    pub off_hint: &'static str,
    /// The list did not come.
    pub failed: &'static str,
    /// The list may be old.
    pub old: &'static str,
    /// There are none.
    pub nothing: &'static str,
    /// The filter matches none.
    pub nothing_found: &'static str,
    /// Field.
    pub find: &'static str,
    /// Explains the field.
    pub find_hint: &'static str,
    /// The choice of groups, for screen readers.
    pub grouping: &'static str,
    /// Choice.
    pub no_groups: &'static str,
    /// Choice.
    pub by_project: &'static str,
    /// The group of those without a project.
    pub no_project: &'static str,
    /// Column.
    pub state: &'static str,
    /// Column.
    pub name: &'static str,
    /// Column.
    pub image: &'static str,
    /// Column.
    pub cpu: &'static str,
    /// Explains the column.
    pub cpu_hint: &'static str,
    /// Column.
    pub memory: &'static str,
    /// Explains the column.
    pub memory_hint: &'static str,
    /// Column.
    pub network: &'static str,
    /// Explains the column.
    pub network_hint: &'static str,
    /// Column.
    pub disk: &'static str,
    /// Explains the column.
    pub disk_hint: &'static str,
    /// Column.
    pub restarts: &'static str,
    /// Column.
    pub uptime: &'static str,
    /// Column.
    pub ports: &'static str,
    /// State.
    pub running: &'static str,
    /// State.
    pub healthy: &'static str,
    /// State.
    pub unhealthy: &'static str,
    /// State: the first check has not passed yet.
    pub health_starting: &'static str,
    /// State.
    pub paused: &'static str,
    /// State.
    pub restarting: &'static str,
    /// State.
    pub restart_loop: &'static str,
    /// State.
    pub not_started: &'static str,
    /// State.
    pub created: &'static str,
    /// State.
    pub out_of_memory: &'static str,
    /// State.
    pub exited: &'static str,
    /// State.
    pub dead: &'static str,
    /// State.
    pub removing: &'static str,
    /// The list of events.
    pub happened: &'static str,
    /// There are none.
    pub nothing_happened: &'static str,
    /// An event that the list told, later.
    pub late: &'static str,
    /// Event.
    pub was_created: &'static str,
    /// Event.
    pub was_started: &'static str,
    /// Event.
    pub ended: &'static str,
    /// Event.
    pub reached_memory: &'static str,
    /// Event.
    pub signalled: &'static str,
    /// Event.
    pub was_stopped: &'static str,
    /// Event.
    pub was_restarted: &'static str,
    /// Event.
    pub was_paused: &'static str,
    /// Event.
    pub was_unpaused: &'static str,
    /// Event.
    pub is_healthy: &'static str,
    /// Event.
    pub is_unhealthy: &'static str,
    /// Event.
    pub loops: &'static str,
    /// Event.
    pub renamed: &'static str,
    /// Event.
    pub was_removed: &'static str,
    /// Event, of an image.
    pub image_pulled: &'static str,
    /// The name of the links to the containers of each host.
    pub hosts: &'static str,
    /// The engine does not answer: its name, and for how long.
    pub engine_away: fn(&str, &str) -> String,
    /// The word for containers that are so, behind their number: `crit`, `warn`, `ok` or `idle`.
    pub count: fn(&str) -> &'static str,
    /// The number that is shown, of all.
    pub shown: fn(usize, usize) -> String,
    /// A moment so long ago.
    pub ago: fn(&str) -> String,
    /// A share of the cores that it may use.
    pub of_its_cores: fn(&str) -> String,
    /// Event, with the exit code.
    pub ended_with: fn(&str) -> String,
    /// Event, with the signal.
    pub ended_by: fn(&str) -> String,
    /// Event, with the signal.
    pub signalled_with: fn(&str) -> String,
    /// Event, with the name before.
    pub renamed_from: fn(&str) -> String,
    /// Events between two moments may be missing.
    pub unknown: fn(&str, &str) -> String,
}

words!(ContainersWords, en::EN, ko::KO);
