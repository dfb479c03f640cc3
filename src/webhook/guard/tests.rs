//! Who gets in and who learns nothing.

use axum::http::Request;

use super::*;

const PATH: &str = "0123456789abcdef0123456789abcdef";

/// A request that gets in, with these headers changed; a header without a value is left out.
fn head(method: &str, path: &str, changes: &[(&str, &str)]) -> Parts {
    let mut headers = vec![
        ("host", "127.0.0.1:8077"),
        ("content-type", "application/json"),
    ];
    headers.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers.iter().chain(changes) {
        if !value.is_empty() {
            request = request.header(*name, *value);
        }
    }
    request.body(()).unwrap().into_parts().0
}

fn guard() -> Guard {
    let hosts = vec![HostName::new("MO.example.org").unwrap()];
    Guard::new(&SecretPath::new(PATH).unwrap(), hosts)
}

fn judged(changes: &[(&str, &str)]) -> Result<(), Reason> {
    guard().judge(&head("POST", &format!("/{PATH}"), changes))
}

#[test]
fn only_a_post_of_json_to_the_path_gets_in() {
    let judge = |method, path: &str| guard().judge(&head(method, path, &[]));
    let right = format!("/{PATH}");
    assert_eq!(judge("POST", &right), Ok(()));
    assert_eq!(judge("POST", &format!("{right}?x=1")), Ok(()));
    for method in ["GET", "HEAD", "PUT", "OPTIONS", "DELETE", "BREW"] {
        assert_eq!(judge(method, &right), Err(Reason::Method));
        assert_eq!(judge(method, "/"), Err(Reason::Path), "nothing is told");
    }
    for path in [
        "/",
        "/x",
        &format!("{right}/"),
        &format!("/{right}"),
        &right.to_uppercase(),
        &right.replace('f', "g"),
    ] {
        assert_eq!(judge("POST", path), Err(Reason::Path), "{path}");
    }
}

#[test]
fn what_a_browser_sends_is_refused_whatever_it_knows() {
    for header in [
        ("origin", "null"),
        ("origin", "http://127.0.0.1:8077"),
        ("sec-fetch-site", "none"),
    ] {
        assert_eq!(judged(&[header]), Err(Reason::Browser));
    }
}

#[test]
fn the_host_is_an_address_or_an_allowed_name() {
    for host in [
        "127.0.0.1",
        "127.0.0.1:80",
        "[::1]:8077",
        "localhost:8077",
        "LOCALHOST",
        "mo.example.org",
        "MO.Example.Org.",
        "192.0.2.7",
    ] {
        assert_eq!(judged(&[("host", host)]), Ok(()), "{host}");
    }
    for host in [
        "",
        "evil.example",
        "mo.example.org.evil.example",
        "x@127.0.0.1",
        "127.0.0.1.evil.example",
        "127.1",
        "a b",
        "localhost/x",
    ] {
        assert_eq!(judged(&[("host", host)]), Err(Reason::Host), "{host}");
    }
    assert_eq!(
        judged(&[("host", "127.0.0.1"), ("host", "evil.example")]),
        Err(Reason::Host)
    );
    let elsewhere = head("POST", &format!("http://evil.example/{PATH}"), &[]);
    assert_eq!(guard().judge(&elsewhere), Err(Reason::Host));
}

#[test]
fn content_is_json_or_unnamed() {
    for kind in ["", "application/json", "Application/JSON; charset=utf-8"] {
        assert_eq!(judged(&[("content-type", kind)]), Ok(()), "{kind}");
    }
    for kind in [
        "text/plain",
        "application/json+x",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ] {
        assert_eq!(
            judged(&[("content-type", kind)]),
            Err(Reason::ContentType),
            "{kind}"
        );
    }
}

#[test]
fn a_path_is_one_that_senders_leave_as_it_is() {
    assert_eq!(
        SecretPath::new("/mo/a-B_9.~").unwrap().expose(),
        "mo/a-B_9.~"
    );
    for (text, why) in [
        ("", SecretPathError::Empty),
        ("/", SecretPathError::Empty),
        ("a b", SecretPathError::Character),
        ("a?b", SecretPathError::Character),
        ("a#b", SecretPathError::Character),
        ("a%20", SecretPathError::Character),
        ("ação", SecretPathError::Character),
        ("a//b", SecretPathError::Segment),
        ("../a", SecretPathError::Segment),
        ("a/", SecretPathError::Segment),
    ] {
        assert_eq!(SecretPath::new(text), Err(why), "{text}");
    }
    assert_eq!(
        SecretPath::new(&"a".repeat(257)),
        Err(SecretPathError::TooLong)
    );
    let random = SecretPath::random().unwrap();
    assert_eq!(random.expose().len(), 32);
    assert!(!random.is_weak() && SecretPath::new("mo").unwrap().is_weak());
    assert_ne!(random, SecretPath::random().unwrap());
    assert!(!format!("{random:?}").contains(random.expose()));
}
