//! A browser without scripts: it keeps cookies, and sends the forms that it finds.

use std::{collections::BTreeMap, net::SocketAddr};

use crate::support::{Answer, request};

/// A browser without scripts.
#[derive(Clone)]
pub struct Browser {
    pub to: SocketAddr,
    /// The name by which it calls the server; the address where it has none.
    pub host: Option<String>,
    pub cookies: BTreeMap<String, String>,
    /// Lines that every request carries besides.
    pub lines: String,
    /// The last document.
    pub page: String,
}

impl Browser {
    pub fn new(to: SocketAddr) -> Self {
        Self { to, host: None, cookies: BTreeMap::new(), lines: String::new(), page: String::new() }
    }

    fn head(&self) -> String {
        let cookies = self.cookie_line();
        let cookies = if cookies.is_empty() { cookies } else { format!("cookie: {cookies}\r\n") };
        let host = self.host.clone().unwrap_or_else(|| self.to.to_string());
        format!("host: {host}\r\naccept: text/html\r\n{cookies}{}connection: close\r\n", self.lines)
    }

    fn take(&mut self, answer: Answer) -> Answer {
        for line in answer.head.lines() {
            let Some((name, value)) = line.split_once(": ") else { continue };
            if !name.eq_ignore_ascii_case("set-cookie") {
                continue;
            }
            let (name, rest) = value.split_once('=').expect("a cookie");
            let value = rest.split(';').next().unwrap_or_default();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        self.page.clone_from(&answer.body);
        answer
    }

    /// Its cookies, as a header's value.
    pub fn cookie_line(&self) -> String {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        let text = format!("GET {path} HTTP/1.1\r\n{}\r\n", self.head());
        let answer = request(self.to, &text).await;
        self.take(answer)
    }

    /// Sends a form of the last document, with its token.
    pub async fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = value_of(&self.page, "csrf").unwrap_or_default();
        let fields = [&[("csrf", csrf.as_str())], fields].concat();
        self.post(path, &fields).await
    }

    /// Sends these fields and no others.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let body = body.join("&");
        let length = body.len();
        let text = format!(
            "POST {path} HTTP/1.1\r\n{}content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{body}",
            self.head()
        );
        let answer = request(self.to, &text).await;
        self.take(answer)
    }
}

/// The value of the first field of this name in a document.
pub fn value_of(page: &str, name: &str) -> Option<String> {
    let tags = page.split('<').filter(|tag| tag.starts_with("input"));
    let tag = tags.into_iter().find(|tag| tag.contains(&format!("name=\"{name}\"")))?;
    let value = tag.split("value=\"").nth(1)?;
    Some(value.split('"').next()?.to_owned())
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(
            |byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            },
        )
        .collect()
}
