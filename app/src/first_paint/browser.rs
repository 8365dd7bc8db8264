//! In the browser: the server's picture and words are already there, and nothing is to be known here.

use charts::Chart;
use common::{
    Topic,
    host::{HostId, HostSnapshot},
    metric_catalog::MetricCatalog,
};
use leptos::{prelude::*, text_prop::TextProp};

use super::Reader;
use crate::{i18n::Language, live::Notifications};

/// None: the canvas is the browser's picture.
pub(crate) fn picture(_chart: &Chart, _width: u32, _height: u32) -> String {
    String::new()
}

/// None: a page that was not rendered by the server asks for its host.
pub(crate) fn host(_id: &HostId) -> Option<HostSnapshot> {
    None
}

/// A title that follows what `read` has read, behind the number of notices that the reader has not read.
pub(crate) fn title(read: impl Fn() -> String + Send + Sync + 'static) -> TextProp {
    counted(Box::new(read))
}

/// Of one type, so that it is in the page once.
fn counted(read: Box<dyn Fn() -> String + Send + Sync>) -> TextProp {
    let unread = Notifications::here().sent.unread;
    let title = move || match unread.get() {
        0 => read(),
        unread => ["(", &unread.to_string(), ") ", &read()].concat(),
    };
    title.into()
}

/// The path below which the board is, without a slash at its end.
pub(crate) fn base() -> String {
    mark("data-base").unwrap_or_default()
}

/// The base path of the router: the browser's addresses begin with it.
pub(crate) fn router_base() -> String {
    base()
}

fn mark(name: &str) -> Option<String> {
    document().document_element()?.get_attribute(name)
}

/// The catalog that the server has written on the root element.
pub(crate) fn catalog() -> &'static MetricCatalog {
    let text = mark("data-catalog").unwrap_or_default();
    Box::leak(Box::new(MetricCatalog::from_text(text.leak())))
}

/// The topics on which the reader is told of notices, as the server has written them on the root element.
pub(crate) fn notice_topics() -> Vec<Topic> {
    let topics = mark("data-notices").unwrap_or_default();
    topics.split(' ').filter_map(|topic| topic.parse().ok()).collect()
}

/// Reads the settings that the server has written on the root element.
pub(crate) fn reader() -> Reader {
    let language = Language::choose(mark("lang").as_deref(), None);
    Reader { language, theme: mark("data-theme"), network: None }
}

/// Nothing: the server has written it, and the router's links look at it.
pub(crate) const fn page_link() -> Option<&'static str> {
    None
}

/// The answer has been given long ago.
pub(crate) fn set_status(_status: u16) {}
