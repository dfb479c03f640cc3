//! A picture in cells: two pixels in each, the upper as the colour of a half-block and the lower as
//! its background. Where colours are not fixed there is no picture, only the words beside it.
//!
//! What was drawn is remembered as a [`Place`], so that a terminal that can show real pictures gets
//! one there. Invariant: a place is handed out only when nothing was drawn over it.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};

use super::canvas::Canvas;
use crate::domain::Thumbnail;
use crate::theme::{Depth, Glyphs, Theme, nearest};

/// The upper half of a cell.
const UPPER: &str = "▀";

/// Where a picture stands on the screen, and which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its cells: twice as many columns as rows.
    pub area: Rect,
    /// The picture.
    pub thumbnail: Thumbnail,
    drawn: Vec<Cell>,
}

impl Place {
    /// A place where nothing was drawn yet.
    pub fn new(area: Rect, thumbnail: Thumbnail) -> Self {
        Self {
            area,
            thumbnail,
            drawn: Vec::new(),
        }
    }

    /// Whether all cells are still as they were drawn: no dialog and no toast in front.
    pub(super) fn is_untouched(&self, cells: &Buffer) -> bool {
        let now = self.area.positions().map(|at| cells.cell(at));
        now.eq(self.drawn.iter().map(Some))
    }
}

/// Whether there are colours and signs to draw a picture with.
pub(super) fn is_shown(theme: &Theme) -> bool {
    let has_colours = match theme.depth() {
        Depth::Mono | Depth::Ansi16 => false,
        Depth::Indexed256 | Depth::TrueColor => true,
    };
    has_colours && theme.glyphs() == Glyphs::Unicode
}

/// Draws a picture as large as fits, in the middle of an area; 14 × 7 cells make a square. Nothing
/// where [`is_shown`] says no.
pub(super) fn draw(canvas: &mut Canvas<'_>, area: Rect, thumbnail: &Thumbnail) {
    let depth = canvas.theme.depth();
    let area = area.intersection(canvas.cells.area);
    let rows = area.height.min(area.width / 2);
    if rows == 0 || !is_shown(&canvas.theme) {
        return;
    }
    let area = Rect {
        x: area.x + (area.width - 2 * rows) / 2,
        y: area.y + (area.height - rows) / 2,
        width: 2 * rows,
        height: rows,
    };
    let edge = u32::from(2 * rows);
    let colour = |x: u16, y: u16| {
        let rgb = average(thumbnail, u32::from(x), u32::from(y), edge);
        match depth {
            Depth::TrueColor => Color::Rgb(rgb[0], rgb[1], rgb[2]),
            Depth::Indexed256 | Depth::Ansi16 | Depth::Mono => Color::Indexed(nearest(rgb)),
        }
    };
    for row in 0..rows {
        for column in 0..2 * rows {
            let style = Style::new()
                .fg(colour(column, 2 * row))
                .bg(colour(column, 2 * row + 1));
            canvas.put_styled(area.x + column, area.y + row, 1, UPPER, style);
        }
    }
    let drawn = area.positions().filter_map(|at| canvas.cells.cell(at));
    let drawn = drawn.cloned().collect();
    canvas.place = Some(Place {
        drawn,
        ..Place::new(area, thumbnail.clone())
    });
}

/// The mean colour of what one of `edge × edge` parts of a picture shows; the nearest pixel where
/// the picture has fewer.
fn average(thumbnail: &Thumbnail, x: u32, y: u32, edge: u32) -> [u8; 3] {
    let range = |at: u32, length: u32| {
        let from = at * length / edge;
        from..((at + 1) * length / edge).max(from + 1)
    };
    let mut sum = [0u32; 3];
    let mut count = 0;
    for y in range(y, thumbnail.height()) {
        for x in range(x, thumbnail.width()) {
            let pixel = thumbnail.pixel(x, y).unwrap_or_default();
            for (sum, colour) in sum.iter_mut().zip(pixel) {
                *sum += u32::from(colour);
            }
            count += 1;
        }
    }
    sum.map(|sum| u8::try_from((sum + count / 2) / count.max(1)).unwrap_or(u8::MAX))
}

#[cfg(test)]
mod tests {
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    use super::*;
    use crate::theme::{Meaning, Mood, Theme};

    const RED: [u8; 3] = [200, 10, 10];
    const BLUE: [u8; 3] = [10, 10, 200];

    /// Upper half red, lower half blue.
    fn halves(edge: u32) -> Thumbnail {
        let pixels = (0..edge * edge).map(|n| if n / edge < edge / 2 { RED } else { BLUE });
        Thumbnail::new(edge, edge, pixels.collect()).unwrap()
    }

    /// What is drawn in 20 × 8 cells, and where the picture stands.
    fn drawn(
        depth: Depth,
        area: Rect,
        thumbnail: &Thumbnail,
        after: impl FnOnce(&mut Canvas<'_>),
    ) -> (Buffer, Option<Place>) {
        let mut terminal = Terminal::new(TestBackend::new(20, 8)).unwrap();
        let mut place = None;
        terminal
            .draw(|frame| {
                let mut canvas = Canvas {
                    regions: crate::ui::Regions::default(),
                    cells: frame.buffer_mut(),
                    theme: Theme::new(Mood::Dark, depth),
                    numbers: crate::domain::Masking::Shown,
                    caret: None,
                    home: None,
                    place: None,
                };
                draw(&mut canvas, area, thumbnail);
                after(&mut canvas);
                place = canvas.untouched();
            })
            .unwrap();
        (terminal.backend().buffer().clone(), place)
    }

    fn rgb([red, green, blue]: [u8; 3]) -> Color {
        Color::Rgb(red, green, blue)
    }

    #[test]
    fn a_cell_shows_two_pixels() {
        let area = Rect::new(1, 1, 2, 1);
        let (cells, place) = drawn(Depth::TrueColor, area, &halves(2), |_| ());
        for x in [1, 2] {
            let cell = &cells[(x, 1)];
            assert_eq!(
                (cell.symbol(), cell.fg, cell.bg),
                ("▀", rgb(RED), rgb(BLUE))
            );
        }
        assert_eq!(cells[(3, 1)].symbol(), " ");
        assert_eq!(place.unwrap().area, area);
    }

    #[test]
    fn a_picture_keeps_its_shape_in_the_middle() {
        let (_, place) = drawn(
            Depth::TrueColor,
            Rect::new(0, 0, 20, 3),
            &halves(64),
            |_| (),
        );
        assert_eq!(place.unwrap().area, Rect::new(7, 0, 6, 3));
        let (_, place) = drawn(Depth::TrueColor, Rect::new(0, 0, 5, 8), &halves(64), |_| ());
        assert_eq!(place.unwrap().area, Rect::new(0, 3, 4, 2));
        // Outside the screen, or without room.
        for area in [Rect::new(30, 30, 9, 9), Rect::new(0, 0, 1, 8)] {
            assert_eq!(drawn(Depth::TrueColor, area, &halves(64), |_| ()).1, None);
        }
    }

    #[test]
    fn many_pixels_are_mixed_and_few_are_repeated() {
        let checks = (0..16).map(|n| [if (n + n / 4) % 2 == 0 { 0 } else { 200 }; 3]);
        let checks = Thumbnail::new(4, 4, checks.collect()).unwrap();
        let (cells, _) = drawn(Depth::TrueColor, Rect::new(0, 0, 2, 1), &checks, |_| ());
        assert_eq!(cells[(0, 0)].fg, rgb([100; 3]));
        let one = Thumbnail::new(1, 1, vec![RED]).unwrap();
        let (cells, _) = drawn(Depth::TrueColor, Rect::new(0, 0, 14, 7), &one, |_| ());
        assert!((0..14).all(|x| (0..7).all(|y| cells[(x, y)].bg == rgb(RED))));
    }

    #[test]
    fn with_256_colours_the_nearest_is_taken() {
        let area = Rect::new(0, 0, 2, 1);
        let (cells, _) = drawn(Depth::Indexed256, area, &halves(2), |_| ());
        assert_eq!(cells[(0, 0)].fg, Color::Indexed(nearest(RED)));
    }

    #[test]
    fn without_fixed_colours_there_is_no_picture() {
        for depth in [Depth::Mono, Depth::Ansi16] {
            let area = Rect::new(0, 0, 14, 7);
            let (cells, place) = drawn(depth, area, &halves(64), |_| ());
            assert_eq!(
                (cells, place),
                (Buffer::empty(Rect::new(0, 0, 20, 8)), None)
            );
            assert!(!is_shown(&Theme::new(Mood::Dark, depth)));
        }
    }

    #[test]
    fn a_place_with_something_in_front_is_none() {
        let area = Rect::new(2, 1, 12, 6);
        let far = |canvas: &mut Canvas<'_>| {
            canvas.put(0, 0, 9, "words", Meaning::Text);
        };
        assert!(drawn(Depth::TrueColor, area, &halves(64), far).1.is_some());
        let near = |canvas: &mut Canvas<'_>| {
            canvas.put(0, 3, 3, "toast", Meaning::Text);
        };
        assert_eq!(drawn(Depth::TrueColor, area, &halves(64), near).1, None);
        // A dialog dims everything, also what it does not cover.
        let dim = |canvas: &mut Canvas<'_>| canvas.dim(canvas.cells.area);
        assert_eq!(drawn(Depth::TrueColor, area, &halves(64), dim).1, None);
    }
}
