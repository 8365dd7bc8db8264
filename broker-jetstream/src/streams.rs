//! The streams: what they are to be, and whether what stands there is ours.

use std::{collections::HashMap, time::Duration};

use async_nats::jetstream::{
    Context,
    stream::{Config, DiscardPolicy, Info, StorageType},
};
use broker::BrokerError;
use serde::Deserialize;
use tokio::time::{Instant, sleep};

use crate::{
    api::{self, ApiError, code},
    message::FORMAT,
    settings::JetStreamSettings,
    subjects::{Names, SubjectKind},
};

/// Marks a stream as ours, with its format.
const MARK: &str = "pulseboard-format";
/// Servers of a cluster that starts learn of each other one by one, and 2.10 says the same words of a server that is away as of one that
/// never was. On 2.10 that was seen to take 37 s.
const PATIENCE_FOR_PEERS: Duration = Duration::from_secs(40);
const BETWEEN_TRIES: Duration = Duration::from_millis(250);

fn config(name: &str, settings: &JetStreamSettings, subjects: Vec<String>, storage: StorageType) -> Config {
    Config {
        name: name.to_owned(),
        subjects,
        storage,
        num_replicas: settings.replicas,
        discard: DiscardPolicy::Old,
        description: Some("Made by Pulseboard, which alone may write here.".to_owned()),
        metadata: HashMap::from([(MARK.to_owned(), FORMAT.to_string())]),
        allow_direct: true,
        ..Config::default()
    }
}

/// The stream of `Log` topics. Entries that are past their age are purged by the nodes, whose indexes stay true so, and not by the
/// server, which could do that from 2.11 on.
pub(crate) fn log(settings: &JetStreamSettings, names: &Names) -> Config {
    Config {
        max_bytes: max_bytes(settings),
        duplicate_window: settings.duplicate_window,
        ..config(
            &names.log,
            settings,
            vec![names.all(SubjectKind::Entry), names.all(SubjectKind::Removal)],
            StorageType::File,
        )
    }
}

/// The bound of the stream of `Log` topics as NATS has it: -1 for none.
pub(crate) fn max_bytes(settings: &JetStreamSettings) -> i64 {
    settings.max_bytes.map_or(-1, |bytes| i64::try_from(bytes).unwrap_or(i64::MAX))
}

/// The stream of `Latest` topics, whose first value gets the number `first`.
pub(crate) fn latest(settings: &JetStreamSettings, names: &Names, first: u64) -> Config {
    Config {
        max_messages_per_subject: 1,
        first_sequence: Some(first),
        ..config(&names.latest, settings, vec![names.all(SubjectKind::Value)], StorageType::Memory)
    }
}

/// The stream of the log's own data.
pub(crate) fn meta(settings: &JetStreamSettings, names: &Names) -> Config {
    Config {
        max_messages_per_subject: 1,
        ..config(&names.meta, settings, vec![format!("{}.meta", names.prefix)], StorageType::File)
    }
}

/// Returns the state of a stream, none where it does not exist.
pub(crate) async fn info(context: &Context, name: &str) -> Result<Option<Info>, BrokerError> {
    match api::ask(context, format!("STREAM.INFO.{name}"), &()).await {
        Ok(info) => Ok(Some(info)),
        Err(error) if error.is(code::STREAM_NOT_FOUND) => Ok(None),
        Err(error) => Err(explain(name, &error)),
    }
}

/// Returns a server's time, milliseconds since 1970; none where it does not tell it.
pub(crate) async fn server_time(context: &Context, name: &str) -> Option<u64> {
    let InfoTime { ts } = api::ask(context, format!("STREAM.INFO.{name}"), &()).await.ok()?;
    let told = async_nats::datetime::parse_rfc3339(&ts?).ok()?;
    u64::try_from(told.unix_timestamp_nanos() / 1_000_000).ok()
}

#[derive(Deserialize)]
struct InfoTime {
    ts: Option<String>,
}

/// Returns the state of a stream, which is made where it does not exist.
pub(crate) async fn ensure(context: &Context, config: &Config) -> Result<Info, BrokerError> {
    let name = &config.name;
    let found = match info(context, name).await? {
        Some(info) => info,
        None => match create(context, config).await {
            Ok(info) => info,
            // Another node made it in this moment, with another first number.
            Err(error) if error.is(code::NAME_IN_USE) => {
                info(context, name).await?.ok_or_else(|| explain(name, &error))?
            }
            Err(error) => return Err(explain(name, &error)),
        },
    };
    check(&found.config, config)?;
    Ok(found)
}

/// Makes a stream. It waits a while for the servers that are to hold it.
async fn create(context: &Context, config: &Config) -> Result<Info, ApiError> {
    let began = Instant::now();
    loop {
        let made = api::ask(context, format!("STREAM.CREATE.{}", config.name), config).await;
        match made {
            Err(error) if error.is(code::NO_SUITABLE_PEERS) && began.elapsed() < PATIENCE_FOR_PEERS => {
                tracing::debug!(stream = config.name, %error, "NATS has too few servers yet");
                sleep(BETWEEN_TRIES).await;
            }
            made => return made,
        }
    }
}

fn check(found: &Config, wanted: &Config) -> Result<(), BrokerError> {
    let name = &wanted.name;
    let unusable = |text: String| Err(BrokerError::Unusable(text));
    let Some(format) = found.metadata.get(MARK) else {
        return unusable(format!(
            "the stream {name} at NATS was not made by Pulseboard: set another `prefix`, or remove that stream"
        ));
    };
    if format.parse::<u32>().map_or(true, |format| format > FORMAT) {
        return unusable(format!(
            "the stream {name} at NATS has format {format}, and this release reads up to {FORMAT}: update this node"
        ));
    }
    if found.subjects != wanted.subjects || found.storage != wanted.storage {
        return unusable(format!(
            "the stream {name} at NATS has the subjects {:?} and {:?} storage where {:?} and {:?} belong: it was changed by hand; \
             change it back, or set another `prefix`",
            found.subjects, found.storage, wanted.subjects, wanted.storage
        ));
    }
    Ok(())
}

/// Says what an operator can do about it.
fn explain(name: &str, error: &ApiError) -> BrokerError {
    match error {
        // Peers that are down may come back.
        ApiError::Refused { code: code::NO_SUITABLE_PEERS, description }
            if description.contains("offline") =>
        {
            BrokerError::Unavailable(format!("NATS cannot hold the stream {name} now: {error}"))
        }
        ApiError::Refused { code: code::NO_SUITABLE_PEERS | 10074, .. } => BrokerError::Unusable(format!(
            "NATS cannot hold the stream {name}: {error}; `replicas` asks for as many servers with JetStream in one cluster"
        )),
        ApiError::Refused { code: code::INSUFFICIENT_RESOURCES | code::STORAGE_EXCEEDED, .. } => {
            BrokerError::Unusable(format!(
                "NATS has no room for the stream {name}: {error}; raise `max_file_store` or `max_memory_store` there, or lower \
                 `max_bytes` here"
            ))
        }
        ApiError::Refused { code: 10052 | 10065, .. } => BrokerError::Unusable(format!(
            "NATS does not make the stream {name}: {error}; another stream has these subjects: set another `prefix`"
        )),
        _ => BrokerError::Unavailable(format!("the stream {name} at NATS: {error}")),
    }
}
