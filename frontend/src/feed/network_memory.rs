//! Remembers the transport that got through on each network, so that the next page there begins with it.

use app::ports::{Link, LinkState};
use transports::catalog::{self, Entry};

use crate::browser;

const NAME: &str = "pulseboard.networks";
/// A reader has a handful of networks; the one that was left longest ago is forgotten.
const NETWORKS: usize = 8;

/// Recalls the transport that carried the page the last time on this network.
pub(super) fn recall() -> Option<&'static Entry> {
    let network = browser::root_mark("network")?;
    let known = browser::kept(NAME)?;
    let (_, id) = known.lines().filter_map(|line| line.split_once(' ')).find(|(name, _)| *name == network)?;
    catalog::find(id)
}

/// The line has changed: if another transport carries the page now, that is the one to begin with, unless a person chose it or
/// it is another tab's.
pub(super) fn keep(before: &Link, link: &Link) {
    let is_old = (before.state, before.transport) == (LinkState::Live, link.transport);
    if link.state != LinkState::Live || is_old || link.shared || link.pinned.is_some() {
        return;
    }
    let id = link.transport;
    let Some(network) = browser::root_mark("network") else { return };
    let known = browser::kept(NAME).unwrap_or_default();
    let own = [&network, " "].concat();
    let others = known.lines().filter(|line| !line.starts_with(&own));
    let mut lines = vec![own.clone() + id];
    lines.extend(others.take(NETWORKS - 1).map(ToOwned::to_owned));
    browser::keep(NAME, Some(&lines.join("\n")));
}
