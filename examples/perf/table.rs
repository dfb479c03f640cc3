//! Figures, and the table that they make: as text, or as Markdown for the README.

use std::time::Duration;

/// One line: what was measured of the dashboard, and of the program beside it in the same run.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    /// What was measured.
    what: String,
    ours: Option<f64>,
    beside: Option<f64>,
    unit: &'static str,
    /// What it should be.
    goal: &'static str,
    /// What stands there where nothing could be measured.
    note: &'static str,
}

impl Figure {
    /// A figure of the dashboard alone.
    pub(crate) fn new(what: impl Into<String>, ours: Option<f64>, unit: &'static str) -> Self {
        Self {
            what: what.into(),
            ours,
            beside: None,
            unit,
            goal: "",
            note: "",
        }
    }

    /// The same of the program beside it.
    pub(crate) fn beside(self, beside: Option<f64>) -> Self {
        Self { beside, ..self }
    }

    /// What it should be.
    pub(crate) fn goal(self, goal: &'static str) -> Self {
        Self { goal, ..self }
    }

    /// Why there may be no figure.
    pub(crate) fn note(self, note: &'static str) -> Self {
        Self { note, ..self }
    }

    fn cells(&self) -> [String; 5] {
        let shown = |value: Option<f64>| match value {
            Some(value) => format!("{} {}", rounded(value), self.unit)
                .trim()
                .to_owned(),
            None => "–".to_owned(),
        };
        let ratio = match (self.ours, self.beside) {
            (Some(ours), Some(beside)) if beside > 0.0 => format!("{:.2}", ours / beside),
            _ => String::new(),
        };
        let ours = if self.ours.is_none() && !self.note.is_empty() {
            self.note.to_owned()
        } else {
            shown(self.ours)
        };
        let beside = self.beside.map_or_else(String::new, |_| shown(self.beside));
        [self.what.clone(), ours, beside, ratio, self.goal.to_owned()]
    }
}

/// Three digits that count, at most two behind the point, and commas between thousands.
fn rounded(value: f64) -> String {
    let digits = match value.abs() {
        v if v >= 100.0 || v == 0.0 => 0,
        v if v >= 10.0 => 1,
        _ => 2,
    };
    let text = format!("{value:.digits$}");
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let whole = grouped(whole);
    if rest.is_empty() {
        whole
    } else {
        format!("{whole}.{rest}")
    }
}

/// A number with commas between thousands, as the dashboard shows it.
pub(crate) fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The names of the columns.
const HEAD: [&str; 5] = ["", "wavedeck", "beside it", "ratio", "goal"];

/// The table as lines of text.
pub(crate) fn as_text(figures: &[Figure]) -> String {
    let rows: Vec<[String; 5]> = std::iter::once(HEAD.map(str::to_owned))
        .chain(figures.iter().map(Figure::cells))
        .collect();
    let mut widths = [0; 5];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(widths).zip(0..);
        let cells = cells.map(|((cell, width), column)| match column {
            1..=3 => format!("{cell:>width$}"),
            _ => format!("{cell:<width$}"),
        });
        let line = cells.collect::<Vec<_>>().join("  ");
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// The table as Markdown.
pub(crate) fn as_markdown(figures: &[Figure]) -> String {
    let line = |cells: [String; 5]| format!("| {} |\n", cells.join(" | "));
    let mut text = line(HEAD.map(str::to_owned));
    text.push_str("|---|---:|---:|---:|---|\n");
    text.extend(figures.iter().map(|figure| line(figure.cells())));
    text
}

/// The middle of some times, in milliseconds.
pub(crate) fn median(times: &[Duration]) -> Option<f64> {
    percentile(times, 50)
}

/// The time in milliseconds that so many of a hundred do not exceed.
pub(crate) fn percentile(times: &[Duration], percent: usize) -> Option<f64> {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let last = sorted.len().checked_sub(1)?;
    let at = sorted.get((last * percent).div_ceil(100))?;
    Some(at.as_secs_f64() * 1000.0)
}
