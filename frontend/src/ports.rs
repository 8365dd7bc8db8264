//! Implements `app::ports` for a browser, with the other modules of this crate. Here is what needs the painter.

use std::rc::Rc;

use app::ports::{BrowserPorts, CanvasPort, ChartCanvas, FilePort, Picture, PreferencePort};
use leptos::web_sys::HtmlCanvasElement;
use transports::browser::spawn;

use crate::{
    browser::{self, ThisBrowser},
    chart_picture,
    feed::FeedPorts,
    lab, notices,
    paint::Painter,
};

/// All that a page may ask of this browser.
pub(crate) fn ports() -> BrowserPorts {
    let feed = FeedPorts::new();
    let painter = PainterPorts(Painter::new());
    BrowserPorts {
        link: Box::new(feed.clone()),
        messages: Box::new(feed),
        storage: Box::new(ThisBrowser),
        preferences: Box::new(painter.clone()),
        clock: Box::new(ThisBrowser),
        canvases: Box::new(painter.clone()),
        requests: Box::new(ThisBrowser),
        keys: Box::new(ThisBrowser),
        files: Box::new(painter),
        laboratory: || Box::pin(lab::load()),
        notices: || Box::pin(notices::load()),
    }
}

/// The painter, which knows the colours of the theme.
#[derive(Clone)]
struct PainterPorts(Rc<Painter>);

impl CanvasPort for PainterPorts {
    fn canvas(&self, canvas: HtmlCanvasElement) -> Box<dyn ChartCanvas> {
        Box::new(self.0.take_care(canvas))
    }
}

impl PreferencePort for PainterPorts {
    fn remember(&self, name: &'static str, value: &str) -> bool {
        browser::remember(name, value)
    }

    fn mark_root(&self, name: &'static str, value: Option<&str>) {
        browser::mark_root(name, value);
        self.0.repaint_all();
    }

    fn choose_language(&self, tag: &'static str) {
        browser::choose_language(tag);
    }
}

impl FilePort for PainterPorts {
    fn save_text(&self, file_name: &str, mime: &str, text: &str) {
        browser::save_text(file_name, mime, text);
    }

    fn save_picture(&self, file_name: &str, canvas: &HtmlCanvasElement, picture: &Picture) {
        let (file_name, layers, picture) = (file_name.to_owned(), self.0.layers(canvas), picture.clone());
        spawn(async move {
            if let Some(save) = chart_picture::load().await {
                save(&file_name, &layers, &picture);
            }
        });
    }
}
