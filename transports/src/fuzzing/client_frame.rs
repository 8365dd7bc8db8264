//! Checks client frames as the WebSocket decodes them, and messages as they are posted.

use std::fmt::Debug;

use common::{ClientMessage, frame::ClientFrame};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// Checks that a frame reads back as itself, and that a message is the same as a frame and as a post.
pub fn client_frame(bytes: &[u8]) {
    if let Ok(frame) = serde_json::from_slice::<ClientFrame>(bytes) {
        reads_back(&frame);
    }
    let Ok(message) = serde_json::from_slice::<ClientMessage>(bytes) else { return };
    reads_back(&message);
    let Some(fields) = bytes.trim_ascii().strip_prefix(b"{") else { return };
    let frame = [br#"{"type":"send","#, fields].concat();
    let frame = serde_json::from_slice::<ClientFrame>(&frame);
    assert_eq!(frame.expect("a message that can be posted can be sent"), ClientFrame::Send(message));
}

pub(crate) fn reads_back<W: Serialize + DeserializeOwned + Debug>(word: &W) {
    let text = serde_json::to_vec(word).expect("what was read can be written");
    let again = serde_json::from_slice::<W>(&text).expect("and read again");
    let values = [word, &again].map(|word| serde_json::to_value(word).expect("JSON"));
    assert!(alike(&values[0], &values[1]), "{word:?} reads back as {again:?}");
}

/// Reports that both values are equal. Fractions may differ by a unit in the last place, because the faster parser is
/// used: no number that a client sends is handed on from what was parsed.
fn alike(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) if one.is_f64() => {
            let (one, other) = (one.as_f64().unwrap_or_default(), other.as_f64().unwrap_or_default());
            (one - other).abs() <= one.abs() * 4.0 * f64::EPSILON
        }
        (Value::Array(ones), Value::Array(others)) => {
            ones.len() == others.len() && ones.iter().zip(others).all(|(one, other)| alike(one, other))
        }
        (Value::Object(ones), Value::Object(others)) => {
            ones.len() == others.len()
                && ones
                    .iter()
                    .zip(others)
                    .all(|((name, one), (same, other))| name == same && alike(one, other))
        }
        _ => one == other,
    }
}
