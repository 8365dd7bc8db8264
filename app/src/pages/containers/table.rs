//! The containers, a row each.

use std::sync::Arc;

use common::{
    container::{ContainerInfo, ContainerList, ContainerUsage, ContainersUsage},
    metric::Unit,
};
use leptos::prelude::*;

use super::{
    board::Board,
    health::judge,
    search::matches,
    sort::{ContainerColumn, Grouping, disk, network, usage_of},
    words::ContainersWords,
};
use crate::{
    first_paint, format,
    i18n::Words,
    live::Clock,
    widgets::{ErasedView, IntoErasedView, click, either, empty, list, live, text},
};

/// A column: what it sorts by, its name and what it means.
type ContainerHead = (ContainerColumn, &'static str, Option<&'static str>);

/// The number of columns, for rows that go over all of them.
const COLUMNS: &str = "10";

pub(super) fn table(board: Board) -> ErasedView {
    let words = ContainersWords::here();
    let any = move || {
        let find = board.find.get();
        board.list.with(|list| {
            let is_shown = |one: &ContainerInfo| matches(one, &judge(one, words).1, &find);
            list.as_ref().is_some_and(|list| list.containers.iter().any(is_shown))
        })
    };
    let nothing =
        move || view! { <div data-testid="containers-nothing">{empty(words.nothing_found)}</div> }.fresh();
    either(any, move || shown(board), nothing).fresh()
}

fn shown(board: Board) -> ErasedView {
    let (words, clock) = (ContainersWords::here(), Clock::here());
    let heads: [ContainerHead; 9] = [
        (ContainerColumn::State, words.state, None),
        (ContainerColumn::Name, words.name, None),
        (ContainerColumn::Image, words.image, None),
        (ContainerColumn::Cpu, words.cpu, Some(words.cpu_hint)),
        (ContainerColumn::Memory, words.memory, Some(words.memory_hint)),
        (ContainerColumn::Network, words.network, Some(words.network_hint)),
        (ContainerColumn::Disk, words.disk, Some(words.disk_hint)),
        (ContainerColumn::Restarts, words.restarts, None),
        (ContainerColumn::Uptime, words.uptime, None),
    ];
    let rows = move || {
        let (Some(known), usage, now) = (board.list.get(), board.usage.get(), clock.now()) else {
            return list([]);
        };
        list(rows(board, &known, usage.as_ref(), now.unwrap_or_default()))
    };
    view! {
        <div class="records__scroll" role="region" tabindex="0" aria-label=words.table>
            <table class="table records containers__table" data-testid="containers">
                <caption class="sr-only">{words.table}</caption>
                <thead>
                    <tr>
                        {list(heads.into_iter().map(|head| column(board, head)))}
                        <th scope="col" class="records__text">{words.ports}</th>
                    </tr>
                </thead>
                <tbody>{live(rows)}</tbody>
            </table>
        </div>
    }
    .fresh()
}

fn column(board: Board, (column, name, hint): ContainerHead) -> ErasedView {
    let sorted = move || {
        let sort = board.sort.get();
        match (sort.column == column, sort.descending) {
            (false, _) => "none",
            (true, true) => "descending",
            (true, false) => "ascending",
        }
    };
    let turn = move || board.sort.update(|sort| *sort = sort.turned(column));
    view! {
        <th scope="col" aria-sort=text(sorted)>
            <button type="button" class="records__sort" title=hint on:click=click(turn)>
                {name}
            </button>
        </th>
    }
    .fresh()
}

fn rows(
    board: Board,
    known: &ContainerList,
    usage: Option<&Arc<ContainersUsage>>,
    now: u64,
) -> Vec<ErasedView> {
    let (words, find, grouping) = (ContainersWords::here(), board.find.get(), board.grouping.get());
    let usage = usage.map(|usage| &**usage);
    let shown: Vec<(&ContainerInfo, Option<&ContainerUsage>)> = known
        .containers
        .iter()
        .filter(|one| matches(one, &judge(one, words).1, &find))
        .map(|one| (one, usage_of(usage, &one.id)))
        .collect();
    let mut views = Vec::new();
    let mut group: Option<Option<&str>> = None;
    for place in board.sort.get().places(&shown, grouping, words) {
        let (one, uses) = shown[place];
        let own = one.project.as_deref();
        if grouping == Grouping::Project && group != Some(own) {
            group = Some(own);
            views.push(group_row(own.unwrap_or(words.no_project)));
        }
        views.push(row(board, one, uses, known.cores, now));
    }
    views
}

fn group_row(name: &str) -> ErasedView {
    view! { <tr class="containers__group"><th scope="rowgroup" colspan=COLUMNS>{name.to_owned()}</th></tr> }
        .patched_fresh()
}

fn row(
    board: Board,
    one: &ContainerInfo,
    uses: Option<&ContainerUsage>,
    cores: usize,
    now: u64,
) -> ErasedView {
    let words = ContainersWords::here();
    let (severity, state) = judge(one, words);
    let runs = matches!(&*one.state, "running" | "paused");
    let uptime = match (runs, one.started_ms, one.finished_ms) {
        (true, Some(started), _) => format::long_duration(now.saturating_sub(started), Words::here()),
        (false, _, Some(finished)) => {
            (words.ago)(&format::duration(now.saturating_sub(finished), Words::here()))
        }
        _ => "–".to_owned(),
    };
    let why = one.error.clone().unwrap_or_default();
    let service =
        one.service.clone().filter(|service| !one.name.contains(service.as_str())).unwrap_or_default();
    let cpu = uses.and_then(|uses| uses.cpu);
    let memory = uses.and_then(|uses| uses.memory).map(|bytes| bytes as f64);
    view! {
        <tr data-id=one.id.clone() data-state=one.state.clone()>
            <td class="records__text containers__state" data-level=severity.name() data-label=words.state title=why>
                <span><span class="containers__mark" aria-hidden="true">{severity.mark()} " "</span> {state}</span>
            </td>
            <th scope="row" class="records__name containers__name" title=one.id.clone()>
                <a href=first_paint::href(&[&board.path(), "id=", &one.id].concat())>{one.name.clone()}</a>
                <span class="containers__service">{service}</span>
            </th>
            <td class="records__text containers__image" title=one.image.clone() data-label=words.image>
                {short_image(&one.image).to_owned()}
            </td>
            <td class="number" data-of="cpu" data-label=words.cpu>{share(cpu, cpu_share(cpu, one, cores), words)}</td>
            <td class="number" data-of="memory" data-label=words.memory>
                {memory_cell(memory, one.memory_limit)}
            </td>
            <td class="number" data-label=words.network>{rate(uses.and_then(network))}</td>
            <td class="number" data-label=words.disk>{rate(uses.and_then(disk))}</td>
            <td class="number" data-of="restarts" data-label=words.restarts>{one.restarts.to_string()}</td>
            <td class="number" data-label=words.uptime>{uptime}</td>
            <td class="records__text containers__ports" data-label=words.ports>
                {if one.ports.is_empty() { "–".to_owned() } else { one.ports.join(", ") }}
            </td>
        </tr>
    }
    .patched_fresh()
}

/// An image without its registry, which is the part that says least.
fn short_image(image: &str) -> &str {
    match image.split_once('/') {
        Some((registry, rest)) if registry.contains(['.', ':']) || registry == "localhost" => rest,
        _ => image,
    }
}

/// The share of the cores that it may use, percent.
fn cpu_share(cpu: Option<f64>, one: &ContainerInfo, cores: usize) -> Option<f64> {
    let most = one.cpu_limit.unwrap_or(cores as f64);
    cpu.filter(|_| most > 0.0).map(|cpu| cpu / most)
}

/// A number with a bar below it.
fn share(cpu: Option<f64>, percent: Option<f64>, words: &'static ContainersWords) -> ErasedView {
    let Some(cpu) = cpu else { return view! { <span>"–"</span> }.patched_fresh() };
    let percent = percent.unwrap_or_default();
    let told = (words.of_its_cores)(&format::full(percent, Unit::Percent));
    view! {
        <span title=told>{format::full(cpu, Unit::Percent)}</span>
        {bar(percent)}
    }
    .patched_fresh()
}

fn memory_cell(memory: Option<f64>, limit: Option<u64>) -> ErasedView {
    let Some(memory) = memory else { return view! { <span>"–"</span> }.patched_fresh() };
    let used = format::full(memory, Unit::Bytes);
    match limit.filter(|limit| *limit > 0) {
        None => view! { <span>{used}</span> }.patched_fresh(),
        Some(limit) => {
            let of = [" / ", &format::full(limit as f64, Unit::Bytes)].concat();
            view! {
                <span>{used} <span class="records__more">{of}</span></span>
                {bar(100.0 * memory / limit as f64)}
            }
            .patched_fresh()
        }
    }
}

/// A thin bar. An SVG's width is an attribute, where an element's would be a style.
fn bar(percent: f64) -> ErasedView {
    let level = match percent {
        90.0.. => "crit",
        75.0.. => "warn",
        _ => "none",
    };
    let width = ((percent.clamp(0.0, 100.0) * 10.0).round() as u32).to_string();
    view! {
        <svg class="meter" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" data-level=level>
            <rect class="meter__whole" width="1000" height="10" />
            <rect class="meter__part" width=width height="10" />
        </svg>
    }
    .patched_fresh()
}

fn rate(bytes: Option<f64>) -> String {
    bytes.map_or_else(|| "–".to_owned(), |bytes| format::full(bytes, Unit::BytesPerSecond))
}

#[cfg(test)]
mod tests {
    use super::short_image;

    #[test]
    fn an_image_is_shown_without_its_registry() {
        for (image, shown) in [
            ("nginx:1.27", "nginx:1.27"),
            ("library/nginx", "library/nginx"),
            ("docker.io/library/nginx", "library/nginx"),
            ("localhost/box:latest", "box:latest"),
            ("10.0.0.1:5000/team/shop@sha256:00", "team/shop@sha256:00"),
        ] {
            assert_eq!(short_image(image), shown);
        }
    }
}
