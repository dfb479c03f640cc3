//! Each call of the document: its success, and each of its errors.

use super::*;

const GROUPS: &str = "/v1/whatsapp/groups";

#[tokio::test]
async fn creating_gives_an_id_and_a_group_with_the_account_alone() {
    let desk = Desk::demo().await;
    let body = r#"{"subject":"Clube do Livro"}"#;
    let answer = desk.send("POST", GROUPS, body).await;
    assert_eq!(answer.status, 200);
    let id = format!("{OWN}-{NOW}");
    assert_eq!(
        answer.json(),
        json!({"groups": [{"creation_time": NOW, "id": id}]})
    );
    let info = desk.call("GET", &format!("{GROUPS}/{id}")).await;
    assert_eq!(
        info.json(),
        json!({"groups": [{
            "admins": [OWN],
            "creation_time": NOW,
            "creator": OWN,
            "id": id,
            "participants": [OWN],
            "subject": "Clube do Livro",
        }]})
    );
    assert_eq!(desk.listed().await.last(), Some(&id));
}

#[tokio::test]
async fn two_groups_of_one_second_get_different_ids() {
    let desk = Desk::demo().await;
    for second in [NOW, NOW + 1, NOW + 2] {
        let answer = desk.send("POST", GROUPS, r#"{"subject":"Clube"}"#).await;
        let created = &answer.json()["groups"][0];
        assert_eq!(created["id"], format!("{OWN}-{second}"));
        assert_eq!(created["creation_time"], second);
    }
}

#[tokio::test]
async fn a_subject_has_one_to_25_utf_16_units() {
    let desk = Desk::demo().await;
    for method in ["POST", "PUT"] {
        let send = async |body: Value| {
            let path = if method == "POST" {
                GROUPS.to_owned()
            } else {
                format!("{GROUPS}/{CORRIDA}")
            };
            desk.send(method, &path, body.to_string()).await
        };
        for bad in [
            json!({}),
            json!([]),
            json!({"subject": ""}),
            json!({"subject": " \t"}),
            json!({"subject": 5}),
            json!({"Subject": "Clube"}),
        ] {
            send(bad).await.assert_refused(400, "subject is missing");
        }
        for long in ["a".repeat(26), "👋".repeat(13)] {
            let answer = send(json!({"subject": long})).await;
            assert_eq!(answer.status, 400);
            assert_eq!(
                answer.json(),
                json!({"message": "Bad Request", "details": "subject must have at most 25 characters"})
            );
        }
        assert_eq!(desk.corrida().subject, "Corrida Domingo 7h");
        assert_eq!(desk.listed().await.len(), 16);
    }
    for fits in ["ã".repeat(25), "👋".repeat(12)] {
        let body = json!({"subject": fits});
        desk.corrida_call("PUT", "", body).await.assert_done();
        assert_eq!(desk.corrida().subject, fits);
    }
}

#[tokio::test]
async fn too_many_groups_cannot_be_created_until_one_is_left() {
    let desk = Desk::demo().await;
    let create = async || desk.send("POST", GROUPS, r#"{"subject":"Clube"}"#).await;
    while desk.listed().await.len() < 64 {
        assert_eq!(create().await.status, 200);
    }
    let refused = create().await;
    refused.assert_refused(400, "Could not create group: too many groups created");
    assert_eq!(desk.listed().await.len(), 64);
    desk.corrida_call("POST", "/leave", Value::Null)
        .await
        .assert_done();
    assert_eq!(create().await.status, 200);
}

#[tokio::test]
async fn the_info_of_a_group_names_its_people_in_a_stable_order() {
    let desk = Desk::demo().await;
    let path = format!("{GROUPS}/{CORRIDA}");
    let first = desk.call("GET", &path).await;
    let group = &first.json()["groups"][0];
    assert_eq!(group["admins"], json!([OWN, BRUNA, TEO]));
    assert_eq!(group["participants"].as_array().unwrap().len(), 24);
    assert_eq!(desk.call("GET", &path).await.body, first.body);
    desk.state().join(CORRIDA, "5519911112222");
    let second = desk.call("GET", &path).await.json();
    let mut expected = group["participants"].as_array().unwrap().clone();
    expected.push(json!("5519911112222"));
    assert_eq!(second["groups"][0]["participants"], json!(expected));
}

#[tokio::test]
async fn an_id_is_percent_decoded() {
    let desk = Desk::demo().await;
    let path = format!("{GROUPS}/{}", CORRIDA.replace('-', "%2D"));
    assert_eq!(desk.call("GET", &path).await.status, 200);
}

#[tokio::test]
async fn a_group_that_is_unknown_or_left_is_not_found() {
    let desk = Desk::demo().await;
    let left = CORRIDA;
    desk.corrida_call("POST", "/leave", Value::Null)
        .await
        .assert_done();
    for id in [left, "5519900000000-1", "nonsense"] {
        for (method, tail, body) in [
            ("GET", "", Value::Null),
            ("PUT", "", json!({"subject": "Clube"})),
            ("GET", "/invite", Value::Null),
            ("DELETE", "/invite", Value::Null),
            ("DELETE", "/participants", people(&[CARLA])),
            ("PATCH", "/admins", people(&[CARLA])),
            ("DELETE", "/admins", people(&[CARLA])),
        ] {
            let path = format!("{GROUPS}/{id}{tail}");
            let answer = desk.send(method, &path, body.to_string()).await;
            answer.assert_refused(404, "Group not found");
        }
    }
}

#[tokio::test]
async fn leaving_takes_the_account_out_once() {
    let desk = Desk::demo().await;
    let leave = async || desk.corrida_call("POST", "/leave", Value::Null).await;
    leave().await.assert_done();
    assert!(!desk.listed().await.contains(&CORRIDA.to_owned()));
    // «The Group will continue to exist with the remaining participants.»
    let rest = desk.corrida();
    assert_eq!(rest.participants.len(), 23);
    assert!(!rest.participants.contains(&OWN.to_owned()));
    assert_eq!(rest.admins, [BRUNA, TEO]);
    leave().await.assert_refused(400, "Phone number not found");
    let unknown = desk.call("POST", &format!("{GROUPS}/nonsense/leave")).await;
    unknown.assert_refused(400, "Phone number not found");
}

#[tokio::test]
async fn an_account_without_groups_gets_empty_lists() {
    let desk = Desk::open(Settings {
        groups: Some(1),
        ..settings()
    })
    .await;
    let id = desk.listed().await.remove(0);
    let leave = desk.call("POST", &format!("{GROUPS}/{id}/leave")).await;
    leave.assert_done();
    let mut bodies = Vec::new();
    for _ in 0..3 {
        bodies.push(desk.call("GET", GROUPS).await.body);
    }
    assert_eq!(
        bodies,
        [r#"{"groups":[]}"#, r#"{"groups":[{}]}"#, r#"{"groups":[]}"#]
    );
}

#[tokio::test]
async fn an_invite_link_is_made_once_and_dead_after_a_reset() {
    let desk = Desk::demo().await;
    let reset = async || desk.corrida_call("DELETE", "/invite", Value::Null).await;
    let first = desk.link(CORRIDA).await;
    assert_eq!(first, "https://chat.whatsapp.com/Dm7QkTz4hYpLw2Xc8VbN1e");
    assert_eq!(desk.link(CORRIDA).await, first);
    assert!(desk.state().join_by_link(&first, "5519911110001"));
    reset().await.assert_done();
    assert_eq!(desk.corrida().invite, None);
    assert!(!desk.state().join_by_link(&first, "5519911110002"));
    reset().await.assert_done();
    let second = desk.link(CORRIDA).await;
    assert_ne!(second, first);
    assert_eq!(desk.link(CORRIDA).await, second);
    let code = second.strip_prefix("https://chat.whatsapp.com/").unwrap();
    assert_eq!(code.len(), 22);
    assert!(code.chars().all(|c| c.is_ascii_alphanumeric()));
    assert!(!desk.state().join_by_link(&first, "5519911110002"));
    assert!(desk.state().join_by_link(code, "5519911110002"));
    let joined = desk.corrida().participants;
    assert_eq!(joined[24..], ["5519911110001", "5519911110002"]);
}

#[tokio::test]
async fn removed_people_are_gone_admins_too() {
    let desk = Desk::demo().await;
    // The document's own example names one number twice.
    let body = people(&[TEO, CARLA, CARLA]);
    desk.corrida_call("DELETE", "/participants", body)
        .await
        .assert_done();
    let group = desk.corrida();
    assert_eq!(group.participants.len(), 22);
    assert!(!group.participants.contains(&TEO.to_owned()));
    assert!(!group.participants.contains(&CARLA.to_owned()));
    assert_eq!(group.admins, [OWN, BRUNA]);
    let again = desk
        .corrida_call("DELETE", "/participants", people(&[TEO]))
        .await;
    again.assert_refused(400, "Phone number not found");
}

#[tokio::test]
async fn admins_come_and_go() {
    let desk = Desk::demo().await;
    let promote = people(&[CARLA, CARLA, BRUNA]);
    desk.corrida_call("PATCH", "/admins", promote)
        .await
        .assert_done();
    assert_eq!(desk.corrida().admins, [OWN, BRUNA, TEO, CARLA]);
    let demote = people(&[BRUNA, TEO, TEO, "5519900000003"]);
    desk.corrida_call("DELETE", "/admins", demote)
        .await
        .assert_done();
    let group = desk.corrida();
    assert_eq!(group.admins, [OWN, CARLA]);
    assert_eq!(group.participants.len(), 24, "demoted people stay");
}

#[tokio::test]
async fn one_unknown_number_and_nothing_changes() {
    let desk = Desk::demo().await;
    let before = desk.corrida();
    for (method, tail) in [
        ("DELETE", "/participants"),
        ("PATCH", "/admins"),
        ("DELETE", "/admins"),
    ] {
        for bad in [
            NOBODY,
            "+5519900000004",
            "05519900000004",
            "",
            "Carla",
            "9".repeat(40).as_str(),
        ] {
            let body = people(&[TEO, CARLA, bad]);
            let answer = desk.corrida_call(method, tail, body).await;
            answer.assert_refused(400, "Phone number not found");
        }
        for bad in [
            json!({}),
            json!({"waIds": []}),
            json!({"waIds": TEO}),
            json!({"waIds": [TEO, 5_519_900_000_004_u64]}),
            json!({"wa_ids": [TEO]}),
        ] {
            let answer = desk.corrida_call(method, tail, bad).await;
            answer.assert_refused(400, "waIds is missing");
        }
        let crowd: Vec<&str> = before.participants[1..22].iter().map(|id| &**id).collect();
        let answer = desk.corrida_call(method, tail, people(&crowd)).await;
        answer.assert_refused(400, "waIds has more than 20 numbers");
        assert_eq!(desk.corrida(), before);
    }
    let crowd: Vec<&str> = before.participants[1..21].iter().map(|id| &**id).collect();
    desk.corrida_call("DELETE", "/participants", people(&crowd))
        .await
        .assert_done();
    assert_eq!(desk.corrida().participants.len(), 4);
}

#[tokio::test]
async fn the_account_can_neither_remove_nor_demote_itself() {
    let desk = Desk::demo().await;
    let before = desk.corrida();
    let both = people(&[CARLA, OWN]);
    let remove = desk.corrida_call("DELETE", "/participants", both).await;
    remove.assert_refused(400, "The account cannot remove itself, it can leave");
    let demote = desk
        .corrida_call("DELETE", "/admins", people(&[BRUNA, OWN]))
        .await;
    demote.assert_refused(403, "The creator of the group stays admin");
    assert_eq!(desk.corrida(), before);
}

#[tokio::test]
async fn where_the_account_is_no_admin_it_may_only_look_and_leave() {
    let desk = Desk::demo().await;
    let group = desk.state().group(CONDOMINIO).unwrap();
    let member = &*group.participants[5];
    for (method, tail, body) in [
        ("PUT", "", json!({"subject": ""})),
        ("GET", "/invite", Value::Null),
        ("DELETE", "/invite", Value::Null),
        ("DELETE", "/participants", people(&[member])),
        ("PATCH", "/admins", people(&[member])),
        ("DELETE", "/admins", people(&[NOBODY])),
    ] {
        let path = format!("{GROUPS}/{CONDOMINIO}{tail}");
        let answer = desk.send(method, &path, body.to_string()).await;
        answer.assert_refused(403, "Only admins of the group may do this");
    }
    assert_eq!(desk.state().group(CONDOMINIO).unwrap(), group);
    let path = format!("{GROUPS}/{CONDOMINIO}");
    assert_eq!(desk.call("GET", &path).await.status, 200);
    let leave = desk.call("POST", &format!("{path}/leave")).await;
    leave.assert_done();
}

#[tokio::test]
async fn successes_without_a_result_are_null_an_object_and_nothing_in_turn() {
    let desk = Desk::demo().await;
    let mut bodies = Vec::new();
    for _ in 0..4 {
        let body = json!({"subject": "Clube"});
        bodies.push(desk.corrida_call("PUT", "", body).await.body);
    }
    assert_eq!(bodies, ["null", "{}", "", "null"]);
}

#[tokio::test]
async fn what_others_do_shows_in_the_next_answer() {
    let desk = Desk::demo().await;
    let state = desk.state();
    let long = "Um nome bem mais longo do que a API deixa escrever";
    assert!(state.rename(CORRIDA, long));
    assert!(state.promote(CORRIDA, CARLA));
    assert!(!state.promote(CORRIDA, CARLA));
    assert!(!state.promote(CORRIDA, NOBODY));
    assert!(state.demote(CORRIDA, TEO));
    assert!(!state.demote(CORRIDA, TEO));
    assert!(state.depart(CORRIDA, BRUNA));
    assert!(!state.depart(CORRIDA, BRUNA));
    assert!(!state.join(CORRIDA, CARLA), "is in it already");
    assert!(!state.join("nonsense", CARLA));
    let info = desk.call("GET", &format!("{GROUPS}/{CORRIDA}")).await;
    let group = &info.json()["groups"][0];
    assert_eq!(group["subject"], long);
    assert_eq!(group["admins"], json!([OWN, CARLA]));
    assert!(state.demote(CORRIDA, OWN));
    let link = desk.corrida_call("GET", "/invite", Value::Null).await;
    assert_eq!(link.status, 403);
    assert!(state.depart(CORRIDA, OWN));
    assert_eq!(desk.listed().await.len(), 15);
}
