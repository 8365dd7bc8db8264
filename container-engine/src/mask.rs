//! Secrets in what a container was started with: their values are masked before anyone sees them.

/// The text that stands where a secret stood.
const MASK: &str = "***";
/// Parts of names whose values are secrets, in lower case.
const SECRET: [&str; 9] =
    ["password", "passwd", "passphrase", "secret", "token", "key", "credential", "private", "pwd"];

/// Masks a variable of an environment, `NAME=value`.
///
/// ```
/// assert_eq!(container_engine::mask_variable("DB_PASSWORD=hunter2"), "DB_PASSWORD=***");
/// assert_eq!(container_engine::mask_variable("URL=redis://u:hunter2@db/0"), "URL=redis://u:***@db/0");
/// ```
#[must_use]
pub fn mask_variable(variable: &str) -> String {
    match variable.split_once('=') {
        Some((name, value)) => format!("{name}={}", mask_value(name, value)),
        None => mask_urls(variable),
    }
}

/// Masks the value of a name: the whole one where the name is a secret's, else the passwords of addresses in it.
#[must_use]
pub fn mask_value(name: &str, value: &str) -> String {
    if is_secret(name) && !value.is_empty() { MASK.to_owned() } else { mask_urls(value) }
}

/// Masks an argument of a command, such as `--password=hunter2`.
#[must_use]
pub fn mask_argument(argument: &str) -> String {
    mask_variable(argument)
}

/// Masks the arguments of a command, also those that follow an option, such as `--password hunter2`.
#[must_use]
pub fn mask_arguments<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut follows_secret = false;
    let mask = |argument: &'a str| {
        let is_option = argument.starts_with('-');
        let masked = if follows_secret && !is_option { MASK.to_owned() } else { mask_argument(argument) };
        follows_secret = is_option && !argument.contains('=') && is_secret(argument);
        masked
    };
    arguments.into_iter().map(mask).collect()
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET.iter().any(|part| name.contains(part))
}

/// Masks `password` of each `scheme://user:password@host` in a text.
fn mask_urls(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        masked.push_str(before);
        // A password may hold an unescaped slash or `@`: the last `@` before a blank or a quote ends it.
        let end = after
            .find(|letter: char| {
                letter.is_whitespace() || matches!(letter, '"' | '\'' | '<' | '>' | ',' | ';')
            })
            .unwrap_or(after.len());
        // The next address in the same word has its own turn.
        let end = after[..end].find("://").map_or(end, |next| next.min(end));
        let secret = after[..end].rfind('@').and_then(|host| {
            let colon = after[..host].find(':')?;
            (colon < host).then_some((colon, host))
        });
        match secret {
            Some((colon, host)) => {
                masked.push_str(&after[..=colon]);
                masked.push_str(MASK);
                rest = &after[host..];
            }
            None => rest = after,
        }
    }
    masked.push_str(rest);
    masked
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{mask_arguments, mask_variable};

    #[test]
    fn secrets_are_masked_and_the_rest_stays() {
        let cases = [
            ("PATH=/usr/bin:/bin", "PATH=/usr/bin:/bin"),
            ("POSTGRES_PASSWORD=a=b", "POSTGRES_PASSWORD=***"),
            ("AWS_SECRET_ACCESS_KEY=x", "AWS_SECRET_ACCESS_KEY=***"),
            ("github_token=x", "github_token=***"),
            ("API_KEY=", "API_KEY="),
            ("DATABASE_URL=postgres://u:p@ss/w@db:5432/x?y=1", "DATABASE_URL=postgres://u:***@db:5432/x?y=1"),
            ("A=http://a:b@c http://d:e@f", "A=http://a:***@c http://d:***@f"),
            ("B=http://host:80/path", "B=http://host:80/path"),
            ("C=amqp://user@host", "C=amqp://user@host"),
            ("D=redis://:x@host", "D=redis://:***@host"),
            ("NOVALUE", "NOVALUE"),
            ("", ""),
            ("E=://", "E=://"),
        ];
        for (variable, wanted) in cases {
            assert_eq!(mask_variable(variable), wanted);
        }
    }

    #[test]
    fn arguments_that_follow_an_option_are_masked_too() {
        let masked = mask_arguments([
            "run",
            "--password",
            "hunter2",
            "-v",
            "--token=x",
            "--token",
            "--verbose",
            "file",
            "redis://a:b@c",
        ]);
        assert_eq!(
            masked,
            [
                "run",
                "--password",
                "***",
                "-v",
                "--token=***",
                "--token",
                "--verbose",
                "file",
                "redis://a:***@c"
            ]
        );
    }

    proptest! {
        #[test]
        fn no_secret_is_left_of_any_text(name in "[A-Z_]{0,8}", secret in "[a-z0-9]{8,12}", user in "[a-z]{0,5}", around in ".{0,10}") {
            let masked = mask_variable(&format!("{name}_PASSWORD={secret}"));
            prop_assert!(!masked.contains(&secret));
            // The text around it may hold the beginning of an address, too.
            prop_assume!(!around.contains([':', '@', '/']));
            let masked = mask_variable(&format!("{name}={around} pg://{user}:{secret}@host/db"));
            prop_assert!(!masked.contains(&secret), "{}", masked);
        }
    }
}
