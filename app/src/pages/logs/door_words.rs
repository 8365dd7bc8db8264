//! The text of the page of logs that every page has: the name that leads to it.

use crate::i18n::words;

/// It in one language.
#[derive(Debug)]
pub(crate) struct LogsDoorWords {
    /// The page.
    pub(crate) logs: &'static str,
}

words!(LogsDoorWords, EN, KO);

const EN: LogsDoorWords = LogsDoorWords { logs: "Logs" };

const KO: LogsDoorWords = LogsDoorWords { logs: "로그" };
