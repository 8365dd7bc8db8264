//! `pulseboard notice`: a notice from the command line. A server that runs beside tells its readers within a second.

use std::sync::Arc;

use fanout::Clock;
use store::{NewAudit, UserId};

use super::{
    command_line::NoticeArgs,
    draft::{NoticeDraft, NoticeSender},
};
use crate::{accounts::open_store, config::Config};

/// The name of its sender.
const SENDER: &str = "command line";
const HOUR_MS: u64 = 60 * 60 * 1_000;

/// Stores the notice and returns what is to be printed.
///
/// # Errors
/// What kept it from being stored.
pub async fn run(config: &Config, clock: Arc<dyn Clock>, notice: NoticeArgs) -> anyhow::Result<String> {
    let NoticeArgs { title, text, level, to, link, expires_hours } = notice;
    let now_ms = clock.unix_millis();
    let expires_ms = expires_hours.map(|hours| now_ms + u64::from(hours) * HOUR_MS);
    let draft = NoticeDraft { to, level, title, text, link, expires_ms };
    let store = open_store(config).await?;
    let done = async {
        let by = NoticeSender { user: UserId::NOBODY, name: SENDER.to_owned(), now_ms };
        let new = draft.checked(&*store, by).await?;
        let created = store.notices().create(new).await?;
        let sent = &created.notice.sent;
        let entry = NewAudit {
            at_ms: now_ms,
            actor: SENDER.to_owned(),
            action: "send_notice".to_owned(),
            object: format!("notice:{} to {}", created.notice.id, sent.audience),
            address: String::new(),
            detail: format!("{}: {}", sent.level, sent.title),
        };
        store.audit().append(entry).await?;
        Ok(format!("notice {} is sent\n", created.notice.id))
    };
    let done = done.await;
    store.close().await;
    done
}
