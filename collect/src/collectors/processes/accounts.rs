//! Reads the names of accounts from `/etc/passwd` (passwd(5)).
//!
//! Other sources of names (LDAP, systemd) are asked over sockets that may not answer, and by C libraries in this process: who is known
//! there only goes by a number.

use std::{
    collections::HashMap,
    fs::File,
    io::Read,
    time::{Duration, Instant},
};

/// A name is read again after this long.
const READ_EVERY: Duration = Duration::from_secs(60);
/// The most of the file that is read.
const LONGEST: u64 = 1 << 20;

/// The names of the accounts that were asked for.
#[derive(Debug, Default)]
pub(super) struct Accounts {
    names: HashMap<u32, String>,
    read: Option<Instant>,
}

impl Accounts {
    /// The name of an account, or its number.
    pub(super) fn name(&mut self, uid: u32) -> String {
        if self.read.is_none_or(|read| read.elapsed() >= READ_EVERY) {
            self.names.clear();
            self.read = Some(Instant::now());
        }
        if let Some(name) = self.names.get(&uid) {
            return name.clone();
        }
        let mut text = Vec::new();
        let read = File::open("/etc/passwd").and_then(|file| file.take(LONGEST).read_to_end(&mut text));
        let found = read.ok().and_then(|_| find(&String::from_utf8_lossy(&text), uid));
        let name = found.unwrap_or_else(|| uid.to_string());
        self.names.insert(uid, name.clone());
        name
    }
}

fn find(passwd: &str, uid: u32) -> Option<String> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next().filter(|name| !name.is_empty())?;
        let number: u32 = fields.nth(1)?.parse().ok()?;
        (number == uid).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_its_name_or_its_number() {
        let passwd =
            "root:x:0:0:root:/root:/bin/bash\n# a comment\nbroken\n:x:7::\npostgres:x:105:113::/:/bin/sh\n";
        assert_eq!(find(passwd, 105).as_deref(), Some("postgres"));
        assert_eq!(find(passwd, 7), None);
        assert_eq!(find(passwd, 9), None);
        let mut accounts = Accounts::default();
        assert_eq!(accounts.name(0), "root");
        assert_eq!(accounts.name(3_999_999_999), "3999999999");
    }
}
