//! QR codes: in cells on the screen, and as picture, drawing or text in a file.

use qrcode::render::{svg, unicode};
use qrcode::{Color, EcLevel, QrCode};
use ratatui::layout::Rect;
use ratatui::style::{Color as Paint, Style};

use super::canvas::Canvas;
use crate::app::model::{CodeInk, CodeSize, CodeView};
use crate::theme::{Depth, Glyphs, Meaning, Theme};

/// Light modules around the code, without which no camera finds it.
const QUIET: usize = 4;
/// Pixels of one module in a saved picture.
const PIXELS: u32 = 16;

/// The modules of a code, `true` being dark, with the quiet zone.
pub(super) struct Code {
    width: usize,
    dark: Vec<bool>,
    /// Whether there are half-blocks, so that a cell can show two modules.
    halves: bool,
}

fn encode(text: &str) -> Option<QrCode> {
    // The lowest level of redundancy gives the smallest code; a screen has no scratches.
    QrCode::with_error_correction_level(text.as_bytes(), EcLevel::L).ok()
}

impl Code {
    /// `None` when the text is too long for a code, or when there are neither blocks nor colours to
    /// draw one with.
    pub(super) fn new(text: &str, theme: &Theme) -> Option<Self> {
        let halves = match (theme.glyphs(), theme.depth()) {
            (Glyphs::Unicode, _) => true,
            (Glyphs::Ascii, Depth::Mono) => return None,
            (Glyphs::Ascii, Depth::Ansi16 | Depth::Indexed256 | Depth::TrueColor) => false,
        };
        let code = encode(text)?;
        let inner = code.width();
        let width = inner + 2 * QUIET;
        let colors = code.to_colors();
        let mut dark = vec![false; width * width];
        for (i, color) in colors.iter().enumerate() {
            let (x, y) = (i % inner + QUIET, i / inner + QUIET);
            dark[y * width + x] = *color == Color::Dark;
        }
        Some(Self {
            width,
            dark,
            halves,
        })
    }

    /// Cells needed for a size: columns, rows.
    pub(super) fn cells(&self, size: CodeSize) -> (u16, u16) {
        let width = u16::try_from(self.width).unwrap_or(u16::MAX);
        match self.drawn(size) {
            CodeSize::Normal => (width, width.div_ceil(2)),
            CodeSize::Double => (width.saturating_mul(2), width),
        }
    }

    /// Whether there are two sizes of it.
    pub(super) const fn grows(&self) -> bool {
        self.halves
    }

    /// The size that is drawn: without half-blocks, two blanks for each module.
    const fn drawn(&self, size: CodeSize) -> CodeSize {
        if self.grows() { size } else { CodeSize::Double }
    }

    fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.width && self.dark.get(y * self.width + x).copied().unwrap_or(false)
    }

    /// Draws it from the top left of `area`, which must have [`Self::cells`].
    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, view: CodeView) {
        let (columns, rows) = self.cells(view.size);
        for row in 0..rows {
            for column in 0..columns {
                let (x, y) = (usize::from(column), usize::from(row));
                let (upper, lower) = match self.drawn(view.size) {
                    CodeSize::Normal => (self.is_dark(x, 2 * y), self.is_dark(x, 2 * y + 1)),
                    CodeSize::Double => (self.is_dark(x / 2, y), self.is_dark(x / 2, y)),
                };
                // The row below an odd code is outside it: left light.
                let invert = view.ink == CodeInk::Inverted;
                Self::cell(
                    canvas,
                    area.x + column,
                    area.y + row,
                    upper != invert,
                    lower != invert,
                );
            }
        }
    }

    /// Both halves of a cell get an explicit colour, so that the theme never shows through; without
    /// colours the block characters alone draw the dark modules.
    fn cell(canvas: &mut Canvas<'_>, x: u16, y: u16, upper: bool, lower: bool) {
        if canvas.theme.glyphs() == Glyphs::Ascii {
            let style = canvas.theme.style(Meaning::Qr);
            let ground = if upper { style.fg } else { style.bg };
            let style = ground.map_or(style, |ground| style.bg(ground));
            canvas.put_styled(x, y, 1, " ", style);
            return;
        }
        let symbol = match (upper, lower) {
            (true, true) => "█",
            (true, false) => "▀",
            (false, true) => "▄",
            (false, false) => " ",
        };
        let style = canvas.theme.style(Meaning::Qr);
        let style = match canvas.theme.depth() {
            Depth::TrueColor => Style::new()
                .fg(Paint::Rgb(0, 0, 0))
                .bg(Paint::Rgb(255, 255, 255))
                .patch(style),
            Depth::Mono | Depth::Ansi16 | Depth::Indexed256 => style,
        };
        canvas.put_styled(x, y, 1, symbol, style);
    }
}

/// The code as a PNG picture. `None` when the text is too long for a code.
pub fn as_png(text: &str) -> Option<Vec<u8>> {
    let picture = encode(text)?
        .render::<image::Luma<u8>>()
        .quiet_zone(true)
        .module_dimensions(PIXELS, PIXELS)
        .build();
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).ok()?;
    Some(bytes.into_inner())
}

/// The code as an SVG drawing. `None` when the text is too long for a code.
pub fn as_svg(text: &str) -> Option<Vec<u8>> {
    Some(
        encode(text)?
            .render::<svg::Color<'_>>()
            .min_dimensions(400, 400)
            .build()
            .into_bytes(),
    )
}

/// The code in block characters, dark on light. `None` when the text is too long for a code.
pub fn as_text(text: &str) -> Option<Vec<u8>> {
    let drawn = encode(text)?
        .render::<unicode::Dense1x2>()
        .quiet_zone(true)
        .build();
    Some(format!("{drawn}\n").into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    const THEME: Theme = Theme::new(crate::theme::Mood::Dark, Depth::TrueColor);
    const LINK: &str = "https://chat.whatsapp.com/Dm7QkTz4hYpLw2Xc8VbN1e";

    #[test]
    fn an_invite_link_takes_37_by_19_cells() {
        let code = Code::new(LINK, &THEME).unwrap();
        assert_eq!(code.cells(CodeSize::Normal), (37, 19));
        assert_eq!(code.cells(CodeSize::Double), (74, 37));
    }

    #[test]
    fn in_ascii_a_code_is_two_blanks_for_each_module_or_the_link_alone() {
        let code = Code::new(LINK, &THEME.with_glyphs(Glyphs::Ascii)).unwrap();
        assert_eq!(code.cells(CodeSize::Normal), (74, 37));
        assert_eq!(code.cells(CodeSize::Double), (74, 37));
        let mono = Theme::new(crate::theme::Mood::Dark, Depth::Mono);
        assert!(Code::new(LINK, &mono).is_some());
        assert!(Code::new(LINK, &mono.with_glyphs(Glyphs::Ascii)).is_none());
    }

    #[test]
    fn the_quiet_zone_is_light_and_the_finder_is_dark() {
        let code = Code::new(LINK, &THEME).unwrap();
        assert!((0..QUIET).all(|y| (0..code.width).all(|x| !code.is_dark(x, y))));
        assert!(code.is_dark(QUIET, QUIET));
        assert!(!code.is_dark(10_000, 0));
    }

    #[test]
    fn a_code_can_be_saved_in_three_forms() {
        assert!(as_png(LINK).unwrap().starts_with(b"\x89PNG"));
        assert!(
            String::from_utf8(as_svg(LINK).unwrap())
                .unwrap()
                .contains("<svg")
        );
        assert!(
            String::from_utf8(as_text(LINK).unwrap())
                .unwrap()
                .contains('█')
        );
        assert_eq!(as_png(&"x".repeat(4_000)), None);
    }
}
