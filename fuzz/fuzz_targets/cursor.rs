//! See `transports::fuzzing::cursor`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| transports::fuzzing::cursor(bytes));
