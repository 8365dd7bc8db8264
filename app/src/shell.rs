//! The HTML document around the app.

use common::metric_catalog::{MetricCatalog, catalog_text};
use leptos::prelude::*;
use leptos_meta::HashedStylesheet;

use crate::{App, door::wall_bar, error_page::crash_banner, first_paint, shell_words::ShellWords};

/// The whole document. Language and theme are those of the request, so that nothing flashes. No inline style and no
/// script but Leptos' own, which carry the response's nonce.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let (reader, base) = (first_paint::reader(), first_paint::base());
    let mark = Some(base.clone()).filter(|base| !base.is_empty());
    let MetricCatalog { metrics, panels } = first_paint::catalog();
    let catalog = catalog_text(metrics, panels);
    view! {
        <!DOCTYPE html>
        <html lang=reader.language.tag() data-theme=reader.theme data-network=reader.network data-catalog=catalog data-base=mark data-notices=first_paint::notice_mark()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                <meta name="color-scheme" content="light dark" />
                <meta name="description" content=ShellWords::of(reader.language).description />
                <meta name="theme-color" content="#f5f7fa" media="(prefers-color-scheme: light)" />
                <meta name="theme-color" content="#0b1120" media="(prefers-color-scheme: dark)" />
                <link rel="icon" href=first_paint::href("/favicon.svg") type="image/svg+xml" />
                <link rel="apple-touch-icon" href=first_paint::href("/icon-192.png") />
                <link rel="manifest" href=first_paint::href("/manifest.webmanifest") />
                <HashedStylesheet id="style" options=options.clone() root=base.clone() />
                <AutoReload options=options.clone() />
                <HydrationScripts options root=base />
                <leptos_meta::MetaTags />
            </head>
            <body>
                // A root of our own: what extensions put into the body is none of the app's.
                <div id="app">
                    <App />
                </div>
                {first_paint::is_wall_display().then(|| wall_bar(reader.language))}
                {crash_banner(reader.language)}
            </body>
        </html>
    }
}
