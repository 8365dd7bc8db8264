//! Measures live connections while people sign in: a password is made slow to check on purpose.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail};

use super::{PAYLOAD, Plan};
use crate::load::{
    run::{Load, Outcome, Pace, run},
    subject::{Account, start_with_account},
    wire::WEBSOCKET,
};

/// A load while nobody signs in, the same while many do, and how many sign-ins there were: round by round.
#[derive(Debug, Default)]
pub(crate) struct SignIns {
    /// All of each round.
    pub(crate) rounds: Vec<(Outcome, Outcome, usize)>,
}

const TIME: Duration = Duration::from_secs(10);
/// So many sign in at once, again and again.
pub(crate) const AT_ONCE: usize = 50;

/// A thousand WebSockets at a hundred publications a second, with and without.
pub(crate) fn measure(plan: &Plan) -> Result<SignIns> {
    let mut all = SignIns::default();
    if !plan.has_time() {
        return Ok(all);
    }
    let (subject, account) = start_with_account(&plan.binary)?;
    let load = Load { pace: Pace::Steady(100), bytes: PAYLOAD, time: TIME };
    let subscribers = [(&WEBSOCKET, WEBSOCKET.subscribers)];
    all.rounds = plan.without_and_with(|is_busy| {
        let people = is_busy.then(|| People::begin(subject.address, &account));
        let outcome = run(&subject, &subscribers, load)?;
        Ok((outcome, people.map(People::end).transpose()?))
    })?;
    Ok(all)
}

/// People who sign in until told to stop.
struct People {
    stop: Arc<AtomicBool>,
    /// Each returns the number of its sign-ins.
    threads: Vec<thread::JoinHandle<Result<usize>>>,
}

impl People {
    fn begin(server: SocketAddr, account: &Account) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let person = |number: usize| {
            let (until, account) = (Arc::clone(&stop), account.clone());
            thread::spawn(move || {
                let form = Form::open(server, number)?;
                let mut count = 0;
                while !until.load(Ordering::Relaxed) {
                    form.send(&account)?;
                    count += 1;
                }
                Ok(count)
            })
        };
        let threads = (0..AT_ONCE).map(person).collect();
        Self { stop, threads }
    }

    fn end(self) -> Result<usize> {
        self.stop.store(true, Ordering::Relaxed);
        let counts = self.threads.into_iter().map(|thread| match thread.join() {
            Ok(count) => count,
            Err(_) => bail!("whoever signed in has panicked"),
        });
        counts.sum()
    }
}

/// The form of the sign-in page, as a browser has it.
struct Form {
    server: SocketAddr,
    /// The line with the address of its own that it comes from: from one, so many sign-ins at once would be taken for guesses.
    from: String,
    cookie: String,
    csrf: String,
}

impl Form {
    fn open(server: SocketAddr, number: usize) -> Result<Self> {
        let from = format!("X-Forwarded-For: 192.0.2.{number}\r\n");
        let page = ask(server, &format!("GET /sign-in HTTP/1.1\r\n{from}"), "")?;
        let cookie = between(&page, "\r\nset-cookie: ", ";").context("no cookie came with the form")?;
        let csrf = between(&page, "name=\"csrf\" value=\"", "\"").context("the form has no token")?;
        Ok(Self { server, from, cookie: cookie.to_owned(), csrf: csrf.to_owned() })
    }

    fn send(&self, account: &Account) -> Result<()> {
        let body = format!("csrf={}&name={}&password={}", self.csrf, account.name, account.password);
        let head = format!(
            "POST /sign-in HTTP/1.1\r\n{}Cookie: {}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n",
            self.from,
            self.cookie,
            body.len()
        );
        let answer = ask(self.server, &head, &body)?;
        if !answer.starts_with("HTTP/1.1 303") {
            bail!("nobody signs in: {}", answer.lines().next().unwrap_or_default());
        }
        Ok(())
    }
}

fn ask(server: SocketAddr, head: &str, body: &str) -> Result<String> {
    let mut socket = TcpStream::connect(server)?;
    write!(socket, "{head}Host: {server}\r\nAccept: text/html\r\nConnection: close\r\n\r\n{body}")?;
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    text.split_once(before)?.1.split(after).next()
}
