//! Reads a stream of Server-Sent Events, as far as the Doctor needs it.

use app::ports::StreamProbe;
use common::{frame::ByeReason, lab::LabBeat};
use serde::Deserialize;

/// So much of a block that does not end is kept, bytes: whatever sends more is not the server.
const LONGEST: usize = 64 * 1024;

/// The part of a stream that is not whole yet.
#[derive(Default)]
pub(super) struct ProbeBlocks(Vec<u8>);

#[derive(Deserialize)]
struct Published {
    data: LabBeat,
}

#[derive(Deserialize)]
struct ByeFrame {
    reason: ByeReason,
}

impl ProbeBlocks {
    /// Reads what came at `now`, milliseconds since 1970.
    pub(super) fn read(&mut self, piece: &[u8], now: f64, told: &mut StreamProbe) {
        self.0.extend_from_slice(piece);
        while let Some(end) = self.0.windows(2).position(|two| two == b"\n\n") {
            let block: Vec<u8> = self.0.drain(..end + 2).collect();
            tell(&String::from_utf8_lossy(&block), now, told);
        }
        if self.0.len() > LONGEST {
            self.0.clear();
        }
    }
}

fn tell(block: &str, now: f64, told: &mut StreamProbe) {
    let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let Some(data) = field("data:") else { return };
    if field("event:") == Some("bye") {
        told.bye = serde_json::from_str(data).ok().map(|ByeFrame { reason }| reason);
    } else if let Ok(Published { data }) = serde_json::from_str(data) {
        told.beats.push((now, data.at));
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn publications_and_farewells_are_read_wherever_the_pieces_are_cut() {
        let text = ": hello\n\nid: 1-2\ndata: {\"topic\":\"lab/x\",\"data\":{\"run\":1,\"seq\":2,\"at\":40.5,\"pad\":\"\"}}\n\n\
                    event: heartbeat\ndata: {\"type\":\"heartbeat\"}\n\n\
                    event: bye\ndata: {\"type\":\"bye\",\"reason\":\"too_many_connections\",\"retry_ms\":2000}\n\n";
        for cut in 0..text.len() {
            let (mut blocks, mut told) = (ProbeBlocks::default(), StreamProbe::default());
            blocks.read(&text.as_bytes()[..cut], 1.0, &mut told);
            blocks.read(&text.as_bytes()[cut..], 2.0, &mut told);
            assert_eq!((told.beats.len(), told.beats[0].1), (1, 40.5));
            assert_eq!(told.bye, Some(ByeReason::TooManyConnections));
        }
    }
}
