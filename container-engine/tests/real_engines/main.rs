//! Real engines, Docker and Podman of Debian, each started once: what becomes of containers, their lines, their use of the host, and an
//! engine that is killed.

mod cases;
mod recorder;

use container_engine::test_engine::{Docker, Podman};

#[tokio::test(flavor = "multi_thread")]
async fn docker_is_followed() {
    let mut engine = Docker::start().await;
    cases::everything(&mut engine).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn podman_is_followed() {
    let mut engine = Podman::start().await;
    cases::everything(&mut engine).await;
}
