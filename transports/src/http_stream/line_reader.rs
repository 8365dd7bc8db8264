//! Lines out of pieces that end anywhere.

/// The beginning of a line whose end has not come yet.
#[derive(Debug, Default)]
pub(super) struct LineReader {
    begun: String,
}

/// A line that is longer than anything a server sends.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLong;

/// Longer lines are no frames of ours, bytes.
const LONGEST: usize = 16 << 20;

impl LineReader {
    /// Takes a piece in; `on_line` gets each line that is whole with it.
    pub(super) fn read(&mut self, piece: &str, mut on_line: impl FnMut(&str)) -> Result<(), TooLong> {
        let mut rest = piece;
        while let Some((end, after)) = rest.split_once('\n') {
            if self.begun.is_empty() {
                on_line(end);
            } else {
                self.begun.push_str(end);
                on_line(&std::mem::take(&mut self.begun));
            }
            rest = after;
        }
        if self.begun.len() + rest.len() > LONGEST {
            return Err(TooLong);
        }
        self.begun.push_str(rest);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pieces: &[&str]) -> Vec<String> {
        let (mut lines, mut read) = (LineReader::default(), Vec::new());
        for piece in pieces {
            assert_eq!(lines.read(piece, |line| read.push(line.to_owned())), Ok(()));
        }
        read
    }

    #[test]
    fn lines_are_the_same_wherever_the_pieces_end() {
        let text = "{\"a\":1}\n{\"b\":\"ü\"}\n\n{\"c\":3}\nbegun";
        let whole = ["{\"a\":1}", "{\"b\":\"ü\"}", "", "{\"c\":3}"];
        assert_eq!(read(&[text]), whole);
        for at in (0..text.len()).filter(|&at| text.is_char_boundary(at)) {
            let (left, right) = text.split_at(at);
            assert_eq!(read(&[left, right]), whole, "cut at {at}");
        }
        let letters: Vec<String> = text.chars().map(String::from).collect();
        assert_eq!(read(&letters.iter().map(String::as_str).collect::<Vec<_>>()), whole);
    }

    #[test]
    fn a_line_without_an_end_is_not_collected_for_ever() {
        let mut lines = LineReader::default();
        let piece = "x".repeat(1 << 20);
        let taken = (0..).take_while(|_| lines.read(&piece, |_| ()).is_ok()).count();
        assert_eq!(taken, 16);
    }
}
