//! The name that a program gives itself in the address of its lines: `client=NAME`.
//!
//! Behind a proxy that keeps its own connection open, the server never learns that a reader has left. A reader that
//! comes again under its name shows it: its older connection gives up its permit, and ends. A name is its principal's: under that of
//! another nothing is given up.

use common::{MessageId, frame::ErrorCode};
use fanout::{SubscribeOptions, Subscription};

use super::{ApiRejection, Permit, admit::RetryLater, admit::admit};
use crate::{connections::ConnectionStats, live::Live};

/// Reads the name out of a query.
///
/// # Errors
/// 400 where it is not one.
pub(crate) fn client(query: Option<&str>) -> Result<Option<MessageId>, ApiRejection> {
    let mut all = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let Some((_, text)) = all.find(|(name, _)| name == "client") else { return Ok(None) };
    let read = text.parse().map(Some);
    read.map_err(|_| {
        let message = "client is a name of 8 to 64 of A-Z a-z 0-9 _ -";
        ApiRejection::new(ErrorCode::BadRequest, message)
    })
}

/// Admits as `admit` does, and replaces the connection that the same client had on the same transport.
///
/// # Errors
/// As for `admit`.
pub(crate) fn admit_as(
    live: &Live,
    stats: &std::sync::Arc<ConnectionStats>,
    options: &SubscribeOptions,
    client: Option<MessageId>,
) -> Result<Result<(Subscription, Permit), RetryLater>, ApiRejection> {
    let Some(client) = client else { return admit(live, stats, options) };
    if let Some(older) = live.admission.give_up(&client, stats) {
        live.hub.disconnect(older, live.disconnect_notice());
    }
    let mut entered = admit(live, stats, options)?;
    if let Ok((_, permit)) = &mut entered
        && let Some(older) = permit.take_name(client)
    {
        // Two came at once.
        live.hub.disconnect(older, live.disconnect_notice());
    }
    Ok(entered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_and_what_is_none_is_refused() {
        let read = |query| client(Some(query)).map(|name| name.map(|name| name.as_str().to_owned()));
        assert_eq!(client(None), Ok(None));
        assert_eq!(read("topics=a"), Ok(None));
        assert_eq!(read("topics=a&client=0123-cdef"), Ok(Some("0123-cdef".into())));
        for bad in ["client=", "client=short", "client=a%20b%20c%20d", &format!("client={}", "x".repeat(65))]
        {
            assert_eq!(
                read(bad).map_err(|refusal| refusal.error().code),
                Err(ErrorCode::BadRequest),
                "{bad}"
            );
        }
    }
}
