//! The least program that still looks like the dashboard, as a floor for its figures: a list, with `--detail`
//! also the people of the chosen row, and keys. It asks nobody for anything and keeps nothing.
//!
//! It does what every program on this ground has to: events come from a thread of their own into tokio, all
//! that are there are taken before a frame, a frame is drawn after events only, and of the rows only those in
//! view are built. `cargo run --release --example perf` runs it beside the dashboard.

use std::io;

use anyhow::Context as _;
use crossterm::event::{self, Event, KeyCode, KeyEventKind};
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;
use ratatui::widgets::{Block, List, ListState, Paragraph};
use ratatui::{DefaultTerminal, Frame};
use tokio::sync::mpsc::{self, UnboundedReceiver};

/// People in each row.
const PEOPLE: usize = 256;
/// The number of the first of them.
const FIRST_NUMBER: usize = 5_519_900_000_000;

/// What there is to show.
struct Rows {
    names: Vec<String>,
    chosen: usize,
    /// The first row in view.
    top: usize,
    /// Whether the people of the chosen row are shown beside the list.
    detail: bool,
}

impl Rows {
    fn new(count: usize, detail: bool) -> Self {
        Self {
            names: (0..count).map(|n| format!("item {n}")).collect(),
            chosen: 0,
            top: 0,
            detail,
        }
    }

    /// Takes an event; `false` when it is the end.
    fn take(&mut self, event: &Event) -> bool {
        let Some(key) = event.as_key_event() else {
            return true;
        };
        if key.kind == KeyEventKind::Release {
            return true;
        }
        if key.code == KeyCode::Char('j') {
            self.chosen = (self.chosen + 1).min(self.names.len().saturating_sub(1));
        } else if key.code == KeyCode::Char('k') {
            self.chosen = self.chosen.saturating_sub(1);
        }
        key.code != KeyCode::Char('q')
    }

    fn draw(&mut self, frame: &mut Frame<'_>) {
        let area = frame.area();
        if self.detail {
            let halves = Layout::horizontal([Constraint::Percentage(40), Constraint::Fill(1)]);
            let [list, detail] = halves.areas(area);
            self.draw_list(frame, list);
            self.draw_detail(frame, detail);
        } else {
            self.draw_list(frame, area);
        }
    }

    fn draw_list(&mut self, frame: &mut Frame<'_>, area: Rect) {
        let block = Block::bordered().title("Groups");
        let height = usize::from(block.inner(area).height).max(1);
        self.top = self
            .top
            .clamp((self.chosen + 1).saturating_sub(height), self.chosen);
        let in_view = self.names.iter().skip(self.top).take(height);
        let list = List::new(in_view.map(String::as_str))
            .block(block)
            .highlight_symbol(">")
            .highlight_style(Style::new().add_modifier(Modifier::REVERSED));
        let chosen = (!self.names.is_empty()).then_some(self.chosen - self.top);
        let mut state = ListState::default().with_selected(chosen);
        frame.render_stateful_widget(list, area, &mut state);
    }

    fn draw_detail(&self, frame: &mut Frame<'_>, area: Rect) {
        let block = Block::bordered().title("Details");
        let height = usize::from(block.inner(area).height);
        let name = self.names.get(self.chosen).map_or("", String::as_str);
        let first = FIRST_NUMBER + self.chosen * PEOPLE;
        let people = (first..first + PEOPLE).map(|number| Line::from(number.to_string()));
        let head = [
            Line::from(format!("subject  {name}")),
            Line::styled(format!("participants {PEOPLE}"), Modifier::BOLD),
        ];
        let lines: Vec<Line<'_>> = head.into_iter().chain(people).take(height).collect();
        frame.render_widget(Paragraph::new(lines).block(block), area);
    }
}

/// Events of the terminal as they come, until nobody wants them any more.
#[expect(
    clippy::disallowed_methods,
    reason = "reading blocks, and here nothing else runs on a thread"
)]
fn listen() -> UnboundedReceiver<io::Result<Event>> {
    let (sender, events) = mpsc::unbounded_channel();
    std::thread::spawn(move || while sender.send(event::read()).is_ok() {});
    events
}

async fn run(terminal: &mut DefaultTerminal, mut rows: Rows) -> io::Result<()> {
    let mut events = listen();
    loop {
        terminal.draw(|frame| rows.draw(frame))?;
        let mut next = events.recv().await;
        while let Some(event) = next {
            if !rows.take(&event?) {
                return Ok(());
            }
            next = events.try_recv().ok();
        }
    }
}

fn main() -> anyhow::Result<()> {
    let (mut count, mut detail) = (100, false);
    for word in std::env::args().skip(1) {
        if word == "--detail" {
            detail = true;
        } else {
            count = word.parse().context("usage: bare [ROWS] [--detail]")?;
        }
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let mut terminal = ratatui::init();
    let ended = runtime.block_on(run(&mut terminal, Rows::new(count, detail)));
    ratatui::restore();
    // The thread that reads keys has nothing to give up.
    runtime.shutdown_background();
    Ok(ended?)
}
