//! A hub at its start: it subscribes to its broker.

use std::sync::{Arc, OnceLock, atomic::AtomicBool};

use broker::{Broker, BrokerError, local::MemoryBroker};
use parking_lot::{Mutex, RwLock};
use tokio::{
    sync::{Notify, broadcast, watch},
    time::Instant,
};

use crate::{
    foreign::ForeignPlaces,
    hub::{Hub, Inner},
    log::Log,
    settings::Settings,
    stats::Counters,
    subscriber::HotPart,
    wake_coalescer::WakeCoalescer,
};

/// The changes of presence that a listener may be behind, before it has to list all anew.
const PRESENCE_CHANGES: usize = 256;

impl Hub {
    /// An empty log, in memory only.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let policies = settings.policies.clone().into();
        let broker = MemoryBroker::new(settings.epoch, policies, settings.bytes);
        Self::with_broker(settings, Arc::new(broker)).expect("the broker is new")
    }

    /// A hub that serves the readers of a log. It knows all that the log keeps once [`Broker::ready`] has resolved.
    ///
    /// # Errors
    /// When the broker has another hub.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use std::sync::Arc;
    ///
    /// use broker_journal::{JournalBroker, JournalSettings, LogSettings};
    /// use common::Epoch;
    /// use fanout::{Hub, Retention, Settings, SystemClock, TopicKind, TopicPolicy};
    ///
    /// let settings = Settings {
    ///     clock: Arc::new(SystemClock),
    ///     epoch: Epoch(1),
    ///     policies: vec![TopicPolicy {
    ///         pattern: "chat/*".parse()?,
    ///         kind: TopicKind::Log,
    ///         retention: Retention::entries(100),
    ///     }],
    ///     publication_bytes: 1 << 20,
    ///     topics_per_subscription: 0,
    ///     topics: 100,
    ///     bytes: 1 << 24,
    /// };
    /// let log = LogSettings {
    ///     clock: Arc::new(SystemClock),
    ///     epoch: settings.epoch,
    ///     policies: settings.policies.clone().into(),
    ///     topics: settings.topics,
    ///     bytes: settings.bytes,
    /// };
    /// let journal = JournalBroker::open(log, &JournalSettings::new("/var/lib/pulseboard/log", 64 << 20))?;
    /// let hub = Hub::with_broker(settings, Arc::new(journal))?;
    /// hub.publish(&"chat/lobby".parse()?, "{}".into())?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_broker(mut settings: Settings, broker: Arc<dyn Broker>) -> Result<Self, BrokerError> {
        let head = broker.head();
        settings.epoch = head.epoch;
        let hub = Self(Arc::new(Inner {
            settings,
            log: RwLock::new(Log::new(head, broker.numbers_latest_apart())),
            broker,
            wake_coalescer: WakeCoalescer::default(),
            subscriptions: Mutex::default(),
            foreign: ForeignPlaces::default(),
            topic_changes: watch::Sender::default(),
            presence_changes: broadcast::Sender::new(PRESENCE_CHANGES),
            closed: AtomicBool::new(false),
            shutdown_notice: OnceLock::new(),
            drained: Notify::new(),
            stats: Counters::default(),
        }));
        hub.0.broker.subscribe(Arc::new(HotPart(Arc::downgrade(&hub.0))))?;
        hub.0.log.write().sweep(Instant::now());
        Ok(hub)
    }
}
