//! See `transports::fuzzing::engine_io`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| transports::fuzzing::engine_io(bytes));
