//! Publications: each is sent, at one node after the other, until one says that it is stored.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use common::Cursor;
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::{
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{board::Addresses, plan::Log, support::try_post};

/// Publications on their way at once.
const AT_ONCE: usize = 8;
/// A node that is stopped answers nothing: then the next one is asked.
const ANSWER: Duration = Duration::from_secs(3);
/// NATS chooses a leader within seconds.
const PATIENCE: Duration = Duration::from_secs(120);

/// The time for which a custom topic keeps an entry, less what clocks and sweeps may differ by.
const KEPT_FOR: Duration = Duration::from_secs(10 * 60 - 10);

/// The publications that were acknowledged, and those that began.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// By number in the log.
    pub(crate) acknowledged: BTreeMap<Log, BTreeMap<u64, String>>,
    /// The moments at which publications to the custom topic began.
    pub(crate) began: Vec<Instant>,
}

impl Ledger {
    /// The greatest number that the custom topic may not have kept at a moment: none of what is behind it may be missing then.
    pub(crate) fn may_be_gone(&self, at: Instant) -> u64 {
        let Some(numbers) = self.acknowledged.get(&Log::Custom) else { return 0 };
        let begun = self.began.iter().filter(|began| **began <= at).count();
        let old = self.began.iter().filter(|began| **began + KEPT_FOR <= at).count();
        let gone = begun.saturating_sub(Log::CUSTOM_KEEPS).max(old);
        // They may be in another order than they began in: by as many as are on their way at once.
        gone.checked_sub(1)
            .and_then(|last| numbers.keys().nth(last + AT_ONCE).or(numbers.keys().last()))
            .copied()
            .unwrap_or(0)
    }
}

pub(crate) struct Publications {
    addresses: Addresses,
    pub(crate) ledger: Arc<Mutex<Ledger>>,
    under_way: JoinSet<Result<(), String>>,
    count: usize,
}

impl Publications {
    pub(crate) fn new(addresses: Addresses) -> Self {
        Self { addresses, ledger: Arc::default(), under_way: JoinSet::new(), count: 0 }
    }

    /// Begins a publication, once there is room; returns its id.
    pub(crate) async fn begin(&mut self, log: Log, node: usize) -> Result<String, String> {
        while self.under_way.len() >= AT_ONCE {
            self.one_ends().await?;
        }
        let id = format!("publication-{}", self.count);
        self.count += 1;
        if log == Log::Custom {
            self.ledger.lock().began.push(Instant::now());
        }
        self.under_way.spawn(publish(
            self.addresses.clone(),
            Arc::clone(&self.ledger),
            log,
            node,
            id.clone(),
        ));
        Ok(id)
    }

    /// Waits until all are stored.
    pub(crate) async fn all_end(&mut self) -> Result<(), String> {
        while !self.under_way.is_empty() {
            self.one_ends().await?;
        }
        Ok(())
    }

    async fn one_ends(&mut self) -> Result<(), String> {
        match self.under_way.join_next().await {
            Some(ended) => ended.unwrap_or_else(|error| Err(error.to_string())),
            None => Ok(()),
        }
    }
}

async fn publish(
    addresses: Addresses,
    ledger: Arc<Mutex<Ledger>>,
    log: Log,
    node: usize,
    id: String,
) -> Result<(), String> {
    let topic = log.topic();
    let (path, more, body) = match log {
        Log::Room => (
            "/live/send",
            String::new(),
            json!({ "id": id, "topic": topic, "data": { "name": "Kim", "text": id } }),
        ),
        Log::Custom => (
            "/api/v1/publish",
            format!("idempotency-key: {id}\r\n"),
            json!({ "topic": topic, "data": { "id": id } }),
        ),
    };
    let body = body.to_string();
    let mut last = String::new();
    let store = async {
        for attempt in 0.. {
            let to = addresses.of(node, attempt);
            match timeout(ANSWER, try_post(to, path, &more, &body)).await {
                Ok(Some((200, answer))) => return Ok(answer),
                // A node that cannot reach the log now, or that ends.
                Ok(Some((503, answer))) => last = answer,
                Ok(Some((status, answer))) => return Err(format!("{id} is refused with {status}: {answer}")),
                Ok(None) => "no answer".clone_into(&mut last),
                Err(_) => "no answer in time".clone_into(&mut last),
            }
            sleep(Duration::from_millis(20)).await;
        }
        unreachable!("it asks for ever")
    };
    let answer = match timeout(PATIENCE, store).await {
        Ok(answer) => answer?,
        Err(_) => return Err(format!("{id} is not stored in {PATIENCE:?}: {last}")),
    };
    let answer: Value = serde_json::from_str(&answer).map_err(|error| format!("{answer}: {error}"))?;
    let cursor = answer["cursor"].as_str().and_then(|text| text.parse::<Cursor>().ok());
    let cursor = cursor.ok_or_else(|| format!("{answer} has no cursor"))?;
    let mut ledger = ledger.lock();
    match ledger.acknowledged.entry(log).or_default().insert(cursor.seq.0, id.clone()) {
        Some(other) => Err(format!("{id} and {other} have one number, {}", cursor.seq.0)),
        None => Ok(()),
    }
}
