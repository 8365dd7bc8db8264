//! Words of a line, and words that are looked for.
//!
//! A word is a run of letters and digits, in any case. Korean words have endings and are found within others: a run of Hangul is looked for as
//! it stands, by its overlapping pairs of syllables (`서버가` has `서버` and `버가`).

use memchr::memmem::Finder;
use unicode_normalization::{UnicodeNormalization, is_nfc};
use xxhash_rust::xxh3::xxh3_64;

/// The most words of a search.
const MOST: usize = 16;
/// The most characters of all of them.
const LONGEST: usize = 200;

/// Words that cannot be looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadWords {
    /// There is no letter and no digit.
    #[error("there is no letter and no digit to look for")]
    None,
    /// There are too many.
    #[error("at most 16 words, of 200 characters together, are looked for")]
    TooMany,
}

/// Words that a line must have, all of them.
#[derive(Debug, Clone)]
pub struct Words {
    wanted: Vec<Wanted>,
    /// Hashes that a block with all these words has.
    hashes: Vec<u64>,
}

#[derive(Debug, Clone)]
struct Wanted {
    finder: Finder<'static>,
    is_hangul: bool,
}

impl Words {
    /// Reads words.
    ///
    /// # Errors
    /// When there is none, or too many.
    pub fn parse(text: &str) -> Result<Self, BadWords> {
        if text.chars().count() > LONGEST {
            return Err(BadWords::TooMany);
        }
        let mut folded = String::new();
        let folded = fold(text, &mut folded);
        let mut wanted = Vec::new();
        let mut hashes = Vec::new();
        runs(folded, |run, is_hangul| {
            wanted.push(Wanted { finder: Finder::new(run.as_bytes()).into_owned(), is_hangul });
            // A single syllable may be in any pair.
            run_hashes(run, is_hangul, &mut |hash, is_last| {
                if !is_hangul || !is_last || run.chars().count() == 1 {
                    hashes.push(hash);
                }
            });
        });
        match wanted.len() {
            0 => Err(BadWords::None),
            1..=MOST => Ok(Self { wanted, hashes }),
            _ => Err(BadWords::TooMany),
        }
    }

    /// Hashes of which a block without all has no such line.
    pub(crate) fn hashes(&self) -> &[u64] {
        &self.hashes
    }

    /// Reports that a line has all of them. `room` is used again for each line.
    pub(crate) fn are_in(&self, text: &str, room: &mut String) -> bool {
        let text = fold(text, room);
        self.wanted.iter().all(|wanted| wanted.is_in(text))
    }
}

impl Wanted {
    fn is_in(&self, text: &str) -> bool {
        let length = self.finder.needle().len();
        self.finder.find_iter(text.as_bytes()).any(|at| {
            let is_word = |letter: char| class(letter) == Some(false);
            self.is_hangul
                || !(text[..at].chars().next_back().is_some_and(is_word)
                    || text[at + length..].chars().next().is_some_and(is_word))
        })
    }
}

/// Calls `take` with the hash of each word of a text.
pub(crate) fn hashes(text: &str, room: &mut String, mut take: impl FnMut(u64)) {
    runs(fold(text, room), |run, is_hangul| {
        run_hashes(run, is_hangul, &mut |hash, _| take(hash));
    });
}

/// A word's hash; of Hangul that of each pair and of each syllable. The flag is true for a single syllable.
fn run_hashes(run: &str, is_hangul: bool, take: &mut impl FnMut(u64, bool)) {
    if !is_hangul {
        take(xxh3_64(run.as_bytes()), false);
        return;
    }
    let mut before: Option<usize> = None;
    for (at, letter) in run.char_indices() {
        let end = at + letter.len_utf8();
        if let Some(before) = before {
            take(xxh3_64(&run.as_bytes()[before..end]), false);
        }
        take(xxh3_64(&run.as_bytes()[at..end]), true);
        before = Some(at);
    }
}

/// Calls `take` with each run of letters and digits, and whether it is of Hangul.
fn runs(text: &str, mut take: impl FnMut(&str, bool)) {
    let mut open: Option<(usize, bool)> = None;
    for (at, letter) in text.char_indices() {
        let class = class(letter);
        if let Some((start, is_hangul)) = open
            && class != Some(is_hangul)
        {
            take(&text[start..at], is_hangul);
            open = None;
        }
        if let (None, Some(is_hangul)) = (open, class) {
            open = Some((at, is_hangul));
        }
    }
    if let Some((start, is_hangul)) = open {
        take(&text[start..], is_hangul);
    }
}

/// True for a syllable of Hangul, false for another letter or digit.
fn class(letter: char) -> Option<bool> {
    match letter {
        'a'..='z' | '0'..='9' | 'A'..='Z' => Some(false),
        letter if letter.is_ascii() => None,
        '\u{ac00}'..='\u{d7a3}' => Some(true),
        letter => letter.is_alphanumeric().then_some(false),
    }
}

/// The text in small letters, and composed.
fn fold<'a>(text: &str, room: &'a mut String) -> &'a str {
    room.clear();
    if text.is_ascii() {
        room.push_str(text);
        room.make_ascii_lowercase();
    } else if is_nfc(text) {
        room.extend(text.chars().flat_map(char::to_lowercase));
    } else {
        room.extend(text.nfc().flat_map(char::to_lowercase));
    }
    room
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(words: &str, text: &str) -> bool {
        let words = Words::parse(words).expect("words");
        let mut kept = Vec::new();
        hashes(text, &mut String::new(), |hash| kept.push(hash));
        let found = words.are_in(text, &mut String::new());
        let may = words.hashes().iter().all(|hash| kept.contains(hash));
        assert!(may || !found, "a filter never hides a line");
        found
    }

    #[test]
    fn words_are_found_whole_and_in_any_case() {
        for (words, text) in [
            ("timeout", "GET /a: TIMEOUT after 3s"),
            ("502 get", "\"GET /x HTTP/1.1\" 502"),
            ("request_id", "request_id=7"),
            ("user@host.example", "mail of user at host, example"),
            ("straße", "STRASSE straße"),
            ("서버", "웹서버가 죽었습니다"),
            ("웹서버", "웹서버가"),
            ("버", "서버가"),
            ("api서버", "API서버"),
            ("재시작 web", "web-01 재시작함"),
        ] {
            assert!(finds(words, text), "{words} in {text}");
        }
        for (words, text) in
            [("time", "timeout"), ("out", "timeout"), ("50", "502"), ("서가", "서버가"), ("a b", "only a")]
        {
            assert!(!finds(words, text), "{words} in {text}");
        }
    }

    #[test]
    fn letters_in_pieces_are_the_same_as_whole_ones() {
        let pieces: String = "서버 café".nfd().collect();
        assert!(finds("서버 café", &pieces) && finds(&pieces, "서버 café"));
    }

    #[test]
    fn what_is_no_word_is_refused() {
        assert_eq!(Words::parse(" -- ").expect_err("none"), BadWords::None);
        assert_eq!(Words::parse(&"a ".repeat(17)).expect_err("many"), BadWords::TooMany);
        assert_eq!(Words::parse(&"a".repeat(201)).expect_err("long"), BadWords::TooMany);
    }
}
