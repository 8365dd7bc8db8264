//! Our wires for other people's conformance suites; CONTRIBUTING.md says how to run them.
//!
//! `cargo run -p transports --features server --example conformance -- --port 9001`

#![allow(
    unreachable_pub,
    clippy::print_stdout,
    reason = "a program of its own, which tells where it listens"
)]

mod echo;
mod engine_io;
mod socket_io;

use std::{future::pending, net::Ipv4Addr, sync::Arc};

use axum::Router;
use tokio::{io, net::TcpListener};
use transports::conn::{Service, serve};

#[tokio::main]
async fn main() -> io::Result<()> {
    let mut words = std::env::args().skip(1);
    let port = match (words.next().as_deref(), words.next()) {
        (Some("--port"), Some(port)) => port.parse().map_err(io::Error::other)?,
        _ => return Err(io::Error::other("how to call it: conformance --port N")),
    };
    let service =
        service(Router::new().merge(echo::router()).merge(engine_io::router()).merge(socket_io::router()));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, peer) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(serve(stream.into(), peer, service.clone(), pending()));
    }
}

fn service(router: Router) -> Service {
    let again = router.clone();
    let again = Arc::new(move |socket, peer| {
        tokio::spawn(serve(socket, peer, service(again.clone()), pending()));
    });
    Service::new(router, again)
}
