//! Name servers that answer what none should.

use std::{net::SocketAddr, sync::Arc};

use probe::{DnsProbe, DnsRecord, ProbeFault, ProbeKind, ProbeOutcome, ProbePhase};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, UdpSocket},
    task::JoinSet,
};

use crate::support::{LONG, SHORT, closed_port, code, run};

type Answers = Arc<dyn Fn(&[u8]) -> Vec<Vec<u8>> + Send + Sync>;

/// A name server, on UDP and TCP at one port, which ends with the test.
struct NameServer {
    address: SocketAddr,
    _tasks: JoinSet<()>,
}

impl NameServer {
    async fn start(
        udp: impl Fn(&[u8]) -> Vec<Vec<u8>> + Send + Sync + 'static,
        tcp: impl Fn(&[u8]) -> Vec<Vec<u8>> + Send + Sync + 'static,
    ) -> Self {
        let (listener, socket) = loop {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            // Another test may have this number for UDP.
            if let Ok(socket) = UdpSocket::bind(listener.local_addr().expect("an address")).await {
                break (listener, socket);
            }
        };
        let address = listener.local_addr().expect("an address");
        let mut tasks = JoinSet::new();
        tasks.spawn(serve_udp(socket, Arc::new(udp)));
        tasks.spawn(serve_tcp(listener, Arc::new(tcp)));
        Self { address, _tasks: tasks }
    }

    async fn over_udp(udp: impl Fn(&[u8]) -> Vec<Vec<u8>> + Send + Sync + 'static) -> Self {
        Self::start(udp, |_| Vec::new()).await
    }
}

async fn serve_udp(socket: UdpSocket, answers: Answers) {
    let mut query = [0; 512];
    while let Ok((length, peer)) = socket.recv_from(&mut query).await {
        for answer in answers(&query[..length]) {
            socket.send_to(&answer, peer).await.ok();
        }
    }
}

async fn serve_tcp(listener: TcpListener, answers: Answers) {
    while let Ok((mut stream, _)) = listener.accept().await {
        let mut query = vec![0; usize::from(stream.read_u16().await.unwrap_or(0))];
        stream.read_exact(&mut query).await.ok();
        for answer in answers(&query) {
            stream.write_all(&answer).await.ok();
        }
    }
}

/// An answer to the question with one address, 192.0.2.7.
fn answer(query: &[u8]) -> Vec<u8> {
    let mut answer = query.to_vec();
    answer[2] |= 0x80;
    answer[7] = 1;
    answer.extend(*b"\xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x04\xc0\0\x02\x07");
    answer
}

fn with_length(message: &[u8]) -> Vec<u8> {
    [&u16::try_from(message.len()).expect("short").to_be_bytes(), message].concat()
}

/// The head of an answer that was cut off.
fn truncated(query: &[u8]) -> Vec<u8> {
    let mut answer = query.to_vec();
    answer[2] |= 0x82;
    answer
}

fn dns(server: SocketAddr, expect: Option<&str>) -> ProbeKind {
    ProbeKind::Dns(DnsProbe {
        name: "www.example.org".into(),
        record: DnsRecord::A,
        server: Some(server.to_string()),
        expect: expect.map(Into::into),
    })
}

async fn ask(server: &NameServer) -> ProbeOutcome {
    run(dns(server.address, Some("192.0.2.7")), LONG).await
}

#[tokio::test]
async fn a_good_answer_is_up() {
    let server = NameServer::over_udp(|query| vec![answer(query)]).await;
    let outcome = ask(&server).await;
    assert_eq!(code(&outcome), "up", "{outcome:?}");
    assert!(outcome.latency_ms.is_some() && outcome.timings.answer_ms.is_some());
    let outcome = run(dns(server.address, Some("192.0.2.8")), LONG).await;
    assert_eq!(outcome.why.expect("a fault").to_string(), "The answer is 192.0.2.7, not 192.0.2.8.");
}

#[tokio::test]
async fn answers_of_others_are_passed_over() {
    let server = NameServer::over_udp(|query| {
        let (mut wrong_id, mut wrong_name, mut no_answer) = (answer(query), answer(query), answer(query));
        wrong_id[1] ^= 1;
        wrong_name[13] ^= 1;
        no_answer[2] &= 0x7f;
        let mut bad = wrong_id.clone();
        bad.truncate(20);
        vec![Vec::new(), b"x".to_vec(), wrong_id, wrong_name, no_answer, bad, answer(query)]
    })
    .await;
    assert_eq!(code(&ask(&server).await), "up");
}

#[tokio::test]
async fn a_server_with_only_wrong_answers_is_ended_by_the_deadline() {
    let server = NameServer::over_udp(|query| {
        let mut wrong = answer(query);
        wrong[0] ^= 1;
        vec![wrong]
    })
    .await;
    let outcome = run(dns(server.address, None), SHORT).await;
    assert_eq!(outcome.why, Some(ProbeFault::Timeout(ProbePhase::Answer)));
}

#[tokio::test]
async fn a_loop_of_pointers_is_told() {
    let server = NameServer::over_udp(|query| {
        let mut answer = answer(query);
        let at = query.len();
        answer[at + 1] = u8::try_from(at).expect("short");
        vec![answer]
    })
    .await;
    assert_eq!(code(&ask(&server).await), "bad_dns_answer");
}

#[tokio::test]
async fn an_answer_that_is_cut_off_comes_over_tcp() {
    let server =
        NameServer::start(|query| vec![truncated(query)], |query| vec![with_length(&answer(query))]).await;
    assert_eq!(code(&ask(&server).await), "up");
}

#[tokio::test]
async fn bad_answers_over_tcp_are_told() {
    let wrong_id = |query: &[u8]| {
        let mut answer = answer(query);
        answer[0] ^= 1;
        vec![with_length(&answer)]
    };
    let server = NameServer::start(|query| vec![truncated(query)], wrong_id).await;
    assert_eq!(code(&ask(&server).await), "bad_dns_answer");
    let server =
        NameServer::start(|query| vec![truncated(query)], |query| vec![with_length(&truncated(query))]).await;
    assert_eq!(code(&ask(&server).await), "bad_dns_answer");
    let server = NameServer::start(|query| vec![truncated(query)], |_| Vec::new()).await;
    assert_eq!(code(&ask(&server).await), "connection_closed");
    let server = NameServer::start(|query| vec![truncated(query)], |_| vec![b"\xff\xffxx".to_vec()]).await;
    assert_eq!(code(&ask(&server).await), "connection_closed");
    let server = NameServer::start(|query| vec![truncated(query)], |_| vec![b"\0\0".to_vec()]).await;
    assert_eq!(code(&ask(&server).await), "bad_dns_answer");
}

#[tokio::test]
async fn nothing_at_the_port_is_a_refusal() {
    let outcome = run(dns(closed_port().await, None), LONG).await;
    assert_eq!(outcome.why, Some(ProbeFault::ConnectionRefused));
}
