//! Documents that only say something, and where to go from there.

use common::{door::paths, role::Role};
use leptos::prelude::*;

use super::{
    context::DoorContext,
    document::{DoorPage, document},
    provider_problem::ProviderProblem,
    words::MessageWords,
};
use crate::i18n::Words;

/// A document that only says something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessagePage {
    /// An invitation was used, revoked, has expired or was never there (status 410).
    InvitationInvalid,
    /// The link of the set-up is not the one of this start (status 403).
    SetUpLinkInvalid,
    /// The first account exists (status 410).
    AlreadySetUp,
    /// The reader's role does not reach so far (status 403).
    Forbidden {
        /// The least role that does.
        needs: Role,
    },
    /// The accounts cannot be read now (status 503).
    StoreUnavailable {
        /// The id in the server's log.
        id: String,
    },
    /// The provider has signed nobody in. The status is the problem's.
    Provider {
        /// The provider's name.
        name: String,
        /// The reason.
        problem: ProviderProblem,
    },
    /// A form came without the cookie that belongs to it, and it is not known from where (status 403).
    FormExpired,
}

/// Renders the document. The status is the caller's to set; each page says which.
#[must_use]
pub fn message(context: &DoorContext, page: MessagePage) -> String {
    let (words, shared) = (MessageWords::of(context.language), Words::of(context.language));
    let overview = ("/", shared.to_overview);
    let sign_in = (paths::SIGN_IN, words.to_sign_in);
    let ([title, sentence], (path, link)) = match &page {
        MessagePage::InvitationInvalid => (words.link_invalid, sign_in),
        MessagePage::SetUpLinkInvalid => (words.set_up_link_invalid, overview),
        MessagePage::AlreadySetUp => (words.already_set_up, sign_in),
        MessagePage::Forbidden { needs } => ([words.forbidden, (words.forbidden_needs)(*needs)], overview),
        // An empty address is that of the document: the link asks for it again.
        MessagePage::StoreUnavailable { .. } => (words.unavailable, ("", shared.try_again)),
        MessagePage::FormExpired => (words.form_expired, overview),
        MessagePage::Provider { problem, .. } => ((words.provider)(problem), sign_in),
    };
    let (id, subject, name) = match page {
        MessagePage::StoreUnavailable { id } => (Some(id), None, None),
        MessagePage::Provider { name, problem } => {
            (problem.id().map(str::to_owned), problem.subject().map(str::to_owned), Some(name))
        }
        _ => (None, None, None),
    };
    let address = if path.is_empty() { String::new() } else { context.href(path) };
    let id = id.map(|id| {
        view! { <p class="trouble__id">{[shared.trouble_id, ": "].concat()} <code>{id}</code></p> }
    });
    let name = name.map(|name| view! { <p>{[words.provider_name, ": ", &name].concat()}</p> });
    let subject = subject.map(|subject| {
        view! { <p>{[words.subject, ": "].concat()} <code>{subject}</code></p> }
    });
    let body = view! {
        <p class="door__lead">{sentence}</p>
        {name}
        {subject}
        {id}
        <p>
            <a class="button button--main" href=address>
                {link}
            </a>
        </p>
    };
    document(context, DoorPage { title, is_refused: false, path: None, body: body.into_any() })
}
