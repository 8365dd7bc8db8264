//! Frames whose parts come apart. They are put together as text and read like all others: a page that downloads its code
//! has one reader of frames, not one for each wire.

use common::frame::ServerFrame;

/// The frame of this type with the fields of a JSON object; `more` is a field that stands elsewhere, with a comma behind it.
pub fn frame(kind: &str, more: &str, object: &str) -> Option<ServerFrame> {
    let fields = object.trim_start().strip_prefix('{')?;
    ServerFrame::from_json(&format!(r#"{{"type":"{kind}",{more}{fields}"#)).ok()
}
