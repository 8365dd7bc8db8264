//! Lines of containers that are kept: a search, and what it found.

use common::{
    door::paths,
    kept_logs::{KeptLogHit, KeptLogSource},
};
use leptos::prelude::*;

use super::{
    context::DoorContext,
    document::{DoorPage, document},
    field::Field,
    form::{choose, percent_encoded, shared},
    words::KeptLogWords,
};
use crate::{format, pages::plain_text};

/// The hours that a search may go back.
pub const KEPT_LOG_HOURS: [u32; 4] = [1, 24, 7 * 24, 30 * 24];
const SECOND: u64 = 1_000_000;

/// The page of kept lines.
#[derive(Debug, Clone, Default)]
pub struct KeptLogsPage {
    /// The search; empty for all lines.
    pub search: KeptLogSearch,
    /// The sources to choose from.
    pub sources: Vec<KeptLogSource>,
    /// The hits, the newest first; none where nothing is kept.
    pub hits: Option<Vec<KeptLogHit>>,
    /// The place to go on by; none where nothing is left to look at.
    pub next: Option<String>,
    /// The reason for which nothing was looked for, in English.
    pub problem: Option<String>,
}

/// A search for kept lines: the query of the page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeptLogSearch {
    /// Words that a line has.
    pub words: String,
    /// A regular expression.
    pub pattern: String,
    /// A source by its name; empty for all.
    pub source: String,
    /// Only lines of so many hours before now; none for all.
    pub hours: Option<u32>,
    /// The place that the page before ended at.
    pub before: Option<String>,
}

/// Renders the document at [`paths::KEPT_LOGS`].
#[must_use]
pub fn kept_logs(context: &DoorContext, page: KeptLogsPage) -> String {
    let words = KeptLogWords::of(context.language);
    let is_refused = page.problem.is_some();
    let problem = page.problem.map(|why| {
        view! { <p class="door__problem" role="alert">{words.refused} " " <span lang="en">{why}</span></p> }
    });
    let first = KeptLogSearch { before: None, ..page.search.clone() };
    let newest = page.search.before.as_ref().map(|_| (first.clone(), words.newest));
    let older = page.next.map(|next| (KeptLogSearch { before: Some(next), ..first }, words.older));
    let links: Vec<_> = [newest, older]
        .into_iter()
        .flatten()
        .map(|(search, text)| view! { <a class="button" href=context.href(&address(&search))>{text}</a> })
        .collect();
    let links = (!links.is_empty()).then(|| view! { <p class="door__pages">{links}</p> });
    let list = match page.hits {
        _ if is_refused => None,
        None => Some(view! { <p class="door__none">{words.off}</p> }.into_any()),
        Some(hits) if hits.is_empty() => {
            let none = if links.is_some() { words.none_yet } else { words.none };
            Some(view! { <p class="door__none">{none}</p> }.into_any())
        }
        Some(hits) => Some(lines(context, hits)),
    };
    let body = view! {
        <p class="door__lead">
            {words.hint} " " <a href=context.href("/logs")>{words.live}</a>
        </p>
        {problem}
        {search_form(context, page.search, page.sources)}
        {list}
        {links}
    };
    let title = shared(context).kept_logs;
    document(context, DoorPage { title, is_refused, path: Some(paths::KEPT_LOGS), body: body.into_any() })
}

fn search_form(context: &DoorContext, search: KeptLogSearch, sources: Vec<KeptLogSource>) -> AnyView {
    let words = KeptLogWords::of(context.language);
    let field = |id, label, hint: &str, value| Field {
        id,
        name: id,
        label,
        hint: Some(hint.to_owned()),
        value,
        autocomplete: "off",
        is_optional: true,
        max_chars: Some(200),
        ..Field::default()
    };
    let mut names: Vec<String> = sources.into_iter().map(|source| source.name).collect();
    names.push(search.source.clone());
    names.sort_unstable();
    names.dedup();
    let any = (String::new(), words.any_source.to_owned(), search.source.is_empty());
    let named = names.into_iter().filter(|name| !name.is_empty()).map(|name| {
        let is_chosen = name == search.source;
        (name.clone(), name, is_chosen)
    });
    let whole = (String::new(), words.any_time.to_owned(), search.hours.is_none());
    let hours =
        KEPT_LOG_HOURS.map(|hours| (hours.to_string(), (words.hours)(hours), search.hours == Some(hours)));
    view! {
        <form class="door__filter kept-search" method="get" action=context.href(paths::KEPT_LOGS) role="search" aria-label=words.search>
            {field("words", words.words, words.words_hint, search.words).view(None)}
            {field("pattern", words.pattern, words.pattern_hint, search.pattern).view(None)}
            {choose("source".into(), "source", words.source.into(), true, std::iter::once(any).chain(named).collect())}
            {choose("hours".into(), "hours", words.time.into(), true, std::iter::once(whole).chain(hours).collect())}
            <button class="button button--main" type="submit">
                {words.search_button}
            </button>
        </form>
    }
    .into_any()
}

fn lines(context: &DoorContext, hits: Vec<KeptLogHit>) -> AnyView {
    let words = KeptLogWords::of(context.language);
    let rows: Vec<_> = hits
        .into_iter()
        .map(|hit| {
            let repeated = (hit.repeated > 1).then(|| {
                let text = (words.repeated)(hit.repeated);
                view! { <span class="tag tag--off">{text} " " {moment(hit.first_at)}</span> }
            });
            let error = hit.stderr.then(|| view! { <span class="tag">{words.stderr}</span> });
            let cut = hit.cut.map(|bytes| view! { <span class="tag tag--off">{(words.cut)(bytes)}</span> });
            let live = [context.href("/logs"), "?source=".to_owned(), percent_encoded(&hit.source)].concat();
            let host = (hit.host != "local").then(|| [hit.host.as_str(), " · "].concat());
            view! {
                <li class="kept-line">
                    <p class="kept-line__head">
                        {moment(hit.at)} <a href=live>{host} <bdi>{hit.name}</bdi></a> {error} {repeated} {cut}
                    </p>
                    <p class="kept-line__text" dir="auto">
                        {plain_text(&hit.text).into_owned()}
                    </p>
                </li>
            }
        })
        .collect();
    view! { <ol class="kept-lines card">{rows}</ol> }.into_any()
}

fn moment(at: u64) -> AnyView {
    if at == 0 {
        return view! { <span class="number">"–"</span> }.into_any();
    }
    let ms = at / 1_000;
    let text = [&format::date(ms, 0), " ", &format::clock(ms, 0), " UTC"].concat();
    view! { <time class="number" datetime=format::stamp(ms, 0)>{text}</time> }.into_any()
}

impl KeptLogSearch {
    /// The first time that is looked for, Unix microseconds, from the time now.
    #[must_use]
    pub fn since(&self, now: u64) -> u64 {
        self.hours.map_or(0, |hours| now.saturating_sub(u64::from(hours) * 3_600 * SECOND))
    }
}

/// The address of a search.
fn address(search: &KeptLogSearch) -> String {
    let hours = search.hours.map(|hours| hours.to_string()).unwrap_or_default();
    let before = search.before.clone().unwrap_or_default();
    let pairs = [
        ("words", &search.words),
        ("pattern", &search.pattern),
        ("source", &search.source),
        ("hours", &hours),
        ("before", &before),
    ];
    let given = pairs.into_iter().filter(|(_, value)| !value.is_empty());
    let query: Vec<String> =
        given.map(|(name, value)| [name, "=", &percent_encoded(value)].concat()).collect();
    if query.is_empty() {
        paths::KEPT_LOGS.to_owned()
    } else {
        [paths::KEPT_LOGS, "?", &query.join("&")].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_kept_in_the_address() {
        let search = KeptLogSearch {
            words: "502 서버".into(),
            hours: Some(24),
            before: Some("3.9.0.7".into()),
            ..KeptLogSearch::default()
        };
        assert_eq!(address(&search), "/kept-logs?words=502%20%EC%84%9C%EB%B2%84&hours=24&before=3.9.0.7");
        assert_eq!(address(&KeptLogSearch::default()), "/kept-logs");
        assert_eq!(search.since(90_000 * SECOND), 3_600 * SECOND);
    }
}
