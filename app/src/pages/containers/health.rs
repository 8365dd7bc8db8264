//! Judges a container: how much it needs someone, and the word for its state.

use common::container::{ContainerInfo, Happening};

use super::words::ContainersWords;

/// The urgency with which something needs someone to look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Severity {
    Critical,
    Warning,
    Fine,
    /// It does not run, and that is as it should be.
    Idle,
}

impl Severity {
    /// The name for the stylesheet.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Critical => "crit",
            Self::Warning => "warn",
            Self::Fine => "ok",
            Self::Idle => "idle",
        }
    }

    /// The mark that says it without a colour.
    pub(super) fn mark(self) -> &'static str {
        match self {
            Self::Critical | Self::Warning => "▲",
            Self::Fine => "●",
            Self::Idle => "○",
        }
    }
}

/// Judges a container, and says its state in a word or two.
pub(super) fn judge(one: &ContainerInfo, words: &ContainersWords) -> (Severity, String) {
    let plain = |severity, word: &str| (severity, word.to_owned());
    if one.is_looping {
        return plain(Severity::Critical, words.restart_loop);
    }
    match (&*one.state, one.health.as_deref()) {
        ("running", Some("unhealthy")) => plain(Severity::Critical, words.unhealthy),
        ("running", Some("starting")) => plain(Severity::Fine, words.health_starting),
        ("running", Some("healthy")) => plain(Severity::Fine, words.healthy),
        ("running", _) => plain(Severity::Fine, words.running),
        ("paused", _) => plain(Severity::Warning, words.paused),
        ("restarting", _) => plain(Severity::Critical, words.restarting),
        ("created", _) if one.error.is_some() => plain(Severity::Critical, words.not_started),
        ("created", _) => plain(Severity::Idle, words.created),
        ("exited" | "stopped" | "dead", _) if one.oom_killed && one.exit_code != Some(0) => {
            plain(Severity::Critical, words.out_of_memory)
        }
        ("exited" | "stopped", _) => match one.exit_code {
            // Someone stopped it, or it heeded a plain request to end: 128 and the signal's number.
            None | Some(0 | 130 | 143) => plain(Severity::Idle, words.exited),
            Some(code) => (Severity::Warning, [words.exited, " (", &code.to_string(), ")"].concat()),
        },
        ("dead", _) => plain(Severity::Critical, words.dead),
        ("removing", _) => plain(Severity::Idle, words.removing),
        (other, _) => plain(Severity::Warning, other),
    }
}

/// Judges something that happened.
pub(super) fn judge_event(what: Happening, exit_code: Option<i64>) -> Severity {
    match what {
        Happening::OutOfMemory | Happening::Unhealthy | Happening::RestartLoop => Severity::Critical,
        Happening::Ended if !matches!(exit_code, None | Some(0 | 130 | 143)) => Severity::Warning,
        Happening::Started | Happening::Healthy | Happening::Unpaused => Severity::Fine,
        _ => Severity::Idle,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;

    fn of(state: &str, change: impl FnOnce(&mut ContainerInfo)) -> (Severity, String) {
        let mut one = ContainerInfo { state: state.into(), ..ContainerInfo::default() };
        change(&mut one);
        judge(&one, ContainersWords::of(Language::En))
    }

    #[test]
    fn what_needs_someone_is_told_apart_from_what_is_as_it_should_be() {
        let is = |severity, word: &str| (severity, word.to_owned());
        assert_eq!(of("running", |_| ()), is(Severity::Fine, "Running"));
        assert_eq!(
            of("running", |one| one.health = Some("unhealthy".into())),
            is(Severity::Critical, "Unhealthy")
        );
        assert_eq!(of("exited", |one| one.exit_code = Some(0)), is(Severity::Idle, "Exited"));
        assert_eq!(of("exited", |one| one.exit_code = Some(143)), is(Severity::Idle, "Exited"));
        assert_eq!(of("exited", |one| one.exit_code = Some(3)), is(Severity::Warning, "Exited (3)"));
        assert_eq!(of("stopped", |one| one.exit_code = Some(137)), is(Severity::Warning, "Exited (137)"));
        let killed = |one: &mut ContainerInfo| (one.oom_killed, one.exit_code) = (true, Some(137));
        assert_eq!(of("exited", killed), is(Severity::Critical, "Out of memory"));
        assert_eq!(of("running", |one| one.is_looping = true), is(Severity::Critical, "Restart loop"));
        assert_eq!(
            of("created", |one| one.error = Some("no such file".into())),
            is(Severity::Critical, "Could not start")
        );
        assert_eq!(of("created", |_| ()), is(Severity::Idle, "Created"));
        assert_eq!(
            of("stopping", |_| ()),
            is(Severity::Warning, "stopping"),
            "a word that is not known is told"
        );
    }

    #[test]
    fn the_worst_comes_first() {
        let mut all = [Severity::Idle, Severity::Fine, Severity::Critical, Severity::Warning];
        all.sort();
        assert_eq!(all, [Severity::Critical, Severity::Warning, Severity::Fine, Severity::Idle]);
    }
}
