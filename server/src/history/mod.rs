//! The past of numbers: what is measured is kept in a folder, and told over REST.

mod api;
mod charted;
mod csv;
mod error;
mod explore;
mod explore_query;
mod grid;
mod keeper;
mod key;
mod overlay;
mod page;
mod past;
mod question;
mod recorder;
mod settings;
mod sums;

use std::sync::Arc;

use ::history::History;
use anyhow::Context;
use fanout::Hub;

use self::keeper::HistoryKeeper;
use crate::{
    accounts::DoorState,
    config::Config,
    feature::{Assembly, Feature, FeatureParts, StartContext},
    openapi::operation::Operation,
    tasks::Worker,
};

pub use self::settings::PastSettings;
pub(crate) use self::{
    api::{PastState, may_read_address},
    charted::read_view,
    error::PastError,
    grid::TimeGrid,
    question::usual_step,
    recorder::SeriesHistory,
};

/// The feature of history: all that it adds to the server.
pub(crate) const FEATURE: Feature =
    Feature { name: "history", settings: settings::SETTINGS, operations, topic_policies: Vec::new, start };

fn operations() -> Vec<Operation> {
    api::operations().into_iter().chain(csv::operations()).collect()
}

/// Opens the folder, where the settings say so.
///
/// # Errors
/// When it cannot be used.
pub(crate) fn open(config: &Config, hub: &Hub) -> anyhow::Result<SeriesHistory> {
    if !config.history.keep {
        return Ok(SeriesHistory::default());
    }
    let folder = config.data_dir.join("history");
    let now = i64::try_from(hub.clock().unix_millis()).unwrap_or(i64::MAX);
    let history = History::open(&folder, config.history.bounds(), now).context("history cannot be kept")?;
    Ok(SeriesHistory::new(history, hub.clone()))
}

fn start(context: &StartContext<'_>) -> anyhow::Result<FeatureParts> {
    let clock = Arc::clone(context.hub.clock());
    let history = context.history.clone();
    let mut workers: Vec<Box<dyn Worker>> = Vec::new();
    if let Some(folder) = history.folder() {
        workers.push(Box::new(HistoryKeeper::start(folder, &clock)?));
    }
    let most_bytes = context.config.history.bytes;
    let (accounts, tls) = (context.accounts.clone(), context.tls);
    let routes = move |all: &Assembly| {
        let door = DoorState { accounts, pages: all.pages.clone(), tls };
        let state = PastState::new(history, most_bytes, clock, door);
        api::routes().merge(page::routes()).merge(explore::routes()).with_state(state)
    };
    Ok(FeatureParts { workers, routes: Box::new(routes), ..FeatureParts::default() })
}
