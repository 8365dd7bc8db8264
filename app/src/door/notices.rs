//! One's notices, and for those who may send: a form, and who has read what they have sent.

use common::{
    door::{NOTICE_DAYS, NOTICE_TEXT_MAX_CHARS, NOTICE_TITLE_MAX_CHARS, forms::NoticeForm, paths},
    notice::NoticeLevel,
    role::Role,
};
use leptos::prelude::*;

use super::{
    context::DoorContext,
    document::{DoorPage, document},
    done::NoticesDone,
    field::Field,
    form::{button, choose, done_box, fact, form, main_button, problem_box, row_id, section, shared, time},
    problem::FormProblem,
    words::NoticeWords,
};

/// The page of notices.
#[derive(Debug, Clone, Default)]
pub struct NoticesPage {
    /// The notices that the reader has not read, the newest first.
    pub unread: Vec<NoticeRow>,
    /// The notices that the reader has read, or those that it has sent, the newest first.
    pub others: Vec<NoticeRow>,
    /// The filter by which they were read.
    pub filter: NoticeListFilter,
    /// The number to read older ones by; none where there are none.
    pub next_before: Option<u64>,
    /// The newest notice that is not read: all up to it can be acknowledged at once.
    pub newest_unread: Option<u64>,
    /// The form of a new notice; none for those who may not send.
    pub draft: Option<NoticeFormDraft>,
    /// The reason for which a form was not accepted.
    pub problem: Option<FormProblem>,
    /// The thing that was done.
    pub done: Option<NoticesDone>,
}

/// A notice.
#[derive(Debug, Clone)]
pub struct NoticeRow {
    /// Its number.
    pub id: u64,
    /// Its urgency.
    pub level: NoticeLevel,
    /// The line that it is shown by.
    pub title: String,
    /// More about it; may be empty.
    pub text: String,
    /// The page of the board that it leads to.
    pub link: Option<String>,
    /// The name of whoever sent it.
    pub from: String,
    /// The readers that it is for.
    pub to: ShownAudience,
    /// The moment at which it was sent, Unix milliseconds.
    pub sent: u64,
    /// The moment from which it is not shown, Unix milliseconds.
    pub expires: Option<u64>,
    /// The moment at which the reader of this page has read it, Unix milliseconds.
    pub read: Option<u64>,
    /// The accounts that have read it; for its sender.
    pub receipts: Option<NoticeReceipts>,
}

/// The readers that a notice is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShownAudience {
    /// Everyone.
    All,
    /// A role, and greater ones.
    Role(Role),
    /// An account, by its name.
    Person(String),
}

/// The accounts that have read a notice.
#[derive(Debug, Clone, Default)]
pub struct NoticeReceipts {
    /// The name of each who has, with the moment, Unix milliseconds; no name where there was no account.
    pub read: Vec<(Option<String>, u64)>,
    /// The names of those who have not.
    pub waiting: Vec<String>,
}

/// The filter of notices, and where reading begins: the query of the page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoticeListFilter {
    /// Shows what the reader has sent.
    pub sent: bool,
    /// Only this level.
    pub level: Option<NoticeLevel>,
    /// Only notices before this one.
    pub before: Option<u64>,
}

/// The fields of a new notice, as they are shown.
#[derive(Debug, Clone, Default)]
pub struct NoticeFormDraft {
    /// `all`, `role:ROLE` or `user`.
    pub to: String,
    /// The name of the account, where it is for one.
    pub person: String,
    /// The urgency.
    pub level: Option<NoticeLevel>,
    /// The line that it is shown by.
    pub title: String,
    /// More about it.
    pub text: String,
    /// The page that it leads to.
    pub link: String,
    /// The days until it expires; 0 for never.
    pub days: Option<u32>,
}

impl From<NoticeForm> for NoticeFormDraft {
    fn from(form: NoticeForm) -> Self {
        let NoticeForm { to, person, level, title, text, link, days, .. } = form;
        Self { to, person, level: Some(level), title, text, link, days: Some(days) }
    }
}

/// Renders the document at [`paths::NOTICES`], by which every form of it is answered, too.
#[must_use]
pub fn notices(context: &DoorContext, page: NoticesPage) -> String {
    let words = NoticeWords::of(context.language);
    let of_form = page.problem.as_ref().filter(|problem| problem.field().is_some());
    let of_page = page.problem.as_ref().filter(|problem| problem.field().is_none());
    let is_first = page.filter.before.is_none();
    let read_all = page.newest_unread.filter(|_| page.unread.len() > 1).map(|newest| {
        let fields = view! { {row_id(newest)} {button(words.read_all, None)} };
        form(context, paths::NOTICES_READ_ALL, "door__act", fields.into_any())
    });
    let unread = (!page.filter.sent && is_first).then(|| {
        let body = view! {
            {rows(context, page.unread, words.none_unread)}
            {read_all}
        };
        section(context, "unread", words.unread, None, body.into_any())
    });
    let (id, title, none) = match page.filter.sent {
        true => ("sent", words.sent, words.none_sent),
        false => ("read", words.read, words.none_read),
    };
    let others = section(context, id, title, None, rows(context, page.others, none));
    let draft = page.draft.map(|draft| {
        let form = form(context, paths::NOTICES_SEND, "door__form", new_notice(context, draft, of_form));
        section(context, "send", words.send, of_form, form)
    });
    let first = NoticeListFilter { before: None, ..page.filter.clone() };
    let newest = page.filter.before.map(|_| (first.clone(), words.newest));
    let older =
        page.next_before.map(|before| (NoticeListFilter { before: Some(before), ..first }, words.older));
    let pages: Vec<_> = [newest, older]
        .into_iter()
        .flatten()
        .map(|(filter, text)| view! { <a class="button" href=context.href(&address(&filter))>{text}</a> })
        .collect();
    let pages = (!pages.is_empty()).then(|| view! { <p class="door__pages">{pages}</p> });
    let body = view! {
        {page.done.map(|done| done_box((words.done)(done)))}
        {problem_box(context, of_page)}
        {filter_form(context, &page.filter, draft.is_some())}
        {unread}
        {others}
        {pages}
        {draft}
    };
    let (title, is_refused) = (shared(context).notices, page.problem.is_some());
    document(context, DoorPage { title, is_refused, path: Some(paths::NOTICES), body: body.into_any() })
}

fn filter_form(context: &DoorContext, filter: &NoticeListFilter, may_send: bool) -> AnyView {
    let words = NoticeWords::of(context.language);
    let show = may_send.then(|| {
        let options = [("", words.for_me, !filter.sent), ("sent", words.sent, filter.sent)];
        let options = options.map(|(value, text, is_chosen)| (value.to_owned(), text.to_owned(), is_chosen));
        choose("show".into(), "show", words.show.into(), true, options.into())
    });
    let any = (String::new(), words.any_level.to_owned(), filter.level.is_none());
    let levels = NoticeLevel::ALL
        .map(|level| (level.to_string(), (words.level)(level).to_owned(), filter.level == Some(level)));
    let options = std::iter::once(any).chain(levels).collect();
    view! {
        <form class="door__filter" method="get" action=context.href(paths::NOTICES) role="search" aria-label=words.filter>
            {show}
            {choose("filter-level".into(), "level", words.urgency.into(), true, options)}
            <button class="button" type="submit">
                {words.filter_button}
            </button>
        </form>
    }
    .into_any()
}

fn rows(context: &DoorContext, rows: Vec<NoticeRow>, none: &'static str) -> AnyView {
    if rows.is_empty() {
        return view! { <p class="door__none">{none}</p> }.into_any();
    }
    let rows: Vec<_> = rows.into_iter().map(|one| row(context, one)).collect();
    view! { <ul class="rows">{rows}</ul> }.into_any()
}

fn row(context: &DoorContext, notice: NoticeRow) -> AnyView {
    let words = NoticeWords::of(context.language);
    let level = match notice.level {
        NoticeLevel::Info => "tag tag--off",
        NoticeLevel::Warning | NoticeLevel::Critical => "tag",
    };
    let link = notice.link.map(|link| {
        view! { <a class="button" href=context.href(&link) aria-label=(words.open_of)(&notice.title)>{words.open}</a> }
    });
    let is_mine = notice.receipts.is_some();
    let acknowledge = (notice.read.is_none() && !is_mine).then(|| {
        let fields = view! {
            {row_id(notice.id)}
            {button(words.acknowledge, Some((words.acknowledge_of)(&notice.title)))}
        };
        form(context, paths::NOTICES_READ, "door__act", fields.into_any())
    });
    let text = (!notice.text.is_empty()).then(|| {
        // A line of the text is a line here.
        let lines: Vec<_> = notice.text.lines().map(|line| view! { {line.to_owned()} <br /> }).collect();
        view! { <p>{lines}</p> }
    });
    let receipts = notice.receipts.map(|receipts| self::receipts(context, receipts));
    view! {
        <li class="row" id=["notice-", &notice.id.to_string()].concat()>
            <div class="row__head">
                <p class="row__name">{notice.title}</p>
                <span class=level>{[(words.mark)(notice.level), (words.level)(notice.level)].concat()}</span>
            </div>
            <div class="row__facts">
                {text}
            </div>
            <dl class="row__facts">
                {fact(words.from, notice.from.into_any())}
                {fact(words.to, audience(context, &notice.to).into_any())}
                {fact(words.time, time(notice.sent))}
                {notice.expires.map(|at| fact(words.expires, time(at)))}
                {notice.read.map(|at| fact(words.read_at, time(at)))}
            </dl>
            {receipts}
            <div class="row__act">
                {link}
                {acknowledge}
            </div>
        </li>
    }
    .into_any()
}

fn audience(context: &DoorContext, to: &ShownAudience) -> String {
    let words = NoticeWords::of(context.language);
    match to {
        ShownAudience::All => words.everyone.to_owned(),
        ShownAudience::Role(role) => (words.role)(*role).to_owned(),
        ShownAudience::Person(name) => name.clone(),
    }
}

/// The accounts that have read a notice, behind their number.
fn receipts(context: &DoorContext, receipts: NoticeReceipts) -> AnyView {
    let words = NoticeWords::of(context.language);
    let NoticeReceipts { read, waiting } = receipts;
    let summary = (words.read_by)(read.len(), read.len() + waiting.len());
    let read: Vec<_> = read
        .into_iter()
        .map(|(name, at)| {
            let name = name.unwrap_or_else(|| words.nobody.to_owned());
            view! { <li>{name} " " {time(at)}</li> }
        })
        .collect();
    let waiting =
        (!waiting.is_empty()).then(|| view! { <p>{[words.waiting, ": ", &waiting.join(", ")].concat()}</p> });
    view! {
        <details class="door__more row__facts">
            <summary>{summary}</summary>
            <ul>{read}</ul>
            {waiting}
        </details>
    }
    .into_any()
}

fn new_notice(context: &DoorContext, draft: NoticeFormDraft, problem: Option<&FormProblem>) -> AnyView {
    let words = NoticeWords::of(context.language);
    let all = ("all".to_owned(), words.everyone.to_owned());
    let roles = Role::ALL.map(|role| (format!("role:{role}"), (words.role)(role).to_owned()));
    let person = ("user".to_owned(), words.person.to_owned());
    let chosen_to = if draft.to.is_empty() { "all" } else { draft.to.as_str() };
    let to = std::iter::once(all).chain(roles).chain([person]);
    let to = to.map(|(value, text)| {
        let is_chosen = value == chosen_to;
        (value, text, is_chosen)
    });
    let level = draft.level.unwrap_or(NoticeLevel::Info);
    let levels = NoticeLevel::ALL.map(|one| (one.to_string(), (words.level)(one).to_owned(), one == level));
    let days = draft.days.filter(|days| NOTICE_DAYS.contains(days)).unwrap_or(NOTICE_DAYS[0]);
    let days = NOTICE_DAYS.map(|one| (one.to_string(), (shared(context).days)(one), one == days));
    let field = |id, name, label, hint: &str, value, is_optional, max_chars| Field {
        id,
        name,
        label,
        hint: (!hint.is_empty()).then(|| hint.to_owned()),
        value,
        autocomplete: "off",
        is_optional,
        max_chars: Some(max_chars),
        ..Field::default()
    };
    view! {
        {choose("notice-to".into(), "to", words.to.into(), true, to.collect())}
        {field("notice-person", "person", words.person_name, words.person_hint, draft.person, true, 64).view(problem)}
        {choose("notice-level".into(), "level", words.urgency.into(), true, levels.into())}
        {field("notice-title", "title", words.title, "", draft.title, false, NOTICE_TITLE_MAX_CHARS).view(problem)}
        {Field {
            is_long: true,
            ..field("notice-text", "text", words.text, "", draft.text, true, NOTICE_TEXT_MAX_CHARS)
        }
            .view(problem)}
        {field("notice-link", "link", words.link, words.link_hint, draft.link, true, 1000).view(problem)}
        {choose("notice-days".into(), "days", words.expires_after.into(), true, days.into())}
        {main_button(words.send_button)}
    }
    .into_any()
}

/// The address of the page by a filter.
fn address(filter: &NoticeListFilter) -> String {
    let sent = filter.sent.then(|| "show=sent".to_owned());
    let level = filter.level.map(|level| ["level=", level.as_str()].concat());
    let before = filter.before.map(|before| ["before=", &before.to_string()].concat());
    let query: Vec<String> = [sent, level, before].into_iter().flatten().collect();
    if query.is_empty() {
        paths::NOTICES.to_owned()
    } else {
        [paths::NOTICES, "?", &query.join("&")].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_kept_in_the_address() {
        let filter = NoticeListFilter { sent: true, level: Some(NoticeLevel::Critical), before: Some(7) };
        assert_eq!(address(&filter), "/notices?show=sent&level=critical&before=7");
        assert_eq!(address(&NoticeListFilter::default()), "/notices");
    }
}
