//! Makes an account by invitation.

use common::{door::paths, role::Role};
use leptos::prelude::*;

use super::{
    context::DoorContext,
    document::{DoorPage, document},
    form::{form, problem_box, time},
    problem::FormProblem,
    set_up::new_account,
    words::EntryWords,
};

/// The page that makes an account by invitation.
#[derive(Debug, Clone)]
pub struct AcceptInvitationPage {
    /// The secret of the link, which goes into the form.
    pub link_token: String,
    /// The role that the account gets.
    pub role: Role,
    /// The name of whoever invited.
    pub invited_by: String,
    /// The moment until which the link may be used, Unix milliseconds.
    pub expires: u64,
    /// The name that was sent before; empty at first.
    pub name: String,
    /// The reason for which the form was not accepted.
    pub problem: Option<FormProblem>,
}

/// Renders the document at [`paths::INVITATION`]; its form is [`common::door::forms::NewAccountForm`].
#[must_use]
pub fn accept_invitation(context: &DoorContext, page: AcceptInvitationPage) -> String {
    let words = EntryWords::of(context.language);
    let problem = page.problem.as_ref();
    let body = view! {
        <p class="door__lead">{(words.invited)(&page.invited_by, page.role)}</p>
        <p class="door__lead door__lead--small">{words.link_until} " " {time(page.expires)}</p>
        {problem_box(context, problem)}
        {form(
            context,
            paths::INVITATION,
            "door__form",
            new_account(context, page.link_token, page.name, problem, words.accept_button),
        )}
    };
    let (title, is_refused) = (words.accept, problem.is_some());
    document(context, DoorPage { title, is_refused, path: None, body: body.into_any() })
}
