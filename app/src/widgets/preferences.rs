//! The reader's preferences: theme, language, time range.

use leptos::prelude::*;

use super::{
    Icon,
    erased_view::{IntoErasedView, click, live, text},
    icon,
};
use crate::{
    i18n::{Language, Words},
    live::{Cell, Notifications, Stored},
    parts,
    ports::{Browser, Notice},
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

    pub(crate) const fn icon(self) -> Icon {
        match self {
            Self::System => Icon::SYSTEM,
            Self::Light => Icon::LIGHT,
            Self::Dark => Icon::DARK,
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

/// The time range of the trends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TrendRange {
    OneMinute,
    FiveMinutes,
}

impl TrendRange {
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

/// The reader's choices.
#[derive(Clone, Copy)]
pub(crate) struct Preferences {
    pub(crate) theme: Cell<Theme>,
    pub(crate) span: Cell<TrendRange>,
    notifications: Notifications,
    browser: Stored<Option<Browser>>,
}

impl Preferences {
    fn new(theme: Option<&str>, notifications: Notifications) -> Self {
        Self {
            notifications,
            theme: Cell::new(Theme::from_cookie(theme)),
            span: Cell::new(TrendRange::FiveMinutes),
            browser: Stored::new(use_context()),
        }
    }

    /// Provides the preferences with which the page was asked for.
    pub(crate) fn provide(theme: Option<&str>) {
        parts::share(Self::new(theme, Notifications::here()));
    }

    pub(crate) fn here() -> Self {
        parts::shared()
    }

    pub(crate) fn choose_theme(self, theme: Theme) {
        self.theme.set(theme);
        if let Some(browser) = self.browser.get() {
            browser.preferences.mark_root("data-theme", theme.mark());
            if !browser.preferences.remember("theme", theme.mark().unwrap_or("system")) {
                self.notifications.notify(Notice::NotKept, browser.clock.now() as u64);
            }
        }
    }

    /// The page in another language is another page: the server renders it.
    pub(crate) fn choose_language(self, language: Language) {
        if let Some(browser) = self.browser.get() {
            browser.preferences.choose_language(language.tag());
        }
    }
}

/// Goes round: system, light, dark.
#[component]
pub(crate) fn ThemeSwitch() -> impl IntoView {
    let (preferences, words) = (Preferences::here(), Words::here());
    let label = move || (words.theme_is)(preferences.theme.get().name(words));
    let picture = move || icon(preferences.theme.get().icon());
    view! {
        <button
            type="button"
            class="icon-button needs-js"
            data-testid="theme"
            aria-label=text(label)
            title=text(label)
            on:click=click(move || preferences.choose_theme(preferences.theme.peek().next()))
        >
            {live(picture)}
        </button>
    }
    .erase()
}

/// The other language, in its own name.
#[component]
pub(crate) fn LanguageSwitch() -> impl IntoView {
    let preferences = Preferences::here();
    let other = match Language::here() {
        Language::En => Language::Ko,
        Language::Ko => Language::En,
    };
    view! {
        <button
            type="button"
            class="icon-button icon-button--word needs-js"
            data-testid="language"
            title=Words::here().language
            lang=other.tag()
            on:click=click(move || preferences.choose_language(other))
        >
            {icon(Icon::LANGUAGE)}
            <span>{other.name()}</span>
        </button>
    }
    .erase()
}
