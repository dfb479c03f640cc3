//! What is checked before a call is looked at: path, method, credentials, size, JSON.

use super::*;

const GROUPS: &str = "/v1/whatsapp/groups";

#[tokio::test]
async fn an_unknown_path_is_not_found() {
    let desk = Desk::demo().await;
    for path in [
        "/",
        "/v1/whatsapp",
        "/v1/whatsapp/groupsies",
        "/v1/whatsapp/groups/",
        "/v1/whatsapp/groups//participants",
        "/v1/whatsapp/groups/1/nonsense",
        "/v1/whatsapp/groups/1/invite/2",
    ] {
        let answer = desk.call("GET", path).await;
        answer.assert_refused(404, "Not Found");
    }
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let desk = Desk::demo().await;
    let group = format!("{GROUPS}/{CORRIDA}");
    for (path, allow) in [
        (GROUPS.to_owned(), "GET, POST"),
        (group.clone(), "GET, PUT"),
        (format!("{group}/invite"), "GET, DELETE"),
        (format!("{group}/participants"), "DELETE"),
        (format!("{group}/admins"), "PATCH, DELETE"),
        (format!("{group}/leave"), "POST"),
        (format!("{group}/icon"), "GET, POST, DELETE"),
        ("/v1/whatsapp/send".to_owned(), "POST"),
    ] {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            if allow.contains(method) {
                continue;
            }
            let answer = desk.call(method, &path).await;
            answer.assert_refused(405, "Method Not Allowed");
            assert_eq!(answer.allow, allow, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn wrong_credentials_get_the_documented_body() {
    let desk = Desk::demo().await;
    let ask = || desk.bare("GET", GROUPS);
    for request in [
        ask(),
        ask().header("userName", "demo"),
        ask().header("authenticationToken", "demo-token"),
        ask()
            .header("userName", "demo")
            .header("authenticationToken", "demo-tokem"),
        ask()
            .header("userName", "Demo")
            .header("authenticationToken", "demo-token"),
        ask().header("Authorization", "Bearer demo-token"),
    ] {
        let answer = answer(request).await;
        assert_eq!(answer.status, 401);
        assert_eq!(
            answer.body,
            r#"{"errorCode":401,"errorMessage":"Authentication Error: No user was found with this combination of username and Authentication token."}"#
        );
    }
}

#[tokio::test]
async fn header_names_may_be_written_in_any_case() {
    let desk = Desk::demo().await;
    let addr = desk.simulator.base_url().replace("http://", "");
    for (user, token) in [
        ("userName", "authenticationToken"),
        ("username", "authenticationtoken"),
        ("UserName", "AuthenticationToken"),
        ("USERNAME", "AUTHENTICATIONTOKEN"),
    ] {
        // By hand: HTTP libraries send names in lower case whatever is asked for.
        let head = format!("GET {GROUPS} HTTP/1.1\r\nhost: {addr}\r\nconnection: close\r\n");
        let head = format!("{head}{user}: demo\r\n{token}: demo-token\r\n\r\n");
        let answer = raw(&addr, &head).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{user}: {answer}");
    }
}

#[tokio::test]
async fn the_path_is_checked_before_the_credentials_and_these_before_the_body() {
    let desk = Desk::demo().await;
    let status = |method, path: &str| {
        let request = desk.bare(method, path).body("{");
        async move { answer(request).await.status }
    };
    assert_eq!(status("GET", "/v2/nowhere").await, 404);
    assert_eq!(status("PATCH", GROUPS).await, 405);
    assert_eq!(status("POST", GROUPS).await, 401);
    let answer = desk.send("PUT", &format!("{GROUPS}/unknown"), "{").await;
    answer.assert_refused(400, "Malformed JSON");
    let empty = desk.corrida_call("PATCH", "/admins", Value::Null).await;
    empty.assert_refused(400, "waIds is missing");
}

#[tokio::test]
async fn a_body_over_64_kib_is_refused_by_the_proxy_in_front() {
    let desk = Desk::demo().await;
    for size in [64 * 1024 + 1, 1024 * 1024] {
        let answer = desk.send("POST", GROUPS, "x".repeat(size)).await;
        assert_eq!(answer.status, 413);
        assert_eq!(answer.content_type, "text/html");
        assert!(
            answer
                .body
                .contains("<title>413 Request Entity Too Large</title>")
        );
    }
    let just_fits = desk.send("POST", GROUPS, "x".repeat(64 * 1024)).await;
    just_fits.assert_refused(400, "Malformed JSON");
}

#[tokio::test]
async fn every_request_is_remembered_let_in_or_not() {
    let desk = Desk::demo().await;
    let body = json!({"subject": "Clube"}).to_string();
    desk.send("POST", GROUPS, body.clone()).await;
    answer(desk.bare("DELETE", "/nowhere?x=1")).await;
    let seen = desk.state().seen();
    let [create, nowhere] = &seen[..] else {
        panic!("{seen:?}");
    };
    assert_eq!((&*create.method, &*create.path), ("POST", GROUPS));
    assert_eq!(create.body, body);
    assert_eq!(create.content_type.as_deref(), Some("application/json"));
    assert_eq!(create.content_length, Some(body.len().to_string()));
    assert_eq!(
        (&*nowhere.method, &*nowhere.path),
        ("DELETE", "/nowhere?x=1")
    );
    assert_eq!(nowhere.content_type, None);
}

#[tokio::test]
async fn answers_do_not_queue_behind_each_other() {
    let desk = Desk::open(Settings {
        latency: Some(Duration::from_millis(100)),
        ..settings()
    })
    .await;
    let begun = tokio::time::Instant::now();
    let mut asked = tokio::task::JoinSet::new();
    for _ in 0..40 {
        asked.spawn(answer(desk.request("GET", GROUPS)));
    }
    let answers = asked.join_all().await;
    let took = begun.elapsed();
    assert!(answers.iter().all(|answer| answer.status == 200));
    assert!(took >= Duration::from_millis(100), "{took:?}");
    assert!(took < Duration::from_secs(2), "{took:?}");
}

#[tokio::test]
async fn a_stopped_simulator_is_gone_but_its_state_can_be_read() {
    let desk = Desk::demo().await;
    let state = desk.state();
    let request = desk.bare("GET", GROUPS);
    desk.simulator.stop().await;
    let error = request.send().await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
    assert_eq!(state.groups().len(), 16);
}

async fn raw(addr: &str, request: &str) -> String {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut stream = tokio::net::TcpStream::connect(addr).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let read = stream.read_to_string(&mut answer);
    let read = tokio::time::timeout(Duration::from_secs(20), read).await;
    read.unwrap().unwrap();
    answer
}
