//! The document of one's notices, and its forms.

use access::Action;
use app::door::{
    FormProblem, NoticeFormDraft, NoticeListFilter, NoticeReceipts, NoticeRow, NoticesDone, NoticesPage,
    ShownAudience, notices,
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Query, State, rejection::QueryRejection},
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use common::{
    door::{
        forms::{NoticeForm, RowForm},
        paths,
    },
    notice::NoticeAudience,
};
use serde::Deserialize;
use store::{Notice, NoticeFilter, NoticeId, ReceivedNotice, StoreError};

use super::{
    api::{NoticeSelection, NoticesState, reader, send_as},
    draft::{DraftError, NoticeDraft},
    error::NoticeError,
    team::{PersonNames, Team},
};
use crate::{
    access::Caller,
    accounts::{DoorForm, Visitor},
};

/// The notices of a page.
const PAGE: usize = 25;
/// The most bytes of a form: a text of the longest, each character encoded.
const FORM: usize = 64 << 10;
const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

pub(super) fn routes() -> Router<NoticesState> {
    Router::new()
        .route(paths::NOTICES, get(page))
        .route(paths::NOTICES_READ, post(read))
        .route(paths::NOTICES_READ_ALL, post(read_all))
        .route(paths::NOTICES_SEND, post(send))
        .layer(DefaultBodyLimit::max(FORM))
}

/// The query of the page: a choice of its filter may be empty.
#[derive(Debug, Default, Deserialize)]
struct PageQuery {
    #[serde(default)]
    show: String,
    #[serde(default)]
    level: String,
    before: Option<u64>,
}

/// A change to the page, before it is shown.
#[derive(Default)]
struct NoticesOutcome {
    done: Option<NoticesDone>,
    problem: Option<FormProblem>,
    draft: NoticeFormDraft,
}

async fn page(
    State(state): State<NoticesState>,
    caller: Caller,
    visitor: Visitor,
    query: Result<Query<PageQuery>, QueryRejection>,
) -> Response {
    let PageQuery { show, level, before } = query.map(|Query(query)| query).unwrap_or_default();
    let filter = NoticeListFilter { sent: show == "sent", level: level.parse().ok(), before };
    self::show(&state, &caller, &visitor, filter, NoticesOutcome::default()).await
}

/// Answers with the page. Its status is that of the problem.
async fn show(
    state: &NoticesState,
    caller: &Caller,
    visitor: &Visitor,
    filter: NoticeListFilter,
    shown: NoticesOutcome,
) -> Response {
    let NoticesOutcome { done, problem, draft } = shown;
    match read_page(state, caller, filter).await {
        Ok(page) => {
            let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            let draft = caller.may_do(Action::SendNotices).then_some(draft);
            visitor.answer(status, notices(&visitor.context(), NoticesPage { done, problem, draft, ..page }))
        }
        Err(error) => visitor.store_failed(&error),
    }
}

async fn read_page(
    state: &NoticesState,
    caller: &Caller,
    mut filter: NoticeListFilter,
) -> Result<NoticesPage, StoreError> {
    let (store, now, reader) = (state.notices.store().notices(), state.notices.now(), reader(caller));
    // A link that was kept may be that of someone who may send no longer.
    filter.sent &= caller.may_do(Action::SendNotices);
    let of = |show: NoticeSelection, before: Option<u64>| NoticeFilter {
        level: filter.level,
        before: before.map(NoticeId),
        ..show.filter(reader.clone(), PAGE + 1, now)
    };
    let unread = match filter.sent || filter.before.is_some() {
        true => Vec::new(),
        // Those beyond come up as these are read.
        false => store.list(NoticeFilter { limit: PAGE, ..of(NoticeSelection::Unread, None) }).await?,
    };
    let selection = if filter.sent { NoticeSelection::Sent } else { NoticeSelection::Read };
    let mut others = store.list(of(selection, filter.before)).await?;
    let has_more = others.len() > PAGE;
    others.truncate(PAGE);
    let next_before = others.last().filter(|_| has_more).map(|last| last.notice.id.0);
    let newest_unread = unread.first().map(|newest| newest.notice.id.0).filter(|_| filter.level.is_none());
    let names = PersonNames::of(&state.notices, unread.iter().chain(&others).map(|one| &one.notice)).await?;
    let rows = |list: Vec<ReceivedNotice>| list.into_iter().map(|one| row(one, &names)).collect::<Vec<_>>();
    let sent: Vec<Notice> = others.iter().filter(|_| filter.sent).map(|one| one.notice.clone()).collect();
    let (unread, mut others) = (rows(unread), rows(others));
    if filter.sent {
        let team = Team::of(&state.notices).await?;
        for (row, notice) in others.iter_mut().zip(&sent) {
            let (read, waiting) = team.readers(&state.notices, notice).await?;
            let read = read.into_iter().map(|one| (one.name, one.read_ms)).collect();
            row.receipts = Some(NoticeReceipts { read, waiting });
        }
    }
    Ok(NoticesPage { unread, others, filter, next_before, newest_unread, ..NoticesPage::default() })
}

fn row(received: ReceivedNotice, names: &PersonNames) -> NoticeRow {
    let ReceivedNotice { notice: Notice { id, sent }, read_ms } = received;
    let to = match sent.audience {
        NoticeAudience::All => ShownAudience::All,
        NoticeAudience::Role(role) => ShownAudience::Role(role),
        NoticeAudience::User(user) => ShownAudience::Person(names.name(user)),
    };
    NoticeRow {
        id: id.0,
        level: sent.level,
        title: sent.title,
        text: sent.text,
        link: sent.link,
        from: sent.sender_name,
        to,
        sent: sent.created_ms,
        expires: sent.expires_ms,
        read: read_ms,
        receipts: None,
    }
}

async fn read(
    State(state): State<NoticesState>,
    caller: Caller,
    visitor: Visitor,
    DoorForm(form): DoorForm<RowForm>,
) -> Response {
    mark(&state, &caller, &visitor, &form, NoticeId(form.id)).await
}

async fn read_all(
    State(state): State<NoticesState>,
    caller: Caller,
    visitor: Visitor,
    DoorForm(form): DoorForm<RowForm>,
) -> Response {
    mark(&state, &caller, &visitor, &form, NoticeId(0)).await
}

/// Acknowledges the notices from `first` to that of the form. One that is for others, or gone, is as one that was read.
async fn mark(
    state: &NoticesState,
    caller: &Caller,
    visitor: &Visitor,
    form: &RowForm,
    first: NoticeId,
) -> Response {
    if !visitor.has_sent(&form.csrf) {
        return visitor.form_expired();
    }
    let left = match state.notices.mark_read(reader(caller), first, NoticeId(form.id)).await {
        Ok(left) => left.unread,
        Err(error) => return visitor.store_failed(&error),
    };
    let outcome = NoticesOutcome { done: Some(NoticesDone::Read { left }), ..NoticesOutcome::default() };
    show(state, caller, visitor, NoticeListFilter::default(), outcome).await
}

async fn send(
    State(state): State<NoticesState>,
    caller: Caller,
    visitor: Visitor,
    DoorForm(form): DoorForm<NoticeForm>,
) -> Response {
    if !visitor.has_sent(&form.csrf) {
        return visitor.form_expired();
    }
    let draft = draft(&form, state.notices.now());
    let kept = NoticeFormDraft::from(form);
    let sent_filter = NoticeListFilter { sent: true, ..NoticeListFilter::default() };
    let refused = |problem| NoticesOutcome { done: None, problem: Some(problem), draft: kept };
    let outcome = if state.senders.try_take(visitor.address) {
        match send_as(&state.notices, &caller, &visitor, draft, None).await {
            Ok(_) => NoticesOutcome { done: Some(NoticesDone::Sent), ..NoticesOutcome::default() },
            Err(error) => match problem(&error) {
                Some(problem) => refused(problem),
                None => return visitor.store_failed(&store_error(error)),
            },
        }
    } else {
        refused(FormProblem::TooFast)
    };
    show(&state, &caller, &visitor, sent_filter, outcome).await
}

fn draft(form: &NoticeForm, now_ms: u64) -> NoticeDraft {
    let to = if form.to == "user" { format!("user:{}", form.person.trim()) } else { form.to.clone() };
    NoticeDraft {
        to,
        level: form.level,
        title: form.title.clone(),
        text: form.text.clone(),
        link: Some(form.link.clone()),
        expires_ms: (form.days > 0).then(|| now_ms + u64::from(form.days) * DAY_MS),
    }
}

/// The sentence for whoever has filled the form in; none where it is the store's fault.
fn problem(error: &NoticeError) -> Option<FormProblem> {
    match error {
        NoticeError::Draft(DraftError::Title) => Some(FormProblem::NoticeTitleInvalid),
        NoticeError::Draft(DraftError::Text) => Some(FormProblem::NoticeTextInvalid),
        NoticeError::Draft(DraftError::Link) => Some(FormProblem::NoticeLinkInvalid),
        // The other choices are the form's own.
        NoticeError::Draft(
            DraftError::NoPerson(_)
            | DraftError::Audience(_)
            | DraftError::Expired
            | DraftError::ExpiresTooLate,
        ) => Some(FormProblem::NoticePersonUnknown),
        _ => None,
    }
}

fn store_error(error: NoticeError) -> StoreError {
    match error {
        NoticeError::Store(error) | NoticeError::Draft(DraftError::Store(error)) => error,
        other => StoreError::Failed(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use common::notice::NoticeLevel;

    use super::*;

    #[test]
    fn a_form_without_an_end_has_none_and_a_person_is_found_by_name() {
        let form = |to: &str, days| NoticeForm {
            csrf: String::new(),
            to: to.into(),
            person: " Kim Lee ".into(),
            level: NoticeLevel::Info,
            title: "a".into(),
            text: String::new(),
            link: String::new(),
            days,
        };
        let read = draft(&form("user", 0), 5);
        assert_eq!((read.to.as_str(), read.expires_ms), ("user:Kim Lee", None));
        let read = draft(&form("role:admin", 7), 5);
        assert_eq!((read.to.as_str(), read.expires_ms), ("role:admin", Some(5 + 7 * DAY_MS)));
    }
}
