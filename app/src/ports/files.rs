//! Files for the reader.

use leptos::web_sys::HtmlCanvasElement;

/// Hands files to the reader.
pub trait FilePort {
    /// Hands the reader a file.
    fn save_text(&self, file_name: &str, mime: &str, text: &str);
    /// Hands the reader a picture of a canvas under its two lines of text.
    fn save_picture(&self, file_name: &str, canvas: &HtmlCanvasElement, picture: &Picture);
}

/// The texts in a picture that leaves the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The chart's title.
    pub title: String,
    /// When, of which machine, and what else the reader would not know.
    pub below: String,
}
