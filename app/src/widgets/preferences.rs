//! What a reader chooses for themselves: theme, language, time range.

use leptos::prelude::*;

use super::{Icon, icon};
use crate::{
    ports::Browser,
    words::{Language, Tongue, Words, t},
};

/// Light, dark, or as the system is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Theme {
    System,
    Light,
    Dark,
}

impl Theme {
    pub(crate) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    pub(crate) fn name(self, words: &'static Words) -> &'static str {
        match self {
            Self::System => words.theme_system,
            Self::Light => words.theme_light,
            Self::Dark => words.theme_dark,
        }
    }

    fn from_cookie(text: Option<&str>) -> Self {
        match text {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::System,
        }
    }

    const fn mark(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }

    const fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }
}

/// How far back the trends look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Span {
    OneMinute,
    FiveMinutes,
}

impl Span {
    pub(crate) const ALL: [Self; 2] = [Self::OneMinute, Self::FiveMinutes];

    pub(crate) const fn ms(self) -> u64 {
        match self {
            Self::OneMinute => 60_000,
            Self::FiveMinutes => 300_000,
        }
    }

    pub(crate) const fn name(self, words: &'static Words) -> &'static str {
        match self {
            Self::OneMinute => words.range_1,
            Self::FiveMinutes => words.range_5,
        }
    }
}

/// The reader's choices, in context.
#[derive(Clone, Copy)]
pub(crate) struct Preferences {
    pub(crate) theme: RwSignal<Theme>,
    pub(crate) span: RwSignal<Span>,
    browser: StoredValue<Option<Browser>>,
}

impl Preferences {
    pub(crate) fn new(theme: Option<&str>) -> Self {
        Self {
            theme: RwSignal::new(Theme::from_cookie(theme)),
            span: RwSignal::new(Span::FiveMinutes),
            browser: StoredValue::new(use_context()),
        }
    }

    pub(crate) fn here() -> Self {
        expect_context()
    }

    pub(crate) fn choose_theme(self, theme: Theme) {
        self.theme.set(theme);
        if let Some(browser) = self.browser.get_value() {
            browser.remember("theme", theme.mark().unwrap_or("system"));
            browser.mark_root("data-theme", theme.mark());
        }
    }

    pub(crate) fn choose_language(self, tongue: Tongue, language: Language) {
        tongue.0.set(language);
        if let Some(browser) = self.browser.get_value() {
            browser.remember("lang", language.tag());
            browser.mark_root("lang", Some(language.tag()));
        }
    }
}

/// Goes round: system, light, dark.
#[component]
pub(crate) fn ThemeSwitch() -> impl IntoView {
    let (preferences, tongue) = (Preferences::here(), Tongue::here());
    let label = move || {
        let words = tongue.words();
        (words.theme_is)(preferences.theme.get().name(words))
    };
    let picture = move || match preferences.theme.get() {
        Theme::System => icon(Icon::SYSTEM),
        Theme::Light => icon(Icon::LIGHT),
        Theme::Dark => icon(Icon::DARK),
    };
    view! {
        <button
            type="button"
            class="icon-button needs-js"
            data-testid="theme"
            aria-label=label
            title=label
            on:click=move |_| preferences.choose_theme(preferences.theme.get_untracked().next())
        >
            {picture}
        </button>
    }
}

/// The other language, in its own name.
#[component]
pub(crate) fn LanguageSwitch() -> impl IntoView {
    let (preferences, tongue) = (Preferences::here(), Tongue::here());
    let other = move || match tongue.0.get() {
        Language::En => Language::Ko,
        Language::Ko => Language::En,
    };
    view! {
        <button
            type="button"
            class="icon-button icon-button--word needs-js"
            data-testid="language"
            title=t(|w| w.language)
            lang=move || other().tag()
            on:click=move |_| preferences.choose_language(tongue, untrack(other))
        >
            {icon(Icon::LANGUAGE)}
            <span>{move || other().name()}</span>
        </button>
    }
}
