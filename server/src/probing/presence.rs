//! The reasons for which an agent asks nothing.

/// The reason for which nothing is known of a probe that an agent is to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ProbeAbsence {
    /// The agent is not heard.
    Away,
    /// It is of a version that asks no probes.
    TooOld(String),
    /// Its operator has turned probes off.
    Refuses,
    /// It has more probes than it can be given.
    TooMany,
    /// It is there, and has told nothing of this probe for long.
    Silent,
}

impl ProbeAbsence {
    /// The reason in a word for programs.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::Away => "agent_away",
            Self::TooOld(_) => "agent_too_old",
            Self::Refuses => "agent_refuses",
            Self::TooMany => "too_many_probes",
            Self::Silent => "agent_silent",
        }
    }

    /// The reason in a sentence.
    pub(crate) fn why(&self, host: &str) -> String {
        match self {
            Self::Away => format!("The agent of {host}, which asks this, is not heard."),
            Self::TooOld(version) => {
                format!("The agent of {host} is too old to ask probes: it is of version {version}.")
            }
            Self::Refuses => format!("The agent of {host} asks no probes: it was started with --no-probes."),
            Self::TooMany => format!("The agent of {host} has more probes than one agent asks."),
            Self::Silent => format!("The agent of {host} has told nothing of this for long."),
        }
    }
}
