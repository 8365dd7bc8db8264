//! Lines of containers that are kept, and found later. Nothing is kept unless the settings say so.

mod api;
mod keeper;
mod keeping;
mod operations;
mod page;
mod reader;

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use axum::Router;
use kept_logs::{KeptLogs, KeptLogsSettings};
use tokio::sync::Semaphore;
use transports::gate::RateLimiter;

use self::{api::KeptState, keeper::Keeper};
use super::settings::KeptContainers;
use crate::{
    accounts::DoorState,
    feature::{Assembly, StartContext},
    tasks::Task,
};

pub(super) use operations::operations;

/// So many searches go on at once; others wait.
const SEARCHES: usize = 2;
/// Compressing eight MiB of text as small as can be takes some two seconds of CPU.
const SLOW: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Opens the folder where lines are kept, if they are. Returns what keeps them, and the state of the routes.
pub(super) fn start(
    context: &StartContext<'_>,
) -> anyhow::Result<(Vec<Task>, impl FnOnce(&Assembly) -> Router + use<>)> {
    let settings = &context.config.logs;
    let bounds =
        KeptLogsSettings { bytes: settings.keep_bytes, age: DAY * settings.keep_days, small_after: SLOW };
    let logs = if settings.keep == KeptContainers::Off {
        None
    } else {
        let folder = context.config.data_dir.join("kept-logs");
        Some(KeptLogs::open(&folder, bounds).context("lines of containers cannot be kept")?)
    };
    let clock = Arc::clone(context.hub.clock());
    let task = |logs: &KeptLogs| {
        let keeper = Keeper::new(logs.clone(), context.engine.clone(), settings.keep, Arc::clone(&clock));
        Task::new("kept lines", move || keeper.clone().run())
    };
    let tasks = logs.iter().map(task).collect();
    let (days, accounts, tls) = (settings.keep_days, context.accounts.clone(), context.tls);
    let askers = Arc::new(RateLimiter::new(context.config.limits.publications_per_second));
    let routes = move |all: &Assembly| {
        let door = DoorState { accounts, pages: all.pages.clone(), tls };
        let searches = Arc::new(Semaphore::new(SEARCHES));
        let state = KeptState { logs, settings: bounds, days, clock, searches, askers, door };
        api::routes().merge(page::routes()).with_state(state)
    };
    Ok((tasks, routes))
}
