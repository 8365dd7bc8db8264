//! Notices over REST: sending, reading, acknowledging, and who has read one.

use std::sync::Arc;

use access::Credential;
use axum::{
    Json, Router,
    extract::{
        DefaultBodyLimit, FromRef, Path, Query, State,
        rejection::{JsonRejection, PathRejection, QueryRejection},
    },
    http::{HeaderMap, HeaderName, StatusCode},
    routing::{get, post},
};
use common::notice::{NoticeLevel, UnreadNotices};
use serde::{Deserialize, Serialize};
use store::{NewNotice, Notice, NoticeFilter, NoticeId, NoticeReader, UserId};
use transports::gate::{ApiRejection, RateLimiter};
use utoipa::{IntoParams, ToSchema};

use super::{
    draft::{NoticeDraft, NoticeSender},
    error::{NoticeError, PAGE},
    service::Notices,
    team::{PersonNames, ReaderView, Team},
};
use crate::{
    access::Caller,
    accounts::{DoorState, Visitor},
    web::{headers::UNKEPT, idempotency_key, rejections},
};

/// The most bytes of a body: a text of the longest, each character escaped, and a title.
const BODY: usize = 64 << 10;

/// The state of every route of notices; cheap to clone.
#[derive(Clone)]
pub(super) struct NoticesState {
    pub(super) notices: Notices,
    pub(super) door: DoorState,
    /// The rate limit of each sender's address.
    pub(super) senders: Arc<RateLimiter>,
}

impl FromRef<NoticesState> for Notices {
    fn from_ref(state: &NoticesState) -> Self {
        state.notices.clone()
    }
}

impl FromRef<NoticesState> for DoorState {
    fn from_ref(state: &NoticesState) -> Self {
        state.door.clone()
    }
}

pub(super) fn routes() -> Router<NoticesState> {
    Router::new()
        .route("/api/v1/notices", get(list).post(send))
        .route("/api/v1/notices/read", post(read_through))
        .route("/api/v1/notices/{id}/read", post(read))
        .route("/api/v1/notices/{id}/readers", get(readers))
        .layer(DefaultBodyLimit::max(BODY))
}

/// Returns the reader that a caller is: its account, and the audiences whose topics it may read.
pub(super) fn reader(caller: &Caller) -> NoticeReader {
    let user = caller.principal.user.map_or(UserId::NOBODY, UserId);
    NoticeReader { user, audiences: caller.notice_audiences() }
}

/// Returns the sender that a caller is.
pub(super) fn sender(caller: &Caller, now_ms: u64) -> NoticeSender {
    let principal = &caller.principal;
    let name = match &principal.credential {
        Credential::Token(token, _) => format!("{} (token {token})", principal.name),
        Credential::OpenHouse => "operator".to_owned(),
        _ => principal.name.to_string(),
    };
    NoticeSender { user: principal.user.map_or(UserId::NOBODY, UserId), name, now_ms }
}

/// A notice to send.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NoticeRequest {
    /// The readers: `all`, `role:ROLE` (and greater ones) or `user:NAME`.
    to: String,
    /// Its urgency.
    level: NoticeLevel,
    /// The line that it is shown by.
    title: String,
    /// More about it.
    #[serde(default)]
    text: String,
    /// The page of the board that it leads to, such as `/chat`.
    link: Option<String>,
    /// The moment from which it is no longer shown, milliseconds since 1970.
    expires_ms: Option<u64>,
}

/// A notice as programs read it.
#[derive(Serialize, ToSchema)]
pub(super) struct NoticeView {
    /// Its number. A newer notice has a greater one.
    id: u64,
    /// The readers, as a request says them.
    to: String,
    /// Its urgency.
    level: NoticeLevel,
    /// The line that it is shown by.
    title: String,
    /// More about it; may be empty.
    text: String,
    /// The page of the board that it leads to.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
    /// The name of its sender.
    from: String,
    /// The moment at which it was sent, milliseconds since 1970.
    at_ms: u64,
    /// The moment from which it is no longer shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_ms: Option<u64>,
    /// The moment at which the caller has read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    read_ms: Option<u64>,
}

impl NoticeView {
    fn of(notice: Notice, names: &PersonNames, read_ms: Option<u64>) -> Self {
        let Notice { id, sent } = notice;
        Self {
            id: id.0,
            to: names.said(sent.audience),
            level: sent.level,
            title: sent.title,
            text: sent.text,
            link: sent.link,
            from: sent.sender_name,
            at_ms: sent.created_ms,
            expires_ms: sent.expires_ms,
            read_ms,
        }
    }
}

async fn send(
    State(state): State<NoticesState>,
    caller: Caller,
    visitor: Visitor,
    headers: HeaderMap,
    body: Result<Json<NoticeRequest>, JsonRejection>,
) -> Result<(StatusCode, Json<NoticeView>), ApiRejection> {
    if !state.senders.try_take(visitor.address) {
        return Err(NoticeError::TooFast(state.senders.rate()).into());
    }
    let key = idempotency_key::of(&headers)?;
    let Json(NoticeRequest { to, level, title, text, link, expires_ms }) =
        body.map_err(|error| rejections::body(&error, BODY))?;
    let draft = NoticeDraft { to, level, title, text, link, expires_ms };
    let (notice, is_new) =
        send_as(&state.notices, &caller, &visitor, draft, key.map(|key| key.as_str().to_owned())).await?;
    let names =
        PersonNames::of(&state.notices, std::iter::once(&notice)).await.map_err(NoticeError::Store)?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(NoticeView::of(notice, &names, None))))
}

/// Sends a notice on behalf of whoever asks, and notes that in the audit log.
pub(super) async fn send_as(
    notices: &Notices,
    caller: &Caller,
    visitor: &Visitor,
    draft: NoticeDraft,
    key: Option<String>,
) -> Result<(Notice, bool), NoticeError> {
    let by = sender(caller, notices.now());
    let new = NewNotice { key, ..draft.checked(notices.store(), by).await? };
    let asked = new.clone();
    let created = notices.send(new).await?;
    if !created.is_new && !created.notice.sent.says_as(&asked) {
        return Err(NoticeError::KeyReused(created.notice.id.0));
    }
    if created.is_new {
        let sent = &created.notice.sent;
        let object = format!("notice:{} to {}", created.notice.id, sent.audience);
        let detail = format!("{}: {}", sent.level, sent.title);
        visitor.accounts.record(visitor.did("send_notice", object, detail)).await;
    }
    Ok((created.notice, created.is_new))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct NoticesQuery {
    /// The notices to show; `all` where it is left out.
    #[param(inline)]
    show: Option<NoticeSelection>,
    /// Only those of this urgency.
    #[param(inline)]
    level: Option<NoticeLevel>,
    /// Only notices before this one.
    before: Option<u64>,
    /// The most notices of the answer; 100 where it is left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<usize>,
}

/// The notices to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum NoticeSelection {
    /// Those for the reader.
    All,
    /// Those that it has not read.
    Unread,
    /// Those that it has read.
    Read,
    /// Those that it has sent.
    Sent,
}

impl NoticeSelection {
    /// Returns the filter of a reader's notices.
    pub(super) fn filter(self, reader: NoticeReader, limit: usize, now_ms: u64) -> NoticeFilter {
        let is_read = match self {
            Self::All | Self::Sent => None,
            Self::Unread => Some(false),
            Self::Read => Some(true),
        };
        NoticeFilter { reader, sent: self == Self::Sent, is_read, level: None, before: None, limit, now_ms }
    }
}

/// A stretch of a reader's notices.
#[derive(Serialize, ToSchema)]
pub(super) struct NoticesPage {
    #[serde(flatten)]
    unread: UnreadNotices,
    /// True if there are more before these.
    earlier: bool,
    /// The topics on which the reader is told of new ones.
    topics: Vec<common::Topic>,
    /// The newest first.
    notices: Vec<NoticeView>,
}

async fn list(
    State(notices): State<Notices>,
    caller: Caller,
    query: Result<Query<NoticesQuery>, QueryRejection>,
) -> Result<([(HeaderName, &'static str); 1], Json<NoticesPage>), ApiRejection> {
    let Query(NoticesQuery { show, level, before, limit }) = query.map_err(rejections::query)?;
    let limit = limit.unwrap_or(PAGE);
    if !(1..=PAGE).contains(&limit) {
        return Err(NoticeError::Limit(limit).into());
    }
    let (reader, now) = (reader(&caller), notices.now());
    let show = show.unwrap_or(NoticeSelection::All);
    let filter =
        NoticeFilter { level, before: before.map(NoticeId), ..show.filter(reader.clone(), limit + 1, now) };
    let read = async {
        // Counted first: whoever counts on from live events then counts none too few.
        let unread = notices.store().notices().unread(reader.clone(), now).await?;
        let listed = notices.store().notices().list(filter).await?;
        let names = PersonNames::of(&notices, listed.iter().map(|one| &one.notice)).await?;
        Ok((unread, listed, names))
    };
    let (unread, mut listed, names) = read.await.map_err(NoticeError::Store)?;
    let earlier = listed.len() > limit;
    listed.truncate(limit);
    let page = NoticesPage {
        unread,
        earlier,
        topics: reader.audiences.iter().map(|audience| audience.topic()).collect(),
        notices: listed.into_iter().map(|one| NoticeView::of(one.notice, &names, one.read_ms)).collect(),
    };
    Ok((UNKEPT, Json(page)))
}

/// Reads a notice's number from the address.
fn number(id: Result<Path<u64>, PathRejection>) -> Result<NoticeId, ApiRejection> {
    let Path(id) = id.map_err(rejections::segment)?;
    Ok(NoticeId(id))
}

async fn read(
    State(notices): State<Notices>,
    caller: Caller,
    id: Result<Path<u64>, PathRejection>,
) -> Result<Json<UnreadNotices>, ApiRejection> {
    let id = number(id)?;
    let reader = reader(&caller);
    let found = notices.store().notices().by_id(id).await.map_err(NoticeError::Store)?;
    // The number of a notice for others is as one that is not there.
    if !found.is_some_and(|notice| reader.audiences.contains(&notice.sent.audience)) {
        return Err(NoticeError::NotFound(id.0).into());
    }
    Ok(Json(notices.mark_read(reader, id, id).await.map_err(NoticeError::Store)?))
}

/// The notices to acknowledge.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReadRequest {
    /// The newest notice that was seen.
    through: u64,
}

async fn read_through(
    State(notices): State<Notices>,
    caller: Caller,
    body: Result<Json<ReadRequest>, JsonRejection>,
) -> Result<Json<UnreadNotices>, ApiRejection> {
    let Json(ReadRequest { through }) = body.map_err(|error| rejections::body(&error, BODY))?;
    let left = notices.mark_read(reader(&caller), NoticeId(0), NoticeId(through)).await;
    Ok(Json(left.map_err(NoticeError::Store)?))
}

/// The readers of a notice.
#[derive(Serialize, ToSchema)]
pub(super) struct ReadersPage {
    /// Those who have read it, the first one first.
    read: Vec<ReaderView>,
    /// The names of those who have not.
    waiting: Vec<String>,
}

async fn readers(
    State(notices): State<Notices>,
    caller: Caller,
    id: Result<Path<u64>, PathRejection>,
) -> Result<([(HeaderName, &'static str); 1], Json<ReadersPage>), ApiRejection> {
    let id = number(id)?;
    let reader = reader(&caller);
    let found = notices.store().notices().by_id(id).await.map_err(NoticeError::Store)?;
    let may_see = |notice: &Notice| {
        notice.sent.sender == reader.user || reader.audiences.contains(&notice.sent.audience)
    };
    let notice = found.filter(may_see).ok_or(NoticeError::NotFound(id.0))?;
    let team = Team::of(&notices).await.map_err(NoticeError::Store)?;
    let (read, waiting) = team.readers(&notices, &notice).await.map_err(NoticeError::Store)?;
    Ok((UNKEPT, Json(ReadersPage { read, waiting })))
}
