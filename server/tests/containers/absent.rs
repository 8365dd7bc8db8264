//! An engine, a host or an address that is not there. The matrix of all routes says who may read the list.

use common::container::{ContainerList, EngineState};

use crate::support::{get, start};

#[tokio::test]
async fn a_server_without_an_engine_says_so() {
    let server = start().await;
    let answer = get(server.address, "/api/v1/hosts/local/containers").await;
    let known: ContainerList = serde_json::from_str(&answer.body).expect("a list");
    assert!(known.containers.is_empty());
    assert!(matches!(known.engine.state, EngineState::Off | EngineState::Connecting));
    server.stop().await;
}

#[tokio::test]
async fn other_hosts_and_bad_names_are_errors() {
    let server = start().await;
    for (path, status, code) in [
        ("/api/v1/hosts/elsewhere/containers", 404, "not_found"),
        ("/api/v1/hosts/Bad%20Name/containers", 400, "bad_request"),
        ("/api/v1/hosts/..%2F..%2Fetc/containers", 400, "bad_request"),
    ] {
        let answer = get(server.address, path).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
        assert!(answer.body.contains(code), "{path}: {}", answer.body);
    }
    server.stop().await;
}

#[tokio::test]
async fn an_address_that_is_none_is_said_at_the_start() {
    for (engine, said) in [
        ("docker.sock", "containers.engine is \"docker.sock\""),
        ("unix://docker.sock", "begins with a slash"),
        ("tcp://", "names no host"),
    ] {
        let data = tempfile::tempdir().expect("a folder");
        let mut config = pulseboard::config::Config {
            listen: "127.0.0.1:0".parse().expect("an address"),
            data_dir: data.path().to_owned(),
            ..pulseboard::config::Config::default()
        };
        engine.clone_into(&mut config.containers.engine);
        let error = pulseboard::serve::Server::bind(&config).await.err().expect("it does not start");
        assert!(format!("{error:#}").contains(said), "{error:#}");
    }
}
