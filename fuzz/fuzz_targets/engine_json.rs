//! See `container_engine::fuzzing::engine_json`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| container_engine::fuzzing::engine_json(bytes));
