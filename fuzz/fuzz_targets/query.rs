//! See `transports::fuzzing::query`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| transports::fuzzing::query(bytes));
