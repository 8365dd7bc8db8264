//! The full name and the command line of a program, as they may be shown to others.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use common::sample::Process;

use super::super::shown::shown_up_to;

/// The kernel's own names of programs have at most this many bytes (`TASK_COMM_LEN` less one).
const COMM: usize = 15;
/// The name of a script is looked for in this many arguments behind its interpreter.
const LEADING: usize = 5;
/// The text that replaces a secret.
const HIDDEN: &str = "***";
/// An argument whose name has one of these in it is followed by what others must not see.
const SECRETS: [&str; 9] =
    ["password", "passwd", "passphrase", "secret", "token", "apikey", "api-key", "api_key", "credential"];

/// The full name of a program whose kernel's name is `comm`, which ends after fifteen bytes. `cmdline` are its arguments, each with a
/// NUL behind it.
pub(super) fn full_name(comm: &[u8], cmdline: &[u8]) -> String {
    let cut = comm.len() >= COMM;
    let longer = cut.then(|| {
        // `python3 /usr/bin/unattended-upgrade-shutdown` is called by its script.
        arguments(cmdline).take(LEADING).map(last_segment).find(|name| name.starts_with(comm))
    });
    let name = longer.flatten().unwrap_or(comm);
    shown_up_to(OsStr::from_bytes(name), 64)
}

/// The command line, in one line, with secrets left out; none where there is none.
pub(super) fn command(cmdline: &[u8]) -> Option<String> {
    let mut line = String::new();
    let mut hide_next = false;
    for argument in arguments(cmdline) {
        let argument = String::from_utf8_lossy(argument).replace(char::is_whitespace, " ");
        let argument = if std::mem::take(&mut hide_next) && !argument.starts_with('-') {
            HIDDEN.to_owned()
        } else {
            hide_next = argument.starts_with('-') && !argument.contains('=') && names_a_secret(&argument);
            without_secrets(&argument)
        };
        if !line.is_empty() {
            line.push(' ');
        }
        line += &argument;
        if line.chars().nth(Process::COMMAND_CHARS).is_some() {
            break;
        }
    }
    let line = shown_up_to(OsStr::new(line.trim()), Process::COMMAND_CHARS);
    (!line.is_empty()).then_some(line)
}

fn arguments(cmdline: &[u8]) -> impl Iterator<Item = &[u8]> {
    cmdline.split(|&byte| byte == 0).filter(|argument| !argument.is_empty())
}

/// `/usr/bin/dbus-daemon` is `dbus-daemon`; what writes a title into its arguments (`postgres: checkpointer`) has it up to the space.
fn last_segment(argument: &[u8]) -> &[u8] {
    let word = argument.split(|&byte| byte == b' ').next().unwrap_or_default();
    word.rsplit(|&byte| byte == b'/').next().unwrap_or_default()
}

fn names_a_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRETS.iter().any(|secret| name.contains(secret))
}

/// One argument, in which `--password=x` and `postgres://me:x@host` have no `x`. A title that a program has written is one argument of
/// many words.
fn without_secrets(argument: &str) -> String {
    let words: Vec<String> = argument.split(' ').map(without_secret).collect();
    words.join(" ")
}

fn without_secret(word: &str) -> String {
    if let Some((name, value)) = word.split_once('=')
        && !value.is_empty()
        && names_a_secret(name)
    {
        return format!("{name}={HIDDEN}");
    }
    if let Some((scheme, rest)) = word.split_once("://") {
        let end = rest.find('/').unwrap_or(rest.len());
        if let Some(at) = rest[..end].rfind('@')
            && let Some((user, _)) = rest[..at].split_once(':')
        {
            return format!("{scheme}://{user}:{HIDDEN}{}", &rest[at..]);
        }
    }
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_the_kernel_cut_is_told_in_full() {
        for (comm, cmdline, name) in [
            ("systemd-resolve", "/lib/systemd/systemd-resolved\0", "systemd-resolved"),
            (
                "unattended-upgr",
                "/usr/bin/python3\0/usr/share/unattended-upgrade-shutdown\0-w\0",
                "unattended-upgrade-shutdown",
            ),
            ("nginx", "nginx: worker process\0", "nginx"),
            ("exactly-fifteen", "/bin/exactly-fifteen\0", "exactly-fifteen"),
            ("a-renamed-threa", "/usr/bin/java\0-jar\0", "a-renamed-threa"),
            ("kworker/0:1-eve", "", "kworker/0:1-eve"),
            ("", "", ""),
        ] {
            assert_eq!(full_name(comm.as_bytes(), cmdline.as_bytes()), name, "{comm}");
        }
    }

    #[test]
    fn a_command_line_is_one_line_and_tells_no_secret() {
        for (cmdline, told) in [
            ("/usr/sbin/sshd\0-D\0", Some("/usr/sbin/sshd -D")),
            ("", None),
            ("\0\0", None),
            ("mysql\0--password=abc\0-u\0me\0", Some("mysql --password=*** -u me")),
            ("tool\0--api-token\0abc\0run\0", Some("tool --api-token *** run")),
            ("tool\0--token-file\0-x\0", Some("tool --token-file -x")),
            ("psql\0postgres://me:abc@db:5432/x\0", Some("psql postgres://me:***@db:5432/x")),
            ("env\0AWS_SECRET_ACCESS_KEY=abc\0", Some("env AWS_SECRET_ACCESS_KEY=***")),
            ("curl\0https://me@host/a:b@c\0", Some("curl https://me@host/a:b@c")),
            ("a\0b\nc\x1b[0m\0", Some("a b c[0m")),
        ] {
            assert_eq!(command(cmdline.as_bytes()).as_deref(), told, "{cmdline:?}");
        }
        let long = command(&b"word\0".repeat(1_000)).expect("a command");
        assert_eq!(long.chars().count(), Process::COMMAND_CHARS);
    }
}
