//! A network that cuts connections at any byte. `PULSEBOARD_CUTS=1000` cuts as often; `PULSEBOARD_SEED` says where.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use rand::{Rng, SeedableRng, rngs::StdRng};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::{
    Agent, code,
    outage::{has_past, write_past},
    support::start,
};

fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"))
}

/// Passes bytes on to a server, and cuts connections after a number of bytes that nobody foresees.
async fn cutting(to: SocketAddr, seed: u64, cuts: Arc<AtomicUsize>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let mut random = StdRng::seed_from_u64(seed);
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let exponent: f64 = random.random_range(10.0..18.0);
            let bytes = exponent.exp2() as usize;
            let cuts = Arc::clone(&cuts);
            tokio::spawn(async move {
                let Ok(server) = TcpStream::connect(to).await else { return };
                let (up, down) = (client.into_split(), server.into_split());
                let rest = AtomicUsize::new(if cuts.load(Relaxed) > 0 { bytes } else { usize::MAX });
                tokio::select! {
                    () = pass(up.0, down.1, &rest) => {}
                    () = pass(down.0, up.1, &rest) => {}
                }
                if rest.load(Relaxed) == 0 {
                    let _ = cuts.try_update(Relaxed, Relaxed, |cuts| cuts.checked_sub(1));
                }
            });
        }
    });
    address
}

/// Passes bytes on until one side ends, or nothing may be passed on any more.
async fn pass(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, rest: &AtomicUsize) {
    let mut bytes = vec![0; 8 << 10];
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        let may_pass = read.min(rest.load(Relaxed));
        if to.write_all(&bytes[..may_pass]).await.is_err() {
            return;
        }
        // Both ways count, side by side.
        let left = rest.try_update(Relaxed, Relaxed, |rest| Some(rest.saturating_sub(may_pass)));
        if left.is_ok_and(|left| left <= may_pass) {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_cut_loses_or_doubles_a_number() {
    let all = number("PULSEBOARD_CUTS", 60);
    let seed = number("PULSEBOARD_SEED", 1);
    // Far more than may pass at once, and of less than two days: what is older comes too late.
    let lines = (all as u64 * 150).clamp(15_000, 150_000);
    for (place, transport) in ["websocket", "stream", "post"].into_iter().enumerate() {
        let folder = tempfile::tempdir().expect("a folder");
        let server = start().await;
        let code = code(server.data.path());
        Agent::enrol_by(folder.path(), server.address, &code, transport)
            .kill_once_it_is_there(server.address)
            .await;
        let cuts = Arc::new(AtomicUsize::new(all / 3));
        let way = cutting(server.address, (seed + place) as u64, Arc::clone(&cuts)).await;
        let times = write_past(folder.path(), lines);
        let agent = Agent::start_by(folder.path(), way, transport);
        has_past(server.address, lines, times).await;
        agent.kill();
        server.stop().await;
        let made = all / 3 - cuts.load(Relaxed);
        println!("{transport}: {made} of {} cuts were made, seed {seed}", all / 3);
        assert!(made > all / 6, "it was hardly cut");
    }
}
