//! Which colours a chart is drawn in.

/// The reader's own interface font.
pub(crate) const FONT: &str = "system-ui, sans-serif";

/// The number of colours for series before they repeat.
pub(crate) const SERIES: usize = 6;

/// An opaque sRGB colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color(
    /// Red.
    pub u8,
    /// Green.
    pub u8,
    /// Blue.
    pub u8,
);

impl Color {
    /// The colour written `0xRRGGBB`.
    pub const fn hex(rgb: u32) -> Self {
        Self((rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8)
    }

    /// Reads `#rrggbb`, and `#rgb` because CSS minifiers shorten to it.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.trim().strip_prefix('#')?;
        let mut value = 0;
        for digit in digits.chars() {
            value = value << 4 | digit.to_digit(16)?;
        }
        match digits.len() {
            6 => Some(Self::hex(value)),
            3 => Some(Self::hex(((value & 0xf00) << 8 | (value & 0xf0) << 4 | (value & 0xf)) * 0x11)),
            _ => None,
        }
    }
}

/// The role of a stroke or a fill; the theme gives each role its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ColorRole {
    Text,
    Muted,
    Grid,
    Accent,
    Warning,
    Critical,
    /// A series by its number; the colours repeat after the last.
    Series(usize),
}

/// The colours of one look. The values come from the page's CSS tokens; [`Theme::light`] and [`Theme::dark`] are
/// what holds where a token is missing.
///
/// The series are derived from the palette of Okabe and Ito ("Color Universal Design", 2008), which people with
/// any common colour vision tell apart, moved until each mark has a contrast of 3:1 with the page and all stay
/// apart. Its orange and vermillion are left to the states, so that a series never looks like an alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// The colour that the picture is filled with first. None leaves it as it is, so that the card shows through; a
    /// picture that leaves the page (PNG) wants a colour.
    pub background: Option<Color>,
    /// Values.
    pub text: Color,
    /// Axis labels, and what is absent.
    pub muted: Color,
    /// Grid lines.
    pub grid: Color,
    /// The crosshair.
    pub accent: Color,
    /// A state that is well.
    pub ok: Color,
    /// Above a warning threshold.
    pub warning: Color,
    /// Above a critical threshold.
    pub critical: Color,
    /// The series, in their order.
    pub series: [Color; SERIES],
}

impl Theme {
    /// For a white page.
    pub const fn light() -> Self {
        Self {
            background: None,
            text: Color::hex(0x0f172a),
            muted: Color::hex(0x55637a),
            grid: Color::hex(0xe2e8f0),
            accent: Color::hex(0x2563eb),
            ok: Color::hex(0x15803d),
            warning: Color::hex(0xbe7b1d),
            critical: Color::hex(0xaa002d),
            series: [
                Color::hex(0x2661c2),
                Color::hex(0x128a67),
                Color::hex(0xa44b95),
                Color::hex(0x4593c8),
                Color::hex(0x856c00),
                Color::hex(0x46546a),
            ],
        }
    }

    /// For a dark slate page (`#0f172a`).
    pub const fn dark() -> Self {
        Self {
            background: None,
            text: Color::hex(0xe2e8f0),
            muted: Color::hex(0x94a3b8),
            grid: Color::hex(0x27344a),
            accent: Color::hex(0x60a5fa),
            ok: Color::hex(0x4ade80),
            warning: Color::hex(0xf59a1b),
            critical: Color::hex(0xf05153),
            series: [
                Color::hex(0x4698df),
                Color::hex(0x34c293),
                Color::hex(0xbf75a7),
                Color::hex(0x8acff6),
                Color::hex(0xf1e444),
                Color::hex(0xd9e6ea),
            ],
        }
    }

    /// Reads the page's custom properties (`--chart-1` … `--chart-6`, `--text`, `--text-muted`, `--grid`,
    /// `--accent`, `--ok`, `--warn`, `--crit`). `lookup` answers a property's value; what it does not know, or
    /// what is no colour, stays as in `base`.
    pub fn from_tokens(base: &Self, lookup: impl Fn(&str) -> Option<String>) -> Self {
        const NAMES: [&str; SERIES] =
            ["--chart-1", "--chart-2", "--chart-3", "--chart-4", "--chart-5", "--chart-6"];
        let read = |name, otherwise| lookup(name).and_then(|text| Color::parse(&text)).unwrap_or(otherwise);
        let mut series = base.series;
        for (color, name) in series.iter_mut().zip(NAMES) {
            *color = read(name, *color);
        }
        Self {
            background: base.background,
            text: read("--text", base.text),
            muted: read("--text-muted", base.muted),
            grid: read("--grid", base.grid),
            accent: read("--accent", base.accent),
            ok: read("--ok", base.ok),
            warning: read("--warn", base.warning),
            critical: read("--crit", base.critical),
            series,
        }
    }

    pub(crate) fn color(&self, role: ColorRole) -> Color {
        match role {
            ColorRole::Text => self.text,
            ColorRole::Muted => self.muted,
            ColorRole::Grid => self.grid,
            ColorRole::Accent => self.accent,
            ColorRole::Warning => self.warning,
            ColorRole::Critical => self.critical,
            ColorRole::Series(number) => self.series[number % SERIES],
        }
    }
}
