//! The page as it is shown.

use common::{
    container::{ContainerInfo, ContainerList, EngineState},
    host::HostId,
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use web_sys::HtmlInputElement;

use super::{
    board::{Board, path},
    door_words::ContainersDoorWords,
    health::{Severity, judge},
    one,
    search::matches,
    sort::Grouping,
    table,
    timeline::timeline,
    words::ContainersWords,
};
use crate::{
    first_paint, format,
    i18n::Words,
    live::{Clock, Derived, Stored, Trouble},
    ports::Browser,
    widgets::{
        ErasedView, Icon, IntoErasedView, Segment, change, click, either, empty, icon, list, live, segmented,
        skeleton, text, when,
    },
};

pub(super) fn view() -> ErasedView {
    // It comes as a piece, so it is built in a browser only.
    let Some(browser) = use_context::<Browser>() else { return ().fresh() };
    let search = use_location().search;
    let chosen = Derived::new(move || search.with(|search| chosen(search)));
    let host = Derived::new(move || search.with(|search| host(search)));
    let browser = Stored::new(browser);
    live(move || {
        let board = Board::new(browser.get(), host.get());
        live(move || match chosen.get() {
            Some(id) => either(
                move || board.list.with(Option::is_some),
                move || one::view(board, browser.get(), id.clone()),
                move || waiting(board),
            )
            .fresh(),
            None => all(board),
        })
        .fresh()
    })
    .fresh()
}

/// The value of a field of an address.
fn field<'a>(search: &'a str, name: &str) -> Option<&'a str> {
    search.trim_start_matches('?').split('&').find_map(|field| field.strip_prefix(name))
}

/// The host that the address names (`?host=`); without one the server's own machine.
fn host(search: &str) -> HostId {
    field(search, "host=").and_then(|name| name.parse().ok()).unwrap_or_else(HostId::local)
}

/// The id of the container that the address names (`?id=`), if it is one.
fn chosen(search: &str) -> Option<String> {
    let id = field(search, "id=")?;
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    ((12..=64).contains(&id.len()) && id.bytes().all(is_digit)).then(|| id.to_owned())
}

/// Every container of the host.
fn all(board: Board) -> ErasedView {
    let name = ContainersDoorWords::here().containers;
    let title = match board.host() {
        (_, true) => name.to_owned(),
        (host, false) => [name, " · ", &host.to_string()].concat(),
    };
    view! {
        <h1>{title}</h1>
        {live(move || hosts(board))}
        {either(
            move || board.list.with(Option::is_some),
            move || page(board),
            move || waiting(board),
        )}
    }
    .fresh()
}

/// The way to the containers of each host, where there are several.
fn hosts(board: Board) -> ErasedView {
    let all = board.list.with(|list| list.as_ref().map(|list| list.hosts.clone())).unwrap_or_default();
    if all.len() < 2 {
        return ().fresh();
    }
    let (here, _) = board.host();
    let way = |host: HostId| {
        let current = (host == here).then_some("page");
        let href = first_paint::href(path(&host).trim_end_matches(['?', '&']));
        view! { <a href=href aria-current=current>{host.to_string()}</a> " " }.fresh()
    };
    view! {
        <nav class="one__links" aria-label=ContainersWords::here().hosts data-testid="containers-hosts">
            {list(all.into_iter().map(way))}
        </nav>
    }
    .fresh()
}

/// There is no list yet.
fn waiting(board: Board) -> ErasedView {
    live(move || match board.trouble.get() {
        None => skeleton(&["containers"]),
        Some(trouble) => failed(board, &trouble),
    })
    .fresh()
}

fn failed(board: Board, trouble: &Trouble) -> ErasedView {
    let (words, common) = (ContainersWords::here(), Words::here());
    view! {
        <div class="trouble trouble--page" role="alert" data-testid="containers-failed">
            <h2 class="trouble__title">{icon(Icon::WARN)} <span>{words.failed}</span></h2>
            <p>{trouble.told(common)}</p>
            <p class="trouble__id">{common.trouble_id} ": " <code>{trouble.id.clone()}</code></p>
            <button type="button" class="button" on:click=click(move || board.ask())>
                {common.try_again}
            </button>
        </div>
    }
    .fresh()
}

fn page(board: Board) -> ErasedView {
    let words = ContainersWords::here();
    let of_list = move |look: fn(&ContainerList) -> bool| {
        board.list.with(|list| list.as_ref().is_some_and(|list| look(list)))
    };
    let is_off = move || of_list(|list| list.engine.state == EngineState::Off);
    let any = move || of_list(|list| !list.containers.is_empty());
    let old = move || view! { <p class="notice" role="status">{words.old}</p> }.fresh();
    let some = move || {
        view! {
            {tools(board)}
            {table::table(board)}
        }
        .fresh()
    };
    let none = move || live(move || nothing(board)).fresh();
    view! {
        {engine(board)}
        {when(move || board.is_old.get(), old)}
        {either(any, some, none)}
        {when(move || !is_off(), move || timeline(board, |_| true))}
    }
    .fresh()
}

/// The engine, and how its containers are, in a line.
fn engine(board: Board) -> ErasedView {
    let (words, common, clock) = (ContainersWords::here(), Words::here(), Clock::here());
    let status = move || board.list.with(|list| list.as_ref().map(|list| list.engine.clone()));
    let state = move || match status().map(|status| status.state) {
        Some(EngineState::Connected) => "ok",
        Some(EngineState::Away) => "crit",
        _ => "idle",
    };
    let told = move || {
        let Some(status) = status() else { return String::new() };
        let product = status.product.unwrap_or_else(|| words.engine.to_owned());
        let why = status.why.unwrap_or_default();
        let now = clock.now().unwrap_or(status.since_ms);
        let age = format::long_duration(now.saturating_sub(status.since_ms), common);
        match status.state {
            EngineState::Off => [words.engine_off, " ", &why].concat().trim_end().to_owned(),
            EngineState::Connecting => words.engine_connecting.to_owned(),
            EngineState::Connected => product,
            EngineState::Away => {
                [&(words.engine_away)(&product, &age), " ", &why].concat().trim_end().to_owned()
            }
        }
    };
    view! {
        <div class="containers__head">
            <p class="containers__engine" role="status" data-testid="engine" data-level=text(state)>
                {text(told)}
            </p>
            {live(move || counts(board))}
        </div>
    }
    .fresh()
}

/// The number of containers by how they are.
fn counts(board: Board) -> ErasedView {
    let words = ContainersWords::here();
    let counted = board.list.with(|list| {
        let count = |severity| {
            let is = |one: &&ContainerInfo| judge(one, words).0 == severity;
            list.as_ref().map_or(0, |list| list.containers.iter().filter(is).count())
        };
        [Severity::Critical, Severity::Warning, Severity::Fine, Severity::Idle].map(|of| (of, count(of)))
    });
    let one = |(severity, count): (Severity, usize)| {
        if count == 0 {
            return ().patched_fresh();
        }
        let word = (words.count)(severity.name());
        view! {
            <span class="containers__count" data-level=severity.name()>
                <span aria-hidden="true">{severity.mark()} " "</span>
                <span class="number">{count.to_string()}</span>
                " "
                {word}
            </span>
        }
        .patched_fresh()
    };
    let [a, b, c, d] = counted.map(one);
    view! { <p class="containers__counts" data-testid="containers-counts">{a} {b} {c} {d}</p> }.fresh()
}

fn tools(board: Board) -> ErasedView {
    let (words, field) = (ContainersWords::here(), board.field);
    let search = move || {
        let find = field.peek::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default();
        board.find.set(find.trim().to_owned());
    };
    let has_projects = move || {
        let has = |list: &ContainerList| list.containers.iter().any(|one| one.project.is_some());
        board.list.with(|list| list.as_ref().is_some_and(|list| has(list)))
    };
    let grouping = move || {
        segmented(
            "containers-grouping",
            words.grouping,
            [
                Segment::new(words.no_groups, board.grouping, Grouping::None),
                Segment::new(words.by_project, board.grouping, Grouping::Project),
            ],
        )
    };
    let shown = move || {
        let find = board.find.get();
        board.list.with(|list| {
            let Some(list) = list else { return String::new() };
            let is_shown = |one: &&ContainerInfo| matches(one, &judge(one, words).1, &find);
            (words.shown)(list.containers.iter().filter(is_shown).count(), list.containers.len())
        })
    };
    view! {
        <div class="containers__tools">
            <label class="containers__find">
                <span>{words.find}</span>
                <input
                    node_ref=field
                    class="ask__field"
                    data-testid="containers-find"
                    type="search"
                    maxlength="64"
                    autocomplete="off"
                    spellcheck="false"
                    placeholder=words.find_hint
                    on:input=change(search)
                />
            </label>
            {when(has_projects, grouping)}
            <p class="containers__shown number" role="status" data-testid="containers-shown">{text(shown)}</p>
        </div>
    }
    .fresh()
}

fn nothing(board: Board) -> ErasedView {
    let words = ContainersWords::here();
    let state = board.list.with(|list| list.as_ref().map(|list| list.engine.state));
    match state {
        Some(EngineState::Off) => {
            view! { <p class="empty" data-testid="containers-off">{words.off_hint}</p> }.fresh()
        }
        Some(EngineState::Connected) => empty(words.nothing),
        _ => ().fresh(),
    }
}

#[cfg(test)]
mod tests {
    use super::{chosen, host};

    #[test]
    fn an_address_names_a_host_or_it_is_the_servers_machine() {
        for (search, name) in
            [("", "local"), ("?id=1", "local"), ("?host=web-1", "web-1"), ("?id=1&host=web-1", "web-1")]
        {
            assert_eq!(host(search).as_str(), name, "{search}");
        }
        assert_eq!(host("?host=Web%201").as_str(), "local");
    }

    #[test]
    fn an_address_names_a_container_by_digits_alone() {
        let id = "0123456789abcdef";
        assert_eq!(chosen("?id=0123456789abcdef").as_deref(), Some(id));
        assert_eq!(chosen("?a=1&id=0123456789abcdef").as_deref(), Some(id));
        for text in
            ["", "?", "?id=", "?id=0123", "?id=..%2F..", "?id=0123456789ABCDEF", "?idx=0123456789abcdef"]
        {
            assert_eq!(chosen(text), None, "{text}");
        }
    }
}
