//! In the browser: the server's picture and words are already there, and nothing is to be known here.

use charts::Chart;
use common::{
    host::{HostId, HostSnapshot},
    metric_catalog::MetricCatalog,
};
use leptos::{prelude::*, text_prop::TextProp};

use super::Reader;
use crate::i18n::Language;

/// None: the canvas is the browser's picture.
pub(crate) fn picture(_chart: &Chart, _width: u32, _height: u32) -> String {
    String::new()
}

/// None: a page that was not rendered by the server asks for its host.
pub(crate) fn host(_id: &HostId) -> Option<HostSnapshot> {
    None
}

/// A title that follows what `read` has read.
pub(crate) fn title(read: impl Fn() -> String + Send + Sync + 'static) -> TextProp {
    read.into()
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

/// Reads the settings that the server has written on the root element.
pub(crate) fn reader() -> Reader {
    let language = Language::choose(mark("lang").as_deref(), None);
    Reader { language, theme: mark("data-theme"), network: None }
}

/// Nothing: the server has written it, and the router's links look at it.
pub(crate) fn page_link() {}

/// The answer has been given long ago.
pub(crate) fn set_status(_status: u16) {}
