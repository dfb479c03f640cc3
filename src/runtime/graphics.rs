//! Real pictures, in terminals that can show them: kitty's protocol, iTerm2's, or sixel.
//!
//! The screen is complete without: pictures stand there in half-blocks, and where the view says that
//! nothing is in front of one ([`Place`]), the same cells are filled with the real picture instead.
//! Whether the terminal can do that it is asked once, by [`probe`](super::probe). Invariant: when a picture goes or
//! something comes in front of it, every one of its cells is written anew, so that nothing of it
//! stays behind; ratatui sees to that, because the cells of a picture equal no others.

use std::fmt;

use crossterm::terminal::WindowSize;
use image::imageops::FilterType;
use image::{DynamicImage, Rgb, RgbImage, RgbaImage, imageops};
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::widgets::Widget as _;
use ratatui_image::Image;
use ratatui_image::protocol::Protocol;
use ratatui_image::protocol::iterm2::Iterm2;
use ratatui_image::protocol::kitty::Kitty;
use ratatui_image::protocol::sixel::Sixel;

use crate::domain::Thumbnail;
use crate::ui::Place;

/// Largest edge of a cell in pixels that is believed.
const MAX_CELL: u16 = 200;
/// Most pixels of one picture, whatever the cells.
const MAX_PIXELS: u32 = 2 * 1024 * 1024;

/// The ways to show a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Kitty's protocol, with placeholders in the cells.
    Kitty,
    /// iTerm2's protocol.
    Iterm2,
    /// Sixel.
    Sixel,
}

/// A terminal that shows pictures, and the one it shows.
pub struct Graphics {
    way: Way,
    /// Pixels of a cell.
    cell: Size,
    /// Kitty keeps pictures by number: ours are this one and the next, in turn, so that it never
    /// keeps more than two of ours.
    number: u32,
    screen: Rect,
    shown: Option<Shown>,
}

/// A picture as the terminal wants it.
struct Shown {
    size: Size,
    thumbnail: Thumbnail,
    /// `None` when it could not be made: the half-blocks stay.
    protocol: Option<Protocol>,
}

impl Graphics {
    /// For a terminal with cells of this many pixels. `None` when that number cannot be true.
    pub fn new(way: Way, cell: Size) -> Option<Self> {
        is_sane(cell).then(|| Self {
            way,
            cell,
            // Other programs in the same terminal choose numbers too.
            number: fastrand::u32(1..u32::MAX / 2) * 2,
            screen: Rect::ZERO,
            shown: None,
        })
    }

    /// The way pictures are shown.
    pub const fn way(&self) -> Way {
        self.way
    }

    /// Puts the real picture in its place. To be called for every frame, after the view.
    pub fn draw(&mut self, place: Option<&Place>, cells: &mut Buffer) {
        if cells.area != self.screen {
            self.screen = cells.area;
            self.forget();
        }
        let Some(place) = place else { return };
        let size = place.area.as_size();
        let is_same = |shown: &Shown| shown.size == size && shown.thumbnail == place.thumbnail;
        if !self.shown.as_ref().is_some_and(is_same) {
            self.number ^= 1;
            self.shown = Some(Shown {
                size,
                thumbnail: place.thumbnail.clone(),
                protocol: self.protocol(&place.thumbnail, size),
            });
        }
        let Some(protocol) = self
            .shown
            .as_ref()
            .and_then(|shown| shown.protocol.as_ref())
        else {
            return;
        };
        // The colours of the half-blocks would shine through its edges.
        for at in place.area.positions() {
            if let Some(cell) = cells.cell_mut(at) {
                cell.reset();
            }
        }
        Image::new(protocol).render(place.area, cells);
    }

    /// The window has another size, and its letters may have too. The size in pixels counts only
    /// where it says something new: it is less exact, because it can contain a margin.
    pub fn measure(&mut self, window: &WindowSize) {
        let cell = Size::new(
            window.width.checked_div(window.columns).unwrap_or(0),
            window.height.checked_div(window.rows).unwrap_or(0),
        );
        let moved = |now: u16, then: u16| now.abs_diff(then) > 1;
        let changed = moved(cell.width, self.cell.width) || moved(cell.height, self.cell.height);
        if is_sane(cell) && changed {
            self.cell = cell;
            self.forget();
        }
    }

    /// The terminal may have lost its pictures: after it was given back, cleared or resized. The next
    /// frame sends them anew.
    pub fn forget(&mut self) {
        self.shown = None;
    }

    /// What to send before the terminal is given back, so that it keeps nothing of ours.
    pub fn farewell(&self) -> Vec<u8> {
        match self.way {
            Way::Kitty => [self.number, self.number ^ 1]
                .map(|number| format!("\x1b_Gq=2,a=d,d=I,i={number}\x1b\\"))
                .concat()
                .into_bytes(),
            Way::Iterm2 | Way::Sixel => Vec::new(),
        }
    }

    fn protocol(&self, thumbnail: &Thumbnail, size: Size) -> Option<Protocol> {
        let picture = fitted(thumbnail, size, self.cell)?;
        match self.way {
            Way::Kitty => Kitty::new(picture, size, self.number, false, false)
                .ok()
                .map(Protocol::Kitty),
            Way::Iterm2 => Iterm2::new(picture, size, false).ok().map(Protocol::ITerm2),
            Way::Sixel => Sixel::new(picture, size, false).ok().map(Protocol::Sixel),
        }
    }
}

impl fmt::Debug for Graphics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Graphics({:?}, {})", self.way, self.cell)
    }
}

fn is_sane(cell: Size) -> bool {
    let sane = |length: u16| (1..=MAX_CELL).contains(&length);
    sane(cell.width) && sane(cell.height)
}

/// The picture as large as fits, in the middle of as many pixels as the cells have: cells are seldom
/// exactly twice as high as wide.
fn fitted(thumbnail: &Thumbnail, size: Size, cell: Size) -> Option<DynamicImage> {
    let width = u32::from(size.width) * u32::from(cell.width);
    let height = u32::from(size.height) * u32::from(cell.height);
    if width == 0 || height == 0 || width.saturating_mul(height) > MAX_PIXELS {
        return None;
    }
    let pixels = RgbImage::from_fn(thumbnail.width(), thumbnail.height(), |x, y| {
        Rgb(thumbnail.pixel(x, y).unwrap_or_default())
    });
    let picture = DynamicImage::from(pixels).resize(width, height, FilterType::CatmullRom);
    let mut whole = RgbaImage::new(width, height);
    let left = (width - picture.width().min(width)) / 2;
    let top = (height - picture.height().min(height)) / 2;
    imageops::replace(
        &mut whole,
        &picture.into_rgba8(),
        i64::from(left),
        i64::from(top),
    );
    Some(whole.into())
}

#[cfg(test)]
mod tests;
