//! Reads notices as the server tells them, by the browser's own JSON, field by field: a reader of our own for so many fields would be
//! three kilobytes of the page.

#[cfg_attr(feature = "split", path = "apart.rs")]
#[cfg_attr(not(feature = "split"), path = "within.rs")]
mod side;

pub(crate) use side::load;

use app::ports::{LocalFuture, NoticeNews, NoticePort, SentNotice};
use js_sys::{Array, JSON, Reflect};
use transports::browser::fetch;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortSignal;

/// A request that takes longer does not pass.
const PATIENCE_MS: u32 = 5_000;

/// The notices of the server that the page is from.
struct ServerNotices;

impl NoticePort for ServerNotices {
    fn read(&self, event: &str) -> Option<NoticeNews> {
        read(event)
    }

    fn unread(&self, acknowledged: Option<u64>) -> LocalFuture<Option<NoticeNews>> {
        Box::pin(ask(acknowledged))
    }
}

async fn ask(acknowledged: Option<u64>) -> Option<NoticeNews> {
    let patience = AbortSignal::timeout_with_u32(PATIENCE_MS);
    if let Some(id) = acknowledged {
        let address = ["/api/v1/notices/", &id.to_string(), "/read"].concat();
        fetch::post(&address, "application/json", "{}", &patience).await.ok()?;
    }
    let answer = fetch::get("/api/v1/notices?show=unread&limit=20", Some(&patience)).await.ok()?;
    read(&fetch::text(&answer).await.ok()?)
}

fn read(text: &str) -> Option<NoticeNews> {
    let said = JSON::parse(text).ok()?;
    let Some(count) = field(&said, "unread").as_f64() else { return notice(&said).map(NoticeNews::Sent) };
    let notices = field(&said, "notices").dyn_into::<Array>().unwrap_or_default();
    Some(NoticeNews::Unread {
        count: count as usize,
        newest: number(&said, "newest"),
        notices: notices.iter().filter_map(|one| notice(&one)).collect(),
    })
}

fn notice(said: &JsValue) -> Option<SentNotice> {
    let text = |name| field(said, name).as_string().unwrap_or_default();
    Some(SentNotice {
        id: field(said, "id").as_f64()? as u64,
        level: text("level"),
        title: text("title"),
        text: text("text"),
        link: text("link"),
        at_ms: number(said, "at_ms"),
    })
}

fn number(of: &JsValue, name: &str) -> u64 {
    field(of, name).as_f64().unwrap_or_default() as u64
}

fn field(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn an_event_is_a_notice_or_what_is_left_unread() {
        let event = r#"{"type":"notice","id":9,"level":"warning","title":"Disk","link":"/chat","at_ms":1795183407000}"#;
        let disk = SentNotice {
            id: 9,
            level: "warning".into(),
            title: "Disk".into(),
            text: String::new(),
            link: "/chat".into(),
            at_ms: 1_795_183_407_000,
        };
        assert_eq!(read(event), Some(NoticeNews::Sent(disk)));
        let left = NoticeNews::Unread { count: 2, newest: 9, notices: Vec::new() };
        assert_eq!(read(r#"{"type":"read","unread":2,"newest":9}"#), Some(left));
    }

    #[wasm_bindgen_test]
    fn an_answer_has_a_list_and_what_is_no_notice_in_it_is_left_out() {
        let answer =
            r#"{"unread":1,"newest":7,"notices":[{"id":7,"title":"a","text":"b"},{"title":1},null,5]}"#;
        let Some(NoticeNews::Unread { count: 1, newest: 7, notices }) = read(answer) else {
            panic!("it is an answer")
        };
        assert_eq!(notices.iter().map(|one| (one.id, &*one.text)).collect::<Vec<_>>(), [(7, "b")]);
    }

    #[wasm_bindgen_test]
    fn anything_else_says_nothing() {
        for text in ["", "{", "null", "5", "[]", "{}", r#"{"id":"9"}"#, r#"{"unread":"2"}"#] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
