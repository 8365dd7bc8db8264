//! A receiver of remote writes before our history: so it takes the same bytes over the same wire as its peers, and pays for reading them.
//!
//! The server has none: its hosts report in another form. This is as plain as it can be.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
};

use anyhow::{Context, Result, bail, ensure};
use history::{History, Sample, Series};

use crate::{
    load::Load,
    opened::{AFTER, COMMIT, register, settings},
    remote_write::Labels,
};

/// The port of the receiver.
pub(crate) const PORT: u16 = 28_429;

/// Serves until it is ended: `POST /write` is a remote write, `GET /end` seals all that came.
pub(crate) fn serve(load: &Load, folder: &Path) -> Result<()> {
    let history = History::open(folder, settings(), load.start())?;
    let series = register(&history, load)?;
    let labels = load.names.iter().map(|name| Labels::new(name).bytes().to_vec());
    let known: HashMap<Vec<u8>, Series> = labels.zip(series).collect();
    let listener = TcpListener::bind(("127.0.0.1", PORT))?;
    loop {
        let (stream, _) = listener.accept()?;
        stream.set_nodelay(true)?;
        let mut stream = BufReader::with_capacity(256 << 10, stream);
        while let Some((path, body)) = request(&mut stream)? {
            match path.as_str() {
                "/write" => write(&history, &known, &body)?,
                "/end" => {
                    history.commit(load.end())?;
                    history.maintain(load.end() + AFTER)?;
                    history.maintain(load.end() + AFTER)?;
                }
                _ => {}
            }
            stream.get_mut().write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")?;
        }
    }
}

/// Reads a request; none where the client hung up.
fn request(stream: &mut BufReader<TcpStream>) -> Result<Option<(String, Vec<u8>)>> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let path = line.split(' ').nth(1).context("a request has a path")?.to_owned();
    let mut length = 0;
    loop {
        line.clear();
        stream.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse()?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok(Some((path, body)))
}

/// Takes a remote write in the order of time, and commits and tidies as often as the server.
fn write(history: &History, known: &HashMap<Vec<u8>, Series>, body: &[u8]) -> Result<()> {
    let mut body = Fields(body);
    body.varint()?;
    ensure!(body.0.first() == Some(&(63 << 2)) && body.0.len() > 5, "one literal of Snappy is expected");
    let mut body = Fields(&body.0[5..]);
    let mut all: Vec<(Series, Vec<Sample>)> = Vec::with_capacity(known.len());
    while let Some((1, Field::Bytes(series))) = body.next()? {
        let (mut fields, mut labels, mut samples) = (Fields(series), 0, Vec::new());
        while let Some((number, Field::Bytes(bytes))) = fields.next()? {
            if number == 1 {
                labels = series.len() - fields.0.len();
            } else {
                samples.push(sample(bytes)?);
            }
        }
        let series = known.get(&series[..labels]).context("a series that was not registered")?;
        all.push((*series, samples));
    }
    let steps = all.first().map_or(0, |(_, samples)| samples.len());
    let mut batch = Vec::with_capacity(all.len());
    for step in 0..steps {
        batch.clear();
        batch.extend(all.iter().filter_map(|(series, samples)| Some((*series, *samples.get(step)?))));
        let now = batch.first().map_or(0, |(_, sample)| sample.at);
        history.push_all(&batch, now)?;
        if step as i64 % COMMIT == 0 {
            history.commit(now)?;
        }
        if step + 1 == steps {
            history.maintain(now)?;
        }
    }
    Ok(())
}

fn sample(bytes: &[u8]) -> Result<Sample> {
    let mut fields = Fields(bytes);
    let mut sample = Sample { at: 0, value: 0.0 };
    while let Some((_, field)) = fields.next()? {
        match field {
            Field::Varint(at) => sample.at = at as i64,
            Field::Double(value) => sample.value = value,
            Field::Bytes(_) => bail!("a sample has numbers"),
        }
    }
    Ok(sample)
}

/// Fields of a protobuf that are still to be read.
struct Fields<'a>(&'a [u8]);

enum Field<'a> {
    Varint(u64),
    Double(f64),
    Bytes(&'a [u8]),
}

impl<'a> Fields<'a> {
    fn next(&mut self) -> Result<Option<(u64, Field<'a>)>> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let tag = self.varint()?;
        let field = match tag & 7 {
            0 => Field::Varint(self.varint()?),
            1 => Field::Double(f64::from_le_bytes(self.take(8)?.try_into()?)),
            2 => {
                let length = usize::try_from(self.varint()?)?;
                Field::Bytes(self.take(length)?)
            }
            other => bail!("a field of type {other}"),
        };
        Ok(Some((tag >> 3, field)))
    }

    fn varint(&mut self) -> Result<u64> {
        let mut number = 0;
        for (index, byte) in self.0.iter().enumerate().take(10) {
            number |= u64::from(byte & 0x7f) << (7 * index);
            if byte & 0x80 == 0 {
                self.0 = &self.0[index + 1..];
                return Ok(number);
            }
        }
        bail!("a number without an end")
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length).context("a field ends early")?;
        self.0 = rest;
        Ok(taken)
    }
}
