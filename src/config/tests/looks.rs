//! How the screen looks, as the file says it.

use ratatui::style::Color;

use super::*;
use crate::theme::{ColorChoice, Depth, GlyphChoice, Glyphs, Meaning, Mood, Motion, Theme};

#[test]
fn q29_the_look_is_set_in_the_file_and_a_profile_has_its_own_colour() {
    let home = Home::new().file(
        "theme = 'dark'\ncolor = 256\nglyphs = 'ascii'\nreduced_motion = true\nprofile = 'prod'\n\
         [profiles.prod]\naccent = '#ff5555'\nbadge = ' PRODUCTION '\n[profiles.test]\naccent = 'blue'\n",
    );
    let settings = home.load().unwrap();
    assert_eq!(settings.warnings, Vec::<String>::new());
    assert_eq!(settings.badge.as_deref(), Some("PRODUCTION"));
    let looks = settings.looks;
    assert_eq!(looks.color, ColorChoice::Exactly(Depth::Indexed256));
    assert_eq!(looks.glyphs, GlyphChoice::Fixed(Glyphs::Ascii));
    assert_eq!(looks.motion, Motion::Reduced);
    let accent = |settings: &Settings| {
        let theme = Theme::of(&settings.looks.theme, Mood::Unknown, Depth::TrueColor);
        theme.style(Meaning::Accent).fg
    };
    assert_eq!(accent(&settings), Some(Color::Rgb(0xff, 0x55, 0x55)));
    let mut home = home;
    home.flags.profile = Some("test".to_owned());
    let settings = home.load().unwrap();
    assert_eq!(
        (accent(&settings), settings.badge),
        (Some(Color::Blue), None)
    );
}

#[test]
fn a_look_that_makes_no_sense_is_told_and_left_out() {
    let home = Home::new().file(
        "theme = 'light'\ncolor = 'rainbow'\nglyphs = 7\nreduced_motion = 'yes'\n\
         [profiles.prod]\naccent = '#ffff00'\nbadge = 1\n[profiles.odd]\naccent = 'purpel'\n",
    );
    let path = "~/.config/wavedeck/config.toml";
    let mut home = home;
    home.flags.profile = Some("prod".to_owned());
    assert_eq!(
        home.warnings(),
        [
            format!(
                "{path}:2:1: `color` must be `auto`, `always`, `never`, `truecolor`, `256` or `16`; `auto` is used"
            ),
            format!("{path}:3:1: `glyphs` must be `auto`, `unicode` or `ascii`; `auto` is used"),
            format!("{path}:4:1: `reduced_motion` must be `true` or `false`; `false` is used"),
            format!(
                "{path}:7:1: `badge` must be a text in quotes; the name of the profile is shown"
            ),
            format!(
                "{path}:9:1: `accent` must be a colour such as \"#7fd1b3\", a number from 0 to 255 or a name such as \"light_blue\""
            ),
            format!(
                "{path}:6:1: hard to read: `accent`, `badge`; the least is a contrast of 1.0 on the background, and words need 4.5"
            ),
        ]
    );
}
