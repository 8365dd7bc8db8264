//! The lines of a report that say something of containers in their order.

use common::container::{ContainerInfo, ContainerNews, EngineStatus};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A part of the whole list of containers. The last part puts the list in the place of all that was known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct ContainerListPart {
    /// The run of the agent that has written the line.
    pub(crate) run: u64,
    /// The number of the line in that run: lines of containers come in its order, and each counts once.
    pub(crate) number: u64,
    /// The number of this part, from 0.
    pub(crate) part: u32,
    /// The number of parts.
    pub(crate) parts: u32,
    /// The container engine.
    pub(crate) engine: EngineStatus,
    /// The containers of this part.
    pub(crate) containers: Vec<ContainerInfo>,
}

/// News of containers, as on the topic `docker/<host>`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct NumberedNews {
    /// The run of the agent that has written the line.
    pub(crate) run: u64,
    /// The number of the line in that run.
    pub(crate) number: u64,
    /// The news.
    pub(crate) news: ContainerNews,
}
