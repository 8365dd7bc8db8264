//! Follows the engine of this machine, at a server as at an agent: what it tells goes into the table first, and then to the sink.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::Context;
use common::container::{ContainerNews, EngineState};
use container_engine::{
    Container, Engine, EngineAddress, EngineWatch, EventTime, Happening, TlsFiles, WatchReport,
};
use tokio::time::{Instant, sleep, sleep_until};

use super::{
    door::{EngineDoor, EngineNow, LifeNote},
    loops::Loops,
    news,
    settings::{AUTO, ContainerSettings, OFF},
    sink::NewsSink,
    sockets,
    table::ContainerTable,
};

/// Sockets are looked for this often while there is none.
const LOOK: Duration = Duration::from_secs(5);
/// Loops are judged anew this often: one is over when nothing happens.
const JUDGE: Duration = Duration::from_secs(10);

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
pub(crate) struct Followed<S> {
    sink: S,
    table: ContainerTable,
    /// Told before the table: whoever sees there that the engine answers can ask it.
    door: EngineDoor,
    source: EngineSource,
}

impl<S: NewsSink> Followed<S> {
    /// # Errors
    /// When the settings name no place where an engine could be.
    pub(crate) fn new(
        sink: S,
        table: ContainerTable,
        door: EngineDoor,
        settings: &ContainerSettings,
    ) -> anyhow::Result<Self> {
        let source = match &*settings.engine {
            OFF => EngineSource::Nowhere,
            AUTO => EngineSource::Socket(sockets::usual()),
            address => EngineSource::At(address_of(address, settings)?),
        };
        Ok(Self { sink, table, door, source })
    }

    async fn tell_engine(&self, state: EngineState, product: Option<String>, why: Option<String>) {
        if let Some(news) = self.table.set_engine(state, product, why) {
            self.sink.tell(news).await;
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
pub(crate) async fn follow<S: NewsSink>(followed: Followed<S>) {
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
async fn watch<S: NewsSink>(
    followed: &Followed<S>,
    address: EngineAddress,
    wanted: impl Fn() -> bool + Send,
) {
    let engine = match Engine::new(address) {
        Ok(engine) => engine,
        Err(error) => {
            followed.tell_away(error.to_string()).await;
            return sleep(LOOK).await;
        }
    };
    let mut watch = EngineWatch::since(engine.clone(), followed.sink.last_told());
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
                    followed.sink.tell(ContainerNews::Listed).await;
                    return;
                }
            }
            () = sleep_until(judged) => {
                judged = Instant::now() + JUDGE;
                for container in loops.ended(now(followed)) {
                    if let Some(container) = followed.table.set_looping(container.as_str(), false) {
                        followed.sink.tell(ContainerNews::Changed { container }).await;
                    }
                }
            }
        }
    }
}

/// The time by the clock of this machine, which is the engine's where the engine is here.
fn now<S: NewsSink>(followed: &Followed<S>) -> EventTime {
    EventTime(u64::try_from(followed.sink.clock().unix_time().as_nanos()).unwrap_or(u64::MAX))
}

async fn take<S: NewsSink>(followed: &Followed<S>, loops: &mut Loops, report: WatchReport) {
    match report {
        WatchReport::Connected { version } => {
            followed.tell_engine(EngineState::Connected, Some(news::product(&version)), None).await;
        }
        WatchReport::Containers(all) => {
            loops.keep(&all);
            followed.door.note(LifeNote::Listed(all.as_slice().into()));
            let changes = followed.table.replace(all, |one: &Container| loops.is_looping(&one.id));
            followed.door.set_listed();
            followed.sink.tell_list(changes).await;
        }
        WatchReport::ImagePulled { time, image } => {
            followed.sink.tell(ContainerNews::Event(news::image_pulled(time, &image))).await;
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
                (Some(event), _) => followed.sink.tell(ContainerNews::Event(event)).await,
                (None, Some(container)) => followed.sink.tell(ContainerNews::Changed { container }).await,
                (None, None) => {}
            }
            if begins {
                followed.sink.tell(ContainerNews::Event(news::restart_loop(&event, told))).await;
            }
        }
        WatchReport::Unknown { from, until, why } => {
            let (from_ms, until_ms) = (news::milliseconds(from), news::milliseconds(until));
            followed
                .sink
                .tell(ContainerNews::Unknown { from_ms, until_ms, why: news::gap(why).to_owned() })
                .await;
        }
        WatchReport::Away { why, .. } => {
            followed.tell_away(why.to_string()).await;
        }
    }
}
