//! See `container_engine::fuzzing::engine_lines`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| container_engine::fuzzing::engine_lines(bytes));
