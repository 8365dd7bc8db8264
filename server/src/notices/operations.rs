//! The description of the routes of notices.

use common::{frame::ErrorCode, limit::LimitName, notice::UnreadNotices};
use serde_json::json;

use super::api::{NoticeRequest, NoticeView, NoticesPage, NoticesQuery, ReadRequest, ReadersPage};
use crate::{
    openapi::operation::{
        ErrorAnswer::{Code, Limit},
        Operation,
        OperationGroup::Notices as GROUP,
    },
    web::idempotency_key,
};

const NUMBER: &str = "The notice's number.";

pub(super) fn all() -> Vec<Operation> {
    let not_found = [Code(ErrorCode::BadRequest), Code(ErrorCode::NotFound)];
    vec![
        Operation::get("/api/v1/notices", "listNotices", GROUP, "List one's own notices")
            .query::<NoticesQuery>()
            .answers::<NoticesPage>(200, "The newest first."),
        Operation::post("/api/v1/notices", "sendNotice", GROUP, "Send a notice")
            .header::<idempotency_key::KeyText>(idempotency_key::HEADER, idempotency_key::DESCRIPTION)
            .body::<NoticeRequest>(
                json!({"to": "all", "level": "warning", "title": "Disk 2 of web-1 is replaced at 18:00"}),
            )
            .answers::<NoticeView>(201, "It is sent.")
            .answers::<NoticeView>(200, "It was sent under this key before.")
            .fails([Limit(LimitName::PublicationsPerSecond)]),
        Operation::post("/api/v1/notices/read", "readNotices", GROUP, "Acknowledge notices up to one")
            .body::<ReadRequest>(json!({"through": 7}))
            .answers::<UnreadNotices>(200, "Those that are left."),
        Operation::post("/api/v1/notices/{id}/read", "readNotice", GROUP, "Acknowledge a notice")
            .description("Again changes nothing.")
            .segment::<u64>("id", NUMBER)
            .answers::<UnreadNotices>(200, "Those that are left.")
            .fails(not_found),
        Operation::get("/api/v1/notices/{id}/readers", "listReaders", GROUP, "See who has read a notice")
            .description("Of a notice that the caller has sent or may read.")
            .segment::<u64>("id", NUMBER)
            .answers::<ReadersPage>(200, "Those who have, and those who have not.")
            .fails(not_found),
    ]
}
