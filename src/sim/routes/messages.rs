//! The JSON of sending a message, both ways.
//!
//! What becomes of a message is in [`super::super::state`]. Invariant: nothing is sent to anybody
//! when one destination of several is refused.

use serde_json::{Map, Value, json};

use crate::sim::state::{Destination, Refusal, Sent, World};

/// Takes a message to its destinations. Source: «Sending Messages to Groups».
pub(super) fn send(world: &mut World, fields: &Value) -> Result<String, Refusal> {
    let destinations = fields.get("destinations").and_then(Value::as_array);
    let destinations = destinations.ok_or(Refusal::NoDestinations)?.iter();
    let destinations: Vec<Destination> = destinations.map(destination).collect::<Result<_, _>>()?;
    let text = fields
        .get("message")
        .and_then(|message| message.get("messageText"));
    let text = text.and_then(Value::as_str).unwrap_or_default();
    let (id, turn, taken) = world.send(destinations, text)?;
    let taken: Vec<Value> = taken.iter().map(entry).collect();
    // The sibling pages of the provider spell both, each in another place.
    let answer = if turn.is_multiple_of(2) {
        json!({"id": id, "destinations": taken})
    } else {
        json!({"Id": id, "destination": taken})
    };
    Ok(answer.to_string())
}

fn destination(value: &Value) -> Result<Destination, Refusal> {
    let text = |name| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let to = text("destination").filter(|to| !to.trim().is_empty());
    let recipient_type = match value.get("recipientType") {
        None | Some(Value::Null) => None,
        Some(Value::String(kind)) if matches!(&**kind, "group" | "individual") => {
            Some(kind.clone())
        }
        Some(_) => return Err(Refusal::UnknownRecipientType),
    };
    Ok(Destination {
        to: to.ok_or(Refusal::BadDestination)?,
        recipient_type,
        correlation_id: text("correlationId"),
    })
}

fn entry(sent: &Sent) -> Value {
    let mut entry = Map::new();
    entry.insert("id".to_owned(), json!(sent.id));
    if let Some(id) = &sent.correlation_id {
        entry.insert("correlationId".to_owned(), json!(id));
    }
    entry.insert("destination".to_owned(), json!(sent.destination));
    Value::Object(entry)
}
