//! Names and sentences of engines and of containers' owners, made fit to be shown: hostile ones are cut and lose what is not to be seen.

/// The lengths, in characters, to which texts are cut.
pub(crate) const NAME: usize = 256;
pub(crate) const REFERENCE: usize = 512;
pub(crate) const SENTENCE: usize = 1_000;
pub(crate) const VALUE: usize = 4_096;

/// Takes out of a text what moves a terminal or turns the direction of writing, and cuts it to a number of characters.
#[must_use]
pub fn clean(text: &str, longest: usize) -> String {
    let mut cleaned: String = text
        .chars()
        .take(longest)
        .map(|letter| if is_hidden(letter) { '\u{fffd}' } else { letter })
        .collect();
    if text.chars().nth(longest).is_some() {
        cleaned.push('…');
    }
    cleaned
}

/// Returns true for control characters and for those that change the direction of what stands beside them (UAX 9).
fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn what_is_hidden_is_taken_out_and_long_texts_are_cut() {
        assert_eq!(clean("web-1 é 웹", 256), "web-1 é 웹");
        assert_eq!(clean("\u{1b}[31mred\u{202e}dlrow\n", 256), "\u{fffd}[31mred\u{fffd}dlrow\u{fffd}");
        assert_eq!(clean("웹웹웹", 2), "웹웹…");
        assert_eq!(clean("웹웹", 2), "웹웹");
    }
}
