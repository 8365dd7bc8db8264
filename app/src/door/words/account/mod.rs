//! The texts of one's own account, in each language.

mod en;
mod ko;
mod text;

pub(in crate::door) use text::AccountWords;

use crate::i18n::document_words;

document_words!(AccountWords, en::EN, ko::KO);
