//! The question before a connection is ended.

use leptos::prelude::*;

use super::inspector::Inspector;
use super::words::ConnectionsWords;
use crate::widgets::{ErasedView, IntoErasedView, click};

pub(super) fn body() -> ErasedView {
    let Some(inspector) = use_context::<Inspector>() else { return ().fresh() };
    let Some(one) = inspector.ending.peek() else { return ().fresh() };
    let words = ConnectionsWords::here();
    let topics = Inspector::topics(&one).len();
    let told = (words.kick_told)(&one.address, &inspector.transport(&one), topics);
    let own = if inspector.is_own(&one) { view! { <p>{words.kick_own}</p> }.fresh() } else { ().fresh() };
    view! {
        <div class="kick" data-testid="kick">
            <h2>{words.kick_title}</h2>
            <p>{told}</p>
            {own}
            <div class="ask__foot">
                <button type="button" class="button" on:click=click(move || inspector.asking.set(false))>
                    {words.cancel}
                </button>
                <button
                    type="button"
                    class="button button--main"
                    data-testid="kick-now"
                    on:click=click(move || inspector.end())
                >
                    {words.kick_now}
                </button>
            </div>
        </div>
    }
    .fresh()
}
