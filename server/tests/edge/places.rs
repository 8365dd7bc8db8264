//! Places for connections: who holds many shuts nobody out.

use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::{net::TcpStream, time::timeout};

use super::{answers::Raw, support::start};

/// More than there are places.
const SOCKETS: usize = 1_100;
/// An answer takes longer if sockets are closed for their age alone.
const SOON: Duration = Duration::from_secs(8);

fn raise_open_files() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, ..limit };
    setrlimit(Resource::Nofile, raised).expect("raised");
}

#[tokio::test]
async fn idle_sockets_shut_nobody_out() {
    raise_open_files();
    let server = start().await;
    for said in ["", "GET /healthz HTTP/1.1\r\n"] {
        let mut idle = Vec::new();
        for _ in 0..SOCKETS {
            let mut raw = Raw::to(server.address).await;
            raw.write(said).await;
            idle.push(raw);
        }
        for path in ["/healthz", "/", "/live/poll?topics=custom/x"] {
            let asking = async {
                let mut raw = Raw::to(server.address).await;
                raw.write(format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n")).await;
                raw.answer(false).await.expect("an answer")
            };
            let answer = timeout(SOON, asking).await.expect("soon");
            assert_eq!(answer.status, 200, "{path}: {answer:?}");
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn where_all_places_are_at_work_the_server_still_says_that_it_lives() {
    raise_open_files();
    let server = start().await;
    let mut busy: Vec<TcpStream> = Vec::new();
    // Each of them sends a message whose body does not come.
    for _ in 0..512 {
        let mut raw = Raw::to(server.address).await;
        let head = "POST /live/send HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json";
        raw.write(format!("{head}\r\nexpect: 100-continue\r\ncontent-length: 9\r\n\r\n")).await;
        raw.interim().await;
        busy.push(raw.stream);
    }
    for (path, status) in [("/healthz", 200), ("/readyz", 503), ("/", 503)] {
        let mut raw = Raw::to(server.address).await;
        raw.write(format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n")).await;
        let answer = raw.answer(false).await.expect("an answer");
        assert_eq!(answer.status, status, "{path}: {answer:?}");
        assert_eq!(answer.closes(), status == 503, "{answer:?}");
        assert_eq!(answer.header("retry-after").is_some(), status == 503, "{answer:?}");
        let limit = r#""limit":"plain_connections_per_address","max":512"#;
        assert_eq!(answer.text().contains(limit), status == 503, "{answer:?}");
    }
    drop(busy);
    server.stop().await;
}
