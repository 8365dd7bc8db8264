//! The task behind a watch: connects, lists, follows, and begins again.

use std::{collections::BTreeMap, time::Duration};

use futures_util::{StreamExt, stream};
use tokio::{
    sync::mpsc,
    time::{Instant, MissedTickBehavior},
};

use crate::{
    backoff::Backoff,
    container::Container,
    ends::EndCause,
    engine::Engine,
    error::EngineError,
    event::{ContainerEvent, EngineEvent, EventKey, Happening, KeyedEvent},
    id::ContainerId,
    list::ListedContainer,
    time::EventTime,
    version::{EngineVersion, Product},
    watch::{
        event_reader::EventReader,
        lives::Lives,
        report::{GapCause, WatchReport},
        seen_keys::SeenKeys,
    },
};

/// The time between two lists.
const BETWEEN_LISTS: Duration = Duration::from_secs(30);
/// The time in which an engine that remembers tells its last event again. Podman reads a file for that, and a host may be busy.
const REPLAY: Duration = Duration::from_secs(10);
/// A connection that lasted so long was a good one.
const STABLE: Duration = Duration::from_secs(5);
/// As many inspections at once.
const AT_ONCE: usize = 4;

/// Why a connection is over.
enum End {
    /// The engine is gone.
    Away(EngineError),
    /// Nobody reads the reports any more.
    Dropped,
}

impl From<EngineError> for End {
    fn from(error: EngineError) -> Self {
        Self::Away(error)
    }
}

/// Follows an engine until nobody reads the reports.
pub(super) async fn follow(engine: Engine, since: Option<EventTime>, reports: mpsc::Sender<WatchReport>) {
    let mut follower = Follower {
        engine,
        reports,
        lives: Lives::default(),
        seen: SeenKeys::default(),
        last: since.map(|time| (time, String::new(), String::new())),
        since,
        containers: BTreeMap::new(),
        has_listed: false,
        connected: None,
        followed_until: EventTime::default(),
    };
    let mut backoff = Backoff::new();
    loop {
        let Err(End::Away(why)) = follower.connection().await else { return };
        if follower.connected.take().is_some_and(|began| began.elapsed() >= STABLE) {
            backoff.reset();
        }
        let next_try = backoff.next();
        if follower.report(WatchReport::Away { why, next_try }).await.is_err() {
            return;
        }
        tokio::select! {
            () = tokio::time::sleep(next_try) => {}
            () = follower.reports.closed() => return,
        }
    }
}

/// The state that outlives a connection.
struct Follower {
    engine: Engine,
    reports: mpsc::Sender<WatchReport>,
    lives: Lives,
    seen: SeenKeys,
    /// The last event that was seen: an engine that remembers it tells it again. Of one that an earlier watch has seen only the time is known.
    last: Option<EventKey>,
    /// The time from which events are asked for, on the engine's clock.
    since: Option<EventTime>,
    containers: BTreeMap<ContainerId, Container>,
    has_listed: bool,
    /// The beginning of the last connection.
    connected: Option<Instant>,
    /// The time up to which nothing is missing but for gaps that were told, on the engine's clock; the last event may be later.
    followed_until: EventTime,
}

/// The check that the engine remembers back to the last event.
struct ReplayCheck {
    last: EventKey,
    deadline: Instant,
}

impl Follower {
    /// One connection, from its beginning to its end.
    async fn connection(&mut self) -> Result<std::convert::Infallible, End> {
        let version = self.engine.negotiate().await?;
        let asked_from = *self.since.get_or_insert(version.clock.unwrap_or_default());
        // Before the list, so that nothing is missed between the two.
        let since = Some(asked_from).filter(|since| *since > EventTime::default());
        let mut reader = EventReader::start(self.engine.events(&version, since).await?);
        self.report(WatchReport::Connected { version: version.clone() }).await?;
        let mut check = self.last.clone().map(|last| ReplayCheck { last, deadline: Instant::now() + REPLAY });
        // Docker forgets everything when it restarts, and without an event nothing shows that it did not.
        if self.has_listed && check.is_none() && version.product == Product::Docker {
            self.gap(asked_from, version.clock, GapCause::HistoryLost).await?;
        }
        let began = Instant::now();
        self.connected = Some(began);
        self.list(&version, true).await?;
        self.has_listed = true;
        let mut ticks = tokio::time::interval_at(Instant::now() + BETWEEN_LISTS, BETWEEN_LISTS);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let replay_due = check.as_ref().map(|check| check.deadline);
            let end_due = self.lives.next_due();
            tokio::select! {
                biased;
                keyed = reader.next() => {
                    let Some(keyed) = keyed else {
                        if check.is_none() {
                            self.note_followed(version.clock, began.elapsed());
                        }
                        return Err(reader.reason().await.into());
                    };
                    self.check_replay(&mut check, &keyed.key).await?;
                    self.on_event(&version, keyed).await?;
                }
                () = sleep_until(replay_due) => {
                    if let Some(check) = check.take() {
                        self.gap(check.last.0, version.clock, GapCause::HistoryLost).await?;
                        self.list(&version, true).await?;
                    }
                }
                () = sleep_until(end_due) => self.tell_ends(&version).await?,
                _ = ticks.tick() => self.list(&version, false).await?,
                () = self.reports.closed() => return Err(End::Dropped),
            }
            if let Some(newest) = reader.take_lost() {
                let from = self.last.as_ref().map_or(asked_from, |last| last.0);
                self.gap(from, Some(newest), GapCause::Overflow).await?;
                self.list(&version, true).await?;
            }
        }
    }

    /// Looks if the engine tells the last event again. One that tells newer ones instead has forgotten it.
    async fn check_replay(&self, check: &mut Option<ReplayCheck>, key: &EventKey) -> Result<(), End> {
        let Some(open) = check else { return Ok(()) };
        let is_it = if open.last.1.is_empty() { key.0 == open.last.0 } else { *key == open.last };
        if is_it {
            *check = None;
        } else if key.0 > open.last.0 {
            let from = open.last.0;
            *check = None;
            self.gap(from, Some(key.0), GapCause::HistoryLost).await?;
        }
        Ok(())
    }

    /// Notes that all events were taken in up to the end of a connection that lasted so long.
    fn note_followed(&mut self, clock: Option<EventTime>, lasted: Duration) {
        // The engine tells its clock in whole seconds, and its last events may have been on the way.
        let lasted = lasted.saturating_sub(Duration::from_secs(1)).as_nanos();
        let until = clock.map(|clock| clock.0.saturating_add(u64::try_from(lasted).unwrap_or(u64::MAX)));
        self.followed_until = self.followed_until.max(EventTime(until.unwrap_or_default()));
    }

    /// Tells a gap after an event; after the end of the last connection, where that was later.
    async fn gap(&self, after: EventTime, until: Option<EventTime>, why: GapCause) -> Result<(), End> {
        let from = self.followed_until.max(after);
        let until = until.unwrap_or(from).max(from);
        self.report(WatchReport::Unknown { from, until, why }).await
    }

    async fn on_event(&mut self, version: &EngineVersion, keyed: KeyedEvent) -> Result<(), End> {
        if !self.seen.insert(&keyed.key) {
            return Ok(());
        }
        self.since = Some(keyed.key.0);
        self.last = Some(keyed.key);
        match keyed.event {
            Some(EngineEvent::ImagePulled { time, image }) => {
                self.report(WatchReport::ImagePulled { time, image }).await
            }
            Some(EngineEvent::Container(event)) => {
                let Some(event) = self.with_health(version, event).await else { return Ok(()) };
                match self.lives.on_event(event, version.product) {
                    Some(event) => self.tell(version, event).await,
                    None => Ok(()),
                }
            }
            None => Ok(()),
        }
    }

    /// Puts the health of now into Podman's event, which may tell that of the check before. Nothing when there is none any more.
    async fn with_health(
        &self,
        version: &EngineVersion,
        mut event: ContainerEvent,
    ) -> Option<ContainerEvent> {
        if version.product == Product::Podman
            && matches!(event.what, Happening::Health(_))
            && let Ok(inspected) = self.engine.inspect(version, &event.id).await
        {
            event.what = Happening::Health(inspected?.container.health?);
        }
        Some(event)
    }

    /// Tells ends that the list has shown and no event has told.
    async fn tell_ends(&mut self, version: &EngineVersion) -> Result<(), End> {
        for event in self.lives.take_due(Instant::now(), version.product) {
            self.tell(version, event).await?;
        }
        Ok(())
    }

    /// Tells an event with its container as it is after it.
    async fn tell(&mut self, version: &EngineVersion, mut event: ContainerEvent) -> Result<(), End> {
        let container = if event.what == Happening::Removed {
            self.containers.remove(&event.id);
            None
        } else {
            match self.engine.inspect(version, &event.id).await {
                Ok(inspected) => inspected.map(|inspected| inspected.container),
                // The stream of events says when the engine is gone.
                Err(_) => self.containers.get(&event.id).cloned(),
            }
        };
        if let Happening::Ended { exit_code: Some(137), cause, .. } = &mut event.what
            && container.as_ref().is_some_and(|container| container.oom_killed && container.state.is_ended())
        {
            *cause = EndCause::OutOfMemory;
        }
        if let Some(container) = &container {
            self.containers.insert(container.id.clone(), container.clone());
        }
        self.report(WatchReport::Event { event, container }).await
    }

    /// Lists, inspects what may have changed, and tells all containers where something did, or when it must be told.
    async fn list(&mut self, version: &EngineVersion, must_tell: bool) -> Result<(), End> {
        let rows = self.engine.containers(version).await?;
        let listed: BTreeMap<ContainerId, Container> = stream::iter(rows)
            .map(|row| {
                let current = self
                    .containers
                    .get(&row.id)
                    .filter(|container| !must_tell && is_current(container, &row))
                    .cloned();
                let engine = &self.engine;
                async move {
                    match current {
                        Some(container) => Some(container),
                        None => inspected(engine, version, &row).await,
                    }
                }
            })
            .buffered(AT_ONCE)
            .filter_map(async |container| container.map(|container| (container.id.clone(), container)))
            .collect()
            .await;
        let has_changed = listed != self.containers;
        self.containers = listed;
        let containers: Vec<Container> = self.containers.values().cloned().collect();
        self.lives.on_list(&containers, Instant::now());
        if must_tell || has_changed { self.report(WatchReport::Containers(containers)).await } else { Ok(()) }
    }

    async fn report(&self, report: WatchReport) -> Result<(), End> {
        self.reports.send(report).await.map_err(|_| End::Dropped)
    }
}

/// Returns true if the list shows nothing of a container that is not known. Podman's list does not show health, so one with a check is
/// inspected each time.
fn is_current(container: &Container, row: &ListedContainer) -> bool {
    container.state == row.state
        && container.name == row.name
        && container.health == row.health
        && container.labels == row.labels
        // An ended one may have lived again in between; a list does not show that.
        && !container.state.is_ended()
}

/// Inspects a container of the list; none when it is gone since.
async fn inspected(engine: &Engine, version: &EngineVersion, row: &ListedContainer) -> Option<Container> {
    match engine.inspect(version, &row.id).await {
        Ok(inspected) => inspected.map(|inspected| inspected.container),
        // An engine that cannot inspect one of them has listed it all the same.
        Err(_) => Some(row.to_container()),
    }
}

async fn sleep_until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
