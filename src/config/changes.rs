//! What is different in a file that was read again, and what of it can count while the program runs.
//!
//! Invariant: nothing that was written there is kept for comparing, only its digest.

use std::collections::BTreeMap;

use secrecy::ExposeSecret as _;
use sha2::{Digest as _, Sha256};

use super::Settings;
use super::file::Profile;

/// Keys of a profile that concern no account, only how it looks.
const AT_ONCE: [&str; 2] = ["accent", "badge"];

/// What the profile in use says, by key, so that it can be told apart and not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark(BTreeMap<&'static str, [u8; 32]>);

impl Mark {
    pub(super) fn of(profile: &Profile) -> Self {
        let mut mark = Self::default();
        let texts = [
            (
                "base_url",
                profile.base_url.as_ref().map(|text| &*text.value),
            ),
            (
                "user_name",
                profile.user_name.as_ref().map(|text| &*text.value),
            ),
            (
                "token",
                profile
                    .token
                    .as_ref()
                    .map(|text| text.value.expose_secret()),
            ),
            (
                "store",
                profile.store.as_ref().map(super::StoreText::expose),
            ),
            ("badge", profile.badge.as_deref()),
        ];
        for (key, text) in texts {
            mark.put(key, text);
        }
        let keyring = profile.keyring.map(|is_there| is_there.to_string());
        mark.put("keyring", keyring.as_deref());
        let own = profile.own_number.as_ref().map(ToString::to_string);
        mark.put("own_number", own.as_deref());
        let pace = profile.pace.map(|pace| format!("{pace:?}"));
        mark.put("pace", pace.as_deref());
        let accent = (profile.accent.as_ref()).map(|accent| format!("{:?}", accent.value));
        mark.put("accent", accent.as_deref());
        mark
    }

    fn put(&mut self, key: &'static str, text: Option<&str>) {
        if let Some(text) = text {
            self.0.insert(key, Sha256::digest(text).into());
        }
    }

    fn differences(&self, other: &Self) -> Vec<&'static str> {
        let here = self
            .0
            .iter()
            .filter(|(key, value)| other.0.get(*key) != Some(value));
        let gone = other.0.keys().filter(|key| !self.0.contains_key(*key));
        here.map(|(key, _)| *key).chain(gone.copied()).collect()
    }
}

/// The names of settings that are not as they were.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Those that can count at once.
    pub now: Vec<&'static str>,
    /// Those that count when the account is opened again.
    pub later: Vec<&'static str>,
}

impl Changes {
    /// What is different in `newer`, both without an account.
    pub fn between(older: &Settings, newer: &Settings) -> Self {
        let mut changes = Self::default();
        let in_profile = newer.mark.differences(&older.mark).into_iter();
        let (profile_looks, in_profile): (Vec<&str>, Vec<&str>) =
            in_profile.partition(|key| AT_ONCE.contains(key));
        // The colour of the profile is a part of the theme in use.
        let same_accent = !profile_looks.contains(&"accent");
        let at_once = [
            (
                "theme",
                !same_accent || older.looks.theme == newer.looks.theme,
            ),
            ("color", older.looks.color == newer.looks.color),
            ("glyphs", older.looks.glyphs == newer.looks.glyphs),
            ("reduced_motion", older.looks.motion == newer.looks.motion),
            ("keys", older.keys == newer.keys),
            ("mouse", older.mouse == newer.mouse),
            ("mask_numbers", older.masking == newer.masking),
            (
                "confirm_send_over",
                older.confirm_send_over == newer.confirm_send_over,
            ),
            ("send_delay_secs", older.send_delay == newer.send_delay),
            ("contacts", older.contacts == newer.contacts),
        ];
        let differ = |(key, same): (&'static str, bool)| (!same).then_some(key);
        changes.now.extend(at_once.into_iter().filter_map(differ));
        changes.now.extend(profile_looks);
        changes.later = in_profile;
        if older.log_numbers != newer.log_numbers {
            changes.later.push("log_numbers");
        }
        if older.cache != newer.cache {
            changes.later.push("cache");
        }
        if older.receive != newer.receive {
            changes.later.push("receive");
        }
        changes
    }

    /// Whether everything is as it was.
    pub fn is_empty(&self) -> bool {
        self.now.is_empty() && self.later.is_empty()
    }
}
