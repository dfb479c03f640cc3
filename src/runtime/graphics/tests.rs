//! Pictures in the cells of frames, and what is written between two of them.

use ratatui::style::Modifier;

use super::*;

const WAYS: [Way; 3] = [Way::Kitty, Way::Iterm2, Way::Sixel];
const AREA: Rect = Rect::new(2, 1, 8, 4);
const SCREEN: Rect = Rect::new(0, 0, 20, 8);

fn thumbnail(shade: u8) -> Thumbnail {
    Thumbnail::new(32, 32, vec![[shade, 90, 30]; 32 * 32]).unwrap()
}

fn graphics(way: Way) -> Graphics {
    Graphics::new(way, Size::new(5, 11)).unwrap()
}

/// A frame whose view drew the half-blocks, with the real picture in their place.
fn frame(graphics: &mut Graphics, shade: u8, area: Rect) -> Buffer {
    let mut cells = half_blocks(area);
    graphics.draw(Some(&Place::new(area, thumbnail(shade))), &mut cells);
    cells
}

/// A frame without the real picture.
fn half_blocks(area: Rect) -> Buffer {
    let mut cells = Buffer::empty(SCREEN);
    for at in area.positions() {
        cells[at].set_symbol("▀");
    }
    cells
}

/// What one frame writes over another.
fn written(before: &Buffer, after: &Buffer) -> Vec<(u16, u16)> {
    let cells = before.diff(after);
    cells.iter().map(|(x, y, _)| (*x, *y)).collect()
}

#[test]
fn a_picture_is_sent_once_and_stays() {
    for (way, begin) in [
        (Way::Kitty, "\x1b_Gq=2,i="),
        (Way::Iterm2, "\x1b]1337;File=inline=1;"),
        (Way::Sixel, "\x1bP"),
    ] {
        let mut graphics = graphics(way);
        let first = frame(&mut graphics, 1, AREA);
        assert!(
            first[AREA.as_position()].symbol().contains(begin),
            "{way:?}"
        );
        let second = frame(&mut graphics, 1, AREA);
        let third = frame(&mut graphics, 1, AREA);
        assert_eq!(written(&second, &third), [], "{way:?}");
        let again = written(&first, &second);
        let sent = again.iter().map(|at| second[*at].symbol());
        assert!(sent.collect::<String>().len() < 50, "{way:?}: {again:?}");
    }
}

#[test]
fn nothing_of_a_picture_stays_behind() {
    for way in WAYS {
        let mut graphics = graphics(way);
        let picture = frame(&mut graphics, 1, AREA);
        let mut dialog = half_blocks(AREA);
        dialog.set_style(SCREEN, Modifier::DIM);
        for after in [Buffer::empty(SCREEN), half_blocks(AREA), dialog] {
            let written = written(&picture, &after);
            let all = AREA.positions().all(|at| written.contains(&at.into()));
            assert!(all, "{way:?}: {written:?}");
        }
    }
}

#[test]
fn another_picture_takes_the_place_and_a_cleared_screen_gets_it_again() {
    for way in WAYS {
        let mut graphics = graphics(way);
        let first = frame(&mut graphics, 1, AREA);
        let second = frame(&mut graphics, 200, AREA);
        assert!(
            written(&first, &second).contains(&(AREA.x, AREA.y)),
            "{way:?}"
        );
        graphics.forget();
        let third = frame(&mut graphics, 200, AREA);
        let sent = third[AREA.as_position()].symbol();
        assert!(sent.len() > 100, "{way:?}: sent anew");
        let mut larger = Buffer::empty(Rect::new(0, 0, 30, 9));
        graphics.draw(Some(&Place::new(AREA, thumbnail(200))), &mut larger);
        assert!(larger[AREA.as_position()].symbol().len() > 100, "{way:?}");
    }
}

#[test]
fn kitty_keeps_two_pictures_at_most_and_none_at_the_end() {
    let mut graphics = graphics(Way::Kitty);
    let mut numbers = std::collections::BTreeSet::new();
    for shade in 0..10 {
        let cells = frame(&mut graphics, shade, AREA);
        let symbol = cells[AREA.as_position()].symbol();
        let (_, rest) = symbol.split_once("i=").unwrap();
        numbers.insert(rest.split_once(',').unwrap().0.to_owned());
    }
    assert_eq!(numbers.len(), 2);
    let farewell = String::from_utf8(graphics.farewell()).unwrap();
    assert!(
        numbers
            .iter()
            .all(|number| farewell.contains(&format!("i={number}\x1b")))
    );
    assert!(super::tests::graphics(Way::Sixel).farewell().is_empty());
}

#[test]
fn larger_letters_get_a_larger_picture() {
    let mut graphics = graphics(Way::Iterm2);
    let small = frame(&mut graphics, 1, AREA);
    let mut window = WindowSize {
        columns: 20,
        rows: 8,
        width: 0,
        height: 0,
    };
    // Not known, or the same with a margin.
    for (width, height) in [(0, 0), (119, 95)] {
        (window.width, window.height) = (width, height);
        graphics.measure(&window);
        let same = frame(&mut graphics, 1, AREA);
        assert_eq!(written(&small, &same), []);
    }
    (window.width, window.height) = (200, 176);
    graphics.measure(&window);
    let large = frame(&mut graphics, 1, AREA);
    let sent = large[AREA.as_position()].symbol();
    assert!(sent.contains("width=80px;height=88px"));
}

#[test]
fn a_picture_is_square_in_the_middle_of_its_cells() {
    let red = Thumbnail::new(2, 2, vec![[255, 0, 0]; 4]).unwrap();
    let picture = fitted(&red, Size::new(4, 2), Size::new(10, 25)).unwrap();
    let picture = picture.into_rgba8();
    assert_eq!(picture.dimensions(), (40, 50));
    assert_eq!(picture.get_pixel(20, 2).0[3], 0, "free above");
    assert_eq!(picture.get_pixel(0, 25).0, [255, 0, 0, 255]);
    assert_eq!(picture.get_pixel(20, 47).0[3], 0, "free below");
    let huge = Size::new(200, 200);
    assert!(fitted(&red, Size::new(100, 50), huge).is_none());
}

#[test]
fn a_picture_that_cannot_be_made_leaves_the_half_blocks() {
    let mut graphics = Graphics::new(Way::Sixel, Size::new(200, 200)).unwrap();
    let area = Rect::new(0, 0, 20, 8);
    let mut cells = half_blocks(area);
    let large = Rect::new(0, 0, 100, 50);
    graphics.draw(Some(&Place::new(large, thumbnail(1))), &mut cells);
    assert_eq!(cells, half_blocks(area));
}
