//! What is shown is what the provider has.

use super::*;

#[tokio::test]
async fn after_the_start_every_name_is_there_at_one_request_for_each_group() {
    let story = Story::begin(Settings::default()).await;
    let groups = story.state().groups();
    assert_eq!(story.model.groups.count(), 16);
    for group in &groups {
        story.assert_true(&group.id);
    }
    let mut requests = story.requests();
    assert_eq!(requests.remove(0), format!("GET {GROUPS}"));
    requests.sort();
    let mut expected: Vec<String> = groups
        .iter()
        .map(|group| format!("GET {GROUPS}/{}", group.id))
        .collect();
    // The card beside the chosen group shows its icon.
    expected.push(format!("GET {GROUPS}/{}/icon", story.chosen().id));
    expected.sort();
    assert_eq!(requests, expected);
    assert_eq!(story.model.own(), Some(&wa(OWN)), "found out by itself");
}

#[tokio::test]
async fn two_thousand_groups_load() {
    let story = Story::begin(Settings {
        groups: Some(2_000),
        members: Some(3),
        ..Settings::default()
    })
    .await;
    assert_eq!(story.model.groups.count(), 2_000);
    assert_eq!(story.model.groups.named(), 2_000);
    assert_eq!(
        story.requests().len(),
        2_002,
        "one for each, the list, and the icon of the chosen one"
    );
    for group in story.state().groups() {
        let known = story.group(&group.id);
        assert_eq!(known.subject(), Some(group.subject.as_str()));
    }
    assert!(story.model.flying.is_empty() && story.model.toasts.is_empty());
}

#[tokio::test]
async fn an_account_without_groups_is_no_error() {
    let settings = Settings {
        groups: Some(0),
        ..Settings::default()
    };
    let mut story = Story::begin(settings).await;
    // The provider's document shows two forms of an empty list.
    for _ in 0..2 {
        assert_eq!(story.model.groups.count(), 0);
        assert!(story.model.groups.index.known().is_some());
        assert!(story.model.groups.index.failure().is_none());
        assert!(story.model.toasts.is_empty());
        story.type_keys("R").await;
    }
    assert_eq!(story.requests(), vec![format!("GET {GROUPS}"); 3]);
    // And the first group can be made.
    story.type_keys("n P r a i a enter").await;
    assert_eq!(story.chosen().subject(), Some("Praia"));
}

#[tokio::test]
async fn what_others_did_meanwhile_shows_when_the_group_is_read_again() {
    let mut story = Story::of_corrida().await;
    assert!(story.state().rename(CORRIDA, "Corrida de Sábado"));
    assert!(story.state().promote(CORRIDA, CARLA));
    assert!(story.state().depart(CORRIDA, BRUNA));
    assert!(story.state().join(CORRIDA, "5519911112222"));
    assert_eq!(story.chosen().subject(), Some("Corrida Domingo 7h"));
    story.type_keys("2 r").await;
    story.assert_requests(&[format!("GET {GROUPS}/{CORRIDA}")]);
    assert_eq!(story.group(CORRIDA).subject(), Some("Corrida de Sábado"));
    story.assert_true(CORRIDA);
}

#[tokio::test]
async fn a_group_that_was_left_elsewhere_goes_from_the_list() {
    let mut story = Story::of_corrida().await;
    assert!(story.state().depart(CORRIDA, OWN));
    story.type_keys("esc R").await;
    story.calm().await;
    assert_eq!(story.model.groups.count(), 15);
    let id = GroupId::new(CORRIDA).unwrap();
    assert!(story.model.groups.get(&id).is_none());
}

#[tokio::test]
async fn copying_a_link_asks_for_it_once() {
    let mut story = Story::of_corrida().await;
    story.type_keys("y y").await;
    story.assert_requests(&[format!("GET {GROUPS}/{CORRIDA}/invite")]);
    let link = "https://chat.whatsapp.com/Dm7QkTz4hYpLw2Xc8VbN1e";
    let copied: Vec<&str> = story.clips.iter().map(|clip| &*clip.text).collect();
    assert_eq!(copied, [link, link]);
    story.assert_told("Invite link of Corrida Domingo 7h copied");
    // The link lets people in.
    assert!(story.state().join_by_link(link, "5519911112222"));
}
