//! The texts in the dialogs of the palette and the keys. They come with the dialogs' chunk.

use crate::i18n::words;

/// Them in one language.
#[derive(Debug)]
pub(super) struct DialogWords {
    /// No match.
    pub(super) palette_none: &'static str,
    /// A shortcut's meaning.
    pub(super) key_palette: &'static str,
    /// A shortcut's meaning.
    pub(super) key_shortcuts: &'static str,
    /// A shortcut's meaning.
    pub(super) key_move: &'static str,
    /// A shortcut's meaning.
    pub(super) key_ends: &'static str,
    /// A shortcut's meaning.
    pub(super) key_close: &'static str,
}

words!(DialogWords, EN, KO);

const EN: DialogWords = DialogWords {
    palette_none: "Nothing matches. Try another word.",
    key_palette: "Search pages, cards and actions",
    key_shortcuts: "Show this list",
    key_move: "Move the crosshair of a focused chart",
    key_ends: "First and last point of a focused chart",
    key_close: "Close what is open, hide the crosshair",
};

const KO: DialogWords = DialogWords {
    palette_none: "일치하는 항목이 없습니다. 다른 단어로 찾아보세요.",
    key_palette: "페이지, 카드, 동작 검색",
    key_shortcuts: "이 목록 보기",
    key_move: "선택한 차트의 십자선 이동",
    key_ends: "선택한 차트의 처음과 마지막 값",
    key_close: "열린 창 닫기, 십자선 숨기기",
};
