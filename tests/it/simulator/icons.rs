//! Icons: setting, consulting, removing, and the host their pictures come from.

use super::*;

/// What the first bytes of a JPEG and a PNG look like; nothing here decodes them.
const JPEG: &[u8] = b"\xFF\xD8\xFF\xE0 first";
const OTHER_JPEG: &[u8] = b"\xFF\xD8\xFF\xE1 second";
const PNG: &[u8] = b"\x89PNG\r\n\x1A\n third";
/// «Equipe Suporte N2», without an icon.
const SUPORTE: &str = "5519900000000-1625140800";

fn path(id: &str) -> String {
    format!("/v1/whatsapp/groups/{id}/icon")
}

async fn upload(desk: &Desk, id: &str, content_type: &str, bytes: &[u8]) -> Answer {
    let request = desk.request("POST", &path(id)).body(bytes.to_vec());
    answer(request.header("Content-Type", content_type)).await
}

/// Where the picture is.
async fn address(desk: &Desk, id: &str) -> String {
    let icon = desk.call("GET", &path(id)).await.json();
    icon["data"].as_str().unwrap().to_owned()
}

async fn fetch(url: &str) -> (u16, String, Vec<u8>) {
    let response = client().get(url).send().await.unwrap();
    let content_type = response.headers().get("content-type");
    let content_type = content_type.map_or("", |value| value.to_str().unwrap());
    let content_type = content_type.to_owned();
    let status = response.status().as_u16();
    (
        status,
        content_type,
        response.bytes().await.unwrap().to_vec(),
    )
}

#[tokio::test]
async fn an_icon_is_described_as_in_the_document() {
    let desk = Desk::demo().await;
    upload(&desk, SUPORTE, "image/jpeg", JPEG)
        .await
        .assert_done();
    let mut icon = desk.call("GET", &path(SUPORTE)).await.json();
    let data = icon["data"].take();
    assert_eq!(
        icon,
        json!({
            "type": "URL",
            "mimeType": "image/jpeg",
            "fileName": "groupIcon.jpeg",
            "extraData": {
                "public": true,
                "Content-Type": "image/jpeg",
                "Content-Length": JPEG.len().to_string(),
            },
            "data": null,
        })
    );
    let data = data.as_str().unwrap();
    let parts: Vec<&str> = data.split('/').collect();
    let [
        "http:",
        "",
        host,
        "2023",
        "11",
        "14",
        uuid,
        "groupIcon.jpeg",
    ] = parts[..]
    else {
        panic!("{data}");
    };
    assert!(host.starts_with("127.0.0.1:"));
    assert_ne!(format!("http://{host}"), desk.simulator.base_url());
    let groups: Vec<usize> = uuid.split('-').map(str::len).collect();
    assert_eq!(groups, [8, 4, 4, 4, 12]);
    assert_eq!(
        fetch(data).await,
        (200, "image/jpeg".to_owned(), JPEG.to_vec())
    );
    let icon = desk.state().icon(SUPORTE).unwrap();
    assert_eq!((icon.mime_type, &*icon.bytes), ("image/jpeg", JPEG));
    assert!(data.ends_with(&icon.path));
}

#[tokio::test]
async fn each_upload_has_a_new_address_and_the_old_one_is_dead() {
    let desk = Desk::demo().await;
    let mut old: Vec<String> = Vec::new();
    for (content_type, bytes) in [
        ("image/jpeg", JPEG),
        ("image/png", PNG),
        ("IMAGE/JPEG; q=1", OTHER_JPEG),
        ("image/jpeg", OTHER_JPEG),
    ] {
        upload(&desk, CORRIDA, content_type, bytes)
            .await
            .assert_done();
        let url = address(&desk, CORRIDA).await;
        assert!(!old.contains(&url));
        assert_eq!(fetch(&url).await.2, bytes);
        for gone in &old {
            assert_eq!(fetch(gone).await.0, 404);
        }
        old.push(url);
    }
}

#[tokio::test]
async fn a_removed_icon_is_gone_and_cannot_be_removed_again() {
    let desk = Desk::demo().await;
    let remove = async || desk.corrida_call("DELETE", "/icon", Value::Null).await;
    let url = address(&desk, CORRIDA).await;
    assert_eq!(fetch(&url).await.0, 200);
    remove().await.assert_done();
    assert_eq!(fetch(&url).await.0, 404);
    assert_eq!(desk.state().icon(CORRIDA), None);
    remove().await.assert_refused(404, "The group has no icon");
    let asked = desk.call("GET", &path(CORRIDA)).await;
    asked.assert_refused(404, "The group has no icon");
}

#[tokio::test]
async fn what_is_no_picture_or_another_one_than_it_says_is_refused() {
    let desk = Desk::demo().await;
    let before = desk.state().icon(CORRIDA).unwrap();
    let other = "Content-Type does not match the image, which must be JPEG or PNG";
    for (content_type, bytes, text) in [
        ("application/json", JPEG, "Content-Type is not image/*"),
        (
            "application/octet-stream",
            PNG,
            "Content-Type is not image/*",
        ),
        ("image/jpeg", b"", "The image is empty"),
        ("image/jpeg", PNG, other),
        ("image/png", JPEG, other),
        ("image/jpg", JPEG, other),
        ("image/gif", b"GIF89a", other),
        ("image/jpeg", b"\xFF\xD8", other),
    ] {
        let answer = upload(&desk, CORRIDA, content_type, bytes).await;
        answer.assert_refused(400, text);
    }
    let untyped = desk.request("POST", &path(CORRIDA)).body(JPEG);
    let untyped = answer(untyped).await;
    untyped.assert_refused(400, "Content-Type is not image/*");
    assert_eq!(desk.state().icon(CORRIDA), Some(before));
}

#[tokio::test]
async fn an_icon_may_have_5_mib() {
    let desk = Desk::demo().await;
    let mut bytes = vec![0; 5 * 1024 * 1024];
    bytes[..3].copy_from_slice(&JPEG[..3]);
    upload(&desk, CORRIDA, "image/jpeg", &bytes)
        .await
        .assert_done();
    let url = address(&desk, CORRIDA).await;
    assert_eq!(fetch(&url).await.2.len(), bytes.len());
    bytes.push(0);
    let answer = upload(&desk, CORRIDA, "image/jpeg", &bytes).await;
    assert_eq!((answer.status, &*answer.content_type), (413, "text/html"));
    // Pictures are not among the texts that are remembered.
    assert!(desk.state().seen().iter().all(|seen| seen.body.is_empty()));
}

#[tokio::test]
async fn only_admins_set_icons_and_only_of_groups_they_are_in() {
    let desk = Desk::demo().await;
    let not_admin = "Only admins of the group may do this";
    let answer = upload(&desk, CONDOMINIO, "image/jpeg", JPEG).await;
    answer.assert_refused(403, not_admin);
    let answer = desk.call("DELETE", &path(CONDOMINIO)).await;
    answer.assert_refused(403, not_admin);
    for method in ["GET", "DELETE"] {
        let answer = desk.call(method, &path("nonsense")).await;
        answer.assert_refused(404, "Group not found");
    }
    let answer = upload(&desk, "nonsense", "text/plain", b"").await;
    answer.assert_refused(404, "Group not found");
    let answer = desk.bare("POST", &path(CORRIDA)).body(JPEG).send().await;
    assert_eq!(answer.unwrap().status(), 401);
}

#[tokio::test]
async fn the_picture_host_refuses_credentials_and_tells() {
    let desk = Desk::demo().await;
    let url = address(&desk, CORRIDA).await;
    let path = desk.state().icon(CORRIDA).unwrap().path;
    assert_eq!(fetch(&url).await.0, 200);
    assert!(desk.state().violations().is_empty());
    let get = |url: &str| client().get(url);
    for (request, status) in [
        (get(&url).header("userName", "demo"), 400),
        (get(&url).header("AUTHENTICATIONTOKEN", "anything"), 400),
        (
            get(&format!("{url}x"))
                .header("username", "")
                .header("authenticationtoken", "x"),
            400,
        ),
        (get(&url).header("Accept", "image/*"), 200),
        (client().post(&*url), 405),
        (get(&format!("{url}x")), 404),
    ] {
        assert_eq!(request.send().await.unwrap().status().as_u16(), status);
    }
    assert_eq!(
        desk.state().violations(),
        [
            format!("GET {path} carried username"),
            format!("GET {path} carried authenticationtoken"),
            format!("GET {path}x carried username, authenticationtoken"),
        ]
    );
}

#[tokio::test]
async fn five_groups_of_the_demo_have_a_drawn_icon() {
    let (desk, twin) = (Desk::demo().await, Desk::demo().await);
    let mut subjects = Vec::new();
    for group in desk.state().groups() {
        let asked = desk.call("GET", &path(&group.id)).await;
        if asked.status == 404 {
            continue;
        }
        let (status, content_type, bytes) = fetch(&address(&desk, &group.id).await).await;
        assert_eq!((status, &*content_type), (200, "image/png"));
        let picture = image::load_from_memory(&bytes).unwrap();
        assert_eq!((picture.width(), picture.height()), (320, 320));
        assert_eq!(asked.json()["mimeType"], "image/png");
        let length = asked.json()["extraData"]["Content-Length"].clone();
        assert_eq!(length, bytes.len().to_string());
        assert_eq!(desk.state().icon(&group.id), twin.state().icon(&group.id));
        subjects.push(group.subject);
    }
    assert_eq!(
        subjects,
        [
            "Corrida Domingo 7h",
            "Clube do Livro SP",
            "Moradores Torre B",
            "❤️ Família Pai ❤️",
            "Voluntários Praça",
        ]
    );
}

#[tokio::test]
async fn other_admins_set_and_remove_icons_too() {
    let desk = Desk::demo().await;
    let state = desk.state();
    let old = address(&desk, CORRIDA).await;
    assert!(state.set_icon(CORRIDA, PNG.to_vec()));
    let new = address(&desk, CORRIDA).await;
    assert_ne!(old, new);
    assert_eq!(fetch(&new).await.2, PNG);
    assert!(!state.set_icon(CORRIDA, b"text".to_vec()));
    assert!(!state.set_icon("nonsense", PNG.to_vec()));
    assert_eq!(fetch(&new).await.0, 200);
    assert!(state.remove_icon(CORRIDA));
    assert!(!state.remove_icon(CORRIDA));
    assert_eq!(fetch(&new).await.0, 404);
}
