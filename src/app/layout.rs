//! Which panes a terminal of a given size has room for, and how many rows their lists get.
//!
//! Here and not in `ui`, because a page, the rows worth loading first and the scroll position are
//! decisions of the core. Pure: from the size alone, so nothing ever shifts because data arrive.

/// Size of the terminal in cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

/// How the body is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Under 40 × 10: only a notice.
    TooSmall,
    /// One pane at a time.
    One,
    /// Groups and details side by side.
    Two,
    /// The same with a card beside the members.
    TwoWithCard,
}

/// How much of the body the pane with the keys gets, where there is room for two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    /// It stands beside the list of groups.
    #[default]
    Beside,
    /// It has the whole body.
    Whole,
}

impl Size {
    /// The division of the body.
    pub fn layout(self) -> Layout {
        match (self.width, self.height) {
            (..40, _) | (_, ..10) => Layout::TooSmall,
            (..72, _) => Layout::One,
            (..120, _) | (_, ..30) => Layout::Two,
            _ => Layout::TwoWithCard,
        }
    }

    /// Width of the Groups pane beside the details, frame included.
    pub fn groups_width(self) -> u16 {
        match self.width {
            120.. => 40,
            110.. => 36,
            _ => 32,
        }
    }

    /// Columns that the list of groups takes from the pane beside it.
    pub fn list_width(self, extent: Extent) -> u16 {
        match extent {
            Extent::Beside => self.groups_width(),
            Extent::Whole => 0,
        }
    }

    /// Whether there is a status line of its own; otherwise it shares the footer's.
    pub fn has_status(self) -> bool {
        self.height >= 14 && self.layout() != Layout::One
    }

    /// Blank rows at the top of a pane.
    pub fn padding(self) -> u16 {
        u16::from(self.height >= if self.layout() == Layout::One { 14 } else { 20 })
    }

    /// How many notices there is room for in the corner.
    pub fn notices(self) -> usize {
        if self.height < 30 { 1 } else { 3 }
    }

    /// Rows of the body: all but header, status and footer.
    pub fn body(self) -> u16 {
        self.height.saturating_sub(2 + u16::from(self.has_status()))
    }

    /// Rows inside the frame of a pane; the one-pane layout has no frames.
    fn inside(self) -> u16 {
        self.body()
            .saturating_sub(if self.layout() == Layout::One { 0 } else { 2 })
    }

    /// Rows of the list of groups.
    pub fn group_rows(self) -> usize {
        // A line about loading may stand below; it takes the last row only while it is needed.
        usize::from(self.inside().saturating_sub(self.padding()).max(1))
    }

    /// Rows above the members inside their pane.
    pub fn detail_head(self) -> DetailHead {
        let boxed = self.layout() != Layout::One;
        DetailHead {
            title: boxed,
            facts: boxed && self.height >= 14,
            gap: self.layout() == Layout::TwoWithCard,
            rule: boxed && self.height >= 16,
            columns: boxed && self.height >= 12,
            padding: !boxed && self.padding() > 0,
        }
    }

    /// Rows of the list of members.
    pub fn member_rows(self) -> usize {
        usize::from(
            self.inside()
                .saturating_sub(self.detail_head().height())
                .max(1),
        )
    }

    /// Rows of the Messages pane, its composer included.
    pub fn thread_rows(self) -> u16 {
        self.inside().saturating_sub(self.detail_head().common())
    }

    /// Messages on a page: most of them take two rows.
    pub fn message_rows(self) -> usize {
        usize::from(self.thread_rows() / 3).max(1)
    }

    /// Cells of a row in the composer.
    pub fn composer_room(self, extent: Extent) -> u16 {
        match self.layout() {
            // The caret needs a cell behind the last one.
            Layout::TooSmall | Layout::One => self.width.saturating_sub(3),
            Layout::Two | Layout::TwoWithCard => {
                self.width.saturating_sub(self.list_width(extent) + 8)
            }
        }
    }

    /// Cells of a row in the list of messages.
    pub fn message_room(self, extent: Extent) -> u16 {
        match self.layout() {
            // Two cells behind the times: no text must look like the head of a message.
            Layout::TooSmall | Layout::One => self.width.saturating_sub(5),
            // The times stand in front.
            Layout::Two | Layout::TwoWithCard => {
                self.width.saturating_sub(self.list_width(extent) + 12)
            }
        }
    }

    /// Rows of text in the composer, for a text of so many rows: it grows up to half of the pane.
    pub fn composer_rows(self, lines: usize) -> u16 {
        let room = self.thread_rows();
        let least = match room {
            18.. => 3,
            10.. => 2,
            _ => 1,
        };
        let most = (room / 2).saturating_sub(2).max(least);
        u16::try_from(lines).unwrap_or(most).clamp(least, most)
    }

    /// Rows above those of the Inbox: whether messages are received, its parts, and what has to be known
    /// about the one that is shown, which takes two rows where there are few columns.
    pub fn inbox_head(self) -> u16 {
        let note = if self.layout() == Layout::One { 2 } else { 1 };
        2 + note + 2 * self.padding()
    }

    /// Rows of messages in the Inbox.
    pub fn inbox_rows(self) -> usize {
        usize::from(self.inside().saturating_sub(self.inbox_head()).max(1))
    }

    /// Rows of a message that is shown whole there: below who wrote it and when.
    pub fn whole_rows(self) -> usize {
        usize::from(self.inside().saturating_sub(3 + self.padding()).max(1))
    }

    /// Cells of such a row.
    pub fn whole_room(self, extent: Extent) -> u16 {
        match self.layout() {
            Layout::TooSmall | Layout::One => self.width.saturating_sub(2),
            Layout::Two => self.width.saturating_sub(6),
            Layout::TwoWithCard => self.width.saturating_sub(self.list_width(extent) + 6),
        }
    }

    /// Rows of the Activity pane.
    pub fn activity_rows(self) -> usize {
        usize::from(self.inside().saturating_sub(self.padding()).max(1))
    }
}

/// Which lines stand above the members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "five independent lines, each there or not"
)]
pub struct DetailHead {
    /// Subject and own role.
    pub title: bool,
    /// Id, creation, counts.
    pub facts: bool,
    /// A blank line.
    pub gap: bool,
    /// The line under the tabs.
    pub rule: bool,
    /// The column headings.
    pub columns: bool,
    /// A blank line under the tabs, in the one-pane layout.
    pub padding: bool,
}

impl DetailHead {
    /// Rows up to and including the rule: all that is common to every tab. The tabs are always there.
    pub fn common(self) -> u16 {
        [
            self.title,
            self.facts,
            self.gap,
            true,
            self.rule,
            self.padding,
        ]
        .into_iter()
        .map(u16::from)
        .sum()
    }

    /// Rows above the first member.
    pub fn height(self) -> u16 {
        self.common() + u16::from(self.columns)
    }
}

/// First row shown and row of the cursor after the wheel scrolled a list by so many rows: the cursor stays on
/// its row as long as [`scrolled`] can leave it there.
pub fn wheeled(top: usize, cursor: usize, by: isize, rows: usize, len: usize) -> (usize, usize) {
    let margin = 3.min(rows.saturating_sub(1) / 2);
    let last = len.saturating_sub(rows);
    let top = top.min(last).saturating_add_signed(by).min(last);
    let highest = if top == 0 { 0 } else { top + margin };
    let lowest = if top == last {
        len.saturating_sub(1)
    } else {
        (top + rows).saturating_sub(margin + 1)
    };
    (top, cursor.max(highest).min(lowest.max(highest)))
}

/// The first row to show, so that `cursor` keeps three rows of context where it can.
///
/// `top` is the first row shown so far, `rows` the room, `len` the length of the list.
pub fn scrolled(top: usize, cursor: usize, rows: usize, len: usize) -> usize {
    let margin = 3.min(rows.saturating_sub(1) / 2);
    let lowest = (cursor + margin + 1).saturating_sub(rows);
    let highest = cursor.saturating_sub(margin);
    top.clamp(lowest.min(highest), highest.max(lowest))
        .min(len.saturating_sub(rows))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_grids_of_the_design_have_their_rows() {
        let big = Size {
            width: 120,
            height: 36,
        };
        assert_eq!(
            (big.layout(), big.group_rows(), big.member_rows()),
            (Layout::TwoWithCard, 30, 25)
        );
        let usual = Size {
            width: 80,
            height: 24,
        };
        assert_eq!(
            (usual.layout(), usual.group_rows(), usual.member_rows()),
            (Layout::Two, 18, 14)
        );
        let narrow = Size {
            width: 50,
            height: 16,
        };
        assert_eq!(
            (narrow.layout(), narrow.group_rows(), narrow.member_rows()),
            (Layout::One, 13, 12)
        );
        let tiny = Size {
            width: 40,
            height: 12,
        };
        assert_eq!((tiny.layout(), tiny.member_rows()), (Layout::One, 9));
        assert_eq!(
            Size {
                width: 39,
                height: 30
            }
            .layout(),
            Layout::TooSmall
        );
    }

    proptest! {
        #[test]
        fn the_wheel_scrolls_and_the_cursor_stays_in_view(
            top in 0usize..500,
            cursor in 0usize..500,
            rows in 1usize..60,
            more in 1usize..500,
            by in -9isize..9,
        ) {
            let len = cursor + more;
            let top = scrolled(top, cursor, rows, len);
            let (to, row) = wheeled(top, cursor, by, rows, len);
            prop_assert!(row < len);
            prop_assert_eq!(scrolled(to, row, rows, len), to, "what was scrolled stays so");
            let last = len.saturating_sub(rows);
            prop_assert_eq!(to, top.saturating_add_signed(by).min(last));
        }

        #[test]
        fn the_cursor_is_always_in_view(top in 0usize..500, cursor in 0usize..500, rows in 1usize..60, more in 1usize..500) {
            let len = cursor + more;
            let top = scrolled(top, cursor, rows, len);
            prop_assert!(top <= cursor && cursor < top + rows);
            prop_assert!(top + rows <= len.max(rows));
        }
    }
}
