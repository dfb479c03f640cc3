//! What the calls look like on the wire.

use serde_json::{Value, json};
use wavedeck::api::Client;
use wavedeck::domain::{FailureKind, GroupId, Operation, Sent};

use super::hostile::{Act, Hostile, reply};
use super::{CANARY, GROUP, USER, account, call, calls, fixture, group, people};

const ROOT: &str = "/v1/whatsapp/groups";

/// Request line without the version, and body where that is JSON, as the document has them.
fn documented(operation: Operation) -> (String, Option<Value>) {
    let message = |to: &str, kind: &str, id: &str, text: &str| {
        let one = json!({ "correlationId": id, "destination": to, "recipientType": kind });
        json!({ "destinations": [one], "message": { "messageText": text } })
    };
    let two = json!({ "waIds": ["5519900000001", "5519900000002"] });
    let one = format!("{ROOT}/{GROUP}");
    match operation {
        Operation::ListGroups => (format!("GET {ROOT}"), None),
        Operation::GroupDetails => (format!("GET {one}"), None),
        Operation::CreateGroup => (
            format!("POST {ROOT}"),
            Some(json!({ "subject": "group-subject" })),
        ),
        Operation::RenameGroup => (
            format!("PUT {one}"),
            Some(json!({ "subject": "new-group-subject" })),
        ),
        Operation::GetInvite => (format!("GET {one}/invite"), None),
        Operation::ResetInvite => (format!("DELETE {one}/invite"), None),
        Operation::RemoveParticipants => (format!("DELETE {one}/participants"), Some(two)),
        Operation::AddAdmins => (format!("PATCH {one}/admins"), Some(two)),
        Operation::RemoveAdmins => (format!("DELETE {one}/admins"), Some(two)),
        Operation::LeaveGroup => (format!("POST {one}/leave"), None),
        Operation::GetIcon => (format!("GET {one}/icon"), None),
        Operation::SetIcon => (format!("POST {one}/icon"), None),
        Operation::RemoveIcon => (format!("DELETE {one}/icon"), None),
        Operation::SendToGroup => {
            let id = "00000000000000000000000000000007";
            let body = message(GROUP, "group", id, "Bom dia!");
            ("POST /v1/whatsapp/send".to_owned(), Some(body))
        }
        Operation::SendInvitation => {
            let id = "00000000000000000000000000000009";
            let text = "Entre no grupo:\nhttps://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv";
            let body = message("5511900000009", "individual", id, text);
            ("POST /v1/whatsapp/send".to_owned(), Some(body))
        }
        Operation::FetchPicture => panic!("no call of the API"),
    }
}

#[tokio::test]
async fn every_call_is_written_as_the_document_says() {
    // Of an icon the bytes are sent: see `icons`.
    for operation in calls().filter(|operation| *operation != Operation::SetIcon) {
        let server = Hostile::answering("200 OK", "", "null").await;
        let called = call(&server.client(), operation).await;
        let requests = server.requests();
        assert_eq!(requests.len(), 1, "{operation:?}");
        let request = &requests[0];
        let (line, body) = documented(operation);

        assert_eq!(request.line, format!("{line} HTTP/1.1"));
        assert_eq!(request.all("username"), [USER]);
        assert_eq!(request.all("authenticationtoken"), [CANARY]);
        assert_eq!(
            request.all("user-agent"),
            [concat!("wavedeck/", env!("CARGO_PKG_VERSION"))]
        );
        assert_eq!(request.all("referer"), [""; 0]);
        assert_eq!(request.all("transfer-encoding"), [""; 0]);
        assert_eq!(
            request.all("host"),
            [server.base.trim_start_matches("http://")]
        );
        let length = request.body.len().to_string();
        if let Some(json) = &body {
            assert_eq!(request.all("content-type"), ["application/json"]);
            assert_eq!(request.all("content-length"), [length]);
            assert_eq!(&serde_json::from_str::<Value>(&request.body).unwrap(), json);
        } else {
            assert_eq!(request.all("content-type"), [""; 0]);
            assert_eq!(request.body, "");
            let expected: &[&str] = if operation.is_change() { &["0"] } else { &[] };
            assert_eq!(request.all("content-length"), expected, "{operation:?}");
        }

        let exchange = called.exchange;
        assert_eq!(exchange.operation, operation);
        assert_eq!(
            format!("{} {}", operation.method(), exchange.path),
            line,
            "what is listed is what was sent"
        );
        assert_eq!(exchange.body.as_deref(), body.map(|_| &*request.body));
        assert_eq!(exchange.status, Some(200));
        assert_eq!(exchange.answer.as_str(), "null");
    }
}

#[tokio::test]
async fn bodies_are_the_documents_own_examples() {
    let fixture = |name: &str| -> Value { serde_json::from_str(&fixture(name)).unwrap() };
    let server = Hostile::answering("200 OK", "", "{}").await;
    let client = server.client();
    let id = group();
    let subject = |name: &str| fixture(name)["subject"].as_str().unwrap().parse().unwrap();
    let ids = |name: &str| {
        let ids = fixture(name)["waIds"].clone();
        let ids: Vec<String> = serde_json::from_value(ids).unwrap();
        people(&ids.iter().map(String::as_str).collect::<Vec<_>>())
    };
    client.create_group(&subject("create-request")).await;
    client.rename_group(&id, &subject("rename-request")).await;
    let removed = ids("remove-participants-request");
    client.remove_participants(&id, &removed).await;
    client.add_admins(&id, &ids("add-admins-request")).await;
    client
        .remove_admins(&id, &ids("remove-admins-request"))
        .await;
    let sent: Vec<Value> = server
        .requests()
        .iter()
        .map(|request| serde_json::from_str(&request.body).unwrap())
        .collect();
    // The document names the same number twice; we name nobody twice.
    let once = json!({ "waIds": ["5519900000000"] });
    assert_eq!(
        sent,
        [
            fixture("create-request"),
            fixture("rename-request"),
            once.clone(),
            once,
            fixture("remove-admins-request"),
        ]
    );
}

#[tokio::test]
async fn an_odd_id_stays_one_segment_below_the_bases_own_path() {
    let server = Hostile::answering("200 OK", "", "null").await;
    let client = Client::new(&account(&format!("{}/gate%20way/", server.base))).unwrap();
    for id in [
        "Y2FwaV9ncm91cDox==",
        "%2e%2e",
        "a@g.us;x=1&y",
        "grüpo%2Fx",
        "…",
    ] {
        let answer = client.leave_group(&GroupId::new(id).unwrap()).await;
        assert_eq!(answer.result, Ok(()));
        let line = server.requests().last().unwrap().line.clone();
        assert_eq!(line, format!("POST {} HTTP/1.1", answer.exchange.path));
    }
    let lines: Vec<String> = server
        .requests()
        .into_iter()
        .map(|request| request.line)
        .collect();
    assert_eq!(
        lines,
        [
            "Y2FwaV9ncm91cDox%3D%3D",
            "%252e%252e",
            "a%40g.us%3Bx%3D1%26y",
            "gr%C3%BCpo%252Fx",
            "%E2%80%A6",
        ]
        .map(|id| format!("POST /gate%20way/v1/whatsapp/groups/{id}/leave HTTP/1.1"))
    );
}

#[tokio::test]
async fn a_subject_survives_the_way_whatever_it_is_made_of() {
    let server = Hostile::answering("200 OK", "", "null").await;
    let client = server.client();
    for subject in [
        "\"quoted\" \\ back",
        "Feirão de Maio 👋",
        "</script>",
        "צוות",
    ] {
        client
            .rename_group(&group(), &subject.parse().unwrap())
            .await;
        let body = server.requests().last().unwrap().body.clone();
        assert_eq!(
            serde_json::from_str::<Value>(&body).unwrap(),
            json!({ "subject": subject })
        );
    }
}

#[tokio::test]
async fn reads_share_a_connection_and_a_new_group_gets_its_own() {
    let body = r#"{"groups":[{"id":"a"}]}"#;
    let server = Hostile::answering("200 OK", "", body).await;
    let client = server.client();
    let again = client.clone();
    for _ in 0..2 {
        assert!(client.list_groups().await.result.is_ok());
        assert!(again.list_groups().await.result.is_ok());
        let subject = "Clube".parse().unwrap();
        assert_eq!(
            client.create_group(&subject).await.result.unwrap().as_str(),
            "a"
        );
    }
    let connections: Vec<usize> = server
        .requests()
        .iter()
        .map(|request| request.connection)
        .collect();
    assert_eq!(connections, [0, 0, 1, 0, 0, 2]);
}

#[tokio::test]
async fn an_id_that_the_api_cannot_take_is_never_sent() {
    let server = Hostile::answering("200 OK", "", "null").await;
    let client = server.client();
    for odd in [
        "1234-bot",
        "12345",
        "123456789012345678901",
        "5519900000000@g",
    ] {
        let both = people(&["5519900000001", odd]);
        for answer in [
            client.remove_participants(&group(), &both).await,
            client.add_admins(&group(), &both).await,
            client.remove_admins(&group(), &both).await,
        ] {
            let failure = answer.result.unwrap_err();
            assert_eq!(failure.kind, FailureKind::Refused);
            assert_eq!((failure.sent, failure.status), (Sent::Never, None));
            let tail: String = odd.chars().skip(odd.chars().count() - 4).collect();
            assert!(failure.why().contains(&format!("…-{tail}")), "{failure:?}");
            assert_eq!(answer.exchange.status, None);
        }
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn no_failure_makes_a_call_repeat_itself() {
    let ok = reply("200 OK", "", "null");
    for act in [
        Act::Reply(reply("429 Too Many Requests", "retry-after: 0\r\n", "")),
        Act::Reply(reply("503 Service Unavailable", "retry-after: 0\r\n", "")),
        Act::Reply(reply("408 Request Timeout", "connection: close\r\n", "")),
        Act::Close(vec![]),
        Act::Close(b"HTTP/1.1 200".to_vec()),
        Act::Close(ok[..ok.len() - 2].to_vec()),
        Act::Reset(vec![]),
    ] {
        for operation in calls() {
            let server = Hostile::always(act.clone()).await;
            call(&server.client(), operation).await;
            assert_eq!(server.requests().len(), 1, "{operation:?}");
        }
    }
}
