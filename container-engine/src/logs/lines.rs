//! Lines from parts of frames, or from a terminal's bytes: timestamps taken off, pieces of long lines joined, and a bound kept.

use std::collections::VecDeque;

use crate::{
    logs::frames::{FramePart, StdStream},
    time::EventTime,
    version::Product,
};

/// The longest line that is kept, in bytes; of a longer one the beginning.
pub const MAX_LINE: usize = 1024 * 1024;
/// No timestamp is longer.
const MAX_STAMP: usize = 40;
/// The size of the pieces of Docker's long lines.
const DOCKER_PIECE: usize = 16 * 1024;
/// Podman's pieces of a terminal's line are as long as what was read at once, which is at most this.
const PODMAN_PIECE: usize = 4_095;

/// A line that a container wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// The time at which the engine read it; Podman before 5.8 says whole seconds.
    pub time: Option<EventTime>,
    /// The output that it was written to.
    pub stream: StdStream,
    /// The bytes, without the end of the line. They may be no UTF-8.
    pub text: Vec<u8>,
    /// True where the line was longer than [`MAX_LINE`], and its end is missing.
    pub cut: bool,
    /// The bytes of the whole line, also where it was cut.
    pub length: u64,
    /// True for the last line of an answer where it has no end: more of it may have been written since.
    pub is_open: bool,
}

/// Puts lines together. Each output has pieces of its own: between two of them, one of the other may stand.
#[derive(Debug)]
pub struct LineAssembler {
    product: Product,
    outputs: [Output; 2],
    ready: VecDeque<LogLine>,
}

/// The line that is being put together of one output.
#[derive(Debug)]
struct Output {
    stream: StdStream,
    /// True while a timestamp may come.
    is_before_text: bool,
    /// The bytes of that timestamp, or of what turns out to be none.
    stamp: Vec<u8>,
    line: OpenLine,
}

#[derive(Debug, Default)]
struct OpenLine {
    /// False before the line's first piece.
    is_open: bool,
    time: Option<EventTime>,
    /// The timestamp as it was written.
    stamp: Vec<u8>,
    text: Vec<u8>,
    cut: bool,
    /// The bytes that were put to it.
    length: u64,
    /// The last of them.
    last: u8,
}

impl LineAssembler {
    /// Makes one for the lines of an engine.
    #[must_use]
    pub fn new(product: Product) -> Self {
        let output =
            |stream| Output { stream, is_before_text: true, stamp: Vec::new(), line: OpenLine::default() };
        Self { product, outputs: [output(StdStream::Out), output(StdStream::Err)], ready: VecDeque::new() }
    }

    /// Takes a part of a frame. A frame is a piece: a timestamp, text, and the end of the line in the last one.
    pub fn push_part(&mut self, part: FramePart<'_>) {
        let output = &mut self.outputs[usize::from(part.stream == StdStream::Err)];
        if part.is_first {
            output.is_before_text = true;
            output.stamp.clear();
        }
        let mut bytes = part.bytes;
        if part.bytes.is_empty() && part.is_first && part.is_last {
            return;
        }
        if output.is_before_text && !output.read_stamp(&mut bytes) && !part.is_last {
            return;
        }
        if output.is_before_text {
            output.begin_piece(self.product, &mut self.ready);
        }
        while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
            output.line.append(&bytes[..end]);
            self.ready.push_back(output.finish(None));
            bytes = &bytes[end + 1..];
        }
        // A frame with several lines has one timestamp.
        output.line.is_open |= !bytes.is_empty();
        output.line.append(bytes);
    }

    /// Takes bytes of a terminal, where everything is output and a line ends by `\r\n`.
    pub fn push_raw(&mut self, mut bytes: &[u8]) {
        let output = &mut self.outputs[0];
        while !bytes.is_empty() {
            if output.is_before_text {
                if !output.read_stamp(&mut bytes) {
                    return;
                }
                output.begin_piece(self.product, &mut self.ready);
            }
            match bytes.iter().position(|byte| *byte == b'\n') {
                Some(end) => {
                    output.line.append(&bytes[..end]);
                    self.ready.push_back(output.finish(Some(self.product)));
                    output.is_before_text = true;
                    bytes = &bytes[end + 1..];
                }
                None => {
                    output.line.append(bytes);
                    bytes = &[];
                }
            }
        }
    }

    /// The bytes have ended: a line without an end is one, too.
    pub fn finish(&mut self, has_terminal: bool) {
        let product = self.product;
        for output in &mut self.outputs {
            if output.is_before_text && !output.stamp.is_empty() {
                output.begin_piece(product, &mut self.ready);
            }
            if output.line.is_open {
                let line = output.finish(has_terminal.then_some(product));
                self.ready.push_back(LogLine { is_open: true, ..line });
            }
            output.is_before_text = true;
        }
    }

    /// The next line that is whole.
    pub fn pop(&mut self) -> Option<LogLine> {
        self.ready.pop_front()
    }
}

impl Output {
    /// Reads on in the timestamp. False when the bytes are used up before it is clear that one stands here, or none.
    fn read_stamp(&mut self, bytes: &mut &[u8]) -> bool {
        while let Some((byte, rest)) = bytes.split_first() {
            if *byte == b'\n' || self.stamp.len() == MAX_STAMP {
                return true;
            }
            self.stamp.push(*byte);
            *bytes = rest;
            if *byte == b' ' {
                return true;
            }
        }
        false
    }

    /// Begins a piece by its timestamp, of a new line or of the one that is open.
    fn begin_piece(&mut self, product: Product, ready: &mut VecDeque<LogLine>) {
        self.is_before_text = false;
        let stamp = std::mem::take(&mut self.stamp);
        let text = stamp.strip_suffix(b" ").and_then(|text| std::str::from_utf8(text).ok());
        let time = text.and_then(EventTime::parse);
        // Docker's pieces of a line have one timestamp; a line that a container's end has left open is no beginning of its next life's.
        let goes_on = self.line.is_open && (product == Product::Podman || self.line.stamp == stamp);
        if self.line.is_open && !goes_on {
            ready.push_back(self.finish(None));
        }
        if !goes_on {
            self.line = OpenLine {
                is_open: true,
                time,
                stamp: if time.is_some() { stamp.clone() } else { Vec::new() },
                ..OpenLine::default()
            };
        }
        if time.is_none() {
            self.line.append(&stamp);
        }
    }

    /// Takes the line. That of a terminal loses its carriage return, and the timestamps of its pieces.
    fn finish(&mut self, terminal: Option<Product>) -> LogLine {
        let line = &mut self.line;
        let kept = line.text.len() as u64;
        // The carriage return of a line that was cut is not among the bytes that are kept.
        let beyond = terminal.is_some() && line.cut && line.last == b'\r';
        if let Some(product) = terminal {
            let has_return = line.cut || line.text.pop_if(|byte| *byte == b'\r').is_some();
            remove_stamps(&mut line.text, &line.stamp, line.time, product);
            // It may stand before the timestamp of a piece that was nothing but the line's end.
            if !has_return {
                line.text.pop_if(|byte| *byte == b'\r');
            }
        }
        line.is_open = false;
        let removed = kept - line.text.len() as u64 + u64::from(beyond);
        LogLine {
            time: line.time,
            stream: self.stream,
            text: std::mem::take(&mut line.text),
            cut: std::mem::take(&mut line.cut),
            length: std::mem::take(&mut line.length) - removed,
            is_open: false,
        }
    }
}

impl OpenLine {
    fn append(&mut self, bytes: &[u8]) {
        let room = MAX_LINE - self.text.len();
        self.cut |= bytes.len() > room;
        self.length += bytes.len() as u64;
        self.last = bytes.last().copied().unwrap_or(self.last);
        self.text.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }
}

/// Takes out the timestamps that stand in the middle of a terminal's line, at the beginnings of its pieces: Docker's are all the same, and no
/// piece but the last is shorter than 16 KiB; Podman's are of any length, and later by moments.
fn remove_stamps(text: &mut Vec<u8>, stamp: &[u8], time: Option<EventTime>, product: Product) {
    let (long, piece) =
        if product == Product::Docker { (DOCKER_PIECE, DOCKER_PIECE) } else { (PODMAN_PIECE, 1) };
    let (Some(time), Some(day)) = (time, stamp.get(..11)) else { return };
    let is_long = text.len() >= long + stamp.len();
    if product == Product::Docker && !is_long {
        return;
    }
    let mut kept = Vec::new();
    let (mut start, mut from) = (0, piece);
    while let Some(found) =
        text.get(from..).and_then(|rest| rest.windows(day.len()).position(|window| window == day))
    {
        let at = from + found;
        let length = stamp_length(&text[at..], stamp, time, product);
        if length == 0 || !(is_long || is_of_piece(text, at, length)) {
            // It only looks like one.
            from = at + 1;
            continue;
        }
        kept.extend_from_slice(&text[start..at]);
        start = at + length;
        from = start + piece;
    }
    if start > 0 {
        kept.extend_from_slice(&text[start..]);
        *text = kept;
    }
}

/// Tells the timestamp of a piece in a short line from one that the program wrote: nothing follows it, for the end of the line is a piece of
/// its own now and then, or it stands in the middle of a word.
fn is_of_piece(text: &[u8], at: usize, length: usize) -> bool {
    at + length == text.len() || text[..at].last().is_some_and(u8::is_ascii_alphanumeric)
}

/// The length of the piece's timestamp that stands here, with its blank; zero where none does.
fn stamp_length(text: &[u8], stamp: &[u8], time: EventTime, product: Product) -> usize {
    if product == Product::Docker {
        return if text.starts_with(stamp) { stamp.len() } else { 0 };
    }
    let end = text.iter().take(MAX_STAMP + 1).position(|byte| *byte == b' ').unwrap_or(0);
    let parsed = std::str::from_utf8(&text[..end]).ok().and_then(EventTime::parse);
    match parsed {
        Some(later) if later >= time && later.since(time).as_secs() < 60 => end + 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests;
