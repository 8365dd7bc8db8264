//! Every text a reader sees, in each language. A language is one constant of one struct, so a sentence that is not
//! translated does not compile. A page speaks one language from its first byte to its last: another one is another page,
//! so no text has to be watched.

mod chat;
mod connections;
mod doctor;
mod en;
mod finder;
mod ko;
mod lab;
mod language;
mod limits;
mod refusals;
mod table;
mod text;
mod wire;

pub use chat::{ChatDoorWords, ChatWords};
pub use connections::ConnectionsWords;
pub use doctor::DoctorWords;
pub use finder::FinderWords;
pub use lab::{Facts, LabWords};
pub use language::Language;
pub(crate) use table::words;
pub use text::Words;
pub use wire::WireWords;

/// Which text: `|w| w.connect`.
pub type Pick = fn(&'static Words) -> &'static str;

words!(Words, en::EN, ko::KO);
