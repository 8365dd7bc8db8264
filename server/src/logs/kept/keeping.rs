//! Which containers' lines are kept.

use container_engine::Container;

use crate::logs::settings::KeptContainers;

/// The label by which a container says so.
const LABEL: &str = "pulseboard.logs.keep";

impl KeptContainers {
    /// Reports that this container's lines are kept.
    pub(super) fn keeps(self, container: &Container) -> bool {
        let label = container.labels.get(LABEL).map(String::as_str);
        match self {
            Self::Off => false,
            Self::Labelled => label == Some("true"),
            Self::All => label != Some("false"),
        }
    }
}
