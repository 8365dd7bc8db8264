//! The texts of the chat that every page has: its button, and its panel until the chat has come.

use crate::i18n::words;

/// Every text of them in one language.
#[derive(Debug)]
pub(crate) struct ChatDoorWords {
    /// The panel.
    pub(super) chat: &'static str,
    /// A palette entry and a shortcut's meaning.
    pub(super) open: &'static str,
    /// Button.
    pub(super) close: &'static str,
    /// Says that the panel's contents could not be loaded.
    pub(super) missing: &'static str,
    /// Name of the top bar's button, from how many messages are unread.
    pub(super) unread: fn(usize) -> String,
}

words!(ChatDoorWords, EN, KO);

const EN: ChatDoorWords = ChatDoorWords {
    chat: "Chat",
    open: "Open the chat",
    close: "Close the chat",
    missing: "The chat could not be loaded. If trying again does not help, reload the page.",
    unread: |n| match n {
        0 => "Chat".into(),
        n => ["Chat: ", &n.to_string(), " unread"].concat(),
    },
};

const KO: ChatDoorWords = ChatDoorWords {
    chat: "채팅",
    open: "채팅 열기",
    close: "채팅 닫기",
    missing: "채팅을 불러오지 못했습니다. 다시 시도해도 안 되면 페이지를 새로 고쳐 주세요.",
    unread: |n| match n {
        0 => "채팅".into(),
        n => ["채팅: 읽지 않음 ", &n.to_string(), "개"].concat(),
    },
};
