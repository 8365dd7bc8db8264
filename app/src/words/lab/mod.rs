//! The texts of the lab. They stand apart from the others, so that only the lab's piece of the page brings them.

mod en;
mod ko;

use super::Language;

/// Every text of the lab in one language.
#[derive(Debug)]
pub struct LabWords {
    /// The pages of the lab, for screen readers.
    pub pages: &'static str,
    /// The page that compares.
    pub compare: &'static str,
    /// What it is for.
    pub intro: &'static str,
}

impl LabWords {
    /// The texts in the page's language.
    ///
    /// # Panics
    /// Outside of [`crate::App`], which provides it.
    #[must_use]
    pub fn here() -> &'static Self {
        Self::of(Language::here())
    }

    /// The texts in a language.
    #[must_use]
    pub const fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &en::EN,
            Language::Ko => &ko::KO,
        }
    }
}
