//! Writes the payloads of a lab: a number, the time of publication, and as much noise as was asked for.

use std::sync::LazyLock;

use bytes::Bytes;
use common::lab::{BYTES, LabBeat};
use fanout::Clock;

/// Letters that hardly compress: a stretch of one letter would be a few bytes on a line that compresses, and show nothing.
static NOISE: LazyLock<String> = LazyLock::new(|| {
    const LETTERS: &[u8; 64] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    let mut state = 1_u32;
    let letter = || {
        // A generator of Lehmer's kind: what comes next need not be hard to guess, only uneven.
        state = state.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
        char::from(LETTERS[(state >> 26) as usize])
    };
    std::iter::repeat_with(letter).take(*BYTES.end() as usize).collect()
});

/// The publication, as long as asked for, or as long as it has to be.
pub(super) fn write(beat: LabBeat, bytes: usize) -> Bytes {
    let LabBeat { run, seq, at } = beat;
    let mut text = format!(r#"{{"run":{run},"seq":{seq},"at":{at:.3},"pad":""#);
    let noise = bytes.saturating_sub(text.len() + 2).min(NOISE.len());
    text.push_str(&NOISE[..noise]);
    text.push_str("\"}");
    text.into()
}

/// Milliseconds since 1970, with their fraction.
pub(crate) fn now_ms(clock: &dyn Clock) -> f64 {
    clock.unix_time().as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_publication_is_as_long_as_asked_for_and_reads_back() {
        let beat = LabBeat { run: 83_407, seq: 1_234_567, at: 1_795_183_407_000.125 };
        for bytes in [64, 65, 100, 4_096, 16_384] {
            let written = write(beat, bytes);
            assert_eq!(written.len(), bytes);
            assert_eq!(serde_json::from_slice::<LabBeat>(&written).expect("a beat"), beat);
        }
        let longest = LabBeat { seq: u64::MAX, ..beat };
        let written = write(longest, 64);
        assert_eq!(serde_json::from_slice::<LabBeat>(&written).expect("a beat"), longest);
    }

    #[test]
    fn the_noise_hardly_repeats() {
        let pieces: std::collections::HashSet<&[u8]> = NOISE.as_bytes().chunks(4).collect();
        assert!(pieces.len() > NOISE.len() / 4 * 9 / 10, "{}", pieces.len());
    }
}
