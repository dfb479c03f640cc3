//! Whatever somebody may send: the examples, bent in every way.

use proptest::prelude::*;

use super::*;

/// Any value where another one is expected.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[0-9 .:TZ+-]{0,30}".prop_map(Value::from),
        Just(json!(CLUB)),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(
                prop_oneof![
                    any::<String>(),
                    Just("message".to_owned()),
                    Just("waGroupId".to_owned()),
                    Just("name".to_owned())
                ],
                inner,
                0..4
            )
            .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Places of a value, as JSON pointers.
fn places(value: &Value, here: &str, found: &mut Vec<String>) {
    found.push(here.to_owned());
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let name = name.replace('~', "~0").replace('/', "~1");
                places(value, &format!("{here}/{name}"), found);
            }
        }
        Value::Array(elements) => {
            for (place, value) in elements.iter().enumerate() {
                places(value, &format!("{here}/{place}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn examples() -> Vec<Value> {
    let parse = |text| serde_json::from_str::<Value>(text).unwrap();
    [parse(MESSAGES), parse(STATUSES)]
        .iter()
        .flat_map(|batch| batch["data"].as_array().unwrap().clone())
        .collect()
}

/// An element of the examples, with some of its fields exchanged.
fn mutated() -> impl Strategy<Value = Value> {
    let change = (any::<prop::sample::Index>(), anything());
    (
        prop::sample::select(examples()),
        prop::collection::vec(change, 0..4),
    )
        .prop_map(|(mut element, changes)| {
            for (place, value) in changes {
                let mut found = Vec::new();
                places(&element, "", &mut found);
                *element.pointer_mut(place.get(&found[..]).as_str()).unwrap() = value;
            }
            element
        })
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = decode(&body);
    }

    #[test]
    fn a_batch_cut_or_bent_anywhere_does_no_harm(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut body = MESSAGES.as_bytes().to_vec();
        let at = at.index(body.len());
        let _ = decode(&body[..at]);
        body[at] = byte;
        if let Ok(batch) = decode(&body) {
            prop_assert!(!batch.items.is_empty());
        }
    }

    #[test]
    fn no_element_changes_another(elements in prop::collection::vec(mutated(), 0..8)) {
        let together = items(&json!({"data": elements}));
        prop_assert_eq!(together.len(), elements.len());
        for (item, element) in together.iter().zip(&elements) {
            prop_assert_eq!(item, &only(element));
        }
    }

    #[test]
    fn a_group_message_is_never_direct_and_a_direct_one_never_in_a_group(element in mutated()) {
        let Some(message) = element.get("message").filter(|message| message.is_object()) else {
            return Ok(());
        };
        let values = [message.get("waGroupId"), element.get("waGroupId")];
        let lane = self::message(&element).lane;
        let is_named = values.iter().flatten().any(|value| {
            value.as_str().is_some_and(|id| !id.trim().is_empty()) || value.is_number()
        });
        if is_named {
            prop_assert!(matches!(lane, Lane::Group(_) | Lane::Unclassified), "{:?}", lane);
        } else if values.iter().all(Option::is_none) {
            prop_assert_eq!(lane, Lane::Direct);
        } else {
            prop_assert_eq!(lane, Lane::Unclassified);
        }
    }
}
