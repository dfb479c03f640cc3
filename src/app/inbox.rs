//! What was received and belongs to no group of the list: its parts, their rows with the cursor, and the
//! message that is shown whole. The messages themselves are in [`super::received`].
//!
//! Invariant: read only. Nothing here leads to anything that is sent: who wrote here is told, never
//! written to.

mod pretty;

use super::layout::scrolled;
use super::list::FilterInput;
use super::messages::draft;
use super::received::{Chat, Received};
use crate::domain::{Clean, Content, GroupId, Kept, Lane, Seq};
use pretty::pretty;

/// Most characters of a message, and of its report, that are shown: `Y` copies all of them.
const MOST_SHOWN: usize = 16_384;

/// The parts of the pane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// Groups that are not in the list.
    #[default]
    OtherGroups,
    /// Written to the account itself.
    Direct,
    /// It names a group that cannot be one.
    Unclassified,
    /// What could not be understood.
    Unreadable,
}

impl Part {
    /// Every part, from left to right.
    pub const ALL: [Self; 4] = [
        Self::OtherGroups,
        Self::Direct,
        Self::Unclassified,
        Self::Unreadable,
    ];

    /// Where a lane stands that is no group of the list.
    pub fn of(lane: &Lane) -> Self {
        match lane {
            Lane::Group(_) => Self::OtherGroups,
            Lane::Direct => Self::Direct,
            Lane::Unclassified => Self::Unclassified,
            Lane::Unreadable => Self::Unreadable,
        }
    }

    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::OtherGroups => "Other groups",
            Self::Direct => "Direct",
            Self::Unclassified => "Not classified",
            Self::Unreadable => "Unreadable",
        }
    }

    /// What has to be known about everything in it.
    pub fn note(self) -> &'static str {
        match self {
            Self::OtherGroups => "Groups not in your list; it is read again once a minute at most.",
            Self::Direct => "Read only. Replying to a direct message may be charged.",
            Self::Unclassified => "No group can be told, so nothing can be answered.",
            Self::Unreadable => "Not understood, and kept as it came.",
        }
    }

    /// Why nothing can be written from there.
    pub fn refusal(self) -> &'static str {
        match self {
            Self::OtherGroups => "this group is not in your list, so it cannot be written to",
            Self::Direct => "a direct message is not answered here: replying to one may be charged",
            Self::Unclassified | Self::Unreadable => {
                "no group can be told, so nothing can be answered"
            }
        }
    }

    fn place(self) -> usize {
        Self::ALL.iter().position(|part| *part == self).unwrap_or(0)
    }
}

/// How much is in a part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Messages that are kept.
    pub total: usize,
    /// Those that nobody has read at this computer.
    pub unread: usize,
}

/// How much is in each part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([Count; 4]);

impl Counts {
    /// Adds a lane that is no group of the list.
    pub(super) fn add(&mut self, lane: &Lane, chat: &Chat) {
        if let Some(count) = self.0.get_mut(Part::of(lane).place()) {
            count.total += chat.total();
            count.unread += chat.unread();
        }
    }
}

/// What was counted: another one means that it has to be counted again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Stamp {
    /// Of what was received.
    pub(super) received: u64,
    /// Of the groups.
    pub(super) groups: u64,
    /// Whether it is known which groups are in the list.
    pub(super) listed: bool,
}

/// What rows are made of: the same makes the same rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Made {
    /// What was received, and which groups are in the list.
    pub(super) stamp: Stamp,
    /// The part.
    pub(super) part: Part,
    /// What is in the filter.
    pub(super) typed: String,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// The group whose messages follow.
    Group(GroupId),
    /// A message.
    Message(Lane, Seq),
}

impl Row {
    fn seq(&self) -> Option<Seq> {
        match self {
            Self::Group(_) => None,
            Self::Message(_, seq) => Some(*seq),
        }
    }
}

/// The pane.
#[derive(Debug, Default)]
pub struct Inbox {
    /// The filter.
    pub filter: FilterInput,
    part: Part,
    counts: Counts,
    stamp: Stamp,
    rows: Vec<Row>,
    /// What the rows were made of; `None` before the first time.
    made_of: Option<Made>,
    /// Why not all messages of the part could be read.
    not_read: Option<String>,
    /// `None` until the user moves: then the first message has the cursor, whichever it is.
    cursor: Option<Seq>,
    /// First row in view.
    top: usize,
    /// The message that is shown whole.
    whole: Option<(Lane, Seq)>,
    /// Its first row in view.
    whole_top: usize,
}

impl Inbox {
    /// The part that is shown.
    pub fn part(&self) -> Part {
        self.part
    }

    /// How much is in a part.
    pub fn count(&self, part: Part) -> Count {
        self.counts.0.get(part.place()).copied().unwrap_or_default()
    }

    /// How many messages of all parts nobody has read at this computer.
    pub fn unread(&self) -> usize {
        self.counts.0.iter().map(|count| count.unread).sum()
    }

    /// How much is in all parts.
    pub fn total(&self) -> usize {
        self.counts.0.iter().map(|count| count.total).sum()
    }

    /// Whether that was counted already.
    pub(super) fn is_counted(&self, stamp: Stamp) -> bool {
        self.stamp == stamp
    }

    /// Takes what was counted.
    pub(super) fn set_counts(&mut self, counts: Counts, stamp: Stamp) {
        self.counts = counts;
        self.stamp = stamp;
    }

    /// Shows a part from its newest message on.
    pub(super) fn show(&mut self, part: Part) {
        self.fold();
        if self.part != part {
            self.part = part;
            self.cursor = None;
            self.top = 0;
        }
    }

    /// Shows the part that is so many to the right.
    pub(super) fn turn(&mut self, by: usize) {
        let at = (self.part.place() + by) % Part::ALL.len();
        self.show(Part::ALL.get(at).copied().unwrap_or_default());
    }

    /// Shows a part with something new in it, unless this one has; else one with anything.
    pub(super) fn show_news(&mut self) {
        let here = self.count(self.part);
        let first = |fits: fn(&Count) -> bool| {
            let mut parts = Part::ALL.into_iter();
            parts.find(|part| fits(&self.count(*part)))
        };
        let better = if here.unread > 0 {
            None
        } else {
            first(|count| count.unread > 0)
                .or_else(|| first(|count| count.total > 0).filter(|_| here.total == 0))
        };
        self.show(better.unwrap_or(self.part));
    }

    /// Shows the next part to the right with something new in it, and around.
    pub(super) fn show_next_news(&mut self) {
        let here = self.part.place();
        let mut around = Part::ALL
            .iter()
            .cycle()
            .skip(here + 1)
            .take(Part::ALL.len());
        let next = around.find(|part| self.count(**part).unread > 0);
        self.show(next.copied().unwrap_or(self.part));
    }

    /// The rows, as they were arranged last.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Why not all messages of the part could be read, if that is so.
    pub fn not_read(&self) -> Option<&str> {
        self.not_read.as_deref()
    }

    /// Whether the rows have to be arranged anew. Then they are, and what they are made of is kept.
    pub(super) fn is_stale(&mut self, made: Made) -> bool {
        let is_stale = self.made_of.as_ref() != Some(&made);
        self.made_of = Some(made);
        is_stale
    }

    /// Arranges the rows anew, and why there are not all; the cursor stays on its message.
    pub(super) fn arrange(&mut self, rows: Vec<Row>, not_read: Option<String>) {
        self.rows = rows;
        self.not_read = not_read;
    }

    /// Row of the cursor.
    pub fn row(&self) -> usize {
        let of = |wanted: Option<Seq>| {
            let mut rows = self.rows.iter().map(Row::seq);
            wanted.and_then(|_| rows.position(|seq| seq == wanted))
        };
        let first = || self.rows.iter().position(|row| row.seq().is_some());
        of(self.cursor).or_else(first).unwrap_or(0)
    }

    /// The message under the cursor.
    pub fn current(&self) -> Option<(&Lane, Seq)> {
        match self.rows.get(self.row())? {
            Row::Message(lane, seq) => Some((lane, *seq)),
            Row::Group(_) => None,
        }
    }

    /// First row in view.
    pub fn top(&self) -> usize {
        self.top
    }

    /// Moves the cursor by so many messages.
    pub(super) fn step(&mut self, by: isize) {
        let seqs: Vec<Seq> = self.rows.iter().filter_map(Row::seq).collect();
        let here = self.current().map(|(_, seq)| seq);
        let at = seqs.iter().position(|seq| Some(*seq) == here).unwrap_or(0);
        let row = if by == isize::MIN {
            0
        } else {
            at.saturating_add_signed(by)
                .min(seqs.len().saturating_sub(1))
        };
        // The first one follows what comes; any other row stays with its own.
        self.cursor = seqs.get(row).copied().filter(|_| row > 0);
    }

    /// Moves the cursor to a row; from a heading on to the next message.
    pub(super) fn move_to(&mut self, row: usize) {
        let mut below = self.rows.iter().skip(row).filter_map(Row::seq);
        let first = self.rows.iter().find_map(Row::seq);
        let wanted = below.next();
        // The first one follows what comes; any other row stays with its own.
        self.cursor = wanted.filter(|_| wanted != first);
    }

    /// Shows the rows from `top` on, with the cursor on that row.
    pub(super) fn scroll_to(&mut self, top: usize, row: usize) {
        self.top = top;
        if row != self.row() {
            self.move_to(row);
        }
    }

    /// Keeps the cursor in view, and the heading above it where there is one.
    pub(super) fn scroll(&mut self, room: usize) {
        self.top = scrolled(self.top, self.row(), room, self.rows.len());
    }

    /// The message that is shown whole.
    pub fn whole(&self) -> Option<(&Lane, Seq)> {
        self.whole.as_ref().map(|(lane, seq)| (lane, *seq))
    }

    /// First row of it in view.
    pub fn whole_top(&self) -> usize {
        self.whole_top
    }

    /// Shows the message under the cursor whole; returns which.
    pub(super) fn unfold(&mut self) -> Option<Seq> {
        let (lane, seq) = self.current()?;
        self.whole = Some((lane.clone(), seq));
        self.whole_top = 0;
        // What comes meanwhile does not push it away.
        self.cursor = Some(seq);
        Some(seq)
    }

    /// Back to the rows; `false` when they are shown.
    pub(super) fn fold(&mut self) -> bool {
        self.whole_top = 0;
        self.whole.take().is_some()
    }

    /// Scrolls the message that is shown whole, of so many rows, of which so many are in view.
    pub(super) fn scroll_whole(&mut self, by: isize, rows: usize, room: usize) {
        let most = rows.saturating_sub(room);
        self.whole_top = if by == isize::MIN {
            0
        } else {
            self.whole_top.min(most).saturating_add_signed(by).min(most)
        };
    }
}

/// What a row of a message that is shown whole is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// What they wrote.
    Text,
    /// Where its file is.
    Link,
    /// That something in it cannot be seen.
    Warning,
    /// The report as it came, or what is said about it.
    Report,
}

/// A message as it is shown whole, in rows of at most `room` cells.
pub fn whole(received: &Received, kept: &Kept, room: u16) -> Vec<(Tone, String)> {
    let mut rows = Vec::new();
    let mut add = |tone, text: &str| {
        let broken = draft::rows(text, room).into_iter();
        rows.extend(broken.map(|row| (tone, row.shown)));
    };
    let said = start_of(&said(&kept.message.content));
    add(Tone::Text, &revealed(&said));
    if Clean::would_hide(&said) {
        add(Tone::Warning, Clean::HIDES);
    }
    if let Some(address) = kept.message.content.attachment() {
        add(Tone::Text, "");
        add(Tone::Link, &start_of(address));
    }
    add(Tone::Text, "");
    match received.raw(kept.seq) {
        Some(Ok(Some(raw))) => {
            add(Tone::Report, "The report as it came:");
            add(Tone::Report, &revealed(&pretty(&start_of(raw))));
        }
        Some(Ok(None)) => add(Tone::Report, "The report is not kept any more."),
        Some(Err(why)) => {
            let why = format!("The report cannot be read: {why}");
            add(Tone::Report, &start_of(&why));
        }
        None => add(Tone::Report, "Reading the report …"),
    }
    rows
}

/// What a message says, with its line breaks and without anything that could steer what shows it.
pub fn text_of(content: &Content) -> String {
    line_by_line(&said(content), |line| Clean::new(line).to_hand_out())
}

/// What a message says, as it came.
fn said(content: &Content) -> String {
    match content {
        Content::Text(text) | Content::System(text) => text.clone(),
        Content::Media { .. }
        | Content::Location { .. }
        | Content::Contacts(_)
        | Content::Choice { .. }
        | Content::Unknown { .. }
        | Content::Unreadable(_) => content.line(),
    }
}

/// A text of several lines, with hidden characters written out.
fn revealed(text: &str) -> String {
    line_by_line(text, Clean::revealed)
}

fn line_by_line(text: &str, change: impl Fn(&str) -> String) -> String {
    text.lines().map(change).collect::<Vec<_>>().join("\n")
}

fn start_of(text: &str) -> String {
    let mut start: String = text.chars().take(MOST_SHOWN).collect();
    if start.len() < text.len() {
        start.push_str(" …");
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(seqs: &[i64]) -> Vec<Row> {
        let messages = seqs.iter().map(|seq| Row::Message(Lane::Direct, Seq(*seq)));
        let heading = Row::Group(GroupId::new("a").unwrap());
        std::iter::once(heading).chain(messages).collect()
    }

    fn current(inbox: &Inbox) -> Option<i64> {
        inbox.current().map(|(_, seq)| seq.0)
    }

    #[test]
    fn the_cursor_passes_headings_and_stays_on_its_message() {
        let mut inbox = Inbox::default();
        inbox.arrange(rows(&[3, 2, 1]), None);
        assert_eq!((inbox.row(), current(&inbox)), (1, Some(3)));
        inbox.step(1);
        inbox.arrange(rows(&[4, 3, 2, 1]), None);
        assert_eq!(current(&inbox), Some(2));
        inbox.step(-9);
        assert_eq!(current(&inbox), Some(4));
        inbox.arrange(rows(&[5, 4]), None);
        assert_eq!(current(&inbox), Some(5), "the first follows what comes");
        inbox.step(isize::MAX);
        assert_eq!(current(&inbox), Some(4));
    }

    #[test]
    fn what_is_shown_whole_is_scrolled_to_its_end_and_no_further() {
        let mut inbox = Inbox::default();
        inbox.arrange(rows(&[1]), None);
        assert_eq!(inbox.unfold(), Some(Seq(1)));
        inbox.scroll_whole(isize::MAX, 30, 10);
        assert_eq!(inbox.whole_top(), 20);
        inbox.scroll_whole(-3, 12, 10);
        assert_eq!(inbox.whole_top(), 0);
        assert!(inbox.fold());
        assert!(!inbox.fold());
    }

    #[test]
    fn a_copied_text_keeps_its_lines_and_nothing_that_steers_a_terminal() {
        let text = Content::Text("um\r\ndois\x1b[2J\u{202e}\u{9b}31m".into());
        assert_eq!(text_of(&text), "um\ndois[2J31m");
    }
}
