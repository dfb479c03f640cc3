//! How messages of others are received and kept: the table `[receive]` and its variables.
//!
//! Invariant: what is set and cannot be used is an error, because a receiver that listens elsewhere, or
//! keeps less than was meant, loses messages without a word. The secret path is not here: no file is
//! asked for it.

use std::net::SocketAddr;

use toml_edit::{Item, TableLike};

use super::file::{Contents, Places, unknown, whole};
use super::known;
use super::layers::from_variable;
use super::{ConfigError, Environment};
use crate::domain::HostName;

const ADDRESS: &str = "WAVEDECK_RECEIVE";
const HOSTS: &str = "WAVEDECK_RECEIVE_HOSTS";
const AN_ADDRESS: &str = "an address with a port, such as `127.0.0.1:8077`";
const NAMES: &str = "names of hosts such as `mo.example.org`, without `https://`, port and path";
/// Most days, and most messages, that a setting can name.
const MOST_DAYS: i64 = 36_500;
const MOST_MESSAGES: i64 = 100_000_000;

/// How messages of others are received and kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receive {
    /// Where the receiver listens; the dashboard has one only when this is set.
    pub listen: Option<SocketAddr>,
    /// Names under which senders reach it, beside its addresses.
    pub hosts: Vec<HostName>,
    /// For how many days messages are kept; at least one.
    pub keep_days: Option<u32>,
    /// How many messages are kept; at least one.
    pub keep_messages: Option<u32>,
}

impl Receive {
    /// The same, where the environment says nothing else.
    pub(super) fn with_variables(
        mut self,
        environment: &Environment<'_>,
    ) -> Result<Self, ConfigError> {
        let wrong = |origin, key, expected| ConfigError::Value {
            origin,
            key,
            expected,
        };
        if let Some(address) = from_variable(environment, ADDRESS)? {
            let parsed = address.value.trim().parse();
            let parsed = parsed.map_err(|_why| wrong(address.origin, "listen", AN_ADDRESS))?;
            self.listen = Some(parsed);
        }
        if let Some(names) = from_variable(environment, HOSTS)? {
            let parsed = names
                .value
                .split(',')
                .map(|name| HostName::new(name.trim()));
            let parsed = parsed.collect::<Result<_, _>>();
            self.hosts = parsed.map_err(|_why| wrong(names.origin, "hosts", NAMES))?;
        }
        Ok(self)
    }
}

impl Places<'_> {
    /// The table `[receive]`.
    pub(super) fn receive(
        &self,
        item: &Item,
        contents: &mut Contents,
    ) -> Result<Receive, ConfigError> {
        let table: &dyn TableLike = item
            .as_table_like()
            .ok_or_else(|| self.wrong(item, "receive", "a table: `[receive]`"))?;
        let mut receive = Receive::default();
        for (name, item) in table.iter() {
            if !known::RECEIVE.knows(name) {
                let place = self.of_key(table, name);
                let warning = unknown(&place, name, &known::RECEIVE.names());
                contents.warnings.push(warning);
            } else if let Err(why) = self.of_receive(name, item, &mut receive) {
                contents.errors.push(why);
            }
        }
        Ok(receive)
    }

    fn of_receive(
        &self,
        name: &str,
        item: &Item,
        receive: &mut Receive,
    ) -> Result<(), ConfigError> {
        let count = |key, most, expected| {
            let number = whole(item, most).filter(|number| *number > 0);
            let number = number.and_then(|number| u32::try_from(number).ok());
            number.ok_or_else(|| self.wrong(item, key, expected))
        };
        match name {
            "listen" if item.as_str().is_some_and(|text| text.trim().is_empty()) => {}
            "listen" => {
                let address = item.as_str().and_then(|text| text.trim().parse().ok());
                let wrong = || self.wrong(item, "listen", AN_ADDRESS);
                receive.listen = Some(address.ok_or_else(wrong)?);
            }
            "hosts" => receive.hosts = self.hosts(item)?,
            "keep_days" => {
                let days = count("keep_days", MOST_DAYS, "days from 1 to 36500")?;
                receive.keep_days = Some(days);
            }
            "keep_messages" => {
                let expected = "a number of messages from 1 to 100000000";
                receive.keep_messages = Some(count("keep_messages", MOST_MESSAGES, expected)?);
            }
            _ => {}
        }
        Ok(())
    }

    fn hosts(&self, item: &Item) -> Result<Vec<HostName>, ConfigError> {
        let expected = "a list of names of hosts such as `[\"mo.example.org\"]`, without `https://`, port and path";
        let wrong = || self.wrong(item, "hosts", expected);
        let names = item.as_array().ok_or_else(wrong)?.iter();
        let host = |name: &toml_edit::Value| HostName::new(name.as_str()?).ok();
        names.map(|name| host(name).ok_or_else(wrong)).collect()
    }
}
