//! Tests of fetching pictures that need its inside: what names may resolve to.

use std::net::TcpListener;

use super::*;
use crate::domain::{FailureKind, Sent};

fn pictures(neighbourhood: Neighbourhood) -> Pictures {
    Pictures {
        // Needs no certificates to be there.
        tls: distrustful().unwrap(),
        neighbourhood,
        limits: Limits::default(),
    }
}

fn nobody_came(listener: &TcpListener) -> bool {
    listener.set_nonblocking(true).unwrap();
    listener.accept().is_err()
}

#[test]
fn a_name_is_connected_to_only_where_it_is_public() {
    let all = [
        "10.0.0.1:0",
        "8.8.8.8:0",
        "[::1]:0",
        "127.0.0.1:0",
        "[fd00::1]:0",
        "[2606:4700::1]:0",
    ];
    let kept = |all: &[&str], neighbourhood| {
        let found = all.iter().map(|text| text.parse().unwrap());
        permitted(found, neighbourhood)
            .map(|kept| kept.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    assert_eq!(
        kept(&all, Neighbourhood::Remote).unwrap(),
        ["8.8.8.8:0", "[2606:4700::1]:0"]
    );
    assert_eq!(
        kept(&all, Neighbourhood::Loopback).unwrap(),
        ["8.8.8.8:0", "[::1]:0", "127.0.0.1:0", "[2606:4700::1]:0"]
    );
    for private in ["10.0.0.1:0", "127.0.0.1:0", "169.254.169.254:0"] {
        assert_eq!(
            kept(&[private], Neighbourhood::Remote),
            Err(IconAddressError::Private)
        );
    }
    assert_eq!(
        kept(&["192.168.0.1:0"], Neighbourhood::Loopback),
        Err(IconAddressError::Private)
    );
}

#[tokio::test]
async fn a_name_that_leads_inside_is_refused_before_a_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let url: Url = format!("https://localhost:{port}/x").parse().unwrap();
    // The address itself would not be accepted; this is what follows when it was.
    let why = pictures(Neighbourhood::Remote)
        .get(&url)
        .await
        .err()
        .unwrap();
    let failure = Failure::from(why);
    assert_eq!(failure.kind, FailureKind::Refused);
    assert_eq!(failure.sent, Sent::Never);
    assert_eq!(
        failure.why(),
        "the address of the picture leads into a private network"
    );
    assert!(nobody_came(&listener));
}

#[tokio::test]
async fn only_the_pictures_own_name_is_guarded() {
    let guard = |host: &str| Guard {
        host: host.to_owned(),
        neighbourhood: Neighbourhood::Remote,
    };
    let resolve = |host: &str| guard(host).resolve("localhost".parse().unwrap());
    assert!(resolve("localhost").await.is_err());
    assert!(resolve("LocalHost").await.is_err());
    // A proxy.
    assert!(resolve("cdn.example.org").await.unwrap().next().is_some());
}

#[tokio::test]
async fn an_address_made_for_this_computer_is_refused_for_an_account_elsewhere() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    for scheme in ["http", "https"] {
        let text = format!("{scheme}://{}/x", listener.local_addr().unwrap());
        let address = IconAddress::new(&text, Neighbourhood::Loopback).unwrap();
        let answer = pictures(Neighbourhood::Remote).fetch(&address).await;
        let failure = answer.result.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Refused, "{scheme}");
        assert_eq!(failure.sent, Sent::Never);
    }
    assert!(nobody_came(&listener));
}

#[tokio::test]
async fn other_computers_are_not_asked_without_tls() {
    let url = "http://8.8.8.8:9/x".parse().unwrap();
    let why = pictures(Neighbourhood::Remote).get(&url).await.err();
    let failure = Failure::from(why.unwrap());
    assert_eq!(failure.kind, FailureKind::Refused, "not even tried");
}
