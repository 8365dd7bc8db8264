//! The live log: in the data folder, or at NATS where several nodes share it.

mod jetstream;
mod journal;
mod limits;
pub(crate) mod settings;

use std::{fs::DirBuilder, os::unix::fs::DirBuilderExt, sync::Arc};

use anyhow::Context;
use broker::{Broker, Clock, TopicPolicy};
use broker_journal::JournalBroker;
use fanout::{Hub, Settings};

use crate::config::Config;
use limits::{BYTES, TOPICS};

/// The log, and what only its engine can be asked for.
pub(crate) struct OpenLog {
    pub(crate) hub: Hub,
    /// The log in the data folder; none where several nodes share one.
    pub(crate) journal: Option<JournalBroker>,
}

/// Opens it, with these topics. `clock` is the clock of the whole process.
///
/// # Errors
/// When the data folder cannot be had or another server has it, or NATS cannot be reached or used.
pub(crate) async fn open(
    config: &Config,
    policies: Vec<TopicPolicy>,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<OpenLog> {
    let (broker, journal): (Arc<dyn Broker>, _) = match &config.broker.url {
        Some(url) => {
            // The journal makes it else; the operator's token and certificates stand there, too.
            let made = DirBuilder::new().recursive(true).mode(0o700).create(&config.data_dir);
            made.with_context(|| format!("cannot make the folder {}", config.data_dir.display()))?;
            (jetstream::open(url, &config.broker, policies.clone(), Arc::clone(&clock)).await?, None)
        }
        None => {
            let journal = journal::open(config, &policies, &clock)?;
            (Arc::new(journal.clone()), Some(journal))
        }
    };
    let settings = Settings {
        epoch: broker.head().epoch,
        clock,
        policies,
        publication_bytes: match config.limits.message_bytes {
            0 => usize::MAX,
            limit => limit,
        },
        topics_per_subscription: config.limits.topics_per_connection,
        topics: TOPICS,
        bytes: BYTES,
    };
    let hub = Hub::with_broker(settings, Arc::clone(&broker))?;
    if journal.is_none() {
        jetstream::read_up(&*broker).await?;
    }
    Ok(OpenLog { hub, journal })
}
