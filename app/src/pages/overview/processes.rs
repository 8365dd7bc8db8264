//! The programs that keep the machine busy, or full.

use common::{sample::Process, series::Unit};
use leptos::prelude::*;

use crate::{
    format,
    live::LiveHost,
    widgets::{Card, Empty, Segmented},
    words::{Tongue, t},
};

/// What comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Cpu,
    Memory,
}

#[component]
pub(super) fn ProcessesCard(host: LiveHost) -> impl IntoView {
    let (tap, tongue) = (host.tap_processes(), Tongue::here());
    let order = RwSignal::new(Order::Cpu);
    let rows = move || {
        let order = order.get();
        let list = tap.value.with(|processes| {
            processes.as_ref().map(|processes| match order {
                Order::Cpu => processes.by_cpu.clone(),
                Order::Memory => processes.by_memory.clone(),
            })
        });
        list.unwrap_or_default().into_iter().map(row).collect_view()
    };
    let is_known = Memo::new(move |_| tap.value.with(Option::is_some));
    let count = move || {
        let count = tap.value.with(|processes| processes.as_ref().map(|processes| processes.count));
        count.map_or_else(String::new, |count| (tongue.words().running)(count))
    };
    let aside = view! {
        <span class="card__unit number">{count}</span>
        <span class="card__choice">
            <Segmented
                name="order"
                legend=|w| w.order
                segments=vec![(Order::Cpu, |w| w.by_cpu), (Order::Memory, |w| w.by_memory)]
                value=order
            />
        </span>
    };
    view! {
        <Card id="processes" title=|w| w.processes switch=tap.switch aside=aside.into_any()>
            <Show when=move || is_known.get() fallback=|| view! { <Empty text=|w| w.no_processes /> }>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{t(|w| w.process_name)}</th>
                            <th scope="col" class="table__extra">{t(|w| w.pid)}</th>
                            <th scope="col" aria-sort=move || sorted(order.get() == Order::Cpu)>{t(|w| w.cpu)}</th>
                            <th scope="col" aria-sort=move || sorted(order.get() == Order::Memory)>{t(|w| w.memory)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </Show>
        </Card>
    }
}

const fn sorted(is_first: bool) -> &'static str {
    if is_first { "descending" } else { "none" }
}

fn row(process: Process) -> impl IntoView {
    view! {
        <tr>
            <th scope="row" class="table__name" title=process.name.clone()>{process.name.clone()}</th>
            <td class="number table__extra">{process.pid}</td>
            <td class="number">{format::full(process.cpu, Unit::Percent)}</td>
            <td class="number">{format::full(process.memory as f64, Unit::Bytes)}</td>
        </tr>
    }
}
