//! The state of the page as signals: the connection, the clock, the notices, a host. Fed by the browser's ports after
//! the page has come to life; on the server they hold what the first paint needs.

mod cadence;
mod card_feed;
mod cell;
mod clock;
mod connection;
mod feed;
mod host;
mod level;
mod notifications;
mod ring;
mod sent_notices;
mod trend_history;
mod trouble;
mod vitals;

pub use cadence::Cadence;
pub(crate) use card_feed::hold_points;
pub use card_feed::{CardFeed, CardState, Samples, Switch};
pub(crate) use cell::effect;
pub use cell::{Cell, Derived, Stored};
pub use clock::{Clock, LocalZone};
pub use connection::Connection;
pub use host::{LiveHost, Phase};
pub use level::{HOLD_MS, LevelState, LevelTracker, Peak};
pub use notifications::{Notification, NotificationKind, Notifications};
pub use ring::Ring;
pub use sent_notices::SentNotices;
pub use trend_history::TrendHistory;
pub use trouble::{Trouble, minute};
pub(crate) use vitals::limits;
pub use vitals::{Alarm, Judged, LevelChange, Vital, Vitals};
