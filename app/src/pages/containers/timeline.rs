//! The past, the newest first.

use common::container::{ContainerEvent, Happening};
use leptos::prelude::*;

use super::{
    board::Board,
    health::{Severity, judge_event},
    list::TimelineItem,
    words::ContainersWords,
};
use crate::{
    format,
    live::{Clock, LocalZone},
    widgets::{ErasedView, IntoErasedView, either, empty, list, live},
};

/// The past of those containers whose id `is_shown`.
pub(super) fn timeline(
    board: Board,
    is_shown: impl Fn(&str) -> bool + Copy + Send + Sync + 'static,
) -> ErasedView {
    let (words, clock) = (ContainersWords::here(), Clock::here());
    let is_shown = move |item: &&TimelineItem| match item {
        TimelineItem::Event(event) => is_shown(&event.id),
        TimelineItem::Unknown { .. } => true,
    };
    let any = move || board.timeline.with(|items| items.iter().any(|item| is_shown(&item)));
    let lines = move || {
        let zone = clock.zone();
        board.timeline.with(|items| list(items.iter().filter(is_shown).map(|item| line(item, &zone))))
    };
    let all = move || {
        view! { <ol class="happened__list" data-testid="happened" tabindex="0" aria-label=words.happened>{live(lines)}</ol> }
            .fresh()
    };
    view! {
        <section class="card happened" aria-labelledby="happened">
            <header class="card__head"><h2 class="card__title" id="happened">{words.happened}</h2></header>
            <div class="card__body">{either(any, all, move || empty(words.nothing_happened))}</div>
        </section>
    }
    .fresh()
}

fn line(item: &TimelineItem, zone: &LocalZone) -> ErasedView {
    let words = ContainersWords::here();
    match item {
        TimelineItem::Event(event) => {
            let severity = judge_event(event.what, event.exit_code);
            let late = if event.is_late { words.late } else { "" };
            view! {
                <li class="happened__line" data-level=severity.name() data-what=word(event.what)>
                    <time class="number" title=format::iso(event.at_ms)>{format::clock(event.at_ms, zone)}</time>
                    <span class="happened__mark" aria-hidden="true">{severity.mark()}</span>
                    <span class="happened__told">
                        <strong>{event.name.clone()}</strong>
                        " "
                        {told(event, words)}
                        " "
                        <span class="happened__late">{late}</span>
                    </span>
                </li>
            }
            .patched_fresh()
        }
        TimelineItem::Unknown { from_ms, until_ms } => {
            let told = (words.unknown)(&format::clock(*from_ms, zone), &format::clock(*until_ms, zone));
            view! {
                <li class="happened__line" data-level=Severity::Warning.name() data-what="unknown">
                    <time class="number" title=format::iso(*until_ms)>{format::clock(*until_ms, zone)}</time>
                    <span class="happened__mark" aria-hidden="true">{Severity::Warning.mark()}</span>
                    <span class="happened__told">{told}</span>
                </li>
            }
            .patched_fresh()
        }
    }
}

/// An event in a sentence whose subject is the container.
pub(super) fn told(event: &ContainerEvent, words: &ContainersWords) -> String {
    match event.what {
        Happening::Created => words.was_created.to_owned(),
        Happening::Started => words.was_started.to_owned(),
        Happening::Ended => match (event.exit_code, event.signal) {
            (_, Some(signal)) => (words.ended_by)(&signal_name(signal)),
            (Some(code), None) => (words.ended_with)(&code.to_string()),
            (None, None) => words.ended.to_owned(),
        },
        Happening::OutOfMemory => words.reached_memory.to_owned(),
        Happening::Signalled => match event.signal {
            Some(signal) => (words.signalled_with)(&signal_name(signal)),
            None => words.signalled.to_owned(),
        },
        Happening::Stopped => words.was_stopped.to_owned(),
        Happening::Restarted => words.was_restarted.to_owned(),
        Happening::Paused => words.was_paused.to_owned(),
        Happening::Unpaused => words.was_unpaused.to_owned(),
        Happening::Healthy => words.is_healthy.to_owned(),
        Happening::Unhealthy => words.is_unhealthy.to_owned(),
        Happening::RestartLoop => words.loops.to_owned(),
        Happening::Renamed => match &event.old_name {
            Some(old) => (words.renamed_from)(old),
            None => words.renamed.to_owned(),
        },
        Happening::Removed => words.was_removed.to_owned(),
        Happening::ImagePulled => words.image_pulled.to_owned(),
    }
}

/// The word of an event in addresses and tests.
pub(super) fn word(what: Happening) -> &'static str {
    match what {
        Happening::Created => "created",
        Happening::Started => "started",
        Happening::Ended => "ended",
        Happening::OutOfMemory => "out_of_memory",
        Happening::Signalled => "signalled",
        Happening::Stopped => "stopped",
        Happening::Restarted => "restarted",
        Happening::Paused => "paused",
        Happening::Unpaused => "unpaused",
        Happening::Healthy => "healthy",
        Happening::Unhealthy => "unhealthy",
        Happening::RestartLoop => "restart_loop",
        Happening::Renamed => "renamed",
        Happening::Removed => "removed",
        Happening::ImagePulled => "image_pulled",
    }
}

/// The name of a signal, for those that people meet.
fn signal_name(signal: i32) -> String {
    let name = match signal {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        10 => "SIGUSR1",
        11 => "SIGSEGV",
        12 => "SIGUSR2",
        13 => "SIGPIPE",
        14 => "SIGALRM",
        15 => "SIGTERM",
        _ => return signal.to_string(),
    };
    name.to_owned()
}
