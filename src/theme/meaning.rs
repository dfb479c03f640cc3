//! The roles a cell of the screen can have. No colour is named here nor anywhere above.

/// What something on the screen means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Meaning {
    /// Names, numbers, messages.
    Text,
    /// Headings and the focused title.
    Strong,
    /// Ids, times, hints, labels of fields.
    Dim,
    /// Focus, cursor, marks, unread, the current tab.
    Accent,
    /// Links.
    Link,
    /// Spinners, and what else is told by the way.
    Info,
    /// Words in the header such as `[DEMO]` or the name of a profile.
    Badge,
    /// Success; always with a word or `✓`.
    Ok,
    /// Near a limit, offline, slowed down; always with a word or `!`.
    Warn,
    /// Errors and acts that cannot be undone; always with a word or `✗`.
    Danger,
    /// The star and the word of an admin.
    Admin,
    /// Idle frames and rules: decoration only, never words.
    Border,
    /// The frame of the focused pane.
    BorderFocus,
    /// The cursor row of the focused pane: a background.
    Selected,
    /// The cursor row of another pane: a background.
    SelectedInactive,
    /// The focused button of a harmless act.
    ButtonOk,
    /// The focused button of a dangerous act.
    ButtonDanger,
    /// The dark modules of a QR code and their light ground, both explicit.
    Qr,
}

impl Meaning {
    /// Every meaning, in the order of their declaration.
    pub const ALL: [Self; 18] = [
        Self::Text,
        Self::Strong,
        Self::Dim,
        Self::Accent,
        Self::Link,
        Self::Info,
        Self::Badge,
        Self::Ok,
        Self::Warn,
        Self::Danger,
        Self::Admin,
        Self::Border,
        Self::BorderFocus,
        Self::Selected,
        Self::SelectedInactive,
        Self::ButtonOk,
        Self::ButtonDanger,
        Self::Qr,
    ];
}
