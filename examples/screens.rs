//! Draws the pictures of the README: the real screen, fed by the simulator over loopback through the
//! real client, at a fixed time, so that the same program gives the same pictures.
//!
//! `cargo run --example screens` writes `assets/screens/*.svg`.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr as _;

use wavedeck::api::Client;
use wavedeck::app::accounts::Accounts;
use wavedeck::app::layout::Size;
use wavedeck::app::msg::{Press, Route, Timer};
use wavedeck::app::pointer::Mouse;
use wavedeck::app::session::Pace;
use wavedeck::app::{Effect, Effects, Model, Msg, Session, update};
use wavedeck::domain::{
    Access, Account, BaseUrl, Clean, Content, DeliveryState, Fate, Incoming, Kept, Lane, Masking,
    MediaKind, Millis, News, Sender, Seq, TokenPlace, WaId,
};
use wavedeck::keymap::{Code, Key, Keymap};
use wavedeck::runtime::calls::Caller;
use wavedeck::sim::{Settings, Simulator};
use wavedeck::theme::{Depth, Mood, Theme};
use wavedeck::ui;

/// Cells of the window.
const SIZE: Size = Size {
    width: 120,
    height: 36,
};
/// 2026-05-17 14:32:00 UTC.
const NOON: Millis = Millis(1_779_028_320_000);
/// The group that is chosen in the pictures.
const GROUP: &str = "Corrida Domingo 7h";

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/screens");
    std::fs::create_dir_all(&folder)?;
    let simulator = Simulator::start(Settings {
        latency: Some(Duration::ZERO),
        now: Some(NOON.0 / 1000),
        ..Settings::default()
    })
    .await?;
    let mut stage = Stage::new(&simulator)?;
    stage.happen(Msg::Started).await?;
    stage.choose(GROUP).await?;
    stage.press("y").await?;
    stage.pass(Duration::from_secs(10)).await?;
    let groups = stage.picture("wavedeck: groups, and the members of the chosen one")?;
    stage.press("3").await?;
    let invite = stage.picture("wavedeck: an invite link with its QR code")?;
    stage.press("2jj  jjj d").await?;
    let remove = stage.picture("wavedeck: the question before three members are removed")?;
    stage
        .happen(Msg::Key(Key::plain(Code::Esc), Press::First))
        .await?;
    stage.converse().await?;
    let messages = stage.picture("wavedeck: what people wrote in a group, and an answer")?;
    simulator.stop().await;
    for (name, picture) in [
        ("groups", groups),
        ("invite", invite),
        ("remove", remove),
        ("messages", messages),
    ] {
        let path = folder.join(name).with_extension("svg");
        std::fs::write(&path, picture).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

/// The program without a terminal: every call is answered before the next key.
struct Stage {
    model: Model,
    caller: Caller,
    timers: Vec<(Millis, Timer)>,
    /// What was received.
    kept: Vec<Kept>,
}

impl Stage {
    fn new(simulator: &Simulator) -> anyhow::Result<Self> {
        let base_url = BaseUrl::new(&simulator.base_url())?;
        let account = Account::new(base_url.clone(), simulator.user_name(), simulator.token())?;
        let caller = Caller::new(Client::new(&account)?, 64);
        let session = Session {
            access: Access::Full,
            account: Some(account),
            token_at: TokenPlace::default(),
            accounts: Accounts::only(None, base_url.clone(), "a picture goes nowhere"),
            base_url,
            badge: Some("DEMO".to_owned()),
            own: None,
            confirm_send_over: 100,
            send_delay: Duration::from_secs(3),
            pace: Pace::Unlimited,
            masking: Masking::default(),
            keys: Keymap::default(),
            mouse: Mouse::default(),
            time_zone: jiff::tz::TimeZone::UTC,
            config_path: String::new(),
            saved: None,
            warnings: Vec::new(),
            seed: 1,
        };
        Ok(Self {
            model: Model::new(session, SIZE, NOON),
            caller,
            timers: Vec::new(),
            kept: Vec::new(),
        })
    }

    /// Hands one message to the core, and everything that follows from it.
    async fn happen(&mut self, msg: Msg) -> anyhow::Result<()> {
        let mut waiting = VecDeque::from([msg]);
        while let Some(msg) = waiting.pop_front() {
            let effects: Effects = update(&mut self.model, msg);
            for effect in effects {
                waiting.extend(self.perform(effect).await?);
            }
        }
        Ok(())
    }

    async fn perform(&mut self, effect: Effect) -> anyhow::Result<Option<Msg>> {
        match effect {
            Effect::Call(ticket, call) | Effect::Change(ticket, call, _) => {
                let (reply, exchange) = self.caller.perform(&call).await;
                Ok(Some(Msg::Settled(ticket, reply, Box::new(exchange))))
            }
            Effect::Wake(after, timer) => {
                self.timers.push((self.model.now.after(after), timer));
                Ok(None)
            }
            Effect::Copy(clip) => Ok(Some(Msg::Copied(clip, Ok(Route::System)))),
            Effect::ReadJournal(query) => Ok(Some(Msg::JournalRead(query, Ok(Vec::new())))),
            Effect::ReadMessages { account, group, .. } => {
                Ok(Some(Msg::History(account, group, Ok(Vec::new()))))
            }
            Effect::ReadLane(lane, before, most) => {
                let of = |kept: &&Kept| kept.message.lane == lane;
                let read = self.kept.iter().filter(of).cloned().collect();
                Ok(Some(Msg::LaneRead(lane.clone(), before, most, Ok(read))))
            }
            Effect::Cancel(_)
            | Effect::Settle(..)
            | Effect::SaveDraft { .. }
            | Effect::ReadDrafts(_)
            | Effect::ReadRaw(_)
            | Effect::MarkRead(..)
            | Effect::NoteProviderId(..)
            | Effect::Remember(_)
            | Effect::Receive => Ok(None),
            other @ (Effect::OpenLink(_)
            | Effect::Open(_)
            | Effect::ReadConfiguration
            | Effect::SaveCode(..)
            | Effect::SavePicture(..)
            | Effect::LookAt(_)
            | Effect::Complete(_)
            | Effect::UseAccount(_)
            | Effect::SaveAccount(_)
            | Effect::EditOutside(..)
            | Effect::Suspend
            | Effect::RecallMore
            | Effect::Redraw
            | Effect::SetMouse(_)
            | Effect::SettleEntry(..)
            | Effect::ExportJournal(..)
            | Effect::Exit(_)) => bail!("not part of a picture: {other:?}"),
        }
    }

    /// Lets so much time pass; timers run out in their order.
    async fn pass(&mut self, time: Duration) -> anyhow::Result<()> {
        let until = self.model.now.after(time);
        while let Some(at) = (0..self.timers.len())
            .min_by_key(|at| self.timers.get(*at).map(|(due, _)| *due))
            .filter(|at| self.timers.get(*at).is_some_and(|(due, _)| *due <= until))
        {
            let (due, timer) = self.timers.remove(at);
            self.model.now = self.model.now.max(due);
            self.happen(Msg::Woke(timer)).await?;
        }
        self.model.now = until;
        Ok(())
    }

    /// People write in the chosen group and in others, one is answered, and the provider says that it was
    /// read. The user knows some of them.
    async fn converse(&mut self) -> anyhow::Result<()> {
        let known = [
            ("5519900000004", "Carla Nunes"),
            ("5519900000010", "Davi, som"),
        ];
        let known = known
            .into_iter()
            .filter_map(|(number, name)| Some((WaId::from_api(number)?, Clean::new(name))));
        let contacts = Ok((known.collect(), Vec::new()));
        self.happen(Msg::Contacts(contacts)).await?;
        let address = "http://127.0.0.1:8077/SECRET".to_owned();
        self.happen(Msg::Receiving(Ok(address))).await?;
        let chosen = self.model.group().map(|group| group.id.clone());
        let chosen = chosen.context("no group is chosen")?;
        let here = || Lane::Group(chosen.clone());
        let others: Vec<Lane> = [
            "Clube do Livro SP",
            "Mães da Escola Aurora",
            "Moradores Torre B",
        ]
        .into_iter()
        .filter_map(|name| {
            let mut groups = self.model.groups.iter();
            let (_, group) = groups.find(|(_, group)| group.name() == name)?;
            Some(Lane::Group(group.id.clone()))
        })
        .collect();
        let text = |text: &str| Content::Text(text.to_owned());
        let photo = Content::Media {
            kind: MediaKind::Image,
            address: "https://media.example/2026/05/17/portao-3.jpg".to_owned(),
            mime_type: "image/jpeg".to_owned(),
            caption: "Já tem fila".to_owned(),
        };
        let joined = "+55 11 90000-0021 joined with the invite link";
        self.hear(
            here(),
            "5519900000004",
            "Carla",
            text("Alguém leva água amanhã?"),
        )
        .await?;
        self.hear(here(), "5519900000010", "", text("Eu levo 2 galões."))
            .await?;
        self.press("5").await?;
        self.press("mBom dia! Encontro no portão 3, às 7h.").await?;
        self.happen(Msg::Key(Key::plain(Code::Enter), Press::First))
            .await?;
        self.pass(Duration::from_secs(10)).await?;
        let own = self.model.messages.of(&chosen);
        let own = own.and_then(|thread| thread.messages().last());
        let fate = Fate {
            id: own.context("nothing was sent")?.id.clone(),
            state: DeliveryState::Read,
        };
        let news = News {
            fates: vec![fate],
            ..News::default()
        };
        self.happen(Msg::Arrived(news)).await?;
        self.press("2").await?;
        self.pass(Duration::from_secs(240)).await?;
        self.hear(
            here(),
            "5521900000021",
            "Bruna 🏃",
            Content::System(joined.to_owned()),
        )
        .await?;
        self.hear(here(), "5519900000013", "Elis", photo).await?;
        self.hear(here(), "5531900000009", "", text("Onde é o portão 3?"))
            .await?;
        self.hear(
            here(),
            "5519900000004",
            "Carla",
            text("Ao lado da banca de jornal."),
        )
        .await?;
        for (n, lane) in others.into_iter().enumerate() {
            for _ in 0..=3 * n {
                self.hear(lane.clone(), "5519900000007", "Ana", text("Bom dia!"))
                    .await?;
            }
        }
        self.press("5").await?;
        self.pass(Duration::from_secs(10)).await
    }

    /// Somebody writes.
    async fn hear(
        &mut self,
        lane: Lane,
        sender: &str,
        name: &str,
        content: Content,
    ) -> anyhow::Result<()> {
        let seq = Seq(i64::try_from(self.kept.len())? + 1);
        let kept = Kept {
            seq,
            kept_at: self.model.now,
            times: 1,
            message: Incoming {
                lane,
                sender: Sender::new(sender),
                name: Clean::new(name),
                content,
                received_at: Some(self.model.now),
            },
        };
        self.kept.push(kept.clone());
        let news = News {
            messages: vec![kept],
            last: seq,
            ..News::default()
        };
        self.happen(Msg::Arrived(news)).await
    }

    /// Presses keys, one for each character.
    async fn press(&mut self, keys: &str) -> anyhow::Result<()> {
        for key in keys.chars() {
            self.happen(Msg::Key(Key::char(key), Press::First)).await?;
            self.pass(Duration::from_millis(200)).await?;
        }
        Ok(())
    }

    /// Moves the cursor down to a group.
    async fn choose(&mut self, name: &str) -> anyhow::Result<()> {
        self.press("g").await?;
        for _ in 0..self.model.groups.count() {
            if self.model.group().is_some_and(|group| group.name() == name) {
                return Ok(());
            }
            let down = Key::plain(Code::Down);
            self.happen(Msg::Key(down, Press::First)).await?;
            self.pass(Duration::from_millis(200)).await?;
        }
        bail!("there is no group called {name}")
    }

    fn picture(&self, title: &str) -> anyhow::Result<String> {
        let mut terminal = Terminal::new(TestBackend::new(SIZE.width, SIZE.height))?;
        let theme = Theme::new(Mood::Dark, Depth::TrueColor);
        terminal.draw(|frame| drop(ui::view(&self.model, &theme, frame)))?;
        let backend = terminal.backend();
        let caret = backend.cursor_visible().then(|| backend.cursor_position());
        Ok(Svg::default().draw(title, backend.buffer(), caret)?)
    }
}

/// Width and height of a cell, in pixels: half a cell is square, as the modules of a code are.
const CELL: (u16, u16) = (9, 18);
/// Around the cells.
const MARGIN: u16 = 16;
/// The background of the window.
const GROUND: &str = "#10141a";
/// Monospaced fonts, about three fifths as wide as high.
const FONTS: &str = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace";
/// What is drawn in no colour of its own.
const WORDS: &str = "#dfe3e6";

/// A drawing of cells: lines and blocks as shapes, so that they join on every screen, and the rest
/// as text in whatever monospaced font there is, each run stretched to its cells.
#[derive(Default)]
struct Svg {
    shapes: String,
    texts: String,
}

/// How a run of text looks.
#[derive(Clone, PartialEq, Eq)]
struct Look {
    color: String,
    bold: bool,
    dim: bool,
}

impl Svg {
    fn draw(
        mut self,
        title: &str,
        buffer: &Buffer,
        caret: Option<Position>,
    ) -> Result<String, std::fmt::Error> {
        let (columns, rows) = (buffer.area.width, buffer.area.height);
        for y in 0..rows {
            self.grounds(buffer, y)?;
            self.row(buffer, y)?;
        }
        if let Some(caret) = caret
            && buffer.cell(caret).is_some_and(|cell| cell.symbol() == " ")
        {
            let Position { x, y } = caret;
            self.block(x, y, (0, 1, 2, 16), WORDS, false)?;
        }
        let (width, height) = (columns * CELL.0 + 2 * MARGIN, rows * CELL.1 + 2 * MARGIN);
        let mut out = String::new();
        writeln!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\" role=\"img\">"
        )?;
        writeln!(out, "<title>{}</title>", escaped(title))?;
        writeln!(
            out,
            "<style>text{{white-space:pre}}.b{{font-weight:700}}</style>"
        )?;
        writeln!(
            out,
            "<rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{GROUND}\"/>"
        )?;
        writeln!(
            out,
            "<g transform=\"translate({MARGIN} {MARGIN})\" font-family=\"{FONTS}\" font-size=\"15\">"
        )?;
        writeln!(
            out,
            "<g shape-rendering=\"crispEdges\">\n{}</g>",
            self.shapes
        )?;
        write!(out, "{}</g>\n</svg>\n", self.texts)?;
        Ok(out)
    }

    /// The backgrounds of one row, in runs.
    fn grounds(&mut self, buffer: &Buffer, y: u16) -> std::fmt::Result {
        let ground = |x| buffer.cell((x, y)).and_then(|cell| colors(cell).1);
        let mut x = 0;
        while x < buffer.area.width {
            let color = ground(x);
            let end = (x..buffer.area.width)
                .find(|x| ground(*x) != color)
                .unwrap_or(buffer.area.width);
            if let Some(color) = color {
                let dim = buffer.cell((x, y)).is_some_and(is_dim);
                let width = (end - x) * CELL.0;
                self.block(x, y, (0, 0, width, CELL.1), &color, dim)?;
            }
            x = end;
        }
        Ok(())
    }

    /// The symbols of one row: shapes alone, text in runs of one look.
    fn row(&mut self, buffer: &Buffer, y: u16) -> std::fmt::Result {
        let mut run: Option<(u16, u16, Look, String)> = None;
        let mut x = 0;
        while let Some(cell) = buffer.cell((x, y)) {
            let symbol = cell.symbol();
            let width = u16::try_from(symbol.width()).unwrap_or(1).max(1);
            let look = Look {
                color: colors(cell).0,
                bold: cell.modifier.contains(Modifier::BOLD),
                dim: is_dim(cell),
            };
            let is_text = symbol != " " && !self.shape(x, y, symbol, &look)?;
            if let Some((start, end, of, text)) = &mut run {
                // One blank inside a run costs less than a new run.
                let joined = is_text && *of == look && x - *end <= 1;
                if joined {
                    text.push_str(if x > *end { " " } else { "" });
                    text.push_str(symbol);
                    *end = x + width;
                } else if is_text || x - *end > 1 {
                    let (start, end, of, text) = (*start, *end, of.clone(), text.clone());
                    self.text(start, y, end - start, &of, &text)?;
                    run = None;
                }
            }
            if is_text && run.is_none() {
                run = Some((x, x + width, look, symbol.to_owned()));
            }
            x += width;
        }
        if let Some((start, end, look, text)) = run {
            self.text(start, y, end - start, &look, &text)?;
        }
        Ok(())
    }

    fn text(&mut self, x: u16, y: u16, cells: u16, look: &Look, text: &str) -> std::fmt::Result {
        let class = if look.bold { " class=\"b\"" } else { "" };
        let opacity = if look.dim { " opacity=\".45\"" } else { "" };
        writeln!(
            self.texts,
            "<text x=\"{}\" y=\"{}\" textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\" \
             fill=\"{}\"{class}{opacity}>{}</text>",
            x * CELL.0,
            y * CELL.1 + 14,
            cells * CELL.0,
            look.color,
            escaped(text)
        )
    }

    /// Draws lines and blocks; `false` for every other symbol.
    fn shape(
        &mut self,
        x: u16,
        y: u16,
        symbol: &str,
        look: &Look,
    ) -> Result<bool, std::fmt::Error> {
        let (width, height) = CELL;
        let block = match symbol {
            "│" => (4, 0, 1, height),
            "┃" => (3, 0, 3, height),
            "─" => (0, 8, width, 1),
            "▌" => (0, 0, 4, height),
            "▔" => (0, 0, width, 2),
            "█" => (0, 0, width, height),
            "▀" => (0, 0, width, height / 2),
            "▄" => (0, height / 2, width, height / 2),
            "╭" | "╮" | "╰" | "╯" => {
                self.corner(x, y, symbol, look)?;
                return Ok(true);
            }
            _ => return Ok(false),
        };
        self.block(x, y, block, &look.color, look.dim)?;
        Ok(true)
    }

    /// A rounded corner that meets the lines of its neighbours.
    fn corner(&mut self, x: u16, y: u16, symbol: &str, look: &Look) -> std::fmt::Result {
        let (left, top) = (x * CELL.0, y * CELL.1);
        let (right, bottom) = (left + CELL.0, top + CELL.1);
        // The middle of the strokes: half a pixel into the cell of the line.
        let (middle_x, middle_y) = (format!("{}.5", left + 4), format!("{}.5", top + 8));
        let (end_x, end_y) = match symbol {
            "╭" => (right, bottom),
            "╮" => (left, bottom),
            "╰" => (right, top),
            _ => (left, top),
        };
        let opacity = if look.dim { " opacity=\".45\"" } else { "" };
        writeln!(
            self.texts,
            "<path d=\"M{middle_x} {end_y}Q{middle_x} {middle_y} {end_x} {middle_y}\" \
             fill=\"none\" stroke=\"{}\"{opacity}/>",
            look.color
        )
    }

    /// A rectangle inside a cell: left, top, width and height in pixels.
    fn block(
        &mut self,
        x: u16,
        y: u16,
        (left, top, width, height): (u16, u16, u16, u16),
        color: &str,
        dim: bool,
    ) -> std::fmt::Result {
        let opacity = if dim { " opacity=\".45\"" } else { "" };
        writeln!(
            self.shapes,
            "<rect x=\"{}\" y=\"{}\" width=\"{width}\" height=\"{height}\" fill=\"{color}\"{opacity}/>",
            x * CELL.0 + left,
            y * CELL.1 + top
        )
    }
}

fn is_dim(cell: &Cell) -> bool {
    cell.modifier.contains(Modifier::DIM)
}

/// Words and ground of a cell; `None` where the window shows through.
fn colors(cell: &Cell) -> (String, Option<String>) {
    let words = hex(cell.fg);
    let ground = hex(cell.bg);
    if cell.modifier.contains(Modifier::REVERSED) {
        let words = words.unwrap_or_else(|| WORDS.to_owned());
        return (ground.unwrap_or_else(|| GROUND.to_owned()), Some(words));
    }
    (words.unwrap_or_else(|| WORDS.to_owned()), ground)
}

/// The theme of the pictures names 24-bit colours only.
fn hex(color: Color) -> Option<String> {
    if let Color::Rgb(r, g, b) = color {
        Some(format!("#{r:02x}{g:02x}{b:02x}"))
    } else {
        None
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
