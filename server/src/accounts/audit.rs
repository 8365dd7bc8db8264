//! The page of the audit log, and its exports.

use std::time::Duration;

use app::door::{AuditFilter as ShownFilter, AuditPage, AuditRow, AuditVerdict as ShownVerdict, audit};
use axum::{
    Json,
    extract::{Query, rejection::QueryRejection},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use common::{door::paths, frame::ErrorCode};
use serde::{Deserialize, Serialize};
use store::{AuditCheckpoint, AuditEntry, AuditFilter, AuditVerdict, StoreError};
use transports::gate::ApiRejection;
use utoipa::{IntoParams, ToSchema};

use super::visitor::Visitor;
use crate::{
    openapi::operation::{Operation, OperationGroup},
    web::{headers::UNKEPT, rejections},
};

/// The entries of a page.
const PAGE: usize = 100;
/// The most entries of an export.
const EXPORT: usize = 100_000;
/// Whoever is told that the store does not answer may ask again after this.
const RETRY: Duration = Duration::from_secs(2);

/// Describes the exports.
pub(super) fn operations() -> Vec<Operation> {
    const GROUP: OperationGroup = OperationGroup::Audit;
    vec![
        Operation::get(paths::AUDIT_JSON, "exportAudit", GROUP, "Export the audit log")
            .description("At most 100,000 entries; older ones by `before`.")
            .query::<AuditQuery>()
            .answers_list::<ExportedEntry>("The entries, the newest first."),
        Operation::get(paths::AUDIT_CSV, "exportAuditCsv", GROUP, "Export the audit log as CSV")
            .query::<AuditQuery>()
            .answers_text(200, "text/csv; charset=utf-8", "The entries, the newest first."),
    ]
}

/// The query of the page and of its exports.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AuditQuery {
    /// The name of whoever did it; empty for everyone.
    #[serde(default)]
    actor: String,
    /// The action; empty for every one.
    #[serde(default)]
    action: String,
    /// Only entries before this one.
    before: Option<u64>,
    /// The whole chain is to be checked: that reads all of the log.
    #[serde(default)]
    #[param(ignore)]
    check: bool,
}

impl AuditQuery {
    fn filter(&self, limit: usize) -> AuditFilter {
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        AuditFilter { before: self.before, limit, actor: given(&self.actor), action: given(&self.action) }
    }
}

pub(super) async fn page(visitor: Visitor, query: Result<Query<AuditQuery>, QueryRejection>) -> Response {
    let query = query.map(|Query(query)| query).unwrap_or_default();
    match read(&visitor, &query).await {
        Ok(page) => visitor.answer(StatusCode::OK, audit(&visitor.context(), page)),
        Err(error) => visitor.store_failed(&error),
    }
}

async fn read(visitor: &Visitor, query: &AuditQuery) -> Result<AuditPage, StoreError> {
    let store = visitor.accounts.store();
    let mut entries = store.audit().list(query.filter(PAGE + 1)).await?;
    let has_more = entries.len() > PAGE;
    entries.truncate(PAGE);
    let next_before = entries.last().filter(|_| has_more).map(|last| last.seq);
    let verdict = if query.check { Some(store.audit().verify().await?) } else { None };
    Ok(AuditPage {
        entries: entries.into_iter().map(row).collect(),
        filter: ShownFilter {
            actor: query.actor.clone(),
            action: query.action.clone(),
            before: query.before,
        },
        actions: ACTIONS.map(str::to_owned).to_vec(),
        next_before,
        verdict: verdict.map(|AuditVerdict { pruned, entries, broken_at }| ShownVerdict {
            pruned,
            entries,
            broken_at,
        }),
    })
}

fn row(entry: AuditEntry) -> AuditRow {
    let done = entry.audit;
    AuditRow {
        id: entry.seq,
        at: done.at_ms,
        actor: done.actor,
        action: done.action,
        object: done.object,
        address: done.address,
        detail: done.detail,
    }
}

/// Everything that is written into the audit log.
const ACTIONS: [&str; 27] = [
    "add_device",
    "add_passkey",
    "bind_identity",
    "change_password",
    "create_invitation",
    "create_token",
    "create_user",
    "disable_user",
    "enable_user",
    "password_refused",
    AuditCheckpoint::ACTION,
    "remove_device",
    "remove_passkey",
    "remove_passkeys",
    "revoke_invitation",
    "revoke_session",
    "revoke_sessions",
    "revoke_token",
    "second_factor_off",
    "second_factor_on",
    "second_factor_refused",
    "send_notice",
    "set_role",
    "sign_in",
    "sign_in_refused",
    "sign_out",
    "unbind_identity",
];

/// Reads what an export has, the newest first.
async fn export(visitor: &Visitor, query: &AuditQuery) -> Result<Vec<AuditRow>, ApiRejection> {
    let mut rows = Vec::new();
    let mut query = query.clone();
    while rows.len() < EXPORT {
        let read = visitor.accounts.store().audit().list(query.filter(store::PAGE)).await;
        let entries = read.map_err(|error| {
            let id = visitor.failure_id(&error);
            let message = format!("the audit log cannot be read now: the server's log says more under {id}");
            ApiRejection::new(ErrorCode::StoreUnavailable, message).retry_after(RETRY)
        })?;
        let Some(last) = entries.last() else { break };
        query.before = Some(last.seq);
        rows.extend(entries.into_iter().map(row));
    }
    Ok(rows)
}

pub(super) async fn csv(
    visitor: Visitor,
    query: Result<Query<AuditQuery>, QueryRejection>,
) -> Result<Response, ApiRejection> {
    let Query(query) = query.map_err(rejections::query)?;
    let rows = export(&visitor, &query).await?;
    let mut text = String::from("id,at_ms,actor,action,object,address,detail\r\n");
    for row in rows {
        let texts = [&row.actor, &row.action, &row.object, &row.address, &row.detail].map(|text| cell(text));
        text += &format!("{},{},{}\r\n", row.id, row.at, texts.join(","));
    }
    let head = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, r#"attachment; filename="audit.csv""#),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((head, text).into_response())
}

/// A cell of CSV (RFC 4180). What a spreadsheet would take for a formula gets an apostrophe.
fn cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

/// An entry as programs read it.
#[derive(Serialize, ToSchema)]
struct ExportedEntry {
    /// Its number. A newer entry has a greater one.
    id: u64,
    /// Its moment, milliseconds since 1970.
    at_ms: u64,
    /// The name of whoever did it.
    actor: String,
    /// The action.
    action: String,
    /// The account, token or setting that it was done to; may be empty.
    object: String,
    /// The address that the request came from; may be empty.
    address: String,
    /// More about it; may be empty.
    detail: String,
}

pub(super) async fn json(
    visitor: Visitor,
    query: Result<Query<AuditQuery>, QueryRejection>,
) -> Result<Response, ApiRejection> {
    let Query(query) = query.map_err(rejections::query)?;
    let entry = |row: AuditRow| ExportedEntry {
        id: row.id,
        at_ms: row.at,
        actor: row.actor,
        action: row.action,
        object: row.object,
        address: row.address,
        detail: row.detail,
    };
    let entries: Vec<_> = export(&visitor, &query).await?.into_iter().map(entry).collect();
    Ok((UNKEPT, Json(entries)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_text_to_every_spreadsheet() {
        assert_eq!(cell("kim"), "\"kim\"");
        assert_eq!(cell("a \"b\", c"), "\"a \"\"b\"\", c\"");
        assert_eq!(cell("=1+1"), "\"'=1+1\"");
    }
}
