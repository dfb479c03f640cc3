//! Pictures of every screen and state, and rules that hold for all of them at every size.
//!
//! Each state is made once, by keys and answers, in the file of its topic; the pictures and the rules
//! take all of them from [`all`], so that a new state is held to every rule at once.

mod activity;
mod carets;
mod conversation;
mod dialogs;
mod find;
mod first_run;
mod footers;
mod groups;
mod hostile;
mod icon;
mod inbox;
mod invitations;
mod invite;
mod looks;
mod members;
mod messages;
mod mouse;
mod notices;
mod numbers;
mod qualities;
mod reach;
mod remapped;
mod sizes;
mod styles;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use unicode_width::UnicodeWidthStr as _;

use super::{Regions, view};
use crate::app::layout::Size;
use crate::app::probe::{Probe, ServerGroup, group, session};
use crate::app::{Model, Msg};
use crate::domain::{Millis, UnixSeconds, WaId};
use crate::theme::{Depth, Mood, Theme};

/// One state: its name, and how it comes about in a window of some size.
type State = (&'static str, fn(Size) -> Probe);

const BIG: Size = size(120, 36);
const USUAL: Size = size(80, 24);
const NARROW: Size = size(50, 16);
const TINY: Size = size(40, 12);
/// The sizes for which the screens were designed.
const SIZES: [Size; 4] = [BIG, USUAL, NARROW, TINY];

const fn size(width: u16, height: u16) -> Size {
    Size { width, height }
}

/// Every state of every topic.
fn all() -> impl Iterator<Item = State> {
    [
        groups::STATES,
        members::STATES,
        icon::STATES,
        messages::STATES,
        inbox::STATES,
        conversation::STATES,
        invite::STATES,
        invitations::STATES,
        activity::STATES,
        dialogs::STATES,
        dialogs::FORMS,
        find::STATES,
        notices::STATES,
        first_run::STATES,
    ]
    .into_iter()
    .flatten()
    .copied()
}

// ---- the world

/// 2026-05-17 14:32:00 UTC.
const NOON: Millis = Millis(1_779_028_320_000);

/// The people of the chosen group, the account first.
const REGULARS: [u64; 24] = [
    5_519_900_000_000,
    5_519_900_000_001,
    5_511_900_000_002,
    5_519_900_000_003,
    5_519_900_000_004,
    5_521_900_000_005,
    5_519_900_000_006,
    5_519_900_000_007,
    5_519_900_000_008,
    5_531_900_000_009,
    5_519_900_000_010,
    5_419_000_000_011,
    5_511_900_000_012,
    5_519_900_000_013,
    5_519_900_000_014,
    5_519_900_000_015,
    5_585_900_000_016,
    5_519_900_000_017,
    5_519_900_000_018,
    5_519_900_000_019,
    5_519_900_000_020,
    5_519_900_000_021,
    5_551_900_000_022,
    5_519_900_000_023,
];

/// Subject, time of creation and members of the groups.
const GROUPS: [(&str, i64, u64); 12] = [
    (CORRIDA_SUBJECT, 1_513_616_971, 24),
    ("Clube do Livro SP", 1_529_416_800, 41),
    ("Bairro Novo · Vizinhos", 1_541_030_400, 118),
    ("Mães da Escola Aurora", 1_553_784_379, 32),
    ("Moradores Torre B", 1_561_982_400, 54),
    ("Voluntários Praça", 1_588_291_200, 38),
    ("Entregas Zona Norte", 1_612_137_600, 63),
    ("Equipe Suporte N2", 1_625_140_800, 9),
    ("Promoções VIP", 1_637_798_400, 201),
    ("Treinamento Onboarding", 1_677_672_000, 15),
    ("Lançamento Produto X", 1_709_294_400, 77),
    ("Feirão de Maio 2026", 1_764_547_200, 256),
];

const CORRIDA_SUBJECT: &str = "Corrida Domingo 7h";
const CORRIDA: &str = "5519900000000-1513616971";

fn groups() -> Vec<ServerGroup> {
    let groups = GROUPS.iter().map(|(subject, created, members)| {
        let mut group = group(&format!("5519900000000-{created}"))
            .subject(subject)
            .people(0..*members);
        group.created = Some(UnixSeconds(*created));
        group
    });
    let mut groups: Vec<ServerGroup> = groups.collect();
    let corrida = &mut groups[0];
    corrida.members = REGULARS.into_iter().map(person).collect();
    corrida.admins = corrida.members[..3].to_vec();
    corrida.code = Some("Dm7QkTz4hYpLw2Xc8VbN1e");
    groups
}

fn person(number: u64) -> WaId {
    WaId::from_api(&number.to_string()).unwrap()
}

/// Before the first message, with these groups.
fn world(size: Size, groups: Vec<ServerGroup>) -> Probe {
    let mut session = session();
    session.badge = Some("DEMO".into());
    session.config_path = "~/.config/wavedeck/config.toml".into();
    let mut app = Probe::new(session, groups);
    app.model.size = size;
    app.model.now = NOON;
    app
}

/// All is loaded, and the cursor is on `Corrida Domingo 7h`.
fn dashboard(size: Size) -> Probe {
    let mut app = world(size, groups());
    app.send(Msg::Started);
    app.calm();
    app.play("g j j");
    app.calm();
    assert_eq!(app.model.group().unwrap().name(), CORRIDA_SUBJECT);
    app.count_from_here();
    app
}

/// The same with these keys pressed, one after another, every call being answered.
fn after(size: Size, keys: &str) -> Probe {
    let mut app = dashboard(size);
    app.play(keys);
    app
}

/// Answers and lets time pass, in steps of a tenth of a second.
fn live(app: &mut Probe, tenths: usize) {
    for _ in 0..tenths {
        app.answer_all();
        app.wait(100);
    }
    app.answer_all();
}

// ---- the pictures

const DARK: Theme = Theme::new(Mood::Dark, Depth::TrueColor);
const MONO: Theme = Theme::new(Mood::Dark, Depth::Mono);

/// What the terminal shows, and where its cursor is if it is shown.
fn draw(model: &Model, theme: Theme) -> (Buffer, Option<Position>) {
    let mut terminal =
        Terminal::new(TestBackend::new(model.size.width, model.size.height)).unwrap();
    terminal
        .draw(|frame| drop(view(model, &theme, frame)))
        .unwrap();
    let backend = terminal.backend();
    let caret = backend.cursor_visible().then(|| backend.cursor_position());
    (backend.buffer().clone(), caret)
}

/// The same without a terminal: quicker, for rules that hold at many sizes.
fn paint(model: &Model, theme: Theme) -> (Buffer, Option<Position>) {
    let area = Rect::new(0, 0, model.size.width, model.size.height);
    let mut buffer = Buffer::empty(area);
    let (caret, _) = super::paint(model, theme, &mut buffer, area);
    (buffer, caret)
}

/// What answers to a click on the screen.
fn regions(model: &Model) -> Regions {
    let area = Rect::new(0, 0, model.size.width, model.size.height);
    let mut buffer = Buffer::empty(area);
    super::paint(model, DARK, &mut buffer, area).1.regions
}

/// The cells that a terminal shows, row by row: behind a wide character there is none.
fn rows(buffer: &Buffer) -> Vec<Vec<&str>> {
    let width = usize::from(buffer.area.width).max(1);
    let rows = buffer.content.chunks(width).map(|cells| {
        let mut shown = Vec::new();
        let mut column = 0;
        while let Some(cell) = cells.get(column) {
            shown.push(cell.symbol());
            column += cell.symbol().width().max(1);
        }
        shown
    });
    rows.collect()
}

/// A screen as text, without blanks at the ends of the rows.
fn text(buffer: &Buffer) -> String {
    let rows = rows(buffer).into_iter();
    let lines: Vec<String> = rows.map(|row| row.concat().trim_end().to_owned()).collect();
    lines.join("\n")
}

/// Compares each state, at each of the [`SIZES`], with its picture.
fn compare(states: &[State]) {
    for (name, make) in states {
        let pictures: Vec<String> = SIZES
            .into_iter()
            .map(|size| {
                let app = make(size);
                let (buffer, caret) = draw(&app.model, DARK);
                let caret = caret.map_or_else(
                    || "no caret".to_owned(),
                    |caret| format!("caret at column {}, row {}", caret.x, caret.y),
                );
                let Size { width, height } = size;
                format!("=== {width} × {height}, {caret}\n{}", text(&buffer))
            })
            .collect();
        compare_one(name, &pictures.join("\n\n"));
    }
}

fn compare_one(name: &str, picture: &str) {
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(name, picture);
    });
}
