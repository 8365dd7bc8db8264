//! Renders the pages of a failed app: the banner over a page whose code has stopped, and the page that the server
//! answers with if it cannot build the one that was asked for. Neither needs a script.

use leptos::prelude::*;
use leptos_meta::HashedStylesheet;

use crate::{
    first_paint,
    i18n::{Language, Words},
    shell_words::ShellWords,
};

/// The banner, hidden until the page's code fails: the browser's panic hook then writes the id and shows it. The link is
/// one for the browser itself, since the router's code has stopped as well.
pub(crate) fn crash_banner(language: Language) -> impl IntoView {
    let (words, own) = (Words::of(language), ShellWords::of(language));
    view! {
        <div class="crash" id="crash" role="alert" hidden>
            <p class="crash__title">{own.crash}</p>
            <p>{own.crash_hint}</p>
            <p class="trouble__id">{words.trouble_id} ": " <code id="crash-id"></code></p>
            <a class="button button--main" href="" rel="external">{own.reload}</a>
        </div>
    }
}

/// A whole document that says that the server has failed, in the language and the theme of the request. `id` is the one
/// in the server's log.
#[must_use]
pub fn broken_page(options: LeptosOptions, id: &str) -> String {
    let reader = first_paint::reader();
    let (words, own) = (Words::of(reader.language), ShellWords::of(reader.language));
    let title = [own.broken, " · ", words.product].concat();
    let page = view! {
        <!DOCTYPE html>
        <html lang=reader.language.tag() data-theme=reader.theme>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href=first_paint::href("/favicon.svg") type="image/svg+xml" />
                <HashedStylesheet options root=first_paint::base() />
                <title inner_html=title></title>
            </head>
            <body>
                <main class="main">
                    <section class="lost">
                        <p class="lost__code number" aria-hidden="true">"500"</p>
                        <h1>{own.broken}</h1>
                        <p>{own.broken_hint}</p>
                        <p class="trouble__id">{words.trouble_id} ": " <code>{id.to_owned()}</code></p>
                        <a class="button button--main" href="">{words.try_again}</a>
                    </section>
                </main>
            </body>
        </html>
    };
    page.to_html()
}
