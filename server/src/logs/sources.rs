//! The sources of lines that this host has.

use std::sync::Arc;

use common::{
    host::HostId,
    logs::{LogSource, LogSourceList},
};

use super::{container::ContainerLines, error::LogsError, settings::LogSourceSettings, source::LineSource};
use crate::containers::EngineDoor;

/// The sources of lines that this host has; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct HostSources {
    engine: EngineDoor,
    settings: Arc<LogSourceSettings>,
}

impl HostSources {
    /// # Errors
    /// When the settings cannot be used.
    pub(super) fn new(engine: EngineDoor, settings: &LogSourceSettings) -> anyhow::Result<Self> {
        settings.check()?;
        Ok(Self { engine, settings: Arc::new(settings.clone()) })
    }

    /// Lists those that are no containers.
    pub(super) async fn list(&self, host: HostId) -> LogSourceList {
        LogSourceList { host, journal: false, files: self.settings.files.keys().cloned().collect() }
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
                LogSource::Journal(_) => {
                    return Err(LogsError::NoSource("the journal cannot be read".to_owned()));
                }
                LogSource::File(name) => {
                    return Err(LogsError::NoSource(format!("the settings name no file {name}")));
                }
            });
        }
        Ok(found)
    }
}
