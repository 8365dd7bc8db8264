//! The spikes of a time, each with the programs that made it.

use common::{
    metric::Unit,
    sample::Process,
    spike::{Spike, SpikeResource},
};
use leptos::prelude::*;

use super::{context::DoorContext, words::HistoryWords};
use crate::format;

/// The table; nothing where there was no spike.
pub(super) fn spikes(context: &DoorContext, spikes: &[Spike]) -> Option<AnyView> {
    let words = HistoryWords::of(context.language);
    let rows: Vec<_> = spikes.iter().map(|spike| row(words, spike)).collect();
    let table = view! {
        <section class="card history__card history__spikes" aria-labelledby="history-spikes">
            <h2 class="card__title" id="history-spikes">
                {words.spikes}
            </h2>
            <p class="door__hint">{words.spikes_hint}</p>
            <div class="history__numbers" role="group" tabindex="0" aria-labelledby="history-spikes">
                <table class="table" aria-labelledby="history-spikes">
                    <thead>
                        <tr>
                            <th scope="col">{words.time}</th>
                            <th scope="col">{words.resource}</th>
                            <th scope="col">{words.in_use}</th>
                            <th scope="col">{words.programs}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    };
    (!spikes.is_empty()).then(|| table.into_any())
}

fn row(words: &HistoryWords, spike: &Spike) -> AnyView {
    let text = [&format::date(spike.at, 0), " ", &format::clock(spike.at, 0), " UTC"].concat();
    // A look that came with the spike says no more than the time.
    let lasted = spike.at.saturating_sub(spike.since) / 60_000;
    let lasted =
        (lasted > 0).then(|| view! { <span class="history__lasted">{(words.lasted)(lasted)}</span> });
    let resource = match spike.resource {
        SpikeResource::Cpu => words.cpu,
        SpikeResource::Memory => words.memory,
    };
    let programs: Vec<_> = spike
        .programs
        .iter()
        .map(|program| {
            let used = used(spike.resource, program);
            let by = program.user.as_ref().map(|user| [" (", user, ")"].concat());
            let command = program.command.clone();
            view! {
                <li title=command>
                    <bdi>{program.name.clone()}</bdi>
                    <bdi class="history__user">{by}</bdi>
                    " "
                    <span class="number">{used}</span>
                </li>
            }
        })
        .collect();
    view! {
        <tr>
            <th scope="row">
                <time class="number" datetime=format::stamp(spike.at, 0)>
                    {text}
                </time>
                {lasted}
            </th>
            <td>{resource}</td>
            <td class="number">{format::full(spike.value, Unit::Percent)}</td>
            <td>
                <ul class="history__programs">{programs}</ul>
            </td>
        </tr>
    }
    .into_any()
}

/// CPU of a program is a share of one core, as `top` tells it.
fn used(resource: SpikeResource, program: &Process) -> String {
    match resource {
        SpikeResource::Cpu => format::full(program.cpu, Unit::Percent),
        SpikeResource::Memory => format::full(program.memory as f64, Unit::Bytes),
    }
}
