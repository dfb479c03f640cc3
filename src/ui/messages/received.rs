//! A message of somebody else: who, when, and what, made safe.
//!
//! Invariant: who wrote is the number; a name beside it without a mark is one that the user gave.

use super::{HEAD, Line, TEXT, View};
use crate::app::Model;
use crate::app::messages::body::{body, is_event, sent_at, words};
use crate::domain::{Clean, Kept, web_address};
use crate::keymap::Action;
use crate::theme::Meaning;
use crate::ui::text::{clock, minute, named, plural, width};

pub(super) fn lines(view: &View<'_>, row: usize, kept: &Kept) -> Vec<Line> {
    let model = view.model;
    let content = &kept.message.content;
    let event = is_event(content);
    let indent = if event { TEXT } else { super::indent(model) };
    let line = |text: String, meaning| Line::new(text, meaning, Some(row), indent);
    let time = (clock(kept.kept_at, &model.session.time_zone), Meaning::Dim);
    let search = super::search(model);
    let hits_in = |text: &str| {
        search
            .map(|search| search.hits_in(text))
            .unwrap_or_default()
    };
    let mut lines = Vec::new();
    if !event {
        lines.push(head(model, kept, row, time.clone(), &hits_in));
    }
    let meaning = if event { Meaning::Dim } else { Meaning::Text };
    let body = body(content, (model.size, model.extent), view.list);
    let hits = hits_in(&words(content));
    for shown in &body.rows {
        lines.push(Line {
            hits: hits.iter().filter_map(|hit| shown.cells_of(hit)).collect(),
            ..line(shown.shown.trim_end().to_owned(), meaning)
        });
    }
    let opens = content
        .attachment()
        .is_some_and(|address| web_address(address).is_some());
    if let Some(last) = lines.last_mut().filter(|_| opens && !body.is_cut) {
        last.state = {
            let open = format!("{} open", model.way_to(Action::OpenMessage));
            let room = model.size.message_room(model.extent);
            fits(last, &open, room).then_some((open, Meaning::Dim))
        };
    }
    if body.is_cut {
        let more = words(content)
            .lines()
            .count()
            .saturating_sub(body.rows.len());
        let copy = model.way_to(Action::CopyText);
        let text = match more {
            0 => format!("… it goes on: {copy} copies all of it"),
            more => format!("… {} more: {copy} copies all of it", plural(more, "line")),
        };
        lines.push(line(text, Meaning::Dim));
    }
    if body.hides {
        lines.push(line(Clean::HIDES.to_owned(), Meaning::Warn));
    }
    if event && let Some(first) = lines.first_mut() {
        // The time stands in the cells in front.
        first.parts.insert(0, time);
        first.indent = HEAD;
        for (column, _) in &mut first.hits {
            *column += TEXT - HEAD;
        }
    }
    if let Some(sent) = sent_at(kept) {
        let sent = minute(sent, &model.session.time_zone);
        let text = if sent.is_empty() {
            "! sent at a time that cannot be".to_owned()
        } else {
            format!("! sent {sent}")
        };
        lines.push(line(text, Meaning::Warn));
    }
    lines
}

/// Whether there is room behind a line.
fn fits(line: &Line, behind: &str, room: u16) -> bool {
    let text: u16 = line.parts.iter().map(|(text, _)| width(text)).sum();
    text + 3 + width(behind) <= room
}

/// Time, number and name.
fn head(
    model: &Model,
    kept: &Kept,
    row: usize,
    time: (String, Meaning),
    hits_in: &dyn Fn(&str) -> Vec<std::ops::Range<usize>>,
) -> Line {
    let author = model.author(&kept.message);
    let start = width(&time.0) + 2 + width(&author.who) + 2;
    let mut parts = vec![time, (author.who, Meaning::Text)];
    let mut hits = Vec::new();
    if !author.name.is_empty() {
        for hit in hits_in(&author.name) {
            let cells = |chars: usize| width(&author.name.chars().take(chars).collect::<String>());
            let (from, to) = (cells(hit.start), cells(hit.end));
            hits.push((start + from, to - from));
        }
        parts.push((author.name, named(author.is_contact)));
    }
    Line {
        parts,
        row: Some(row),
        indent: HEAD,
        hits,
        ..Line::default()
    }
}
