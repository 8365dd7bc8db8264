//! One case: a connection, written in pieces, and its answers held against the model.

use std::{net::SocketAddr, time::Duration};

use rand::{Rng, SeedableRng, rngs::SmallRng};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream, tcp::OwnedWriteHalf},
    time::timeout,
};

use super::request::{self, Expected, MARK, Request};
use crate::answers::{PATIENCE, first};

/// Runs the case of this seed.
pub async fn case(to: SocketAddr, seed: u64, proxied: bool) {
    let mut rng = SmallRng::seed_from_u64(seed);
    let count = rng.random_range(1..6);
    let mut requests: Vec<Request> =
        (0..count).map(|nth| request::any(&mut rng, seed * 8 + nth, proxied)).collect();
    requests.push(request::last());
    let bytes: Vec<u8> = requests.iter().flat_map(|request| request.bytes.clone()).collect();
    let (mut reading, writing) = connect(to, seed).await.into_split();
    let writer = tokio::spawn(write(writing, bytes, rng));
    let mut heard = Observed { bytes: Vec::new(), over: false };
    let mut closed = false;
    for (nth, request) in requests.iter().enumerate() {
        let told = || {
            let asked: Vec<_> =
                requests.iter().map(|request| String::from_utf8_lossy(&request.bytes)).collect();
            format!("seed {seed}, request {nth}, asked {asked:#?}")
        };
        if matches!(request.expected, Expected::Stream) {
            assert!(heard.stream(&mut reading).await, "a stream: {}", told());
            break;
        }
        match heard.answer(&mut reading, request.head).await {
            Ok(Some(answer)) => {
                assert!(!answer.text().contains(MARK), "smuggled: {answer:?}: {}", told());
                assert!(
                    request.expected.is_met_by(&answer),
                    "{:?}: {answer:?}: {}",
                    request.expected,
                    told()
                );
                if answer.closes() {
                    closed = true;
                    break;
                }
            }
            // A proxy answers for itself what it cannot pass on; the server ends only what it has said it ends.
            Ok(None) => {
                let may = matches!(request.expected, Expected::Broken(_));
                assert!(may, "no answer, and nothing said so: {}", told());
                closed = true;
                break;
            }
            Err(error) => panic!("{error}: {}", told()),
        }
    }
    if closed {
        let rest = heard.rest(&mut reading).await;
        assert!(rest.is_empty(), "seed {seed}: after the last answer: {:?}", String::from_utf8_lossy(&rest));
    }
    writer.abort();
}

/// From an address of its own, so that ports do not run out.
async fn connect(to: SocketAddr, seed: u64) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    let [.., high, low] = seed.to_be_bytes();
    socket.bind(SocketAddr::from(([127, 1, high, low.clamp(1, 254)], 0))).expect("an address");
    let stream = socket.connect(to).await.expect("the server accepts");
    stream.set_nodelay(true).expect("set");
    stream
}

/// In one piece, in a few, or byte by byte; now and then late.
async fn write(mut to: OwnedWriteHalf, bytes: Vec<u8>, mut rng: SmallRng) {
    let longest = match rng.random_range(0..10) {
        0 if bytes.len() < 3_000 => 1,
        0..5 => bytes.len(),
        5..8 => 100,
        _ => bytes.len() / 3 + 1,
    };
    let mut rest = &bytes[..];
    while !rest.is_empty() {
        let (piece, more) = rest.split_at(rng.random_range(1..=longest.min(rest.len())));
        rest = more;
        // A server that has closed does not take the rest.
        if to.write_all(piece).await.is_err() {
            break;
        }
        if rng.random_bool(0.01) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        } else {
            tokio::task::yield_now().await;
        }
    }
    // The way up stays open for as long as answers are read.
    std::future::pending::<()>().await;
}

struct Observed {
    bytes: Vec<u8>,
    over: bool,
}

impl Observed {
    async fn more(&mut self, from: &mut (impl AsyncReadExt + Unpin)) -> Result<(), String> {
        let mut some = [0; 16 * 1024];
        match timeout(PATIENCE, from.read(&mut some)).await {
            Ok(Ok(read @ 1..)) => self.bytes.extend_from_slice(&some[..read]),
            Ok(_) => self.over = true,
            Err(_) => return Err(format!("nothing comes after {:?}", String::from_utf8_lossy(&self.bytes))),
        }
        Ok(())
    }

    async fn answer(
        &mut self,
        from: &mut (impl AsyncReadExt + Unpin),
        head: bool,
    ) -> Result<Option<crate::answers::Answer>, String> {
        loop {
            match first(&self.bytes, head, self.over)? {
                Some((answer, length)) => {
                    self.bytes.drain(..length);
                    if answer.status != 100 {
                        return Ok(Some(answer));
                    }
                }
                None if self.over && self.bytes.is_empty() => return Ok(None),
                None if self.over => {
                    return Err(format!("not whole: {:?}", String::from_utf8_lossy(&self.bytes)));
                }
                None => self.more(from).await?,
            }
        }
    }

    /// The head of a stream and its first frame.
    async fn stream(&mut self, from: &mut (impl AsyncReadExt + Unpin)) -> bool {
        while !self.over && !String::from_utf8_lossy(&self.bytes).contains("\"welcome\"") {
            if self.more(from).await.is_err() {
                return false;
            }
        }
        self.bytes.starts_with(b"HTTP/1.1 200 OK\r\n")
    }

    async fn rest(&mut self, from: &mut (impl AsyncReadExt + Unpin)) -> Vec<u8> {
        while !self.over && self.bytes.is_empty() {
            if self.more(from).await.is_err() {
                break;
            }
        }
        std::mem::take(&mut self.bytes)
    }
}
