//! The sink of what an engine's containers do: the log and the page's table at a server, lines of a report at an agent.

use std::{sync::Arc, time::Duration};

use common::container::{ContainerNews, ContainersUsage};
use container_engine::EventTime;
use fanout::Clock;

/// Takes what happens to containers, once the table has it.
pub(crate) trait NewsSink: Clone + Send + Sync + 'static {
    /// Returns the clock of this machine.
    fn clock(&self) -> &Arc<dyn Clock>;

    /// Returns the last event that was told: the engine is asked for all that came after it.
    fn last_told(&self) -> Option<EventTime>;

    /// Tells news.
    fn tell(&self, news: ContainerNews) -> impl Future<Output = ()> + Send;

    /// Tells the differences of the engine's whole list to what was known before.
    fn tell_list(&self, changes: Vec<ContainerNews>) -> impl Future<Output = ()> + Send;
}

/// Takes what containers use.
pub(crate) trait UsageSink: Send + Sync {
    /// The time from one point of the last hour to the next.
    const STEP: Duration;

    /// Returns the present moment by the wall clock, milliseconds since 1970.
    fn now_ms(&self) -> u64;

    /// Says if someone looks at the usage now.
    fn is_watched(&self) -> bool;

    /// Tells what containers use now.
    fn tell_usage(&self, usage: ContainersUsage);

    /// Keeps what containers have used over one step.
    fn keep_usage(&self, usage: ContainersUsage);
}
