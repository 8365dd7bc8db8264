//! The framing of output without a terminal: eight bytes (the stream, three zeros, a length in big-endian order), then as many bytes.

/// The length of a frame's head.
const HEAD: usize = 8;

/// One of a program's two outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StdStream {
    /// Standard output, and with a terminal everything.
    Out,
    /// Standard error.
    Err,
}

/// A part of a frame's content, as it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FramePart<'a> {
    /// The output that it is of.
    pub stream: StdStream,
    /// The bytes.
    pub bytes: &'a [u8],
    /// True for the first part of a frame.
    pub is_first: bool,
    /// True for the last part of a frame.
    pub is_last: bool,
}

/// The bytes are no frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no frame begins with the bytes {0:02x?}")]
pub struct FrameError([u8; 4]);

/// Takes frames apart as they come. It keeps no content, so that a length that lies costs nothing.
#[derive(Debug, Default)]
pub struct FrameDecoder {
    head: [u8; HEAD],
    /// The bytes of the head that have come.
    filled: usize,
    stream: Option<StdStream>,
    /// The bytes of the content that are still to come.
    left: usize,
    is_first: bool,
}

impl FrameDecoder {
    /// Takes the next part off the bytes. Nothing when they are used up.
    ///
    /// # Errors
    /// When no frame begins so. What follows cannot be read.
    pub fn next_part<'a>(&mut self, bytes: &mut &'a [u8]) -> Result<Option<FramePart<'a>>, FrameError> {
        loop {
            if let Some(stream) = self.stream {
                if bytes.is_empty() && self.left > 0 {
                    return Ok(None);
                }
                let (part, rest) = bytes.split_at(self.left.min(bytes.len()));
                *bytes = rest;
                self.left -= part.len();
                let is_first = std::mem::take(&mut self.is_first);
                let is_last = self.left == 0;
                if is_last {
                    self.stream = None;
                }
                return Ok(Some(FramePart { stream, bytes: part, is_first, is_last }));
            }
            let Some((byte, rest)) = bytes.split_first() else { return Ok(None) };
            self.head[self.filled] = *byte;
            self.filled += 1;
            *bytes = rest;
            if self.filled == HEAD {
                self.filled = 0;
                self.begin()?;
            }
        }
    }

    /// True in the middle of a frame: then an end of the bytes has cut it.
    #[must_use]
    pub fn is_inside(&self) -> bool {
        self.filled > 0 || self.stream.is_some()
    }

    fn begin(&mut self) -> Result<(), FrameError> {
        let [kind, zeros @ .., a, b, c, d] = self.head;
        let stream = match kind {
            // Zero is the input, which engines echo as output.
            0 | 1 if zeros == [0; 3] => StdStream::Out,
            2 if zeros == [0; 3] => StdStream::Err,
            _ => return Err(FrameError([kind, zeros[0], zeros[1], zeros[2]])),
        };
        self.stream = Some(stream);
        self.left = u32::from_be_bytes([a, b, c, d]) as usize;
        self.is_first = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{FrameDecoder, StdStream};

    type Frames = Vec<(StdStream, Vec<u8>)>;

    /// Decodes chunks into whole frames, and says if the last one was cut.
    fn decode(chunks: &[&[u8]]) -> Result<(Frames, bool), super::FrameError> {
        let mut decoder = FrameDecoder::default();
        let mut frames = Frames::new();
        for chunk in chunks {
            let mut bytes = *chunk;
            while let Some(part) = decoder.next_part(&mut bytes)? {
                if part.is_first {
                    frames.push((part.stream, Vec::new()));
                }
                frames.last_mut().unwrap().1.extend_from_slice(part.bytes);
            }
            assert!(bytes.is_empty());
        }
        Ok((frames, decoder.is_inside()))
    }

    fn frame(kind: u8, content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len()).unwrap().to_be_bytes();
        [&[kind, 0, 0, 0], &length[..], content].concat()
    }

    #[test]
    fn frames_that_come_in_any_pieces_are_the_same() {
        let bytes = [frame(1, b"out1\n"), frame(2, b""), frame(2, b"err1\n")].concat();
        let wanted = vec![
            (StdStream::Out, b"out1\n".to_vec()),
            (StdStream::Err, Vec::new()),
            (StdStream::Err, b"err1\n".to_vec()),
        ];
        assert_eq!(decode(&[&bytes]), Ok((wanted.clone(), false)));
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(decode(&single), Ok((wanted, false)));
    }

    #[test]
    fn a_frame_that_is_cut_is_told_and_a_length_that_lies_costs_nothing() {
        let bytes = frame(1, b"out1\n");
        assert!(decode(&[&bytes[..5]]).unwrap().1);
        assert!(decode(&[&bytes[..9]]).unwrap().1);
        let lie = [1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, b'x'];
        assert_eq!(decode(&[&lie]), Ok((vec![(StdStream::Out, b"x".to_vec())], true)));
    }

    #[test]
    fn bytes_that_are_no_frames_are_an_error() {
        for bad in
            [&b"out1\r\nerr1\r\n"[..], &[3, 0, 0, 0, 0, 0, 0, 1, b'x'], &[1, 0, 1, 0, 0, 0, 0, 1, b'x']]
        {
            assert!(decode(&[bad]).is_err());
        }
    }

    proptest! {
        #[test]
        fn any_bytes_in_any_pieces_give_the_same_and_no_panic(bytes in proptest::collection::vec(prop_oneof![Just(0_u8), Just(1), Just(2), any::<u8>()], 0..120), size in 1_usize..20) {
            let pieces: Vec<&[u8]> = bytes.chunks(size).collect();
            prop_assert_eq!(decode(&pieces), decode(&[&bytes]));
        }

        #[test]
        fn what_is_framed_comes_back(contents in proptest::collection::vec((1_u8..=2, proptest::collection::vec(any::<u8>(), 0..40)), 0..10), size in 1_usize..30) {
            let bytes: Vec<u8> = contents.iter().flat_map(|(kind, content)| frame(*kind, content)).collect();
            let pieces: Vec<&[u8]> = bytes.chunks(size).collect();
            let (frames, is_inside) = decode(&pieces).unwrap();
            prop_assert!(!is_inside);
            let wanted: Vec<_> = contents.into_iter().map(|(kind, content)| (if kind == 1 { StdStream::Out } else { StdStream::Err }, content)).collect();
            prop_assert_eq!(frames, wanted);
        }
    }
}
