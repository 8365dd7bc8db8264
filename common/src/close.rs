//! WebSocket close codes (RFC 6455 §7.4). 4000 to 4499: mend the client before trying again. 4500 to 4999: try again,
//! the cursor holds.

/// The server is going away or restarting; come back after the `bye` frame's `retry_ms`.
pub const RESTART: u16 = 1012;
/// Ordinary end, said by either side.
pub const NORMAL: u16 = 1000;
/// The bytes broke the framing rules of RFC 6455.
pub const PROTOCOL: u16 = 1002;
/// A binary message: this wire carries JSON text only.
pub const UNSUPPORTED: u16 = 1003;
/// A text message that is not UTF-8, or a compressed one that cannot be inflated.
pub const BAD_TEXT: u16 = 1007;
/// The client sends more messages a second than `limits.messages_per_second`.
pub const POLICY: u16 = 1008;
/// A message longer than `limits.message_bytes`, as it came or inflated.
pub const TOO_BIG: u16 = 1009;
/// A limit on connections is reached, such as `limits.connections_per_address`: try later.
pub const TRY_LATER: u16 = 1013;
/// Someone has asked the server to end the connection: come back, the cursor holds.
pub const ENDED: u16 = 4500;
/// A message that is not a frame of this protocol: bad JSON, an unknown type or a bad field.
pub const BAD_FRAME: u16 = 4400;

/// Reports that a client should reconnect by itself after this code.
#[must_use]
pub const fn is_retryable(code: u16) -> bool {
    !matches!(code, PROTOCOL | UNSUPPORTED | BAD_TEXT | TOO_BIG | 4000..=4499)
}
