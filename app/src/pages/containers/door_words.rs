//! The text of the page of containers that every page has: the name that leads to it.

use crate::i18n::words;

/// It in one language.
#[derive(Debug)]
pub(crate) struct ContainersDoorWords {
    /// The page.
    pub(crate) containers: &'static str,
}

words!(ContainersDoorWords, EN, KO);

const EN: ContainersDoorWords = ContainersDoorWords { containers: "Containers" };

const KO: ContainersDoorWords = ContainersDoorWords { containers: "컨테이너" };
