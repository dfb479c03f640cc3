//! The groups a simulator starts with.

use std::collections::HashSet;

use super::*;

const SCREENS: [(&str, usize); 12] = [
    ("Bairro Novo · Vizinhos", 118),
    ("Clube do Livro SP", 41),
    ("Corrida Domingo 7h", 24),
    ("Entregas Zona Norte", 63),
    ("Equipe Suporte N2", 9),
    ("Feirão de Maio 2026", 256),
    ("Lançamento Produto X", 77),
    ("Mães da Escola Aurora", 32),
    ("Moradores Torre B", 54),
    ("Promoções VIP", 201),
    ("Treinamento Onboarding", 15),
    ("Voluntários Praça", 38),
];

fn generated(groups: usize, members: Option<usize>) -> Settings {
    Settings {
        groups: Some(groups),
        members,
        ..settings()
    }
}

#[tokio::test]
async fn the_demo_has_the_groups_of_the_screens_and_four_odd_ones() {
    let desk = Desk::demo().await;
    let groups = desk.state().groups();
    assert_eq!(groups.len(), 16);
    let ids: Vec<String> = groups.iter().map(|group| group.id.clone()).collect();
    assert_eq!(desk.listed().await, ids);
    let find = |subject: &str| groups.iter().find(|group| group.subject == subject);
    for (subject, members) in SCREENS {
        let group = find(subject).expect(subject);
        assert_eq!(group.participants.len(), members, "{subject}");
    }
    assert_eq!(
        find("Promoções VIP").unwrap().id,
        "120363012345678901",
        "an id of 18 digits"
    );
    assert_eq!(find("❤️ Família Pai ❤️").unwrap().participants.len(), 11);
    assert_eq!(find("Sorteio de Natal").unwrap().participants, [OWN]);
    assert!(find("أصدقاء الحي").is_some());
    let foreign: Vec<&str> = groups
        .iter()
        .filter(|group| !group.admins.contains(&OWN.to_owned()))
        .map(|group| &*group.id)
        .collect();
    assert_eq!(foreign, [CONDOMINIO]);
}

#[tokio::test]
async fn the_run_on_sunday_has_the_people_of_the_screens() {
    let desk = Desk::demo().await;
    let group = desk.corrida();
    assert_eq!(group.created, 1_513_616_971);
    assert_eq!(
        group.participants,
        [
            "5519900000000",
            "5519900000001",
            "5511900000002",
            "5519900000003",
            "5519900000004",
            "5521900000005",
            "5519900000006",
            "5519900000007",
            "5519900000008",
            "5531900000009",
            "5519900000010",
            "5419000000011",
            "5511900000012",
            "5519900000013",
            "5519900000014",
            "5519900000015",
            "5585900000016",
            "5519900000017",
            "5519900000018",
            "5519900000019",
            "5519900000020",
            "5519900000021",
            "5551900000022",
            "5519900000023",
        ]
    );
    assert_eq!(group.admins, [OWN, BRUNA, TEO]);
}

#[tokio::test]
async fn every_group_is_sound() {
    for settings in [settings(), generated(500, None), generated(20, Some(256))] {
        let groups = Desk::open(settings).await.state().groups();
        let ids: HashSet<&str> = groups.iter().map(|group| &*group.id).collect();
        assert_eq!(ids.len(), groups.len());
        for group in &groups {
            assert_eq!(group.participants.first().map(|id| &**id), Some(OWN));
            assert!(group.subject.encode_utf16().count() <= 25, "{group:?}");
            let people: HashSet<&String> = group.participants.iter().collect();
            assert_eq!(people.len(), group.participants.len(), "somebody twice");
            assert!(group.admins.iter().all(|admin| people.contains(admin)));
            assert!(group.participants.len() <= 256);
            assert!(group.participants.iter().all(|id| id.len() == 13));
        }
    }
}

#[tokio::test]
async fn a_full_group_lets_nobody_in() {
    let desk = Desk::demo().await;
    let groups = desk.state().groups();
    let full = groups.iter().find(|group| group.participants.len() == 256);
    let full = full.unwrap();
    assert!(!desk.state().join(&full.id, NOBODY));
    let gone = &full.participants[100];
    assert!(desk.state().depart(&full.id, gone));
    assert!(desk.state().join(&full.id, NOBODY));
}

#[tokio::test]
async fn one_seed_gives_one_world() {
    let told = async |settings: Settings| {
        let desk = Desk::open(settings).await;
        let first = desk.listed().await.remove(0);
        let created = desk.send("POST", "/v1/whatsapp/groups", r#"{"subject":"a"}"#);
        let created = created.await.body;
        (desk.link(&first).await, created, desk.state().groups())
    };
    for settings in [settings(), generated(100, None)] {
        let other = Settings {
            seed: 7,
            ..settings.clone()
        };
        let one = told(settings.clone()).await;
        assert_eq!(told(settings).await, one);
        assert_ne!(told(other).await.2, one.2);
    }
}

#[tokio::test]
async fn invite_codes_do_not_depend_on_the_order_of_asking() {
    let forward = Desk::open(generated(2, None)).await;
    let backward = Desk::open(generated(2, None)).await;
    let ids = forward.listed().await;
    let links = [forward.link(&ids[0]).await, forward.link(&ids[1]).await];
    let second = backward.link(&ids[1]).await;
    assert_eq!([backward.link(&ids[0]).await, second], links);
    assert_ne!(links[0], links[1]);
}

#[tokio::test]
async fn generated_subjects_are_distinct_and_generated_groups_have_room_for_more() {
    let desk = Desk::open(generated(3_000, Some(2))).await;
    let groups = desk.state().groups();
    let subjects: HashSet<&str> = groups.iter().map(|group| &*group.subject).collect();
    assert_eq!(subjects.len(), 3_000);
    assert!(groups.iter().all(|group| group.participants.len() == 2));
    let digits = |id: &str| id.len() == 18 && id.bytes().all(|byte| byte.is_ascii_digit());
    let by_digits = groups.iter().filter(|group| digits(&group.id)).count();
    assert_eq!(by_digits, 3_000 / 8);
    let body = r#"{"subject":"Clube"}"#;
    let created = desk.send("POST", "/v1/whatsapp/groups", body).await;
    assert_eq!(created.status, 200);
}

#[tokio::test]
async fn a_hundred_thousand_groups_start_and_list_within_reason() {
    let begun = tokio::time::Instant::now();
    let desk = Desk::open(generated(100_000, Some(256))).await;
    let started = begun.elapsed();
    let listed = desk.listed().await;
    let took = begun.elapsed();
    assert_eq!(listed.len(), 100_000);
    let last = format!("/v1/whatsapp/groups/{}", listed[99_999]);
    let info = desk.call("GET", &last).await.json();
    let people = info["groups"][0]["participants"].as_array().unwrap().len();
    assert_eq!(people, 256);
    // Far above what an unoptimised build needs, far below what writing every roster would take.
    assert!(started < Duration::from_secs(3), "{started:?}");
    assert!(took < Duration::from_secs(6), "{took:?}");
}
