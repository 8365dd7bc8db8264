//! The feature of dashboards: all that it adds to the server.

use std::sync::Arc;

use super::{api, forms, import, page, route_state::DashboardsState, save};
use crate::{
    accounts::DoorState,
    feature::{Assembly, Feature, FeatureParts, StartContext},
    history::PastState,
    openapi::operation::Operation,
};

pub(crate) const FEATURE: Feature =
    Feature { name: "dashboards", settings: &[], operations, topic_policies: Vec::new, start };

fn operations() -> Vec<Operation> {
    api::operations()
}

#[allow(clippy::unnecessary_wraps, reason = "features start so")]
fn start(context: &StartContext<'_>) -> anyhow::Result<FeatureParts> {
    let (accounts, tls) = (context.accounts.clone(), context.tls);
    let (history, most_bytes) = (context.history.clone(), context.config.history.bytes);
    let clock = Arc::clone(context.hub.clock());
    let routes = move |all: &Assembly| {
        let door = DoorState { accounts, pages: all.pages.clone(), tls };
        let state = DashboardsState::new(PastState::new(history, most_bytes, clock, door));
        api::routes()
            .merge(page::routes())
            .merge(forms::routes())
            .merge(import::routes())
            .merge(save::routes())
            .with_state(state)
    };
    Ok(FeatureParts { routes: Box::new(routes), ..FeatureParts::default() })
}
