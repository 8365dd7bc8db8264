//! Notices, and who has read them.

use std::fmt;

use common::notice::{NoticeAudience, NoticeLevel, UnreadNotices};

use crate::{
    bounds::{
        NOTICE_KEY_BYTES, NOTICE_LINK_BYTES, NOTICE_SENDER_BYTES, NOTICE_TEXT_BYTES, NOTICE_TITLE_BYTES,
        check_text, check_word, checked_ms,
    },
    error::StoreError,
    future::StoreFuture,
    id::{NoticeId, UserId},
};

/// A notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its number. A newer notice has a greater one, also where many nodes write.
    pub id: NoticeId,
    /// Its fields as they were sent.
    pub sent: NewNotice,
}

/// A notice to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNotice {
    /// The readers that it is for.
    pub audience: NoticeAudience,
    /// Its urgency.
    pub level: NoticeLevel,
    /// The line that it is shown by.
    pub title: String,
    /// More about it; may be empty.
    pub text: String,
    /// The page of the board that it leads to.
    pub link: Option<String>,
    /// The account that sends it; [`UserId::NOBODY`] where there is none behind it.
    pub sender: UserId,
    /// The sender's name, as readers see it.
    pub sender_name: String,
    /// The time now.
    pub created_ms: u64,
    /// The time from which it is no longer shown.
    pub expires_ms: Option<u64>,
    /// The key that makes sending it twice harmless. It is one among all keys of its sender.
    pub key: Option<String>,
}

impl NewNotice {
    /// Checks the bounds. Engines call it.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] with the field.
    pub fn check(&self) -> Result<(), StoreError> {
        check_word("title", &self.title, NOTICE_TITLE_BYTES)?;
        check_text("text", &self.text, NOTICE_TEXT_BYTES)?;
        self.link.as_ref().map_or(Ok(()), |link| check_word("link", link, NOTICE_LINK_BYTES))?;
        check_word("sender's name", &self.sender_name, NOTICE_SENDER_BYTES)?;
        self.key.as_ref().map_or(Ok(()), |key| check_word("key", key, NOTICE_KEY_BYTES))?;
        checked_ms(self.created_ms)?;
        self.expires_ms.map_or(Ok(()), |ms| checked_ms(ms).map(|_| ()))
    }

    /// Returns true if both say one thing to the same readers.
    #[must_use]
    pub fn says_as(&self, other: &Self) -> bool {
        let said = |one: &Self| {
            (one.audience, one.level, one.title.clone(), one.text.clone(), one.link.clone(), one.expires_ms)
        };
        said(self) == said(other)
    }
}

/// The answer of [`NoticeStore::create`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatedNotice {
    /// The notice as it is stored.
    pub notice: Notice,
    /// False where a notice of its sender had the key before: that is the one here.
    pub is_new: bool,
}

/// A notice, as one reader has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedNotice {
    /// The notice.
    pub notice: Notice,
    /// The time at which the reader read it.
    pub read_ms: Option<u64>,
}

/// A reader of notices. The caller has decided which audiences it belongs to: a store knows no roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeReader {
    /// The account; [`UserId::NOBODY`] for whoever uses a server without accounts.
    pub user: UserId,
    /// The audiences that it belongs to.
    pub audiences: Vec<NoticeAudience>,
}

/// The notices to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeFilter {
    /// The reader. Only notices for its audiences are listed, unless `sent` is set.
    pub reader: NoticeReader,
    /// Lists what the reader has sent, instead, whoever it is for.
    pub sent: bool,
    /// Lists only those that the reader has read, or has not.
    pub is_read: Option<bool>,
    /// Lists only this level.
    pub level: Option<NoticeLevel>,
    /// Lists notices before this one.
    pub before: Option<NoticeId>,
    /// The most notices, at most [`PAGE`](crate::PAGE).
    pub limit: usize,
    /// The time now: those that have expired are not listed, unless `sent` is set.
    pub now_ms: u64,
}

/// A reader who has read a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoticeReceipt {
    /// The account.
    pub user: UserId,
    /// The time.
    pub read_ms: u64,
}

/// The notices of a store. It keeps at most [`NOTICES`](crate::NOTICES): a new one takes the place of the oldest.
pub trait NoticeStore: fmt::Debug + Send + Sync {
    /// Stores a notice. One whose key its sender has used before is not stored again.
    fn create(&self, new: NewNotice) -> StoreFuture<CreatedNotice>;

    /// Finds a notice by its number, whoever it is for.
    fn by_id(&self, id: NoticeId) -> StoreFuture<Option<Notice>>;

    /// Lists notices, the newest first.
    fn list(&self, filter: NoticeFilter) -> StoreFuture<Vec<ReceivedNotice>>;

    /// Counts the notices that the reader has not read and that have not expired.
    fn unread(&self, reader: NoticeReader, now_ms: u64) -> StoreFuture<UnreadNotices>;

    /// Notes that the reader has read the notices from `first` to `last`, of those for its audiences. Returns how many it had not read before.
    fn mark_read(
        &self,
        reader: NoticeReader,
        first: NoticeId,
        last: NoticeId,
        now_ms: u64,
    ) -> StoreFuture<u64>;

    /// Lists who has read a notice, the first reader first, at most [`PAGE`](crate::PAGE).
    fn readers(&self, id: NoticeId) -> StoreFuture<Vec<NoticeReceipt>>;

    /// Lists notices of which nobody was told yet, the oldest first.
    fn unannounced(&self, limit: usize) -> StoreFuture<Vec<Notice>>;

    /// Notes that its readers were told of a notice. False where that was noted before, or there is no such notice.
    fn set_announced(&self, id: NoticeId) -> StoreFuture<bool>;

    /// Removes notices that had expired before `expired_before_ms`, and those sent before `created_before_ms`. Returns how many.
    fn prune(&self, expired_before_ms: u64, created_before_ms: u64) -> StoreFuture<u64>;
}
