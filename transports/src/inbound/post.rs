//! `POST /live/send`: one message, for clients whose transport has no way up.

use std::time::Duration;

use axum::{
    Json, Router,
    body::{Body, to_bytes},
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
    routing::post,
};
use common::{
    api::ApiError,
    frame::ErrorCode,
    limit::LimitName,
    message::{ClientMessage, MessageId, Rejection},
};
use tokio::time::timeout;

use super::{MessageCarrier, MessageSource, PATH};
use crate::{conn::Peer, gate::ApiRejection, live::Live};

/// The time within which a client has to send a body.
const PATIENCE: Duration = Duration::from_secs(10);
/// The time after which a client that sends too much may send again, milliseconds.
const SLOWER_MS: u64 = 1_000;

pub(crate) fn routes() -> Router<Live> {
    Router::new().route(PATH, post(send))
}

async fn send(
    State(live): State<Live>,
    axum::Extension(Peer(peer)): axum::Extension<Peer>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiRejection> {
    let may_send = live.admission.may_send(peer.ip());
    // Besides, a form of another site cannot send this type without asking first.
    if !is_json(&headers) {
        return Err(ApiRejection::new(415, ErrorCode::BadRequest, "a message is application/json"));
    }
    let longest = match live.admission.limits().message_bytes {
        0 => usize::MAX,
        limit => limit,
    };
    let body = match timeout(PATIENCE, to_bytes(body, longest)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => {
            let message = format!("a message has at most {longest} bytes");
            return Err(ApiRejection::limit_reached(413, LimitName::MessageBytes, longest, message));
        }
        Err(_) => {
            return Err(ApiRejection::new(408, ErrorCode::BadRequest, "the message did not arrive in time"));
        }
    };
    if !may_send {
        // The body is read all the same: the rejection names the message, and the connection goes on behind it.
        let message = "more messages a second than one address may send";
        let most = live.admission.limits().messages_per_second as usize;
        let refusal = ApiRejection::limit_reached(429, LimitName::MessagesPerSecond, most, message);
        return Ok(match named(&body) {
            Some(id) => {
                rejected(&Rejection { id, error: refusal.error().clone(), retry_ms: Some(SLOWER_MS) })
            }
            None => with_retry_after(refusal.into_response(), SLOWER_MS),
        });
    }
    let message: ClientMessage = serde_json::from_slice(&body)
        .map_err(|error| ApiRejection::new(400, ErrorCode::BadMessage, format!("not a message: {error}")))?;
    let carrier = MessageCarrier::Request { connections: live.admission.live_lately(peer.ip()) };
    let from = MessageSource { address: peer.ip(), carrier };
    Ok(match live.inbound.handle(message, from).await {
        Ok(receipt) => ([(header::CACHE_CONTROL, "no-store")], Json(receipt)).into_response(),
        Err(rejection) => rejected(&rejection),
    })
}

/// The id of what may not be a message.
fn named(body: &[u8]) -> Option<MessageId> {
    #[derive(serde::Deserialize)]
    struct MessageHead {
        id: MessageId,
    }
    serde_json::from_slice::<MessageHead>(body).ok().map(|named| named.id)
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// Responds with the status of the rejection's code.
fn rejected(rejection: &Rejection) -> Response {
    let Rejection { error: ApiError { code, .. }, retry_ms, .. } = rejection;
    let status = match code {
        ErrorCode::UnknownTopic => 404,
        ErrorCode::ForbiddenOrigin => 403,
        ErrorCode::LimitReached => 429,
        ErrorCode::ShuttingDown | ErrorCode::NotStored => 503,
        _ => 400,
    };
    let mut response = Json(rejection).into_response();
    *response.status_mut() = ApiRejection::new(status, *code, "").status();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    match retry_ms {
        Some(ms) => with_retry_after(response, *ms),
        None => response,
    }
}

/// `Retry-After` counts whole seconds (RFC 9110 §10.2.3).
fn with_retry_after(mut response: Response, ms: u64) -> Response {
    response.headers_mut().insert(header::RETRY_AFTER, ms.div_ceil(1000).into());
    response
}
