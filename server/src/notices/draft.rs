//! A notice as somebody writes it, and its checks: one for the API, the form and the command line.

use common::{
    door::{NOTICE_TEXT_MAX_CHARS as TEXT, NOTICE_TITLE_MAX_CHARS as TITLE},
    notice::{NoticeAudience, NoticeLevel},
    role::Role,
};
use store::{NewNotice, Store, StoreError, UserId};

use crate::accounts::{names, own_path};

/// The most bytes of a link.
const LINK: usize = 1_000;
/// A notice expires within so many days.
const LATEST_DAYS: u64 = 365;
const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// A notice as somebody writes it.
#[derive(Debug, Clone)]
pub(super) struct NoticeDraft {
    /// The readers: `all`, `role:ROLE` or `user:NAME`.
    pub(super) to: String,
    pub(super) level: NoticeLevel,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) link: Option<String>,
    pub(super) expires_ms: Option<u64>,
}

/// Whoever sends a notice, and when.
#[derive(Debug, Clone)]
pub(super) struct NoticeSender {
    pub(super) user: UserId,
    pub(super) name: String,
    pub(super) now_ms: u64,
}

/// Why a notice cannot be sent as it is written.
#[derive(Debug, thiserror::Error)]
pub(super) enum DraftError {
    /// The title is empty, too long, or more than a line.
    #[error("a title is one line of 1 to {TITLE} characters")]
    Title,
    /// The text is too long, or has control characters.
    #[error("a text has at most {TEXT} characters, and no control characters but line ends and tabs")]
    Text,
    /// The link leads elsewhere.
    #[error(
        "a link is a path of this board, such as /chat, of at most {LINK} characters: other sites cannot be linked to"
    )]
    Link,
    /// The end is in the past.
    #[error("it would have expired already: expires_ms is a time to come, in milliseconds since 1970")]
    Expired,
    /// The end is too far away.
    #[error("a notice expires within {LATEST_DAYS} days: leave the time out for one that does not")]
    ExpiresTooLate,
    /// The readers are none.
    #[error("{0:?} is no audience: it is all, role:viewer, role:operator, role:admin or user:NAME")]
    Audience(String),
    /// There is no such account, or it is disabled.
    #[error("there is no active account {0:?}")]
    NoPerson(String),
    /// The accounts cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl NoticeDraft {
    /// Checks what was written, and finds the account that it is for.
    pub(super) async fn checked(self, store: &dyn Store, by: NoticeSender) -> Result<NewNotice, DraftError> {
        let Self { to, level, title, text, link, expires_ms } = self;
        let title = title.trim().to_owned();
        if !fits(&title, 1, TITLE, is_plain) {
            return Err(DraftError::Title);
        }
        // Forms send line ends as CRLF (WHATWG HTML §4.10.21.8).
        let text = text.replace("\r\n", "\n").trim_end().to_owned();
        if !fits(&text, 0, TEXT, |c| is_plain(c) || "\n\t".contains(c)) {
            return Err(DraftError::Text);
        }
        let link = link.map(|link| link.trim().to_owned()).filter(|link| !link.is_empty());
        if link.as_deref().is_some_and(|link| own_path(Some(link)).is_none() || link.len() > LINK) {
            return Err(DraftError::Link);
        }
        match expires_ms {
            Some(ends) if ends <= by.now_ms => return Err(DraftError::Expired),
            Some(ends) if ends > by.now_ms + LATEST_DAYS * DAY_MS => return Err(DraftError::ExpiresTooLate),
            _ => {}
        }
        let audience = audience(store, &to).await?;
        let NoticeSender { user: sender, name: sender_name, now_ms: created_ms } = by;
        Ok(NewNotice {
            audience,
            level,
            title,
            text,
            link,
            sender,
            sender_name,
            created_ms,
            expires_ms,
            key: None,
        })
    }
}

fn fits(text: &str, least: usize, most: usize, may_stand: impl Fn(char) -> bool) -> bool {
    (least..=most).contains(&text.chars().count()) && text.chars().all(may_stand)
}

/// True of what neither controls nor turns the direction of the text around it (Unicode UAX 9 §2).
fn is_plain(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// Reads an audience in which a person stands by name.
async fn audience(store: &dyn Store, to: &str) -> Result<NoticeAudience, DraftError> {
    let bad = || DraftError::Audience(to.chars().take(80).collect());
    match to.split_once(':') {
        None if to == "all" => Ok(NoticeAudience::All),
        Some(("role", role)) => role.parse::<Role>().map(NoticeAudience::Role).map_err(|_| bad()),
        Some(("user", name)) => {
            let found = match names::checked(name) {
                Some(name) => store.users().by_name_key(&names::key(&name)).await?,
                None => None,
            };
            let active = found.filter(|user| user.disabled_ms.is_none());
            let person = active.ok_or_else(|| DraftError::NoPerson(name.chars().take(80).collect()))?;
            Ok(NoticeAudience::User(person.id.0))
        }
        _ => Err(bad()),
    }
}
