//! The last step through the gate: a permit, and a subscription.

use std::{borrow::Cow, sync::Arc, time::Duration};

use access::{Action, Credential, Denied, Principal};
use axum::http::{HeaderValue, StatusCode};
use common::Topic;
use common::frame::{ByeReason, ErrorCode, ServerFrame};
use fanout::{Disconnect, SubscribeError, SubscribeOptions, Subscription};

use super::{ApiRejection, Permit, api_rejection};
use crate::{connections::ConnectionStats, live::Live};

/// Turned away for a reason that will pass. How that is said is the transport's: not every client sees a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RetryLater(pub(crate) Disconnect);

/// Enters, or says why not.
///
/// # Errors
/// A refusal for what will not pass: a topic that there is not, or too many of them.
pub(crate) fn admit(
    live: &Live,
    stats: &Arc<ConnectionStats>,
    options: &SubscribeOptions,
) -> Result<Result<(Subscription, Permit), RetryLater>, ApiRejection> {
    admit_again(live, stats, options, None)
}

/// Admits a client that may hold a permit already.
///
/// # Errors
/// As for [`admit`].
pub(crate) fn admit_again(
    live: &Live,
    stats: &Arc<ConnectionStats>,
    options: &SubscribeOptions,
    place: Option<Permit>,
) -> Result<Result<(Subscription, Permit), RetryLater>, ApiRejection> {
    let narrowed;
    let options = match readable(live, stats.principal(), &options.topics)? {
        Cow::Borrowed(_) => options,
        Cow::Owned(topics) => {
            if topics.is_empty() {
                authorize(live, stats.principal(), &options.topics)?;
            }
            let mut less = SubscribeOptions { topics, ..options.clone() };
            less.snapshot.retain(|topic| less.topics.contains(topic));
            narrowed = less;
            &narrowed
        }
    };
    let later = |reason| Disconnect { reason, retry_ms: live.pace.retry_ms() };
    if stats.take_disconnect() {
        return Ok(Err(RetryLater(live.disconnect_notice())));
    }
    let permit = place.or_else(|| live.admission.admit(stats));
    Ok(match (live.hub.subscribe_as(stats.id(), options), permit) {
        (Ok(subscription), Some(permit)) => {
            still_authorized(stats)?;
            Ok((subscription, permit))
        }
        (Ok(_), None) => Err(RetryLater(later(ByeReason::TooManyConnections))),
        (Err(SubscribeError::Closed), _) => {
            Err(RetryLater(live.hub.shutdown_disconnect().unwrap_or_else(|| later(ByeReason::Shutdown))))
        }
        (Err(SubscribeError::LogFull(_)), _) => Err(RetryLater(later(ByeReason::LogFull))),
        (Err(error), _) => return Err(error.into()),
    })
}

/// Checks that a principal may follow these topics.
///
/// # Errors
/// A refusal that says why it may not.
pub(crate) fn authorize(live: &Live, principal: &Principal, topics: &[Topic]) -> Result<(), ApiRejection> {
    let may = |topic| live.authorizer.may(principal, Action::ReadTopic, Some(topic));
    Ok(topics.iter().try_for_each(may)?)
}

/// Returns those of the topics that a principal may follow: all of them. A wall display asks for the topics of a whole page and is
/// shown a part of it, so what it may not read is left out; whoever enters with nothing left is refused.
///
/// # Errors
/// A refusal that says why it may not.
pub(crate) fn readable<'a>(
    live: &Live,
    principal: &Principal,
    topics: &'a [Topic],
) -> Result<Cow<'a, [Topic]>, ApiRejection> {
    if principal.credential == Credential::WallDisplay {
        let may = |topic: &&Topic| live.authorizer.may(principal, Action::ReadTopic, Some(topic)).is_ok();
        return Ok(topics.iter().filter(may).cloned().collect::<Vec<_>>().into());
    }
    authorize(live, principal, topics)?;
    Ok(Cow::Borrowed(topics))
}

/// Checks that the rights of a connection, which has just subscribed, were not taken away meanwhile. A revocation ends the
/// subscriptions that there are, so whoever subscribes looks once more afterwards.
///
/// # Errors
/// A refusal that says that it has to sign in.
pub(crate) fn still_authorized(stats: &ConnectionStats) -> Result<(), ApiRejection> {
    if stats.principal().is_revoked() { Err(Denied::NotSignedIn.into()) } else { Ok(()) }
}

/// Reports that a client whose poll was admitted may poll on with its subscription, without being admitted again. Whatever takes
/// a right away from a client that polls is asked here: a poll that may not go on takes the way through [`admit_again`], which says
/// why.
pub(crate) fn may_go_on(stats: &ConnectionStats) -> bool {
    !stats.is_disconnect_pending()
}

impl RetryLater {
    /// The frame that says it.
    pub(crate) fn bye(self) -> ServerFrame {
        let Self(Disconnect { reason, retry_ms }) = self;
        ServerFrame::Bye { reason, retry_ms }
    }

    /// The status that says it.
    pub(crate) fn status(self) -> StatusCode {
        let code = match self.0.reason {
            ByeReason::Shutdown => ErrorCode::ShuttingDown,
            ByeReason::TooManyConnections | ByeReason::LogFull | ByeReason::Ended | ByeReason::Renew => {
                ErrorCode::LimitReached
            }
            ByeReason::SignedOut => ErrorCode::NotSignedIn,
        };
        api_rejection::status(code.status())
    }

    /// `Retry-After` counts whole seconds (RFC 9110 §10.2.3).
    pub(crate) fn retry_after(self) -> HeaderValue {
        api_rejection::retry_after(Duration::from_millis(self.0.retry_ms))
    }
}
