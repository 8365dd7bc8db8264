//! The texts that pages share, in each language; a page's own stand in its folder. A language is one constant of one struct, so a
//! sentence that is not translated does not compile. A page speaks one language from its first byte to its last: another one is another page,
//! so no text has to be watched.

mod en;
mod finder;
mod ko;
mod language;
mod limits;
mod refusals;
mod table;
mod text;
mod wire;

pub use finder::FinderWords;
pub use language::Language;
pub(crate) use table::{document_words, words};
pub use text::Words;
pub use wire::WireWords;

words!(Words, en::EN, ko::KO);

/// A text, from the language.
pub(crate) type LocalText = fn(Language) -> &'static str;
