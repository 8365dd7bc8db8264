//! The things that a watch tells.

use std::time::Duration;

use crate::{
    container::Container, error::EngineError, event::ContainerEvent, time::EventTime, version::EngineVersion,
};

/// Something that a watch tells.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "most reports are events, and few wait at once")]
pub enum WatchReport {
    /// The engine answers.
    Connected {
        /// Its version.
        version: EngineVersion,
    },
    /// The whole truth: after connecting, after a gap, and each half minute when something differs.
    Containers(Vec<Container>),
    /// Something became of a container.
    Event {
        /// The event.
        event: ContainerEvent,
        /// The container as it was after it; none when it is gone.
        container: Option<Container>,
    },
    /// An image was fetched.
    ImagePulled {
        /// The time.
        time: EventTime,
        /// The image's name.
        image: String,
    },
    /// Events between these times may be missing. The list, which follows, tells what came of them.
    Unknown {
        /// The time of the last event that was seen.
        from: EventTime,
        /// The time from which on none is missing.
        until: EventTime,
        /// The cause.
        why: GapCause,
    },
    /// The engine cannot be reached.
    Away {
        /// The cause, a plain sentence.
        why: EngineError,
        /// The time until the next attempt.
        next_try: Duration,
    },
}

/// The cause of a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GapCause {
    /// The engine does not remember back to the last event: it was restarted, or has had too many since. Docker keeps the last 256 of all
    /// sorts in memory.
    HistoryLost,
    /// More events came than could be taken in.
    Overflow,
}

impl GapCause {
    /// A short word for programs and translations.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::HistoryLost => "history_lost",
            Self::Overflow => "overflow",
        }
    }
}
