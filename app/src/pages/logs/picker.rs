//! The choice of the sources: all there are, to be ticked.

use common::logs::LogSource;
use leptos::{ev::KeyboardEvent, prelude::*, web_sys::HtmlElement};
use leptos_router::hooks::use_location;
use web_sys::HtmlInputElement;

use super::{
    address::{self, MOST_SOURCES},
    alert::alert,
    board::LogsBoard,
    entries::SourceChoice,
    sources::{self, GoToSources, colour, is_one},
};
use crate::{
    first_paint,
    live::Cell,
    widgets::{ElementRef, ErasedView, IntoErasedView, change, click, flag, keys, list, live, text, when},
};

/// The chosen sources, each of which can be taken away, and the list of all.
pub(super) fn picker(board: LogsBoard, go: &GoToSources) -> ErasedView {
    let words = board.words;
    let (find, field) = (Cell::new(String::new()), ElementRef::new());
    let search = move || {
        let text = field.peek::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default();
        find.set(text.trim().to_owned());
    };
    let count = move || match board.sources.with(Vec::len) {
        0 => words.choose.to_owned(),
        count => [words.choose, " (", &count.to_string(), ")"].concat(),
    };
    // The board learns of the address a little later.
    let at_first = use_location().search.with_untracked(|query| address::sources(query).is_empty());
    let (details, summary) = (ElementRef::new(), ElementRef::new());
    let on_key = move |event: &KeyboardEvent| {
        if let ("Escape", Some(details), Some(summary)) =
            (&*event.key(), details.peek::<HtmlElement>(), summary.peek::<HtmlElement>())
        {
            let _ = details.remove_attribute("open");
            let _ = summary.focus();
        }
    };
    let (going, leaving) = (go.clone(), go.clone());
    view! {
        <div class="logs__sources">
            <details class="logs__picker" node_ref=details open=at_first on:keydown=keys(on_key)>
                <summary class="button" node_ref=summary data-testid="logs-sources" on:click=click(move || board.ask_sources())>
                    {text(count)}
                </summary>
                <div class="logs__choices">
                    <p class="logs__hint">{words.choose_hint}</p>
                    <p class="logs__hint">
                        <a href=first_paint::href("/kept-logs") rel="external">{words.kept_lines}</a>
                        " "
                        <a href=first_paint::href("/streams") rel="external">{words.streams}</a>
                    </p>
                    {when(
                        move || board.list_failed.get(),
                        move || alert(words.list_failed.to_owned()),
                    )}
                    <label class="logs__field">
                        <span>{words.filter}</span>
                        <input node_ref=field type="search" class="ask__field" autocomplete="off" spellcheck="false" on:input=change(search) />
                    </label>
                    <ul class="logs__list">{live(move || choices(board, &find.get(), &going))}</ul>
                </div>
            </details>
            <ul class="logs__chosen">{live(move || chosen(board, &leaving))}</ul>
        </div>
    }
    .fresh()
}

fn choices(board: LogsBoard, find: &str, go: &GoToSources) -> ErasedView {
    let all = board.listed.get();
    let unit = unit(find, &all);
    let find = find.to_ascii_lowercase();
    let is_shown = |one: &&SourceChoice| label(board, one).to_ascii_lowercase().contains(&find);
    list(unit.iter().chain(all.iter().filter(is_shown)).map(|one| choice(board, one, go.clone())))
}

/// The unit of the journal that a text names: `nginx.service`.
fn unit(find: &str, listed: &[SourceChoice]) -> Option<SourceChoice> {
    let has_journal = listed.iter().any(|one| one.source == LogSource::Journal(None));
    let source = ["journal:", find].concat().parse().ok().filter(|_| has_journal && find.contains('.'))?;
    Some(SourceChoice { source, name: None, runs: true })
}

fn label(board: LogsBoard, one: &SourceChoice) -> String {
    let listed = std::slice::from_ref(one);
    sources::name(&one.source, listed, board.words)
}

fn choice(board: LogsBoard, one: &SourceChoice, go: GoToSources) -> ErasedView {
    let source = one.source.clone();
    let of = source.clone();
    let is_chosen = move || board.sources.with(|chosen| chosen.iter().any(|chosen| is_one(chosen, &of)));
    let is_full = {
        let is_chosen = is_chosen.clone();
        move || !is_chosen() && board.sources.with(Vec::len) >= MOST_SOURCES
    };
    let toggle = move || {
        let mut chosen = board.sources.peek();
        let before = chosen.len();
        chosen.retain(|chosen| !is_one(chosen, &source));
        if chosen.len() == before {
            chosen.push(source.clone());
        }
        go(&chosen);
    };
    let is_idle = matches!(one.source, LogSource::Container(_)) && !one.runs;
    let note = match one.source {
        LogSource::Journal(Some(_)) => board.words.journal,
        _ if is_idle => board.words.stopped,
        _ => "",
    };
    view! {
        <li>
            <label class="logs__choice">
                <input
                    type="checkbox"
                    value=one.source.to_string()
                    prop:checked=flag(is_chosen)
                    disabled=flag(is_full)
                    on:change=change(toggle)
                />
                <span>{label(board, one)}</span>
                <span class="logs__hint">{note}</span>
            </label>
        </li>
    }
    .fresh()
}

fn chosen(board: LogsBoard, go: &GoToSources) -> ErasedView {
    let (sources, listed) = (board.sources.get(), board.listed.get());
    list(sources.iter().enumerate().map(|(place, source)| {
        let (go, source, words) = (go.clone(), source.clone(), board.words);
        let name = sources::name(&source, &listed, words);
        let remove = move || {
            let mut left = board.sources.peek();
            left.retain(|one| *one != source);
            go(&left);
        };
        let said = [board.common.close, ": ", &name].concat();
        view! {
            <li class="logs__chip" data-colour=colour(u16::try_from(place).unwrap_or_default())>
                <span class="logs__name">{name}</span>
                <button type="button" class="logs__remove" aria-label=said on:click=click(remove)>"×"</button>
            </li>
        }
        .fresh()
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_offered_where_there_is_a_journal() {
        let listed = [SourceChoice { source: LogSource::Journal(None), name: None, runs: true }];
        let offered = |find: &str| unit(find, &listed).map(|one| one.source.to_string());
        assert_eq!(offered("Nginx@2.service").as_deref(), Some("journal:Nginx@2.service"));
        for other in ["", "web", "a b.service", "-x.service", "../x.service"] {
            assert_eq!(offered(other), None, "{other}");
        }
        assert!(unit("nginx.service", &[]).is_none());
    }
}
