//! What is known of the world at this moment, as signals: the connection, the clock, the notices, a host. Fed by the
//! browser's ports after the page has come to life; on the server they hold what the first paint needs.

mod bell;
mod cadence;
mod clock;
mod feed;
mod host;
mod level;
mod line;
mod past;
mod ring;
mod slot;
mod tap;
mod trouble;
mod vitals;

pub use bell::{Bell, Entry, News};
pub use cadence::Cadence;
pub use clock::{Clock, LocalZone};
pub use host::{LiveHost, Phase};
pub use level::{HOLD_MS, LevelState, LevelTracker, Peak};
pub use line::Line;
pub use past::Past;
pub use ring::{Ring, Trend};
pub(crate) use slot::effect;
pub use slot::{Derived, Kept, Slot};
pub(crate) use tap::hold_points;
pub use tap::{CardState, Samples, Switch, Tap};
pub use trouble::{Trouble, minute};
pub use vitals::{Alarm, CRITICAL_AT, Judged, SHARE_LIMITS, Turn, Vital, Vitals, WARN_AT};
