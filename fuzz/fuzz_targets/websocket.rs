//! See `transports::fuzzing::websocket`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| transports::fuzzing::websocket(bytes));
