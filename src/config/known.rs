//! The keys of the file: one table that says which there are, what each is when it is not set, and what it
//! does. What is unknown, the template and the page about the configuration all come from here.
//!
//! Reads nothing. Invariant: a key that is not in the table is unknown to the program, also where
//! something would read it; a key that is in the table is read.

use std::fmt::Write as _;

/// A table of the file, as it is written there.
pub(super) struct Table {
    /// The line above its keys; none for the keys at the top.
    header: &'static str,
    about: &'static str,
    keys: &'static [Key],
}

/// A key, in the table it belongs to.
struct Key {
    name: &'static str,
    value: Value,
    /// One or two sentences.
    about: &'static str,
}

/// What stands behind a key in the template, as TOML.
#[derive(Clone, Copy)]
enum Value {
    /// What is used when it is not set.
    Usual(&'static str),
    /// Something to begin with: not set is something that no value says.
    Example(&'static str),
}

const fn usual(name: &'static str, value: &'static str, about: &'static str) -> Key {
    Key {
        name,
        value: Value::Usual(value),
        about,
    }
}

const fn example(name: &'static str, value: &'static str, about: &'static str) -> Key {
    Key {
        name,
        value: Value::Example(value),
        about,
    }
}

/// The keys above all tables.
pub(super) const TOP: Table = Table {
    header: "",
    about: "",
    keys: &[
        example(
            "profile",
            "\"default\"",
            "The profile in use when none is named. With a single profile this line is not needed.",
        ),
        usual(
            "theme",
            "\"auto\"",
            "\"auto\" looks at the terminal; \"dark\", \"light\" and \"mono\" do not; any other name is that of a file, NAME.toml in the folder themes beside this one.",
        ),
        usual(
            "color",
            "\"auto\"",
            "How many colours: \"auto\", \"always\" (whatever NO_COLOR says), \"never\", \"truecolor\", 256 or 16.",
        ),
        usual(
            "glyphs",
            "\"auto\"",
            "\"unicode\" or \"ascii\"; \"auto\" is ascii where the locale is not UTF-8 or signs are two cells wide.",
        ),
        usual(
            "reduced_motion",
            "false",
            "Three dots instead of what spins.",
        ),
        usual(
            "mask_numbers",
            "false",
            "Masks phone numbers in what is copied from Activity and in exports of changes.",
        ),
        usual(
            "log_numbers",
            "false",
            "Writes phone numbers and ids of groups whole into the log, not only their last four digits.",
        ),
        usual(
            "cache",
            "true",
            "Keeps what is known of your groups for the next start, so that it shows them at once; false keeps nothing.",
        ),
        usual(
            "mouse",
            "true",
            "Clicks and the wheel are for the dashboard (Shift-drag still selects text); false leaves the mouse to the terminal.",
        ),
        usual(
            "confirm_send_over",
            "100",
            "A message to a group with more people than this is asked about; 0 asks about every one.",
        ),
        usual(
            "send_delay_secs",
            "3",
            "Seconds in which a message can be taken back before it leaves, from 0 to 60.",
        ),
        example(
            "contacts",
            "\"people.csv\"",
            "What you call people: a CSV file of numbers and names. A path starts in the folder of this file.",
        ),
    ],
};

/// `[receive]`.
pub(super) const RECEIVE: Table = Table {
    header: "receive",
    about: "How messages of others are received.",
    keys: &[
        example(
            "listen",
            "\"127.0.0.1:8077\"",
            "Where to listen. The dashboard receives only when this is set.",
        ),
        usual(
            "hosts",
            "[]",
            "Names under which senders reach it, beside its addresses, such as \"mo.example.org\".",
        ),
        usual("keep_days", "365", "Days for which messages are kept."),
        usual(
            "keep_messages",
            "100000",
            "So many messages are kept; above it the oldest go.",
        ),
    ],
};

/// `[profiles.NAME]`.
pub(super) const PROFILE: Table = Table {
    header: "profiles.default",
    about: "An account. There can be any number of them, each below a name of its own.",
    keys: &[
        example("user_name", "\"ana@example.org\"", "The user name."),
        example(
            "token",
            "\"…\"",
            "The authentication token. With it, nobody else may be able to read this file (mode 600).",
        ),
        example(
            "keyring",
            "true",
            "The token is in the keyring of this computer instead; false: it never goes there.",
        ),
        usual(
            "base_url",
            "\"https://api-messaging.wavy.global\"",
            "Root of the API: https, or plain http on this computer.",
        ),
        example(
            "own_number",
            "\"+55 19 90000-0001\"",
            "The number the account sends from, with its country code: marks you in lists of members.",
        ),
        usual(
            "pace",
            "4",
            "Requests per second, from 0.01 to 1000, or \"unlimited\", as it is towards this computer.",
        ),
        example(
            "accent",
            "\"#f0a070\"",
            "A colour of its own for what is chosen, so that accounts are not taken for each other.",
        ),
        example(
            "badge",
            "\"PROD\"",
            "A short word in the top row instead of the name of the profile.",
        ),
        example(
            "store",
            "\"postgres://ana@db.example.org/wavedeck\"",
            "Where the journal is, for a team: a PostgreSQL database; or \"sqlite:PATH\".",
        ),
    ],
};

/// `[keys]`: any action may stand here; an example is enough.
pub(super) const KEYS: Table = Table {
    header: "keys",
    about: "Other keys for actions; `wavedeck keys --list` names them all.",
    keys: &[example(
        "rename",
        "[\"e\", \"f2\"]",
        "Keys in quotes, as `wavedeck keys` shows them; none at all: [].",
    )],
};

/// All tables, in the order of the template.
const TABLES: [&Table; 4] = [&TOP, &RECEIVE, &KEYS, &PROFILE];

impl Table {
    /// Whether there is such a key, or a table of that name in this one.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.names().contains(&name)
    }

    /// Every name that may stand here.
    pub(super) fn names(&self) -> Vec<&'static str> {
        let mut names: Vec<&str> = self.keys.iter().map(|key| key.name).collect();
        if self.header.is_empty() {
            names.extend(TABLES.iter().filter_map(|table| {
                let name = table.header.split('.').next()?;
                (!name.is_empty()).then_some(name)
            }));
        }
        names
    }
}

/// A file with every key there is, all of them commented out: `#key = value` below a sentence about it.
/// Used as it is, it sets nothing.
pub fn template() -> String {
    let mut text = String::from(
        "# The configuration of wavedeck. `wavedeck config path` tells where it is looked for, and\n\
         # `wavedeck config check` what is wrong with it. A line sets something once its `#` is gone;\n\
         # what stands there is what is used without it, or an example.\n",
    );
    for table in TABLES {
        if !table.header.is_empty() {
            // Writing into a text cannot fail.
            let _ = write!(text, "\n# {}\n#[{}]\n", table.about, table.header);
        }
        for key in table.keys {
            let (mark, value) = match key.value {
                Value::Usual(value) => ("", value),
                Value::Example(value) => ("\n# For example:", value),
            };
            let _ = write!(text, "\n# {}{mark}\n#{} = {value}\n", key.about, key.name);
        }
    }
    text
}

#[cfg(test)]
mod tests;
