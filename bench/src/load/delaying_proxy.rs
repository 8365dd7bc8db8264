//! A network that takes its time: every byte is passed on, so long after it came.

use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};

use super::pause::pause;

/// Starts the proxy and returns its address. Its threads end with the connections they carry, and with the process.
pub(crate) fn before(server: SocketAddr, delay: Duration) -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").context("no port for a relay")?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            if let Ok(server) = TcpStream::connect(server) {
                // A connection that cannot be carried is one that breaks.
                let _ = carry(&client, &server, delay);
            }
        }
    });
    Ok(address)
}

fn carry(client: &TcpStream, server: &TcpStream, delay: Duration) -> Result<()> {
    for (from, to) in [(client, server), (server, client)] {
        to.set_nodelay(true)?;
        let (from, to) = (from.try_clone()?, to.try_clone()?);
        let (give, take) = channel();
        thread::spawn(move || read(from, &give));
        thread::spawn(move || write(to, &take, delay));
    }
    Ok(())
}

fn read(mut from: TcpStream, give: &Sender<(Instant, Vec<u8>)>) {
    let mut some = [0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut some) {
        if give.send((Instant::now(), some[..count].to_vec())).is_err() {
            return;
        }
    }
}

fn write(mut to: TcpStream, take: &Receiver<(Instant, Vec<u8>)>, delay: Duration) {
    for (came, bytes) in take {
        pause((came + delay).saturating_duration_since(Instant::now()));
        if to.write_all(&bytes).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}
