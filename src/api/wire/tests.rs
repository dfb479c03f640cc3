//! Tests of reading answers, with whole bodies.

mod properties;

use super::*;
use crate::domain::{Failure, FailureKind, Role, Sent, UnixSeconds, WaId};

const GROUP: &str = "5519900000000-1513616971";

fn asked() -> GroupId {
    GroupId::new(GROUP).unwrap()
}

fn listed(body: &str) -> Vec<String> {
    list(200, body)
        .unwrap_or_else(|why| panic!("{body}: {why}"))
        .iter()
        .map(|id| id.as_str().to_owned())
        .collect()
}

fn told(body: &str) -> GroupDetails {
    details(200, body, &asked()).unwrap_or_else(|why| panic!("{body}: {why}"))
}

fn why<T>(result: Result<T, Error>) -> String {
    let failure = Failure::from(result.err().expect("a failure"));
    assert_eq!(failure.kind, FailureKind::Malformed);
    assert_eq!((failure.status, failure.sent), (Some(200), Sent::Answered));
    failure.detail.as_str().to_owned()
}

fn person(text: &str) -> WaId {
    WaId::from_api(text).unwrap()
}

#[test]
fn ids_are_found_in_every_wrapping() {
    for body in [
        r#"{"groups":[{"id":"a"},{"id":"120363012345678901"}]}"#,
        r#"{"groups":[{"id":"a"},{"id":120363012345678901}]}"#,
        r#"{"meta":{"api_status":"stable"},"groups":[{"id":"a","subject":"x"},{"id":"120363012345678901"}]}"#,
        r#"[{"id":"a"},{"id":"120363012345678901"}]"#,
        r#"["a",120363012345678901]"#,
        r#"{"groups":["a","120363012345678901"]}"#,
        r#" {"groups": [ {"id":"a"} , "a", {"id":"a"}, {"id":"120363012345678901"}] } "#,
        r#"{"groups":["\u0061",{"\u0069d":"120363012345678901"}],"errors":[{"title":"x"}]}"#,
    ] {
        assert_eq!(listed(body), ["a", "120363012345678901"], "{body}");
    }
    assert_eq!(listed(r#"{"groups":{"id":"a"}}"#), ["a"]);
    assert_eq!(listed(r#"{"groups":[{"id":0}]}"#), ["0"]);
}

#[test]
fn no_groups_can_be_said_in_many_ways() {
    for body in [
        r#"{"groups":[]}"#,
        r#"{"groups":[{}]}"#,
        r#"{"groups":[{},null,""]}"#,
        r#"{"groups":[{"id":null},{"id":"","subject":null}]}"#,
        r#"{"groups":null}"#,
        r#"{"meta":{"version":"2.27.8"},"groups":[]}"#,
        r#"{"groups":[],"errors":[],"errorCode":0}"#,
        "[]",
        "[{}]",
        "{}",
        "null",
    ] {
        assert_eq!(listed(body), [""; 0], "{body}");
    }
}

#[test]
fn bad_elements_do_not_lose_the_good_ones() {
    let body = r#"{"groups":[null,7.5,-3,true,[["x"]],{"id":{"deep":[1]}},{"subject":"no id"},
        {"id":".."},{"id":"a/b"},{"id":"a b"},{"id":1e40},{"id":"good","id2":[[[]]]},
        {"id":"twice","id":"last"}]}"#;
    assert_eq!(listed(body), ["good", "last"]);
}

#[test]
fn another_shape_is_never_an_empty_list() {
    for (body, expected) in [
        (
            r#"{"errorCode":401,"errorMessage":"Authentication Error"}"#,
            "no `groups` in it: Authentication Error",
        ),
        (
            r#"{"groups":[],"errors":[{"code":1015,"title":"Too many requests"}]}"#,
            "no group id in it: Too many requests (code 1015)",
        ),
        (r#"{"groups":[],"errorCode":500}"#, "no group id in it"),
        (
            r#"{"success":true,"status":200,"data":"x"}"#,
            "no `groups` in it",
        ),
        (r#"{"groups":"none"}"#, "no `groups` in it"),
        (r#"{"groups":7}"#, "no `groups` in it"),
        (
            r#"{"groups":[{"id":{"user":"1","server":"g.us"}}]}"#,
            "no group id in it",
        ),
        (r#"{"groups":[{"id":".."}]}"#, "no group id in it"),
        (r#""groups""#, "no `groups` in it: groups"),
        ("true", "no `groups` in it"),
        ("12", "no `groups` in it"),
        ("", "it is empty"),
        (" \r\n", "it is empty"),
        (
            "<!DOCTYPE html><html><head><title>Welcome to Café Wi-Fi</title>",
            "a web page in place of JSON: Welcome to Café Wi-Fi",
        ),
        ("Service OK", "no JSON at byte 0"),
        (
            "{\"groups\":\n [{\"id\":\"a\"},\n  oops]}",
            "no JSON at byte 27",
        ),
        (r#"{"groups":[{"id":"a"}]} trailing"#, "no JSON at byte 24"),
        (
            r#"{"groups":[{"id":"a""#,
            "the JSON ends too early, after 20 bytes",
        ),
    ] {
        assert_eq!(why(list(200, body)), expected, "{body}");
    }
}

#[test]
fn a_place_in_broken_json_never_repeats_its_values() {
    let body = format!(r#"{{"groups":[{{"id":"{}" "x"}}]}}"#, "secret-".repeat(50));
    assert!(!why(list(200, &body)).contains("secret"));
}

#[test]
fn deep_nesting_is_refused_and_overflows_nothing() {
    for open in ["[", "{\"groups\":", "{\"a\":"] {
        let bombs = [
            open.repeat(10_000),
            format!("{{\"x\":{}", open.repeat(10_000)),
        ];
        for bomb in bombs {
            assert!(list(200, &bomb).is_err());
            assert!(details(200, &bomb, &asked()).is_err());
        }
    }
    let ignored = format!(
        r#"{{"x":{}{},"groups":["a"]}}"#,
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    // Whether this is read or refused is up to the parser; it has to come back.
    let _ = list(200, &ignored);
}

#[test]
fn details_are_read_in_the_documents_form() {
    let group = told(&format!(
        r#"{{"groups":[{{"admins":["5519900000000"],"creation_time":1513616971,"creator":"5519900000000","id":"{GROUP}","participants":["5519900000000","5511900000001"],"subject":"Clube do Livro"}}]}}"#
    ));
    let roster = group.roster.as_ref().unwrap();
    assert_eq!(group.id, asked());
    assert_eq!(group.subject.unwrap().raw(), "Clube do Livro");
    assert_eq!(group.creator, Some(person("5519900000000")));
    assert_eq!(group.created, Some(UnixSeconds(1_513_616_971)));
    assert_eq!((roster.count(), roster.admin_count()), (2, 1));
    assert_eq!(roster.role(&person("5511900000001")), Some(Role::Member));
}

#[test]
fn details_are_read_in_the_engines_form_without_an_id_and_with_admins_apart() {
    let group = told(
        r#"{"meta":{"api_status":"stable","version":"2.27.8"},"groups":[{"admins":["5519900000000"],"creation_time":1513616971,"creator":"5519900000000","participants":["5511900000001","5511900000002"],"subject":"Clube do Livro"}]}"#,
    );
    assert_eq!(group.id, asked());
    let roster = group.roster.unwrap();
    assert_eq!((roster.count(), roster.admin_count()), (3, 1));
}

#[test]
fn what_is_missing_is_unknown() {
    let id = GroupId::new("120363012345678901").unwrap();
    let body = r#"{"groups":[{"id":"120363012345678901","subject":null,"participants":null}]}"#;
    assert_eq!(
        details(200, body, &id).unwrap(),
        GroupDetails {
            id,
            subject: None,
            creator: None,
            created: None,
            roster: None,
        }
    );
}

#[test]
fn wrong_types_are_read_as_far_as_they_go() {
    let group = told(&format!(
        r#"{{"groups":[{{"id":"{GROUP}","subject":2026,"creator":5519900000000,
            "participants":[5519900000000,null,{{"x":[1]}},["y"],true,1.5,"","5511900000001","5511900000001"],
            "admins":"5519900000000","icon":{{"deep":[{{}}]}}}}]}}"#
    ));
    assert_eq!(group.subject.unwrap().as_str(), "2026");
    assert_eq!(group.creator, Some(person("5519900000000")));
    let roster = group.roster.unwrap();
    let members: Vec<WaId> = roster.members().collect();
    assert_eq!(members, [person("5519900000000"), person("5511900000001")]);
    assert!(roster.is_admin(&person("5519900000000")));
}

#[test]
fn nobody_is_in_a_group_only_if_the_list_is_empty() {
    let roster = |people: &str| {
        told(&format!(
            r#"{{"groups":[{{"subject":"x","participants":{people}}}]}}"#
        ))
        .roster
        .map(|roster| roster.count())
    };
    assert_eq!(roster("[]"), Some(0));
    assert_eq!(roster("[null,\"\"]"), Some(0));
    for unread in [
        "null",
        "{}",
        "{\"a\":1}",
        "true",
        "1.5",
        "-1",
        "\"\"",
        "[{\"id\":\"1\"}]",
    ] {
        assert_eq!(roster(unread), None, "{unread}");
    }
}

#[test]
fn a_time_may_be_seconds_milliseconds_or_iso() {
    let created = |value: &str| {
        told(&format!(
            r#"{{"groups":[{{"subject":"x","creation_time":{value}}}]}}"#
        ))
        .created
        .map(|at| at.0)
    };
    for value in [
        "1513616971",
        "1513616971000",
        "1513616971.0",
        "\"1513616971\"",
        "\" 1513616971891 \"",
        "\"2017-12-18T17:09:31Z\"",
        "\"2017-12-18T17:09:31.891Z\"",
        "\"2017-12-18T14:09:31-03:00\"",
        "\"2017-12-18T17:09:31\"",
    ] {
        assert_eq!(created(value), Some(1_513_616_971), "{value}");
    }
    for value in [
        "0",
        "-5",
        "9223372036854775807",
        "1e300",
        "18446744073709551615",
        "\"\"",
        "\"yesterday\"",
        "null",
        "[1]",
        "{}",
        "true",
    ] {
        assert_eq!(created(value), None, "{value}");
    }
}

#[test]
fn of_several_groups_the_one_asked_for_is_taken() {
    let group = told(&format!(
        r#"{{"groups":[{{"id":"other","subject":"no"}},{{"id":"{GROUP}","subject":"yes"}}]}}"#
    ));
    assert_eq!(group.subject.unwrap().as_str(), "yes");
}

#[test]
fn an_answer_about_another_group_is_refused() {
    for (body, expected) in [
        (
            r#"{"groups":[{"id":"other","subject":"x"}]}"#,
            "it is about another group",
        ),
        (
            r#"{"groups":[{"id":"..","subject":"x"}]}"#,
            "it is about another group",
        ),
        (
            r#"{"groups":[{"id":"other"},{"subject":"x"}]}"#,
            "the group is not in it",
        ),
        (
            r#"{"groups":[{"subject":"x"},{"subject":"y"}]}"#,
            "the group is not in it",
        ),
        (r#"{"groups":[{}]}"#, "the group is not in it"),
        (
            r#"{"groups":["5519900000000-1513616971"]}"#,
            "the group is not in it",
        ),
        ("null", "the group is not in it"),
        ("{}", "the group is not in it"),
        (
            r#"{"errors":[{"title":"Gone"}]}"#,
            "no `groups` in it: Gone",
        ),
    ] {
        assert_eq!(why(details(200, body, &asked())), expected, "{body}");
    }
}

#[test]
fn a_link_is_read_and_another_groups_link_refused() {
    for body in [
        r#"{"groups":[{"link":"https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv"}]}"#,
        r#"{"groups":[{"id":"5519900000000-1513616971","link":" AbCdEfGhIjKlMnOpQrStUv"}]}"#,
        r#"{"groups":["AbCdEfGhIjKlMnOpQrStUv"]}"#,
        r#"[{"link":"AbCdEfGhIjKlMnOpQrStUv"}]"#,
    ] {
        assert_eq!(
            link(200, body, &asked()).unwrap().url(),
            Some("https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv"),
            "{body}"
        );
    }
    for (body, expected) in [
        (
            r#"{"groups":[{"id":"other","link":"x"}]}"#,
            "it is about another group",
        ),
        (
            r#"{"groups":[{"id":"5519900000000-1513616971","link":null}]}"#,
            "no `link` in it",
        ),
        (r#"{"groups":[]}"#, "the group is not in it"),
        ("null", "the group is not in it"),
    ] {
        assert_eq!(why(link(200, body, &asked())), expected, "{body}");
    }
}

#[test]
fn a_new_group_has_exactly_one_id() {
    let body = r#"{"groups":[{"creation_time":1513616971,"id":"5519900000000-1513616971"}]}"#;
    assert_eq!(created(200, body).unwrap(), asked());
    for (body, expected) in [
        ("null", "no group id in it"),
        ("{}", "no group id in it"),
        (r#"{"groups":[{"creation_time":1}]}"#, "no group id in it"),
        (
            r#"{"groups":[{"id":"a"},{"id":"b"}]}"#,
            "more than one group in it",
        ),
        ("", "it is empty"),
    ] {
        assert_eq!(why(created(200, body)), expected, "{body}");
    }
}
