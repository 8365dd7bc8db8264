//! Begins to measure this machine.

use std::sync::Arc;

use collect::{CollectorSettings, RunningCollector, SampleSink};

/// Begins to measure for a sink.
///
/// # Errors
/// When there is no thread to be had.
pub(super) fn begin(
    settings: CollectorSettings,
    sink: Arc<dyn SampleSink>,
) -> anyhow::Result<RunningCollector> {
    let parts = collect::parts(&settings);
    Ok(collect::start(settings, &parts, sink)?)
}
