//! The programs that keep the machine busy, or full.

mod hold;

use common::{metric::Unit, sample::Process, sample::Processes};
use leptos::prelude::*;

use self::hold::{HeldRow, hold};
use super::{later::later, words::OverviewWords};
use crate::{
    format,
    i18n::Words,
    live::{CardFeed, Cell, Clock, LiveHost},
    widgets::{Card, ErasedView, IntoErasedView, click, either, empty, list, listen, live, text},
};

/// The id of the card; all others are those of panels.
pub(super) const PROCESSES: &str = "processes";

/// The order of the processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ProcessOrder {
    Cpu,
    Memory,
}

impl ProcessOrder {
    fn of(self, processes: &Processes) -> &Vec<Process> {
        match self {
            Self::Cpu => &processes.by_cpu,
            Self::Memory => &processes.by_memory,
        }
    }
}

#[component]
pub(super) fn ProcessesCard(host: LiveHost) -> impl IntoView {
    let (tap, words) = (host.processes_feed(), Words::here());
    let count = move || {
        tap.samples().processes.map_or_else(String::new, |processes| (words.running)(processes.count))
    };
    let aside = view! { <span class="card__unit number">{text(count)}</span> };
    view! {
        <Card id=PROCESSES title=words.processes switch=tap.switch aside=aside.erase()>
            {later(move |bodies| (bodies.processes)(tap))}
        </Card>
    }
    .erase()
}

pub(super) fn body(tap: CardFeed) -> ErasedView {
    let (words, own) = (Words::here(), OverviewWords::here());
    let (order, held) = (Cell::new(ProcessOrder::Cpu), Cell::new(None::<Vec<Process>>));
    let rows = move || {
        let Some(processes) = tap.samples().processes else { return list([]) };
        let fresh = |process: &Process| (process.clone(), false);
        let rows: Vec<HeldRow> = match held.get() {
            Some(kept) => hold(&kept, &processes),
            None => order.get().of(&processes).iter().map(fresh).collect(),
        };
        list(rows.into_iter().map(row))
    };
    // A row under the pointer stays in its place.
    let keep = move || {
        let processes = untrack(|| tap.samples().processes);
        held.set(processes.map(|processes| order.peek().of(&processes).clone()));
    };
    let is_known = move || tap.samples().processes.is_some();
    let table = move || {
        view! {
            <table class="table table--processes">
                <thead>
                    <tr>
                        <th scope="col">{own.process_name}</th>
                        {head(order, ProcessOrder::Cpu, "sort-cpu", words.cpu, Some(own.of_one_core))}
                        {head(order, ProcessOrder::Memory, "sort-memory", words.memory, None)}
                        <th scope="col" class="table__text">{words.user}</th>
                        <th scope="col" class="table__extra">{words.pid}</th>
                        <th scope="col" class="table__rest">{words.command}</th>
                    </tr>
                </thead>
                <tbody
                    on:pointerenter=listen(move |_| keep())
                    on:pointerleave=listen(move |_| held.set(None))
                >
                    {live(rows)}
                </tbody>
            </table>
        }
        .fresh()
    };
    either(is_known, table, move || empty(own.no_processes)).fresh()
}

/// The head of a column that the rows can be sorted by.
fn head(
    order: Cell<ProcessOrder>,
    own: ProcessOrder,
    id: &'static str,
    name: &'static str,
    hint: Option<&'static str>,
) -> ErasedView {
    let sorted = move || if order.get() == own { "descending" } else { "none" };
    let clock = Clock::here();
    let hint = hint.map(|hint| view! { <span class="sort__hint">{hint}</span> }.fresh());
    let button = move || {
        view! {
            <button type="button" class="sort" data-testid=id on:click=click(move || order.set(own))>
                {name}
            </button>
        }
        .fresh()
    };
    // A page without a script cannot sort, so it has no button there.
    let plain = move || view! { <span class="sort">{name}</span> }.fresh();
    view! {
        <th scope="col" aria-sort=text(sorted)>
            {either(move || clock.now().is_some(), button, plain)}
            {hint}
        </th>
    }
    .fresh()
}

fn row((process, is_gone): HeldRow) -> ErasedView {
    let command = process.command.unwrap_or_default();
    let user = process.user.unwrap_or_default();
    view! {
        <tr data-gone=is_gone.to_string()>
            <th scope="row" class="process__name" title=process.name.clone()>{process.name.clone()}</th>
            <td class="number">{format::full(process.cpu, Unit::Percent)}</td>
            <td class="number">{format::full(process.memory as f64, Unit::Bytes)}</td>
            <td class="table__text" title=user.clone()>{user.clone()}</td>
            <td class="number table__extra">{process.pid.to_string()}</td>
            <td class="table__rest" title=command.clone()>{command.clone()}</td>
        </tr>
    }
    .patched_fresh()
}
