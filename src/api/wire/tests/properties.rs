//! Reading answers that nobody thought of.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        "[0-9]{1,20}(-[0-9]{1,10})?".prop_map(Value::from),
    ];
    let name = prop_oneof![
        Just("groups".to_owned()),
        Just("id".to_owned()),
        Just("subject".to_owned()),
        Just("creator".to_owned()),
        Just("creation_time".to_owned()),
        Just("participants".to_owned()),
        Just("admins".to_owned()),
        Just("link".to_owned()),
        Just("errors".to_owned()),
        Just("errorMessage".to_owned()),
        ".{0,6}",
    ];
    leaf.prop_recursive(4, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((name.clone(), inner), 0..6)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_answer_makes_it_panic(value in any_json(), cut in any::<prop::sample::Index>()) {
        let whole = value.to_string();
        let part = error::cut(&whole, cut.index(whole.len() + 1));
        for body in [&*whole, part] {
            let _ = list(200, body);
            let _ = details(200, body, &asked());
            let _ = link(200, body, &asked());
            let _ = created(200, body);
            let _ = error::words(body);
        }
    }

    #[test]
    fn good_ids_survive_any_company(
        items in prop::collection::vec(
            prop_oneof![
                "[A-Za-z0-9=_-]{1,30}".prop_map(|id| (Some(id.clone()), json!({ "id": id }))),
                "[A-Za-z0-9=_-]{1,30}".prop_map(|id| (Some(id.clone()), json!(id))),
                any::<u64>().prop_map(|id| (Some(id.to_string()), json!({ "id": id }))),
                ("[a-z0-9]{1,30}", any_json())
                    .prop_map(|(id, x)| (Some(id.clone()), json!({ "id": id, "x": x, "link": x }))),
                Just((None, json!({ "id": "../x" }))),
                any_json().prop_map(|x| (None, json!({ "x": x }))),
                any_json().prop_map(|x| (None, json!([x]))),
                any::<f64>().prop_map(|x| (None, json!(x))),
                any::<bool>().prop_map(|x| (None, json!(x))),
                Just((None, Value::Null)),
            ],
            0..40,
        )
    ) {
        let mut good: Vec<&str> = Vec::new();
        for id in items.iter().filter_map(|(id, _)| id.as_deref()) {
            if !good.contains(&id) {
                good.push(id);
            }
        }
        let elements: Vec<&Value> = items.iter().map(|(_, element)| element).collect();
        for body in [json!({ "groups": elements }).to_string(), json!(elements).to_string()] {
            match list(200, &body) {
                Ok(ids) => prop_assert_eq!(ids.iter().map(GroupId::as_str).collect::<Vec<_>>(), good.clone()),
                Err(_) => prop_assert!(good.is_empty()),
            }
        }
    }

    #[test]
    fn people_come_back_exactly_as_they_are(
        people in prop::collection::vec("[0-9]{1,24}", 1..60),
        admins in prop::collection::vec("[0-9]{1,24}", 0..9),
    ) {
        let body = json!({ "groups": [{ "participants": people, "admins": admins }] }).to_string();
        let roster = told(&body).roster.unwrap();
        let members: Vec<String> = roster.members().map(|id| id.to_string()).collect();
        for id in people.iter().chain(&admins) {
            prop_assert!(members.contains(id));
        }
        for id in &admins {
            prop_assert!(roster.is_admin(&person(id)));
        }
    }
}
