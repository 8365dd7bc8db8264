//! The audit log.

use common::door::paths;
use leptos::prelude::*;

use super::{
    context::DoorContext,
    document::{DoorPage, document},
    field::Field,
    form::{choose, percent_encoded, shared, time},
    words::AuditWords,
};

/// The page of the audit log.
#[derive(Debug, Clone, Default)]
pub struct AuditPage {
    /// The entries, the newest first.
    pub entries: Vec<AuditRow>,
    /// The filter by which they were read.
    pub filter: AuditFilter,
    /// The actions to choose from.
    pub actions: Vec<String>,
    /// The number to read older entries by; none where there are none.
    pub next_before: Option<u64>,
    /// The result of a check of the whole log, where there was one.
    pub verdict: Option<AuditVerdict>,
}

/// An entry of the audit log.
#[derive(Debug, Clone)]
pub struct AuditRow {
    /// Its number.
    pub id: u64,
    /// Its moment, Unix milliseconds.
    pub at: u64,
    /// The name of whoever did it.
    pub actor: String,
    /// The action, by its name in the docs.
    pub action: String,
    /// The account, token or setting that it was done to; may be empty.
    pub object: String,
    /// The address that the request came from; may be empty.
    pub address: String,
    /// More about it, for example the old and the new role; may be empty.
    pub detail: String,
}

/// The filter of the audit log, and where reading begins: the query of the page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// The name of whoever did it; empty for everyone.
    pub actor: String,
    /// The action; empty for every one.
    pub action: String,
    /// Only entries before this one.
    pub before: Option<u64>,
}

/// The result of a check of the whole log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditVerdict {
    /// The number of the last entry that was pruned; 0 where none was.
    pub pruned: u64,
    /// The entries that there are.
    pub entries: u64,
    /// The first entry that does not fit those before it.
    pub broken_at: Option<u64>,
}

/// Renders the document at [`paths::AUDIT`].
#[must_use]
pub fn audit(context: &DoorContext, page: AuditPage) -> String {
    let words = AuditWords::of(context.language);
    let verdict = page.verdict.map(|verdict| match verdict.broken_at {
        None => {
            let pruned = (verdict.pruned > 0).then(|| (words.pruned)(verdict.pruned));
            let text = [(words.intact)(verdict.entries), pruned.unwrap_or_default()].join(" ");
            view! { <p class="door__done">{text.trim_end().to_owned()}</p> }.into_any()
        }
        Some(entry) => view! { <p class="door__problem" role="alert">{(words.broken)(entry)}</p> }.into_any(),
    });
    // The check reads all of the log, so it is asked for.
    let check = verdict.is_none().then(|| {
        view! { <p><a class="button" href=context.href(paths::AUDIT) + "?check=true">{words.check}</a></p> }
    });
    let list = if page.entries.is_empty() {
        view! { <p class="door__none">{words.none}</p> }.into_any()
    } else {
        table(context, page.entries)
    };
    let first = AuditFilter { before: None, ..page.filter.clone() };
    let newest = page.filter.before.map(|_| (first.clone(), words.newest));
    let older =
        page.next_before.map(|before| (AuditFilter { before: Some(before), ..first.clone() }, words.older));
    let pages: Vec<_> = [newest, older]
        .into_iter()
        .flatten()
        .map(|(filter, text)| view! { <a class="button" href=context.href(&address(paths::AUDIT, &filter))>{text}</a> })
        .collect();
    let body = view! {
        <p class="door__lead">{words.hint}</p>
        {verdict}
        {check}
        {filter_form(context, &page.filter, page.actions)}
        {list}
        <p class="door__pages">
            {pages}
            <a class="door__export" href=context.href(&address(paths::AUDIT_CSV, &first))>
                {words.csv}
            </a>
            <a class="door__export" href=context.href(&address(paths::AUDIT_JSON, &first))>
                {words.json}
            </a>
        </p>
    };
    let page = DoorPage {
        title: shared(context).audit,
        is_refused: false,
        path: Some(paths::AUDIT),
        body: body.into_any(),
    };
    document(context, page)
}

fn filter_form(context: &DoorContext, filter: &AuditFilter, mut actions: Vec<String>) -> AnyView {
    let words = AuditWords::of(context.language);
    let actor = Field {
        id: "actor",
        name: "actor",
        label: words.actor,
        value: filter.actor.clone(),
        autocomplete: "off",
        is_optional: true,
        max_chars: Some(64),
        ..Field::default()
    };
    // An action of a link that was kept may not be on the list.
    if !filter.action.is_empty() && !actions.contains(&filter.action) {
        actions.insert(0, filter.action.clone());
    }
    let any = (String::new(), words.any_action.to_owned(), filter.action.is_empty());
    let actions = actions.into_iter().map(|action| {
        let is_chosen = action == filter.action;
        (action.clone(), action, is_chosen)
    });
    let options = std::iter::once(any).chain(actions).collect();
    let is_filtered = !filter.actor.is_empty() || !filter.action.is_empty();
    let show_all =
        is_filtered.then(|| view! { <a class="button" href=context.href(paths::AUDIT)>{words.show_all}</a> });
    view! {
        <form class="door__filter" method="get" action=context.href(paths::AUDIT) role="search" aria-label=words.filter>
            {actor.view(None)}
            {choose("action".into(), "action", words.action.into(), true, options)}
            <button class="button" type="submit">
                {words.show}
            </button>
            {show_all}
        </form>
    }
    .into_any()
}

/// A table that is a list of cards on a phone, where the roles keep what the changed `display` would take away.
fn table(context: &DoorContext, entries: Vec<AuditRow>) -> AnyView {
    let words = AuditWords::of(context.language);
    let columns = [words.time, words.actor, words.action, words.object, words.address];
    let head = columns
        .map(|name| view! { <th role="columnheader" scope="col">{name}</th> })
        .into_iter()
        .collect::<Vec<_>>();
    let rows: Vec<_> = entries
        .into_iter()
        .map(|entry| {
            let detail = (!entry.detail.is_empty())
                .then(|| view! { <span class="audit__detail">{entry.detail}</span> });
            view! {
                <tr role="row" id=["entry-", &entry.id.to_string()].concat()>
                    <td role="cell" data-label=words.time>{time(entry.at)}</td>
                    <td role="cell" data-label=words.actor>{or_dash(entry.actor)}</td>
                    <td role="cell" data-label=words.action><code>{entry.action}</code></td>
                    <td role="cell" data-label=words.object>{or_dash(entry.object)} {detail}</td>
                    <td role="cell" data-label=words.address>{or_dash(entry.address)}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <table class="audit card" role="table">
            <caption class="sr-only">{shared(context).audit}</caption>
            <thead role="rowgroup">
                <tr role="row">{head}</tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    }
    .into_any()
}

fn or_dash(text: String) -> String {
    if text.is_empty() { "–".to_owned() } else { text }
}

/// The address of the log, or of an export, by a filter.
fn address(path: &str, filter: &AuditFilter) -> String {
    let before = filter.before.map(|before| before.to_string()).unwrap_or_default();
    let pairs = [("actor", &filter.actor), ("action", &filter.action), ("before", &before)];
    let query: Vec<String> = pairs
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| [name, "=", &percent_encoded(value)].concat())
        .collect();
    if query.is_empty() { path.to_owned() } else { [path, "?", &query.join("&")].concat() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_kept_in_the_address() {
        let filter = AuditFilter { actor: "민 & 수".into(), action: String::new(), before: Some(7) };
        assert_eq!(address("/a", &filter), "/a?actor=%EB%AF%BC%20%26%20%EC%88%98&before=7");
        assert_eq!(address("/a", &AuditFilter::default()), "/a");
    }
}
