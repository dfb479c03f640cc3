//! Which key means which action, where.

use std::fmt::Write as _;

use super::{Action, Code, Key, Keymap, Section};

/// Who gets the keys. Dialogs and text fields take theirs before this table is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "one for each pane, named alike")]
pub enum Context {
    Groups,
    Members,
    Invite,
    Icon,
    Messages,
    Activity,
    Inbox,
}

impl Context {
    /// Every context.
    pub const ALL: [Self; 7] = [
        Self::Groups,
        Self::Members,
        Self::Invite,
        Self::Icon,
        Self::Messages,
        Self::Activity,
        Self::Inbox,
    ];

    /// Its own section of the help.
    pub fn section(self) -> Section {
        match self {
            Self::Groups => Section::Groups,
            Self::Members => Section::Members,
            Self::Invite => Section::Invite,
            Self::Icon => Section::Icon,
            Self::Messages => Section::Messages,
            Self::Activity => Section::Activity,
            Self::Inbox => Section::Inbox,
        }
    }

    /// Its name in the configuration.
    pub fn name(self) -> String {
        self.section().title().to_lowercase()
    }
}

const fn c(c: char) -> Key {
    Key::char(c)
}

const fn k(code: Code) -> Key {
    Key::plain(code)
}

/// Keys that mean the same everywhere; a pane's own table comes first.
const EVERYWHERE: &[(Key, Action)] = &[
    (c('?'), Action::Help),
    (k(Code::F(1)), Action::Help),
    (c(':'), Action::Commands),
    (Key::ctrl('p'), Action::Commands),
    (k(Code::Tab), Action::NextPane),
    (k(Code::BackTab), Action::PreviousPane),
    (c('1'), Action::GoGroups),
    (c('2'), Action::GoMembers),
    (c('3'), Action::GoInvite),
    (c('4'), Action::GoIcon),
    (c('5'), Action::GoMessages),
    (c('w'), Action::GoActivity),
    (c('6'), Action::GoActivity),
    (c('7'), Action::GoInbox),
    (c('F'), Action::Find),
    (c('U'), Action::NextUnread),
    (c(']'), Action::NextTab),
    (c('['), Action::PreviousTab),
    (k(Code::Esc), Action::Back),
    (c('u'), Action::Undo),
    (c('r'), Action::Refresh),
    (c('R'), Action::RefreshAll),
    (k(Code::F(5)), Action::RefreshAll),
    (c('p'), Action::PauseReading),
    (c('P'), Action::HideNumbers),
    (Key::ctrl('l'), Action::Redraw),
    (Key::ctrl('z'), Action::Suspend),
    (Key::ctrl('c'), Action::Interrupt),
    (c('q'), Action::Quit),
];

/// Everywhere but in the Inbox, whose parts stand side by side.
const SIDES: &[(Key, Action)] = &[
    (k(Code::Left), Action::ToList),
    (c('h'), Action::ToList),
    (k(Code::Right), Action::ToDetails),
    (c('l'), Action::ToDetails),
];

/// Everywhere but in Invite itself, where the same letter invites people.
const TO_INVITE: &[(Key, Action)] = &[(c('i'), Action::GoInvite)];

/// Everywhere but in Activity, where the same letter cancels: there the commands have them all.
const ACTIONS: &[(Key, Action)] = &[(c('x'), Action::Actions)];

/// Everywhere but in Invite, where the same letter makes the code bigger.
const FULL: &[(Key, Action)] = &[(c('f'), Action::FullScreen)];

const MOVE: &[(Key, Action)] = &[
    (k(Code::Up), Action::Up),
    (c('k'), Action::Up),
    (k(Code::Down), Action::Down),
    (c('j'), Action::Down),
    (c('g'), Action::First),
    (k(Code::Home), Action::First),
    (c('G'), Action::Last),
    (k(Code::End), Action::Last),
    (Key::ctrl('u'), Action::HalfPageUp),
    (Key::ctrl('d'), Action::HalfPageDown),
    (k(Code::PageUp), Action::PageUp),
    (Key::ctrl('b'), Action::PageUp),
    (k(Code::PageDown), Action::PageDown),
    (Key::ctrl('f'), Action::PageDown),
];

const MARKS: &[(Key, Action)] = &[
    (c('/'), Action::Filter),
    (c(' '), Action::Mark),
    (c('v'), Action::MarkRange),
    (Key::shift(Code::Up), Action::MarkUp),
    (Key::shift(Code::Down), Action::MarkDown),
    (c('A'), Action::MarkAll),
];

const GROUPS: &[(Key, Action)] = &[
    (k(Code::Enter), Action::Open),
    (c('y'), Action::CopyLink),
    (c('Y'), Action::CopyGroup),
    (c('n'), Action::NewGroup),
    (c('e'), Action::Rename),
    (k(Code::F(2)), Action::Rename),
    (c('d'), Action::Leave),
    (c('s'), Action::Sort),
];

const MEMBERS: &[(Key, Action)] = &[
    (c('+'), Action::Promote),
    (c('-'), Action::Demote),
    (c('d'), Action::Remove),
    (c('y'), Action::CopyNumbers),
    (c('Y'), Action::CopyPeople),
    (c('e'), Action::Rename),
    (k(Code::F(2)), Action::Rename),
];

const INVITE: &[(Key, Action)] = &[
    (c('i'), Action::InviteByMessage),
    (c('y'), Action::CopyInvite),
    (c('Y'), Action::CopyMessage),
    (c('o'), Action::OpenLink),
    (c('f'), Action::BiggerCode),
    (c('v'), Action::InvertCode),
    (c('s'), Action::SaveCode),
    (c('d'), Action::ResetInvite),
    (c('e'), Action::Rename),
    (k(Code::F(2)), Action::Rename),
];

const ICON: &[(Key, Action)] = &[
    (c('e'), Action::SetIcon),
    (c('s'), Action::SaveIcon),
    (c('o'), Action::OpenIcon),
    (c('y'), Action::CopyIcon),
    (c('d'), Action::RemoveIcon),
    (k(Code::F(2)), Action::Rename),
];

/// Where a group is chosen or shown.
const WRITE: &[(Key, Action)] = &[(c('m'), Action::Write)];

const MESSAGES: &[(Key, Action)] = &[
    (k(Code::Enter), Action::TakeUp),
    (c('e'), Action::EditMessage),
    (c('d'), Action::DropMessage),
    (c('y'), Action::CopyText),
    (c('Y'), Action::CopyMessageParts),
    (c('o'), Action::OpenMessage),
    (c('/'), Action::Search),
    (c('n'), Action::NextHit),
    (c('N'), Action::PreviousHit),
    (k(Code::F(2)), Action::Rename),
];

const ACTIVITY: &[(Key, Action)] = &[
    (k(Code::Enter), Action::Unfold),
    (c('/'), Action::Filter),
    (c('e'), Action::Settle),
    (c('y'), Action::CopyEntry),
    (c('s'), Action::Export),
    (c('x'), Action::CancelCall),
];

/// Nothing in it writes to anybody: `m` says why.
const INBOX: &[(Key, Action)] = &[
    (k(Code::Enter), Action::ShowWhole),
    (c('/'), Action::Filter),
    (c('y'), Action::CopyReceived),
    (c('Y'), Action::CopyReport),
    (c('o'), Action::OpenReceived),
    (k(Code::Right), Action::NextTab),
    (c('l'), Action::NextTab),
    (k(Code::Left), Action::PreviousTab),
    (c('h'), Action::PreviousTab),
];

/// The tables of a context, the most special first.
fn tables(context: Context) -> &'static [&'static [(Key, Action)]] {
    match context {
        Context::Groups => &[
            GROUPS, WRITE, MARKS, MOVE, TO_INVITE, ACTIONS, FULL, SIDES, EVERYWHERE,
        ],
        Context::Members => &[
            MEMBERS, WRITE, MARKS, MOVE, TO_INVITE, ACTIONS, FULL, SIDES, EVERYWHERE,
        ],
        // The list keeps its keys for moving: the code follows the selected group.
        Context::Invite => &[INVITE, WRITE, MOVE, ACTIONS, SIDES, EVERYWHERE],
        Context::Icon => &[
            ICON, WRITE, MOVE, TO_INVITE, ACTIONS, FULL, SIDES, EVERYWHERE,
        ],
        Context::Messages => &[
            MESSAGES, WRITE, MOVE, TO_INVITE, ACTIONS, FULL, SIDES, EVERYWHERE,
        ],
        Context::Activity => &[ACTIVITY, MOVE, TO_INVITE, FULL, SIDES, EVERYWHERE],
        Context::Inbox => &[INBOX, WRITE, MOVE, TO_INVITE, ACTIONS, FULL, EVERYWHERE],
    }
}

/// The program's own keys in `context`.
pub(super) fn defaults(context: Context) -> impl Iterator<Item = (Key, Action)> {
    tables(context)
        .iter()
        .flat_map(|table| table.iter().copied())
}

/// What the footer offers in `context`, most useful first. `? help` is pinned apart from these.
pub fn footer(context: Context) -> &'static [Action] {
    match context {
        Context::Groups => &[
            Action::Open,
            Action::NextUnread,
            Action::CopyLink,
            Action::GoInvite,
            Action::Write,
            Action::NewGroup,
            Action::Rename,
            Action::Actions,
            Action::Leave,
            Action::Filter,
            Action::Find,
            Action::Mark,
            Action::Sort,
            Action::RefreshAll,
        ],
        Context::Members => &[
            Action::Mark,
            Action::MarkRange,
            Action::Promote,
            Action::Demote,
            Action::Remove,
            Action::CopyNumbers,
            Action::Actions,
            Action::Filter,
            Action::MarkAll,
            Action::Back,
        ],
        Context::Invite => &[
            Action::CopyInvite,
            Action::InviteByMessage,
            Action::CopyMessage,
            Action::OpenLink,
            Action::BiggerCode,
            Action::InvertCode,
            Action::ResetInvite,
            Action::SaveCode,
            Action::Actions,
            Action::Back,
        ],
        Context::Icon => &[
            Action::SetIcon,
            Action::SaveIcon,
            Action::OpenIcon,
            Action::CopyIcon,
            Action::RemoveIcon,
            Action::Actions,
            Action::Back,
        ],
        Context::Messages => &[
            Action::Undo,
            Action::TakeUp,
            Action::Refresh,
            Action::Write,
            Action::EditMessage,
            Action::DropMessage,
            Action::NextHit,
            Action::CopyText,
            Action::OpenMessage,
            Action::Search,
            Action::NextUnread,
            Action::Last,
            Action::CopyMessageParts,
            Action::Actions,
            Action::Back,
        ],
        Context::Activity => &[
            Action::Unfold,
            Action::Settle,
            Action::CopyEntry,
            Action::CancelCall,
            Action::Refresh,
            Action::Filter,
            Action::Export,
            Action::Commands,
            Action::Back,
        ],
        Context::Inbox => &[
            Action::ShowWhole,
            Action::NextTab,
            Action::NextUnread,
            Action::CopyReceived,
            Action::CopyReport,
            Action::OpenReceived,
            Action::Refresh,
            Action::Filter,
            Action::Actions,
            Action::Back,
        ],
    }
}

/// The whole table as Markdown: `docs/keys.md`.
pub fn markdown() -> String {
    let mut out = String::from(
        "# Keys\n\nMade from the program's own table; `just keys` writes this page anew.\n\
         Three dots mean that a question comes first. On Cyrillic, Greek, Hebrew and Arabic keyboards a key \
         means what the Latin one at its place means, outside text fields.\n\n\
         ## Keys of your own\n\n\
         The last column is the name of an action in `[keys]` of the [configuration](configuration.md):\n\n\
         ```toml\n[keys]\n\
         rename = \"E\"                    # in place of the keys it has\n\
         leave = [\"ctrl+x l\", \"F8\"]     # several; a blank between keys that are pressed in turn\n\
         redraw = \"\"                     # none\n\n\
         [keys.members]                  # in one pane only: groups, members, invite, icon, …\n\
         remove = \"D\"\n```\n\n\
         A key is a character, or `space`, `enter`, `tab`, `backspace`, `delete`, `up`, `down`, `left`, `right`, \
         `home`, `end`, `pgup`, `pgdn`, `F1` to `F24`, with `ctrl+`, `alt+` or `shift+` in front; `C-x`, `<C-x>` \
         and `Return` are understood too. `wavedeck keys` says what a key is called, `wavedeck keys --list` prints \
         the table in use. `esc`, `ctrl+c` and the keys of dialogs and text fields stay as they are, and the key \
         that opened a question never answers it. Of keys that are pressed in turn the footer shows what can \
         follow; `esc` gives them up, and nothing happens by waiting.\n",
    );
    let keymap = Keymap::default();
    for section in Section::ALL {
        // Writing to a String cannot fail.
        let _ = write!(
            out,
            "\n## {}\n\n| Keys | Does | Name |\n| --- | --- | --- |\n",
            section.title()
        );
        for action in Action::ALL
            .iter()
            .filter(|action| action.section() == section)
        {
            let keys: Vec<String> = keymap
                .keys_of(section.home(), *action)
                .map(|key| format!("`{}`", key.to_string().replace('|', "\\|")))
                .collect();
            let keys = if keys.is_empty() {
                format!("`:` {}", action.title().to_lowercase())
            } else {
                keys.join(" ")
            };
            let _ = writeln!(out, "| {keys} | {} | `{}` |", action.help(), action.name());
        }
    }
    out.push_str(
        "\n## Text fields\n\n| Keys | Does |\n| --- | --- |\n\
         | `enter` | submit; in a filter or a search: keep it and go to the list |\n\
         | `alt+enter` `ctrl+j` | in a message: new line; `ctrl+enter` too, where the terminal tells it apart |\n\
         | `ctrl+o` | in a message: write on in your own editor, `$VISUAL` or `$EDITOR` |\n\
         | `esc` | leave; in a filter or a search: clear it; in a message: keep the draft |\n\
         | `tab` `shift+tab` | next, previous field or button |\n\
         | `↑` `↓` | in a message: one row up, down |\n\
         | `ctrl+a` `ctrl+e` `home` `end` | start, end |\n\
         | `backspace` `ctrl+h` `delete` `ctrl+d` | delete the character before, behind |\n\
         | `ctrl+w` `alt+backspace` `alt+d` | delete the word before, behind |\n\
         | `ctrl+u` `ctrl+k` | delete to the start, to the end |\n\
         | `alt+b` `alt+f` `ctrl+←` `ctrl+→` | one word back, forward |\n\
         | `ctrl+r` | in the field of a token: show it, hide it again |\n\n\
         ## Commands\n\n\
         `:` finds every action by its name, from wherever you are, and runs it; what was run last stands first. \
         What cannot run now is grey and says why. A command asks exactly what its key asks.\n\n\
         In the filter of Members, once it holds digits only, `+` `-` `d` `y` `Y` `v` and `space` act on the \
         row found: `/ 0003 d` finds a number and asks to remove it.\n\n\
         ## Mouse\n\n\
         | Mouse | Does |\n| --- | --- |\n\
         | click | choose a row and its pane; press a tab, hint, button, field, menu line or notice |\n\
         | double click | what `enter` does there |\n\
         | wheel | scroll what is under it |\n\n\
         No click alone answers a question that cannot be taken back: the first one moves the focus to the button, \
         a later one presses it, and words are still typed. Shift-drag selects text (in some terminals Option-drag \
         or Fn-drag); `mouse = false` in the configuration leaves the mouse to the terminal.\n\n\
         ## Questions\n\n\
         | Question | Answer |\n| --- | --- |\n\
         | one line at the bottom | `enter` yes, `esc` no |\n\
         | a dialog | Cancel has the focus: `tab` or `→` goes to the other button, `enter` presses it |\n\
         | a dialog with a field | type the word or number it asks for, then `enter` |\n",
    );
    out
}
