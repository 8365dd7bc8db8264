//! The feature of the description: all that it adds to the server.

use std::sync::Arc;

use app::door::api;
use axum::{
    Router,
    extract::{FromRef, State},
    http::{HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use common::door::paths;

use super::{
    operation::{Operation, OperationGroup},
    page,
};
use crate::{
    accounts::{DoorState, Visitor},
    feature::{ApiDescription, Assembly, Feature, FeatureParts, StartContext},
};

pub(crate) const FEATURE: Feature =
    Feature { name: "openapi", settings: &[], operations, topic_policies: Vec::new, start };

/// Programs that read the description often are answered from what they keep.
const KEPT: (HeaderName, &str) = (header::CACHE_CONTROL, "no-cache");

fn operations() -> Vec<Operation> {
    vec![
        Operation::get(
            paths::API_DOCUMENT,
            "getDescription",
            OperationGroup::Server,
            "Read this description",
        )
        .answers_object(200, "This document."),
    ]
}

/// The state of its routes; cheap to clone.
#[derive(Clone)]
struct DescriptionState {
    /// The document's text.
    text: ApiDescription,
    door: DoorState,
}

impl FromRef<DescriptionState> for DoorState {
    fn from_ref(state: &DescriptionState) -> Self {
        state.door.clone()
    }
}

fn start(context: &StartContext<'_>) -> anyhow::Result<FeatureParts> {
    let (accounts, tls) = (context.accounts.clone(), context.tls);
    let routes = move |all: &Assembly| {
        let door = DoorState { accounts, pages: all.pages.clone(), tls };
        Router::new()
            .route(paths::API, get(shown))
            .route(paths::API_DOCUMENT, get(document))
            .with_state(DescriptionState { text: Arc::clone(&all.api), door })
    };
    Ok(FeatureParts { routes: Box::new(routes), ..FeatureParts::default() })
}

async fn document(State(state): State<DescriptionState>) -> Response {
    ([(header::CONTENT_TYPE, "application/json"), KEPT], state.text.to_string()).into_response()
}

async fn shown(State(state): State<DescriptionState>, visitor: Visitor) -> Response {
    let page = page::of(state.text.as_str(), &visitor.whole_address(""));
    visitor.answer(StatusCode::OK, api(&visitor.context(), page))
}
