//! The few pictures there are, drawn on a grid of 16 with strokes of 1.5. Always beside a word or a label.

use leptos::prelude::*;

use super::erased_view::{ErasedView, IntoErasedView};

/// A picture, as the inside of its SVG.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Icon(&'static str);

impl Icon {
    pub(crate) const OVERVIEW: Self =
        Self(r#"<path d="M2.5 13.5v-5M6.2 13.5v-11M9.8 13.5v-7M13.5 13.5v-9"/>"#);
    pub(crate) const LAB: Self = Self(
        r#"<path d="M6 2.25h4M6.75 2.25V6.5L3 13a.75.75 0 0 0 .65 1.1h8.7A.75.75 0 0 0 13 13L9.25 6.5V2.25M4.9 10h6.2"/>"#,
    );
    pub(crate) const CONTAINERS: Self =
        Self(r#"<path d="M8 1.75 14 5v6l-6 3.25L2 11V5ZM2 5l6 3.25L14 5M8 8.25v6"/>"#);
    pub(crate) const LINES: Self = Self(r#"<path d="M2 4h12M2 8h8M2 12h10"/>"#);
    pub(crate) const SEARCH: Self = Self(r#"<circle cx="7" cy="7" r="4.25"/><path d="m10.2 10.2 3.3 3.3"/>"#);
    pub(crate) const BELL: Self =
        Self(r#"<path d="M4 11.5V7a4 4 0 0 1 8 0v4.5l1 1H3l1-1ZM6.75 14.25h2.5"/>"#);
    pub(crate) const SYSTEM: Self = Self(
        r#"<rect x="1.75" y="2.75" width="12.5" height="8.5" rx="1.25"/><path d="M5.5 13.75h5M8 11.5v2"/>"#,
    );
    pub(crate) const LIGHT: Self = Self(
        r#"<circle cx="8" cy="8" r="2.75"/><path d="M8 1.5v1.25M8 13.25v1.25M1.5 8h1.25M13.25 8h1.25M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9"/>"#,
    );
    pub(crate) const DARK: Self =
        Self(r#"<path d="M13.5 9.6A5.75 5.75 0 0 1 6.4 2.5a5.75 5.75 0 1 0 7.1 7.1Z"/>"#);
    pub(crate) const LANGUAGE: Self = Self(
        r#"<circle cx="8" cy="8" r="6.25"/><path d="M1.75 8h12.5M8 1.75c2.2 2 2.9 4 2.9 6.25S10.2 12.25 8 14.25C5.8 12.25 5.1 10.25 5.1 8S5.8 3.75 8 1.75Z"/>"#,
    );
    pub(crate) const PERSON: Self = Self(r#"<circle cx="8" cy="5" r="3"/><path d="M3 14a5 5 0 0 1 10 0"/>"#);
    pub(crate) const MORE: Self = Self(r#"<path d="M3 8h.01M8 8h.01M13 8h.01" stroke-width="2.25"/>"#);
    pub(crate) const PLAY: Self = Self(r#"<path d="M4.5 2.75v10.5L13 8Z"/>"#);
    pub(crate) const STOP: Self = Self(r#"<rect x="3.5" y="3.5" width="9" height="9" rx="1"/>"#);
    pub(crate) const CLOSE: Self = Self(r#"<path d="m3.75 3.75 8.5 8.5M12.25 3.75l-8.5 8.5"/>"#);
    pub(crate) const TABLE: Self =
        Self(r#"<rect x="2" y="2.75" width="12" height="10.5" rx="1.25"/><path d="M2 6.25h12M6.5 6.25v7"/>"#);
    pub(crate) const SAVE: Self = Self(r#"<path d="M8 2.25v7.5M4.75 6.75 8 10l3.25-3.25M2.75 13.25h10.5"/>"#);
    pub(crate) const CHAT: Self = Self(r#"<path d="M2.25 3h11.5v8H7l-3 2.75V11H2.25Z"/>"#);
    pub(crate) const SEND: Self = Self(r#"<path d="M8 13V3.25M3.75 7.5 8 3.25l4.25 4.25"/>"#);
    pub(crate) const PLUS: Self = Self(r#"<path d="M8 3v10M3 8h10"/>"#);
    pub(crate) const CARD: Self = Self(
        r#"<rect x="2" y="2.75" width="12" height="10.5" rx="1.25"/><path d="m4.25 10 2.5-3 2.25 1.75 2.75-3.5"/>"#,
    );
    pub(crate) const RECENT: Self = Self(r#"<circle cx="8" cy="8" r="6"/><path d="M8 4.5V8l2.5 1.5"/>"#);
    pub(crate) const WIRE: Self = Self(r#"<path d="M1.75 8h3l2-5 2.5 10 2-5h3"/>"#);
    pub(crate) const KEYS: Self = Self(
        r#"<rect x="1.75" y="4" width="12.5" height="8" rx="1.25"/><path d="M4.5 7h.01M7 7h.01M9.5 7h.01M11.75 7h.01M5.5 9.5h5"/>"#,
    );
    pub(crate) const WARN: Self = Self(r#"<path d="M8 2.25 14.5 13.5h-13ZM8 6.5v3.25M8 11.7v.01"/>"#);
}

/// An icon, hidden from screen readers: the word beside it speaks.
pub(crate) fn icon(icon: Icon) -> ErasedView {
    view! { <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false" inner_html=icon.0></svg> }
        .erase()
}
