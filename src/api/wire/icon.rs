//! What the server says about an icon: where the picture is, and what it claims to be.
//!
//! Invariant: an address is either checked or an error; how long the picture is said to be counts
//! for nothing.

use serde_json::Value;

use super::value::text;
use super::{no_json, other_shape};
use crate::api::error::Error;
use crate::domain::{Clean, IconAddress, IconAddressError, IconInfo, Neighbourhood};

/// An icon. Source: «Consulting a Group Icon».
///
/// # Errors
/// When the answer has nothing in it that the document names.
pub(in crate::api) fn icon(
    status: u16,
    body: &str,
    neighbourhood: Neighbourhood,
) -> Result<IconInfo, Error> {
    let answer: Value = serde_json::from_str(body).map_err(|why| no_json(status, body, &why))?;
    let kind = text(&answer, "type");
    let data = text(&answer, "data");
    let mime = text(&answer, "mimeType");
    let file_name = text(&answer, "fileName");
    if [&kind, &data, &mime, &file_name]
        .iter()
        .all(|f| f.is_none())
    {
        return Err(other_shape(status, body, "no picture in it"));
    }
    let written = data.unwrap_or_default();
    let address = if kind.is_some_and(|kind| kind.eq_ignore_ascii_case("URL")) {
        IconAddress::new(&written, neighbourhood)
    } else {
        Err(IconAddressError::NotAnAddress)
    };
    let clean = |text: Option<String>| text.map(|text| Clean::new(&text));
    Ok(IconInfo {
        address,
        written: Clean::new(&written),
        mime: clean(mime),
        file_name: clean(file_name),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Failure, FailureKind};

    fn told(body: &str) -> IconInfo {
        icon(200, body, Neighbourhood::Remote).unwrap_or_else(|why| panic!("{body}: {why}"))
    }

    #[test]
    fn the_address_is_taken_only_where_the_server_calls_it_one() {
        let address = "https://chatclub-cdn.wavy.global/x/groupIcon.jpeg";
        for kind in ["URL", "url", "Url", " URL "] {
            let info = told(&format!(r#"{{"type":"{kind}","data":"{address}"}}"#));
            assert_eq!(info.address.unwrap().url().as_str(), address, "{kind}");
            assert_eq!((info.mime, info.file_name), (None, None));
        }
        for body in [
            r#"{"type":"BASE64","data":"aGk=","mimeType":"image/png","fileName":"x.png"}"#,
            r#"{"data":"https://example.org/x"}"#,
            r#"{"type":null,"data":"https://example.org/x"}"#,
            r#"{"type":["URL"],"data":"https://example.org/x"}"#,
            r#"{"mimeType":"image/jpeg"}"#,
        ] {
            assert_eq!(
                told(body).address,
                Err(IconAddressError::NotAnAddress),
                "{body}"
            );
        }
    }

    #[test]
    fn an_odd_address_is_shown_and_not_followed() {
        for (data, why) in [
            (r#""http://example.org/x""#, IconAddressError::NotHttps),
            (r#""http://127.0.0.1/x""#, IconAddressError::NotHttps),
            (r#""https://169.254.169.254/x""#, IconAddressError::Private),
            (
                r#""https://me:pass@example.org/x""#,
                IconAddressError::Credentials,
            ),
            (r#""\u001b[2J\u202egpj""#, IconAddressError::NotAUrl),
            ("7", IconAddressError::NotAUrl),
            ("null", IconAddressError::NotAUrl),
            (r#"{"url":"https://h/x"}"#, IconAddressError::NotAUrl),
        ] {
            let info = told(&format!(
                r#"{{"type":"URL","data":{data},"mimeType":7,"fileName":"../../x\u0000","extraData":[{{}}]}}"#
            ));
            assert_eq!(info.address, Err(why), "{data}");
            assert!(!info.written.as_str().contains(['\u{1b}', '\u{202e}']));
            assert_eq!(info.mime.unwrap().as_str(), "7");
            assert_eq!(info.file_name.unwrap().as_str(), "../../x^@");
        }
    }

    #[test]
    fn only_an_account_on_this_computer_has_its_pictures_here() {
        let body = r#"{"type":"URL","data":"http://127.0.0.1:4000/x"}"#;
        assert!(
            icon(200, body, Neighbourhood::Loopback)
                .unwrap()
                .address
                .is_ok()
        );
        assert_eq!(told(body).address, Err(IconAddressError::NotHttps));
    }

    #[test]
    fn an_answer_without_a_picture_is_none() {
        let deep = format!("{{\"data\":{}", "[".repeat(10_000));
        for (body, expected) in [
            ("null", "no picture in it"),
            ("{}", "no picture in it"),
            ("[]", "no picture in it"),
            (
                "\"https://example.org/x\"",
                "no picture in it: https://example.org/x",
            ),
            (
                r#"{"errorCode":500,"errorMessage":"Oops"}"#,
                "no picture in it: Oops",
            ),
            ("", "it is empty"),
            (
                "<html><title>Wi-Fi</title>",
                "a web page in place of JSON: Wi-Fi",
            ),
            (
                r#"{"type":"URL""#,
                "the JSON ends too early, after 13 bytes",
            ),
            (&deep, "no JSON at byte 134"),
        ] {
            let failure = Failure::from(icon(200, body, Neighbourhood::Remote).unwrap_err());
            assert_eq!(failure.kind, FailureKind::Malformed);
            assert_eq!(failure.detail.as_str(), expected);
        }
    }
}
