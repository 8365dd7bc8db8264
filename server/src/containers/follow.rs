//! Follows the engine of this machine: what it tells goes into the table first, and then to the log.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::Context;
use common::{
    container::{ContainerNews, EngineState},
    host::HostId,
};
use container_engine::{
    Container, Engine, EngineAddress, EngineWatch, EventTime, Happening, TlsFiles, WatchReport,
};
use fanout::{Hub, PublishError, PublishOptions};
use tokio::time::{Instant, sleep, sleep_until};

use super::{
    door::{EngineDoor, EngineNow, LifeNote},
    loops::Loops,
    news,
    settings::{AUTO, ContainerSettings, OFF},
    sockets,
    table::ContainerTable,
};

/// Sockets are looked for this often while there is none.
const LOOK: Duration = Duration::from_secs(5);
/// Loops are judged anew this often: one is over when nothing happens.
const JUDGE: Duration = Duration::from_secs(10);
/// News that the log did not take are given to it again after this.
const AGAIN: Duration = Duration::from_secs(1);
/// So many of the newest entries are looked through for the last event.
const NEWEST: usize = 200;

/// The place where an engine is.
#[derive(Debug, Clone)]
enum EngineSource {
    Nowhere,
    /// At one of these sockets.
    Socket(Vec<PathBuf>),
    At(EngineAddress),
}

/// All that following takes.
#[derive(Debug, Clone)]
pub(super) struct Followed {
    hub: Hub,
    table: ContainerTable,
    /// Told before the table: whoever sees there that the engine answers can ask it.
    door: EngineDoor,
    source: EngineSource,
}

impl Followed {
    /// # Errors
    /// When the settings name no place where an engine could be.
    pub(super) fn new(
        hub: Hub,
        table: ContainerTable,
        door: EngineDoor,
        settings: &ContainerSettings,
    ) -> anyhow::Result<Self> {
        let source = match &*settings.engine {
            OFF => EngineSource::Nowhere,
            AUTO => EngineSource::Socket(sockets::usual()),
            address => EngineSource::At(address_of(address, settings)?),
        };
        Ok(Self { hub, table, door, source })
    }

    /// The last event that the log has: the engine is asked for all that came after it.
    fn last_told(&self) -> Option<EventTime> {
        let page = self.hub.history(&HostId::local().containers_topic(), None, NEWEST);
        page.entries.iter().rev().find_map(|entry| {
            match serde_json::from_slice::<ContainerNews>(&entry.data) {
                // An event that only the list has told is none of the engine's.
                Ok(ContainerNews::Event(event)) if !event.is_late => news::time_of(&event.time),
                _ => None,
            }
        })
    }

    /// Publishes news. Of several nodes one tells of its machine: there is one host so far.
    async fn tell(&self, news: ContainerNews) {
        if !self.hub.is_first_node() {
            return;
        }
        let topic = HostId::local().containers_topic();
        let payload = match serde_json::to_vec(&news) {
            Ok(payload) => payload,
            Err(error) => return tracing::error!(%error, "news of containers cannot be told"),
        };
        loop {
            // An event that the engine tells again after a restart is one entry.
            let options = match &news {
                ContainerNews::Event(event) => {
                    key(event).map_or_else(PublishOptions::default, PublishOptions::keyed)
                }
                _ => PublishOptions::default(),
            };
            match self.hub.publish_with_async(&topic, payload.clone().into(), options).await {
                // The server is stopping, or the engine has told this event before.
                Ok(_) | Err(PublishError::Closed | PublishError::KeyReused) => return,
                Err(error @ (PublishError::TooLong { .. } | PublishError::UnknownTopic(_))) => {
                    return tracing::error!(%error, "news of containers were not published");
                }
                Err(error) => {
                    tracing::warn!(%error, "news of containers wait for the log");
                    sleep(AGAIN).await;
                }
            }
        }
    }

    async fn tell_engine(&self, state: EngineState, product: Option<String>, why: Option<String>) {
        if let Some(news) = self.table.set_engine(state, product, why) {
            self.tell(news).await;
        }
    }

    async fn tell_off(&self, why: Option<&str>) {
        let why = why.map(str::to_owned);
        self.door.set(EngineNow::Off(why.clone().unwrap_or_else(|| "No engine listens here.".to_owned())));
        self.tell_engine(EngineState::Off, None, why).await;
    }

    async fn tell_away(&self, why: String) {
        self.door.set(EngineNow::Away(why.clone()));
        self.tell_engine(EngineState::Away, None, Some(why)).await;
    }
}

fn key(event: &common::container::ContainerEvent) -> Option<fanout::IdempotencyKey> {
    let what = serde_json::to_string(&event.what).ok()?;
    let of = if event.id.is_empty() { "image" } else { event.id.get(..12)? };
    format!("docker-{}-{of}-{}", event.time, what.trim_matches('"')).parse().ok()
}

fn address_of(address: &str, settings: &ContainerSettings) -> anyhow::Result<EngineAddress> {
    let parsed: EngineAddress = address.parse().with_context(|| {
        format!("containers.engine is {address:?}: it is auto, off, or the address of an engine")
    })?;
    let Some(authority) = settings.ca.clone() else {
        anyhow::ensure!(
            settings.cert.is_none() && settings.key.is_none(),
            "containers.cert and containers.key need containers.ca, the authority that signed the engine's certificate"
        );
        return Ok(parsed);
    };
    let client = match (settings.cert.clone(), settings.key.clone()) {
        (Some(cert), Some(key)) => Some((cert, key)),
        (None, None) => None,
        _ => anyhow::bail!("containers.cert and containers.key belong together"),
    };
    Ok(parsed.with_tls(TlsFiles { authority, client }))
}

/// Follows the engine for ever.
pub(super) async fn follow(followed: Followed) {
    loop {
        match &followed.source {
            EngineSource::Nowhere => {
                followed.tell_off(Some("The settings turn it off.")).await;
                return std::future::pending().await;
            }
            EngineSource::At(address) => watch(&followed, address.clone(), || true).await,
            EngineSource::Socket(usual) => match sockets::first_of(usual) {
                Some(socket) => {
                    let address = EngineAddress::Unix(socket.to_owned());
                    // Another engine may be there when this one is gone for good.
                    watch(&followed, address, || socket.exists() || sockets::first_of(usual).is_none()).await;
                }
                None => {
                    followed.tell_off(None).await;
                    sleep(LOOK).await;
                }
            },
        }
    }
}

/// Watches one engine for as long as it is `wanted`.
async fn watch(followed: &Followed, address: EngineAddress, wanted: impl Fn() -> bool) {
    let engine = match Engine::new(address) {
        Ok(engine) => engine,
        Err(error) => {
            followed.tell_away(error.to_string()).await;
            return sleep(LOOK).await;
        }
    };
    let mut watch = EngineWatch::since(engine.clone(), followed.last_told());
    let mut loops = Loops::default();
    let mut judged = Instant::now() + JUDGE;
    loop {
        tokio::select! {
            report = watch.next() => {
                let is_away = matches!(report, WatchReport::Away { .. });
                if let WatchReport::Connected { version } = &report {
                    followed.door.set(EngineNow::Connected(engine.clone(), version.clone()));
                }
                take(followed, &mut loops, report).await;
                if is_away && !wanted() {
                    followed.table.clear();
                    followed.tell(ContainerNews::Listed).await;
                    return;
                }
            }
            () = sleep_until(judged) => {
                judged = Instant::now() + JUDGE;
                for container in loops.ended(now(followed)) {
                    if let Some(container) = followed.table.set_looping(container.as_str(), false) {
                        followed.tell(ContainerNews::Changed { container }).await;
                    }
                }
            }
        }
    }
}

/// The time by the clock of this machine, which is the engine's where the engine is here.
fn now(followed: &Followed) -> EventTime {
    EventTime(u64::try_from(followed.hub.clock().unix_time().as_nanos()).unwrap_or(u64::MAX))
}

async fn take(followed: &Followed, loops: &mut Loops, report: WatchReport) {
    match report {
        WatchReport::Connected { version } => {
            followed.tell_engine(EngineState::Connected, Some(news::product(&version)), None).await;
        }
        WatchReport::Containers(all) => {
            loops.keep(&all);
            followed.door.note(LifeNote::Listed(all.as_slice().into()));
            let changes = followed.table.replace(all, |one: &Container| loops.is_looping(&one.id));
            followed.door.set_listed();
            for news in changes {
                followed.tell(news).await;
            }
        }
        WatchReport::ImagePulled { time, image } => {
            followed.tell(ContainerNews::Event(news::image_pulled(time, &image))).await;
        }
        WatchReport::Event { event, container } => {
            let begins = loops.hear(&event);
            if let (Some(container), Happening::Started | Happening::Restarted) = (&container, &event.what) {
                followed.door.note(LifeNote::Begun(Arc::new(container.clone())));
            }
            let told = followed.table.put(event.id.as_str(), container.as_ref(), loops.is_looping(&event.id));
            if told.is_none() {
                loops.forget(&event.id);
            }
            match (news::event(&event, told.clone()), told.clone()) {
                (Some(event), _) => followed.tell(ContainerNews::Event(event)).await,
                (None, Some(container)) => followed.tell(ContainerNews::Changed { container }).await,
                (None, None) => {}
            }
            if begins {
                followed.tell(ContainerNews::Event(news::restart_loop(&event, told))).await;
            }
        }
        WatchReport::Unknown { from, until, why } => {
            let (from_ms, until_ms) = (news::milliseconds(from), news::milliseconds(until));
            followed.tell(ContainerNews::Unknown { from_ms, until_ms, why: news::gap(why).to_owned() }).await;
        }
        WatchReport::Away { why, .. } => {
            followed.tell_away(why.to_string()).await;
        }
    }
}
