//! `POST /api/v1/publish`: other programs push their own numbers. With an `Idempotency-Key` what is sent again after a lost answer is one
//! entry.

use std::{sync::Arc, time::Duration};

use access::Action;
use axum::{
    Extension, Json, Router,
    extract::{DefaultBodyLimit, State, rejection::JsonRejection},
    http::HeaderMap,
    routing::post,
};
use common::{Cursor, Topic, frame::ErrorCode, limit::LimitName, status::ExactStatus, topic::BadTopic};
use fanout::{Hub, PublishOptions, Retention, TopicKind, TopicPolicy, TopicQuota};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use transports::{
    conn::Peer,
    gate::{ApiRejection, RateLimiter},
};
use utoipa::ToSchema;

use super::{idempotency_key, rejections};
use crate::{
    access::Caller,
    config::setting::Setting,
    feature::{Feature, FeatureParts, StartContext},
    openapi::operation::{
        ErrorAnswer::{Code, Exact, Limit},
        Operation, OperationGroup,
    },
    topic_policies::policy,
};

/// A body may have this many bytes besides its payload.
const AROUND: usize = 1024;

pub(crate) const FEATURE: Feature =
    Feature { name: "publish", settings: SETTINGS, operations, topic_policies, start };

const SETTINGS: &[Setting] = &[Setting::free("limits.publications_per_second")];

fn topic_policies() -> Vec<TopicPolicy> {
    let retention = Retention {
        age: Duration::from_secs(600),
        quota: TopicQuota::AtMost(5_000),
        ..Retention::entries(1024)
    };
    vec![policy("custom/*", TopicKind::Log, retention)]
}

fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/api/v1/publish", "publish", OperationGroup::Publishing, "Publish to a topic")
            .description(
                "Whoever follows the topic is told at once. The first publication to a topic makes it.",
            )
            .header::<idempotency_key::KeyText>(idempotency_key::HEADER, idempotency_key::DESCRIPTION)
            .body::<PublishRequest>(serde_json::json!({"topic": "custom/orders", "data": {"open": 17}}))
            .answers::<Published>(200, "It is stored, or was already under this key.")
            .fails([
                Code(ErrorCode::BadTopic),
                Code(ErrorCode::UnknownTopic),
                Exact(ExactStatus::TopicReadOnly),
                Limit(LimitName::PublicationBytes),
                Limit(LimitName::PublicationsPerSecond),
                Limit(LimitName::Topics),
                Code(ErrorCode::NotStored),
                Code(ErrorCode::LogUnavailable),
                Code(ErrorCode::ShuttingDown),
            ]),
    ]
}

fn start(context: &StartContext<'_>) -> anyhow::Result<FeatureParts> {
    let limit = RateLimiter::new(context.config.limits.publications_per_second);
    let api = PublishApi { hub: context.hub.clone(), publishers: Arc::new(limit) };
    let longest = api.longest_body();
    let routes = Router::new().route("/api/v1/publish", post(publish)).layer(DefaultBodyLimit::max(longest));
    Ok(FeatureParts { routes: Box::new(|_| routes.with_state(api)), ..FeatureParts::default() })
}

/// The state of its route; cheap to clone.
#[derive(Debug, Clone)]
struct PublishApi {
    hub: Hub,
    /// The rate limit of each client's publications.
    publishers: Arc<RateLimiter>,
}

impl PublishApi {
    fn longest_body(&self) -> usize {
        self.hub.settings().publication_bytes.saturating_add(AROUND)
    }
}

/// Why a publication is not taken before the log is asked.
#[derive(Debug, thiserror::Error)]
enum PublicationError {
    /// More from one client than it may send. 429 `limit_reached`.
    #[error("more publications a second than one client may send (limits.publications_per_second)")]
    TooFast(u32),
    /// The topic's text is no topic. 400 `bad_topic`.
    #[error(transparent)]
    Topic(BadTopic),
    /// The topic is the server's own. 403 `unknown_topic`.
    #[error("only topics under custom/ can be published to, not {0}")]
    ReadOnly(Topic),
}

impl From<PublicationError> for ApiRejection {
    fn from(error: PublicationError) -> Self {
        let message = error.to_string();
        match error {
            PublicationError::TooFast(rate) => {
                Self::limit_reached(LimitName::PublicationsPerSecond, rate as usize, message)
                    .retry_after(Duration::from_secs(1))
            }
            PublicationError::Topic(_) => Self::new(ErrorCode::BadTopic, message),
            PublicationError::ReadOnly(_) => Self::exact(ExactStatus::TopicReadOnly, message),
        }
    }
}

/// A publication.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PublishRequest {
    /// A topic under `custom/`.
    #[schema(value_type = Topic)]
    topic: String,
    /// As it was sent: numbers keep their digits and objects their order.
    #[schema(value_type = Value)]
    data: Box<RawValue>,
}

/// A publication that is stored.
#[derive(Serialize, ToSchema)]
struct Published {
    /// Its place in the log.
    cursor: Cursor,
}

async fn publish(
    State(api): State<PublishApi>,
    Extension(Peer(peer)): Extension<Peer>,
    caller: Caller,
    headers: HeaderMap,
    body: Result<Json<PublishRequest>, JsonRejection>,
) -> Result<Json<Published>, ApiRejection> {
    if !api.publishers.try_take(peer.ip()) {
        return Err(PublicationError::TooFast(api.publishers.rate()).into());
    }
    let key = idempotency_key::of(&headers)?;
    let Json(PublishRequest { topic, data }) =
        body.map_err(|error| rejections::body(&error, api.longest_body()))?;
    let topic: Topic = topic.parse().map_err(PublicationError::Topic)?;
    if !topic.as_str().starts_with("custom/") {
        return Err(PublicationError::ReadOnly(topic).into());
    }
    caller.may(Action::Publish, &topic)?;
    let data: Box<str> = data.into();
    let options = PublishOptions { key, ..PublishOptions::default() };
    let cursor = api.hub.publish_with_async(&topic, String::from(data).into(), options).await?.cursor;
    Ok(Json(Published { cursor }))
}
