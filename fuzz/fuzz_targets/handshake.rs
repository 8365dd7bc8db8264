//! See `transports::fuzzing::handshake`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| transports::fuzzing::handshake(bytes));
