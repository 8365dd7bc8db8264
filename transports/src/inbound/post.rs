//! `POST /live/send`: one message, for clients whose transport has no way up.

use std::{sync::Arc, time::Duration};

use access::Principal;
use axum::{
    Json, Router,
    body::{Body, to_bytes},
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
    routing::post,
};
use common::{
    frame::ErrorCode,
    limit::LimitName,
    message::{ClientMessage, MessageId, Rejection},
    status::ExactStatus,
};
use tokio::time::timeout;

use super::{MessageCarrier, MessageSource, PATH};
use crate::{
    conn::Peer,
    gate::{ApiRejection, retry_after},
    live::Live,
};

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
    principal: Option<axum::Extension<Arc<Principal>>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiRejection> {
    let may_send = live.admission.may_send(peer.ip());
    // Besides, a form of another site cannot send this type without asking first.
    if !is_json(&headers) {
        return Err(ApiRejection::exact(ExactStatus::UnsupportedMediaType, "a message is application/json"));
    }
    let longest = match live.admission.limits().message_bytes {
        0 => usize::MAX,
        limit => limit,
    };
    let body = match timeout(PATIENCE, to_bytes(body, longest)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => {
            let message = format!("a message has at most {longest} bytes");
            return Err(ApiRejection::limit_reached(LimitName::MessageBytes, longest, message));
        }
        Err(_) => {
            return Err(ApiRejection::exact(
                ExactStatus::RequestTimeout,
                "the message did not arrive in time",
            ));
        }
    };
    if !may_send {
        // The body is read all the same: the rejection names the message, and the connection goes on behind it.
        let message = "more messages a second than one address may send";
        let most = live.admission.limits().messages_per_second as usize;
        let refusal = ApiRejection::limit_reached(LimitName::MessagesPerSecond, most, message);
        return Ok(match named(&body) {
            Some(id) => {
                rejected(&Rejection { id, error: refusal.error().clone(), retry_ms: Some(SLOWER_MS) })
            }
            None => refusal.retry_after(Duration::from_millis(SLOWER_MS)).into_response(),
        });
    }
    let message: ClientMessage = serde_json::from_slice(&body)
        .map_err(|error| ApiRejection::new(ErrorCode::BadMessage, format!("not a message: {error}")))?;
    let carrier = MessageCarrier::Request { connections: live.admission.live_lately(peer.ip()) };
    let principal = principal.map_or_else(|| Arc::new(Principal::anonymous()), |extension| extension.0);
    let from = MessageSource { address: peer.ip(), principal, carrier };
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

/// Responds with the status of the rejection's error.
fn rejected(rejection: &Rejection) -> Response {
    let status = ApiRejection::from(rejection.error.clone()).status();
    let mut response = (status, Json(rejection)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(ms) = rejection.retry_ms {
        response.headers_mut().insert(header::RETRY_AFTER, retry_after(Duration::from_millis(ms)));
    }
    response
}
