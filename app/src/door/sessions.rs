//! The sessions of an account.

use common::door::paths;
use leptos::prelude::*;

use super::{
    agent::program,
    context::DoorContext,
    form::{asks_once, button, danger_button, fact, form, hidden, shared, time},
    words::AccountWords,
};

/// A session of the account.
#[derive(Debug, Clone)]
pub struct SessionRow {
    /// Its number.
    pub id: u64,
    /// The moment at which it was begun, Unix milliseconds.
    pub created: u64,
    /// The moment of its last request, Unix milliseconds.
    pub last_seen: u64,
    /// The address that it was begun from.
    pub address: String,
    /// The `User-Agent` of the browser.
    pub agent: String,
    /// True for the session of this request.
    pub is_this: bool,
}

/// The section's contents.
pub(super) fn section(context: &DoorContext, rows: Vec<SessionRow>) -> AnyView {
    let words = AccountWords::of(context.language);
    let others = rows.iter().filter(|row| !row.is_this).count();
    let rows: Vec<_> = rows.into_iter().map(|session| row(context, session)).collect();
    let all = (others > 0).then(|| {
        let button = danger_button(words.end_others, None);
        let form = form(context, paths::ACCOUNT_SESSIONS_REVOKE, "door__act", button);
        asks_once(
            words.end_others_ask,
            words.end_others_ask.to_owned(),
            (words.end_others_loss)(others),
            form,
        )
    });
    view! {
        <p class="field__hint">{words.sessions_hint}</p>
        <ul class="rows">{rows}</ul>
        {all}
    }
    .into_any()
}

fn row(context: &DoorContext, session: SessionRow) -> AnyView {
    let words = AccountWords::of(context.language);
    let name = program(&session.agent);
    let act = if session.is_this {
        form(context, paths::SIGN_OUT, "row__act", button(shared(context).sign_out, None))
    } else {
        let button = button(words.end_session, Some((words.end_session_of)(&name, &session.address)));
        let fields = view! { {hidden("session", session.id.to_string())} {button} };
        form(context, paths::ACCOUNT_SESSIONS_REVOKE, "row__act", fields.into_any())
    };
    let this = session.is_this.then(|| view! { <span class="tag">{words.this_session}</span> });
    view! {
        <li class="row">
            <div class="row__head">
                <p class="row__name" title=session.agent>
                    {name}
                </p>
                {this}
            </div>
            <dl class="row__facts">
                {fact(words.address, session.address.into_any())}
                {fact(words.last_seen, time(session.last_seen))}
                {fact(words.begun, time(session.created))}
            </dl>
            {act}
        </li>
    }
    .into_any()
}
