//! See `transports::fuzzing::socket_io`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| transports::fuzzing::socket_io(bytes));
