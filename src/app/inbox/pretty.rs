//! A report as it came, one value a line. Not a parser: numbers, the order of the members and what is
//! broken stay as they are. Invariant: only blanks outside of texts are added or left out.

/// Deeper levels are not moved further to the right.
const DEEPEST: usize = 8;

/// The JSON with a line for each value; anything else as far as it looks like JSON.
pub(super) fn pretty(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len() * 2);
    let mut depth = 0_usize;
    let mut chars = raw.chars().peekable();
    let new_line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.push_str(&"  ".repeat(depth.min(DEEPEST)));
    };
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                out.push(c);
                let mut is_escaped = false;
                for c in chars.by_ref() {
                    out.push(c);
                    if c == '"' && !is_escaped {
                        break;
                    }
                    is_escaped = c == '\\' && !is_escaped;
                }
            }
            '{' | '[' => {
                out.push(c);
                while chars.next_if(char::is_ascii_whitespace).is_some() {}
                // An empty one stays on its line.
                if let Some(close) = chars.next_if(|c| matches!(c, '}' | ']')) {
                    out.push(close);
                } else {
                    depth += 1;
                    new_line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                new_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            c if c.is_ascii_whitespace() => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    #[test]
    fn each_value_has_its_line_and_stays_as_it_came() {
        let raw = r#"{"b":1.50,"a":[{"x":"é \" {,}:"},[],{}],"n":12345678901234567890123}"#;
        let shown = "{\n  \"b\": 1.50,\n  \"a\": [\n    {\n      \"x\": \"é \\\" {,}:\"\n    },\n    [],\n    {}\n  ],\n  \"n\": 12345678901234567890123\n}";
        assert_eq!(pretty(raw), shown);
        assert_eq!(pretty("]}{\"x"), "\n]\n}{\n  \"x", "broken");
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 30, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..5)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn it_means_the_same(value in json(), spaced in any::<bool>()) {
            let raw = if spaced {
                serde_json::to_string_pretty(&value).unwrap()
            } else {
                value.to_string()
            };
            let again: Value = serde_json::from_str(&pretty(&raw)).unwrap();
            prop_assert_eq!(again, value);
        }
    }
}
