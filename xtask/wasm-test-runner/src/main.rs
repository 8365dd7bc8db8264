//! Runs the tests that are compiled to WebAssembly, in a browser: cargo calls it with the file. All of it is wasm-bindgen's own runner, in the
//! version that `Cargo.lock` names.

fn main() -> anyhow::Result<()> {
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(std::env::args_os())
}
