//! Canvases, which are drawn outside of the pages.

use charts::Chart;
use leptos::web_sys::HtmlCanvasElement;

/// Takes canvases into care.
pub trait CanvasPort {
    /// Takes charge of a canvas until the returned handle is dropped.
    fn canvas(&self, canvas: HtmlCanvasElement) -> Box<dyn ChartCanvas>;
}

/// A canvas under the care of the painter: it draws when the chart has changed and the canvas can be seen, once an
/// animation frame.
pub trait ChartCanvas {
    /// Shows a chart from now on. Once something of it is on the canvas, the canvas carries the attribute
    /// `data-painted`: from then on the stylesheet hides the server's picture behind it.
    fn show(&self, chart: Chart);
}
