//! Names of computers, as they stand in an address.

use std::fmt;

/// A name under which others reach this computer, such as that of a tunnel: `mo.example.org`. Lower
/// case, without a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostName(String);

/// A text that is no name of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a host name is like `mo.example.org`, without `https://`, port and path")]
pub struct HostNameError;

impl HostName {
    /// Longest name there can be, in characters.
    const MOST: usize = 253;

    /// A name. Upper and lower case are the same, and so is a full stop at its end.
    ///
    /// # Errors
    /// When it is no name of a host.
    pub fn new(text: &str) -> Result<Self, HostNameError> {
        let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let is_name = name.len() <= Self::MOST
            && name.chars().all(fits)
            && name.split('.').all(|label| !label.is_empty());
        is_name.then_some(Self(name)).ok_or(HostNameError)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_name_is_only_a_name() {
        assert_eq!(
            HostName::new("MO.Example.Org.").unwrap().as_str(),
            "mo.example.org"
        );
        for text in [
            "",
            ".",
            "https://x",
            "x:80",
            "x/y",
            "a..b",
            "ação.example",
            "*.example.org",
        ] {
            assert_eq!(HostName::new(text), Err(HostNameError), "{text}");
        }
    }
}
