//! Passkeys: credentials of WebAuthn (W3C, Level 3), with which a person signs in by the fingerprint, face or PIN of a device.
//!
//! The browser verifies the person, and the signature proves the device: that is two factors, so no code is asked for. A challenge is kept
//! nowhere until it was answered; it comes back signed.

pub(super) mod ceremony;
pub(super) mod manage;
pub(super) mod sign_in;
mod signed_state;
