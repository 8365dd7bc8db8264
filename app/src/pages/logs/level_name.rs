//! The names of levels, and the groups that readers choose among.

use common::logs::LogLevel;

/// The level of a name, in any case of its letters.
pub(super) fn named(word: &str) -> Option<LogLevel> {
    const NAMES: [(&str, LogLevel); 24] = [
        ("emergency", LogLevel::Emergency),
        ("emerg", LogLevel::Emergency),
        ("alert", LogLevel::Alert),
        ("critical", LogLevel::Critical),
        ("crit", LogLevel::Critical),
        ("fatal", LogLevel::Critical),
        ("panic", LogLevel::Critical),
        ("error", LogLevel::Error),
        ("err", LogLevel::Error),
        ("eror", LogLevel::Error),
        ("severe", LogLevel::Error),
        ("warning", LogLevel::Warning),
        ("warn", LogLevel::Warning),
        ("wrn", LogLevel::Warning),
        ("notice", LogLevel::Notice),
        ("info", LogLevel::Info),
        ("inf", LogLevel::Info),
        ("information", LogLevel::Info),
        ("informational", LogLevel::Info),
        ("debug", LogLevel::Debug),
        ("dbg", LogLevel::Debug),
        ("trace", LogLevel::Debug),
        ("trc", LogLevel::Debug),
        ("verbose", LogLevel::Debug),
    ];
    NAMES.iter().find(|(name, _)| word.eq_ignore_ascii_case(name)).map(|(_, level)| *level)
}

/// The four that a reader chooses among and sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum LevelGroup {
    Error,
    Warning,
    Info,
    Debug,
}

impl LevelGroup {
    pub(super) fn of(level: LogLevel) -> Self {
        match level {
            LogLevel::Emergency | LogLevel::Alert | LogLevel::Critical | LogLevel::Error => Self::Error,
            LogLevel::Warning => Self::Warning,
            LogLevel::Notice | LogLevel::Info => Self::Info,
            LogLevel::Debug => Self::Debug,
        }
    }
}
