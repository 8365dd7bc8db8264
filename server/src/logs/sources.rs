//! The sources of lines that this host has.

use std::sync::Arc;

use common::{
    host::HostId,
    logs::{LogSource, LogSourceList},
};

use fanout::Clock;

use super::{
    container::ContainerLines,
    error::LogsError,
    file::{FileLines, ReadTimes},
    journal::{Journal, JournalLines},
    settings::LogSourceSettings,
    source::LineSource,
};
use crate::containers::EngineDoor;

/// The sources of lines that this host has; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct HostSources {
    engine: EngineDoor,
    settings: Arc<LogSourceSettings>,
    times: ReadTimes,
}

impl HostSources {
    /// # Errors
    /// When the settings cannot be used.
    pub(super) fn new(
        engine: EngineDoor,
        settings: &LogSourceSettings,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        settings.check()?;
        Ok(Self { engine, settings: Arc::new(settings.clone()), times: ReadTimes::new(clock) })
    }

    /// Lists those that are no containers.
    pub(super) async fn list(&self, host: HostId) -> LogSourceList {
        let journal = self.journal().await.is_ok();
        LogSourceList { host, journal, files: self.settings.files.keys().cloned().collect() }
    }

    async fn journal(&self) -> Result<Journal, LogsError> {
        let settings = Arc::clone(&self.settings);
        // It asks disks.
        let found = tokio::task::spawn_blocking(move || Journal::find(&settings)).await;
        let found = found.unwrap_or(Err("the search for it has failed"));
        found.map_err(|why| LogsError::NoSource(format!("systemd's journal cannot be read here: {why}")))
    }

    /// Finds each of these.
    ///
    /// # Errors
    /// When one of them is not there, or cannot be read now.
    pub(super) async fn find(&self, wanted: &[LogSource]) -> Result<Vec<Arc<dyn LineSource>>, LogsError> {
        let mut found: Vec<Arc<dyn LineSource>> = Vec::with_capacity(wanted.len());
        for source in wanted {
            found.push(match source {
                LogSource::Container(id) => Arc::new(ContainerLines::find(&self.engine, id).await?),
                LogSource::Journal(unit) => {
                    Arc::new(JournalLines::new(self.journal().await?, unit.as_deref()))
                }
                LogSource::File(name) => {
                    let path = self.settings.files.get(name).cloned();
                    let path =
                        path.ok_or_else(|| LogsError::NoSource(format!("the settings name no file {name}")))?;
                    Arc::new(FileLines::find(name, path, self.times.clone()).await?)
                }
            });
        }
        Ok(found)
    }
}
