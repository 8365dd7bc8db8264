//! Drawing. A [`Chart`] is pure data; [`Chart::draw`] puts it on any paper plotters knows, and two papers are
//! kept here: SVG text for the server's first paint and a browser's canvases for everything after it.
//!
//! In the browser a chart has two layers. The frame (axes, grid, labels, thresholds) is drawn when the size, the theme or
//! the scale changes. The data are painted at each sample; where the time axis has moved on, what is already there is
//! moved, too, and only the new columns are painted. plotters is for the server: its code would be kilobytes of the page.
//!
//! Nothing here measures text: on wasm plotters would append a styled element to the page for it, which is slow
//! and which a strict content security policy forbids. Texts stand in boxes whose place is known beforehand.
//!
//! # Class names of the SVG
//!
//! The server does not know the reader's theme, so the SVG names colours by class and the stylesheet decides. The
//! root is `svg.ch`. Elements that are stroked say `fill="none"` themselves; widths and opacities are attributes:
//!
//! | fill | stroke | token |
//! |---|---|---|
//! | `ch-c1` … `ch-c6` | `ch-s1` … `ch-s6` | `--chart-1` … `--chart-6` |
//! | `ch-t` | `ch-st` | `--text` |
//! | `ch-m` | `ch-sm` | `--text-muted` |
//! | `ch-g` | `ch-sg` | `--grid` |
//! | `ch-a` | `ch-sa` | `--accent` |
//! | `ch-o` | `ch-so` | `--ok` |
//! | `ch-w` | `ch-sw` | `--warn` |
//! | `ch-k` | `ch-sk` | `--crit` |

mod axis;
mod bar;
mod chart;
mod layout;
mod line;
mod line_draw;
mod pen;
mod plotters_pen;
mod scale;
mod spark;
mod stacked;
mod theme;
mod threshold;
mod trace;

#[cfg(feature = "canvas")]
mod canvas;
#[cfg(feature = "canvas")]
mod canvas_pen;
#[cfg(feature = "canvas")]
mod chart_error;
#[cfg(any(test, feature = "canvas"))]
mod data_layer;
#[cfg(any(test, feature = "canvas"))]
mod frame;
#[cfg(any(test, feature = "svg"))]
mod overlay;
#[cfg(any(test, feature = "canvas"))]
mod scroll;
#[cfg(any(test, feature = "svg"))]
mod svg;
#[cfg(any(test, feature = "svg"))]
mod svg_backend;

#[cfg(test)]
mod broken_data;
#[cfg(test)]
mod gallery;
#[cfg(test)]
mod palette;
#[cfg(test)]
mod recorded_layer;

pub use bar::{Bar, BarChart};
#[cfg(feature = "canvas")]
pub use canvas::ChartLayers;
pub use chart::{Chart, Hit};
#[cfg(feature = "canvas")]
pub use chart_error::ChartError;
pub use line::{LineChart, LineSeries, Moment};
#[cfg(any(test, feature = "svg"))]
pub use overlay::{OverlayChart, OverlayLine, overlay_svg, overlay_swatch};
pub use scale::{Scale, nice_max, ticks};
pub use spark::Sparkline;
pub use stacked::{StackedBar, StackedBars};
#[cfg(any(test, feature = "svg"))]
pub use svg::svg;
pub use theme::{Color, Theme};
pub use threshold::{Level, Threshold};
