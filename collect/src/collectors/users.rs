//! Counts the people who are logged in.

mod sessions;

use common::{
    metric::{LocalizedText, Metric, Unit},
    panel::{Panel, PanelLine, PanelView},
};

use self::sessions::SessionSource;
use super::{BackgroundReports, Collector, Readings};

/// Accounts with a session: by a terminal, a desktop or SSH.
const LOGGED_IN: Metric =
    Metric::gauge("users.logged_in", Unit::Count, LocalizedText::new("Users logged in", "로그인한 사용자"));

/// The number of accounts that are logged in; one with three sessions counts once.
///
/// From the sessions of systemd-logind, as sd_session_get_class(3) reads them; where there is no systemd, from utmp(5). In a container
/// without either it is absent. All are small files in memory.
pub(super) struct LoggedIn(SessionSource);

impl Collector for LoggedIn {
    const METRICS: &'static [Metric] = &[LOGGED_IN];
    const PANELS: &'static [Panel] = &[Panel::new(
        PanelView::Fact,
        "users",
        38,
        LocalizedText::new("Logged in", "로그인"),
        &[PanelLine::of(&LOGGED_IN, 0)],
    )];

    fn new(_: &BackgroundReports) -> Result<Self, sysinfo::Error> {
        Ok(Self(SessionSource::new("/run", "/proc")))
    }

    fn collect(&mut self, into: &mut Readings) {
        if into.in_full() {
            into.set(&LOGGED_IN, self.0.count().map(|count| count as f64));
        }
    }
}
