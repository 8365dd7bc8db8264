//! The document around a page of the front door.

use common::{door::paths, role::Role};
use leptos::prelude::*;
use leptos_meta::HashedStylesheet;

use super::{
    context::{DoorContext, DoorUser},
    form::{form, hidden, shared},
};
use crate::{
    i18n::{Language, Words},
    pages::plain_text,
};

/// A page of the front door, to be put into its document.
pub(super) struct DoorPage {
    /// Its heading, and its name in the title.
    pub(super) title: &'static str,
    /// Says in the title that a form was not accepted.
    pub(super) is_refused: bool,
    /// Its address where the bar links to it.
    pub(super) path: Option<&'static str>,
    pub(super) body: AnyView,
}

/// The whole document.
pub(super) fn document(context: &DoorContext, page: DoorPage) -> String {
    let DoorPage { title, is_refused, path, body } = page;
    let main = match path {
        Some(
            paths::AUDIT | paths::KEPT_LOGS | paths::STREAM | paths::HISTORY | paths::EXPLORE | paths::HOSTS,
        ) => "door__main door__main--wide",
        Some(_) => "door__main",
        None => "door__main door__main--narrow",
    };
    let body = view! {
        {bar(context, path)}
        <main class=main id="main" tabindex="-1">
            <h1>{title}</h1>
            {body}
        </main>
    };
    framed(context, title, is_refused, None, "door", body.into_any())
}

/// The document of something that people have named. The name is its heading.
pub(super) fn named_document(context: &DoorContext, name: &str, is_refused: bool, body: AnyView) -> String {
    let heading = plain_text(name).into_owned();
    let body = view! {
        {bar(context, Some(paths::DASHBOARD))}
        <main class="door__main door__main--wide" id="main" tabindex="-1">
            <h1 class="door__named">
                <bdi>{heading}</bdi>
            </h1>
            {body}
        </main>
    };
    framed(context, name, is_refused, None, "door", body.into_any())
}

/// A document without the bar, which is followed by the one at the address in so many seconds, where no script runs.
pub(super) fn wall_document(
    context: &DoorContext,
    name: &str,
    next: Option<(u64, String)>,
    body: AnyView,
) -> String {
    framed(context, name, false, next, "door door--wall", body)
}

fn framed(
    context: &DoorContext,
    title: &str,
    is_refused: bool,
    next: Option<(u64, String)>,
    class: &'static str,
    body: AnyView,
) -> String {
    let words = Words::of(context.language);
    let refused = if is_refused { shared(context).refused } else { "" };
    // The renderer takes a title for raw text.
    let title = plain_text(title).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let title = [refused, &title, " · ", words.product].concat();
    let next = next.map(|(seconds, address)| {
        let content = [&seconds.to_string(), "; url=", &address].concat();
        view! {
            <noscript>
                <meta http-equiv="refresh" content=content />
            </noscript>
        }
    });
    let html = view! {
        <!DOCTYPE html>
        <html lang=context.language.tag() data-theme=context.theme.clone()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                <meta name="color-scheme" content="light dark" />
                <meta name="robots" content="noindex" />
                // A script knows by it an answer of this server from one of a proxy before it.
                <meta name="application-name" content=words.product />
                // A link's secret stands in the address.
                <meta name="referrer" content="same-origin" />
                <link rel="icon" href=context.href("/favicon.svg") type="image/svg+xml" />
                <HashedStylesheet options=context.site.clone() root=context.base.clone() />
                <title inner_html=title></title>
                {next}
            </head>
            <body class=class>{body}</body>
        </html>
    };
    html.to_html()
}

fn bar(context: &DoorContext, path: Option<&'static str>) -> AnyView {
    let words = Words::of(context.language);
    let user = context.user.as_ref();
    let about_servers = path.filter(|_| user.is_none()).map(|path| {
        let words = shared(context);
        view! { <nav class="door__links" aria-label=words.links>{of_servers(context, Some(path))}</nav> }
    });
    let skip = user.map(|_| view! { <a class="skip" href="#main">{words.skip}</a> });
    view! {
        {skip}
        <header class="door__bar">
            <a class="door__brand" href=context.href("/")>
                {words.product}
            </a>
            {user.map(|user| links(context, user, path))}
            {about_servers}
            {language_switch(context).filter(|_| user.is_none())}
        </header>
    }
    .into_any()
}

/// A button for each other language, in the words of its readers: whoever has not signed in has no other way to choose.
fn language_switch(context: &DoorContext) -> Option<AnyView> {
    let document = context.document.clone()?;
    let others = Language::ALL.into_iter().filter(|one| *one != context.language);
    let buttons: Vec<_> = others
        .map(|one| {
            let fields = view! {
                {hidden("lang", one.tag().to_owned())}
                {hidden("next", document.clone())}
                <button class="button button--quiet" type="submit" lang=one.tag()>
                    {one.name()}
                </button>
            };
            form(context, paths::LANGUAGE, "door__out", fields.into_any())
        })
        .collect();
    Some(view! { <div class="door__who">{buttons}</div> }.into_any())
}

fn link(
    context: &DoorContext,
    path: Option<&'static str>,
    address: &'static str,
    text: &'static str,
) -> AnyView {
    let current = (path == Some(address)).then_some("page");
    view! { <a class="door__link" href=context.href(address) aria-current=current>{text}</a> }.into_any()
}

/// The links to what is read of servers: nobody has to sign in where there is no account.
fn of_servers(context: &DoorContext, path: Option<&'static str>) -> AnyView {
    let words = shared(context);
    view! {
        {link(context, path, paths::HOSTS, words.hosts)}
        {link(context, path, paths::HISTORY, words.history)}
        {link(context, path, paths::EXPLORE, words.explore)}
        {link(context, path, paths::DASHBOARDS, words.dashboards)}
        {link(context, path, paths::PROBES, words.probes)}
        {link(context, path, paths::TARGETS, words.targets)}
        {link(context, path, paths::STREAMS, words.streams)}
        {link(context, path, paths::KEPT_LOGS, words.kept_logs)}
    }
    .into_any()
}

fn links(context: &DoorContext, user: &DoorUser, path: Option<&'static str>) -> AnyView {
    let words = shared(context);
    let link = |address, text| link(context, path, address, text);
    let of_admins = (user.role == Role::Admin)
        .then(|| view! { {link(paths::PEOPLE, words.people)} {link(paths::AUDIT, words.audit)} });
    let sign_out = view! { <button class="button button--quiet" type="submit">{words.sign_out}</button> };
    view! {
        <nav class="door__links" aria-label=words.links>
            {link(paths::ACCOUNT, words.account)}
            {link(paths::NOTICES, words.notices)}
            {of_servers(context, path)}
            {of_admins}
        </nav>
        <div class="door__who">
            <p class="door__user">{user.name.clone()}</p>
            {form(context, paths::SIGN_OUT, "door__out", sign_out.into_any())}
        </div>
    }
    .into_any()
}
