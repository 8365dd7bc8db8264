//! The spikes of a time, each with the programs that made it.

use common::{
    metric::Unit,
    sample::Process,
    spike::{Spike, SpikeResource},
};
use leptos::prelude::*;

use super::{context::DoorContext, words::HistoryWords};
use crate::format;

/// The list; nothing where there was no spike.
pub(super) fn spikes(context: &DoorContext, spikes: &[Spike]) -> Option<AnyView> {
    let words = HistoryWords::of(context.language);
    let items: Vec<_> = spikes.iter().map(|spike| item(words, spike)).collect();
    let list = view! {
        <section class="card history__card history__spikes" aria-labelledby="history-spikes">
            <h2 class="card__title" id="history-spikes">
                {words.spikes}
            </h2>
            <p class="door__hint">{words.spikes_hint}</p>
            <ol class="history__looks">{items}</ol>
        </section>
    };
    (!spikes.is_empty()).then(|| list.into_any())
}

fn item(words: &HistoryWords, spike: &Spike) -> AnyView {
    let text = [&format::date(spike.at, 0), " ", &format::clock(spike.at, 0), " UTC"].concat();
    // A look that came with the spike says no more than the time.
    let minutes = spike.at.saturating_sub(spike.since) / 60_000;
    let lasted = (minutes > 0).then(|| [", ", &(words.lasted)(minutes)].concat());
    let resource = match spike.resource {
        SpikeResource::Cpu => words.cpu,
        SpikeResource::Memory => words.memory,
    };
    let programs: Vec<_> = spike
        .programs
        .iter()
        .map(|program| {
            let by = program.user.as_ref().map(|user| [" (", user, ")"].concat());
            view! {
                <li title=program.command.clone()>
                    <bdi>{program.name.clone()}</bdi>
                    <bdi class="history__muted">{by}</bdi>
                    " "
                    <span class="number">{used(spike.resource, program)}</span>
                </li>
            }
        })
        .collect();
    view! {
        <li>
            <p>
                <time class="number history__muted" datetime=format::stamp(spike.at, 0)>
                    {text}
                </time>
                " "
                <span class="history__short">
                    {resource} " " <span class="number">{format::full(spike.value, Unit::Percent)}</span> {lasted}
                </span>
            </p>
            <ul class="history__programs">{programs}</ul>
        </li>
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
