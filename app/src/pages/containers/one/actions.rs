//! Starting, stopping and restarting, after a question. The buttons are there for those who may, on a host whose owner allows it.

use common::container::ContainerAction;
use leptos::prelude::*;

use super::{
    state::{OneContainer, Outcome},
    words::OneContainerWords,
};
use crate::{
    i18n::Words,
    widgets::{Dialog, ErasedView, IntoErasedView, click, live, when},
};

pub(super) fn actions(one: OneContainer) -> ErasedView {
    let may = move || one.detail.with(|detail| detail.as_ref().is_some_and(|detail| detail.may_act));
    let buttons = move || live(move || buttons(one)).fresh();
    view! {
        {when(may, buttons)}
        {live(move || outcome(one))}
        <Dialog open=one.asking class="dialog dialog--kick" label=OneContainerWords::here().question body=question />
    }
    .fresh()
}

fn buttons(one: OneContainer) -> ErasedView {
    let own = OneContainerWords::here();
    let Some(info) = one.info() else { return ().fresh() };
    let runs = matches!(&*info.state, "running" | "paused" | "restarting");
    let button = |action: ContainerAction| {
        view! {
            <button type="button" class="button" data-action=word(action) on:click=click(move || one.choose(action))>
                {(own.action)(word(action))}
            </button>
        }
        .fresh()
    };
    let shown = if runs {
        [button(ContainerAction::Restart), button(ContainerAction::Stop)]
    } else {
        [button(ContainerAction::Start), ().fresh()]
    };
    view! { <div class="one__actions">{shown}</div> }.fresh()
}

fn outcome(one: OneContainer) -> ErasedView {
    let own = OneContainerWords::here();
    match one.outcome.get() {
        None => ().fresh(),
        Some(Outcome::UnderWay(action)) => {
            view! { <p class="notice" role="status">{(own.asked)(word(action))}</p> }.fresh()
        }
        Some(Outcome::Failed(action, trouble)) => {
            let why = trouble.told(Words::here());
            view! { <p class="notice" role="alert">{(own.failed)(word(action))} " " {why}</p> }.fresh()
        }
    }
}

fn question() -> ErasedView {
    let Some(one) = use_context::<OneContainer>() else { return ().fresh() };
    let Some(action) = one.chosen.peek() else { return ().fresh() };
    let own = OneContainerWords::here();
    let name = untrack(|| one.info()).map(|info| info.name).unwrap_or_default();
    view! {
        <div class="kick" data-testid="container-question">
            <h2>{(own.ask)(word(action), &name)}</h2>
            <p>{(own.effect)(word(action))}</p>
            <div class="ask__foot">
                <button type="button" class="button" on:click=click(move || one.asking.set(false))>
                    {own.cancel}
                </button>
                <button
                    type="button"
                    class="button button--main"
                    data-testid="container-act"
                    on:click=click(move || one.act())
                >
                    {(own.action)(word(action))}
                </button>
            </div>
        </div>
    }
    .fresh()
}

const fn word(action: ContainerAction) -> &'static str {
    match action {
        ContainerAction::Start => "start",
        ContainerAction::Stop => "stop",
        ContainerAction::Restart => "restart",
    }
}
