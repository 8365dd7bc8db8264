//! The texts of a document around the page, which only the server writes: no browser has to load them.

use crate::i18n::document_words;

/// Them in one language.
#[derive(Debug)]
pub(crate) struct ShellWords {
    /// Describes the product, for search engines and link previews.
    pub(crate) description: &'static str,
    /// Title of the 500 page.
    pub(crate) broken: &'static str,
    /// Advises the reader.
    pub(crate) broken_hint: &'static str,
    /// Link that loads the page anew.
    pub(crate) reload: &'static str,
    /// Title, where the page's own code failed.
    pub(crate) crash: &'static str,
    /// Advises the reader.
    pub(crate) crash_hint: &'static str,
}

document_words!(ShellWords, EN, KO);

const EN: ShellWords = ShellWords {
    description: "Live dashboard of this server: CPU, memory, disks, network and programs.",
    broken: "The server could not build this page",
    broken_hint: "The fault is the server's, and stands in its log under the id below. Try again in a moment.",
    reload: "Reload",
    crash: "This page has stopped working",
    crash_hint: "What you see is from that moment. Reload the page to go on.",
};

const KO: ShellWords = ShellWords {
    description: "서버의 CPU, 메모리, 디스크, 네트워크, 프로세스를 실시간으로 보여 주는 대시보드입니다.",
    broken: "서버가 페이지를 만들지 못했습니다",
    broken_hint: "서버 쪽 문제이며, 아래 번호로 서버 로그에 남아 있습니다. 잠시 후 다시 시도해 주세요.",
    reload: "새로 고침",
    crash: "페이지가 멈췄습니다",
    crash_hint: "지금 보이는 값은 그때의 값입니다. 계속하려면 페이지를 새로 고쳐 주세요.",
};
