//! The programs that keep the machine busy, or full.

use common::{sample::Process, series::Unit};
use leptos::prelude::*;

use crate::{
    format,
    live::{LiveHost, Slot},
    widgets::{Card, IntoPart, Part, Segment, either, empty, list, live, segmented, text},
    words::Words,
};

/// What comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Cpu,
    Memory,
}

#[component]
pub(super) fn ProcessesCard(host: LiveHost) -> impl IntoView {
    let (tap, words) = (host.tap_processes(), Words::here());
    let order = Slot::new(Order::Cpu);
    let rows = move || {
        let Some(processes) = tap.samples().processes else { return list([]) };
        let ordered = match order.get() {
            Order::Cpu => &processes.by_cpu,
            Order::Memory => &processes.by_memory,
        };
        list(ordered.iter().map(row))
    };
    let is_known = move || tap.samples().processes.is_some();
    let count = move || {
        tap.samples().processes.map_or_else(String::new, |processes| (words.running)(processes.count))
    };
    let orders = [(words.by_cpu, Order::Cpu), (words.by_memory, Order::Memory)];
    let aside = view! {
        <span class="card__unit number">{text(count)}</span>
        <span class="card__choice">
            {segmented("order", words.order, orders.map(|(name, own)| Segment::new(name, order, own)))}
        </span>
    };
    let sorted = move |by| text(move || if order.get() == by { "descending" } else { "none" });
    let table = move || {
        view! {
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{words.process_name}</th>
                        <th scope="col" class="table__extra">{words.pid}</th>
                        <th scope="col" aria-sort=sorted(Order::Cpu)>{words.cpu}</th>
                        <th scope="col" aria-sort=sorted(Order::Memory)>{words.memory}</th>
                    </tr>
                </thead>
                <tbody>{live(rows)}</tbody>
            </table>
        }
        .part()
    };
    view! {
        <Card id="processes" title=words.processes switch=tap.switch aside=aside.part()>
            {either(is_known, table, move || empty(words.no_processes))}
        </Card>
    }
    .part()
}

fn row(process: &Process) -> Part {
    view! {
        <tr>
            <th scope="row" class="table__name" title=process.name.clone()>{process.name.clone()}</th>
            <td class="number table__extra">{process.pid.to_string()}</td>
            <td class="number">{format::full(process.cpu, Unit::Percent)}</td>
            <td class="number">{format::full(process.memory as f64, Unit::Bytes)}</td>
        </tr>
    }
    .patched()
}
