//! The configuration of a container.

use common::{container::ContainerDetail, metric::Unit};
use leptos::prelude::*;

use super::{super::words::ContainersWords, state::OneContainer, words::OneContainerWords};
use crate::{
    format,
    i18n::Words,
    widgets::{ErasedView, IntoErasedView, click, either, list, live, skeleton},
};

pub(super) fn configuration(one: OneContainer) -> ErasedView {
    let own = OneContainerWords::here();
    let known = move || one.detail.with(Option::is_some);
    let facts =
        move || live(move || one.detail.get().map_or_else(|| ().fresh(), |detail| facts(&detail))).fresh();
    let without = move || {
        live(move || match one.trouble.get() {
            None => skeleton(&["container-configuration"]),
            Some(trouble) => {
                let common = Words::here();
                view! {
                    <p class="notice" role="alert">{own.not_loaded} " " {trouble.told(common)}</p>
                    <button type="button" class="button" on:click=click(move || one.ask())>{common.try_again}</button>
                }
                .fresh()
            }
        })
        .fresh()
    };
    view! {
        <section class="card one__configuration" aria-labelledby="configuration">
            <header class="card__head"><h2 class="card__title" id="configuration">{own.configuration}</h2></header>
            <div class="card__body">{either(known, facts, without)}</div>
        </section>
    }
    .fresh()
}

fn facts(detail: &ContainerDetail) -> ErasedView {
    let (words, own) = (ContainersWords::here(), OneContainerWords::here());
    let container = &detail.container;
    let yes = |is: bool| (if is { own.yes } else { own.no }).to_owned();
    let memory = container
        .memory_limit
        .map_or_else(|| own.no_limit.to_owned(), |limit| format::full(limit as f64, Unit::Bytes));
    let cores = container.cpu_limit.map_or_else(|| own.no_limit.to_owned(), |limit| limit.to_string());
    let pids = detail.pids_limit.map_or_else(|| own.no_limit.to_owned(), |limit| limit.to_string());
    let short = [
        (own.id, container.id.clone()),
        (words.image, container.image.clone()),
        (own.created, format::iso(container.created_ms)),
        (own.command, detail.command.join(" ")),
        (own.restart_policy, detail.restart_policy.clone().unwrap_or_else(|| own.none.to_owned())),
        (own.memory_limit, memory),
        (own.cpu_limit, cores),
        (own.pids_limit, pids),
        (own.network_mode, detail.network_mode.clone().unwrap_or_else(|| own.none.to_owned())),
        (own.health_check, yes(detail.has_health_check)),
        (own.terminal, yes(detail.tty)),
    ];
    let long = [
        (words.ports, &container.ports),
        (own.mounts, &detail.mounts),
        (own.networks, &detail.networks),
        (own.environment, &detail.environment),
        (own.labels, &detail.labels),
    ];
    let fact = |(name, value): (&'static str, String)| {
        view! {
            <dt>{name}</dt>
            <dd dir="auto">{value}</dd>
        }
        .fresh()
    };
    let lines = |(name, values): (&'static str, &Vec<String>)| {
        let value = |value: &String| view! { <li dir="auto">{value.clone()}</li> }.fresh();
        let shown = if values.is_empty() {
            own.none.fresh()
        } else {
            view! { <ul class="configuration__list">{list(values.iter().map(value))}</ul> }.fresh()
        };
        view! {
            <dt>{name}</dt>
            <dd>{shown}</dd>
        }
        .fresh()
    };
    view! {
        <dl class="configuration" data-testid="container-facts">
            {list(short.into_iter().map(fact))}
            {list(long.into_iter().map(lines))}
        </dl>
        <p class="configuration__note">{own.masked}</p>
    }
    .fresh()
}
