//! Changes: exactly the requests that are needed, and afterwards the truth.

use super::*;

fn details() -> String {
    format!("GET {GROUPS}/{CORRIDA}")
}

fn promote(ids: &[&str]) -> String {
    format!("PATCH {GROUPS}/{CORRIDA}/admins {}", people(ids))
}

fn demote(ids: &[&str]) -> String {
    format!("DELETE {GROUPS}/{CORRIDA}/admins {}", people(ids))
}

fn remove(ids: &[&str]) -> String {
    format!("DELETE {GROUPS}/{CORRIDA}/participants {}", people(ids))
}

impl Story {
    /// Members of «Corrida Domingo 7h», with the cursor on this number.
    async fn of_member(id: &str) -> Self {
        let mut story = Self::of_corrida().await;
        story.type_keys("2 /").await;
        story.type_text(id).await;
        story.type_keys("enter").await;
        let people = story.model.members().unwrap();
        assert_eq!(people.rows.all(), [wa(id)]);
        assert_eq!(story.requests(), [""; 0]);
        story
    }

    /// Members of «Corrida Domingo 7h» with so many plain members marked, who are returned.
    async fn of_marked(count: usize) -> (Self, Vec<String>) {
        let mut story = Self::of_corrida().await;
        story.type_keys("2 / i s : m e m b e r enter g").await;
        for _ in 0..count {
            story.type_keys("space").await;
        }
        let marked = story.model.members().unwrap().targets();
        let marked: Vec<String> = marked.iter().map(WaId::to_string).collect();
        assert_eq!(marked.len(), count);
        (story, marked)
    }

    /// Types the word that the question asks for, and confirms.
    async fn type_word(&mut self, expected: &str) {
        let Some(Dialog::Confirm(confirm)) = &self.model.dialog else {
            panic!("no question, but {:?}", self.model.dialog);
        };
        assert_eq!(confirm.word.as_ref().unwrap().expected, expected);
        self.type_text(expected).await;
        self.type_keys("enter").await;
    }
}

#[tokio::test]
async fn promoting_one() {
    let mut story = Story::of_member(CARLA).await;
    story.type_keys("+").await;
    assert_eq!(story.requests(), [""; 0], "not before it is confirmed");
    story.type_keys("enter").await;
    story.assert_requests(&[promote(&[CARLA]), details()]);
    assert_eq!(story.truth(CORRIDA).admins, [OWN, BRUNA, TEO, CARLA]);
    story.assert_true(CORRIDA);
    story.assert_told("+55 19 90000-0004 promoted");
}

#[tokio::test]
async fn demoting_one() {
    let mut story = Story::of_member(TEO).await;
    story.type_keys("- right enter").await;
    story.assert_requests(&[demote(&[TEO]), details()]);
    assert_eq!(story.truth(CORRIDA).admins, [OWN, BRUNA]);
    story.assert_true(CORRIDA);
    story.assert_told("demoted");
}

#[tokio::test]
async fn removing_one() {
    let mut story = Story::of_member(CARLA).await;
    story.type_keys("d enter").await;
    assert_eq!(story.requests(), [""; 0], "Cancel has the focus");
    story.type_keys("d right enter").await;
    story.assert_requests(&[remove(&[CARLA]), details()]);
    assert!(
        !story
            .truth(CORRIDA)
            .participants
            .contains(&CARLA.to_owned())
    );
    story.assert_true(CORRIDA);
    story.assert_told("+55 19 90000-0004 removed");
}

#[tokio::test]
async fn promoting_many_is_one_request() {
    let (mut story, marked) = Story::of_marked(3).await;
    let ids: Vec<&str> = marked.iter().map(String::as_str).collect();
    story.type_keys("+ right enter").await;
    story.assert_requests(&[promote(&ids), details()]);
    story.assert_true(CORRIDA);
    assert_eq!(story.truth(CORRIDA).admins.len(), 6);
    story.assert_told("3 members promoted");
}

#[tokio::test]
async fn demoting_many_asks_for_their_number() {
    let mut story = Story::of_corrida().await;
    story.type_keys("2 / i s : a d m i n enter").await;
    for id in [BRUNA, TEO] {
        let rows = story.model.members().unwrap().rows.all();
        let row = rows.iter().position(|row| *row == wa(id)).unwrap();
        story.type_keys("g").await;
        for _ in 0..row {
            story.type_keys("j").await;
        }
        story.type_keys("space").await;
    }
    story.type_keys("-").await;
    story.type_word("2").await;
    let requests = story.requests();
    assert_eq!(requests.len(), 2);
    assert!([demote(&[BRUNA, TEO]), demote(&[TEO, BRUNA])].contains(&requests[0]));
    assert_eq!(story.truth(CORRIDA).admins, [OWN]);
    story.assert_true(CORRIDA);
    story.assert_told("2 members demoted");
}

#[tokio::test]
async fn removing_many_asks_for_their_number() {
    let (mut story, marked) = Story::of_marked(4).await;
    let ids: Vec<&str> = marked.iter().map(String::as_str).collect();
    story.type_keys("d").await;
    story.type_word("4").await;
    story.assert_requests(&[remove(&ids), details()]);
    assert_eq!(story.truth(CORRIDA).participants.len(), 20);
    story.assert_true(CORRIDA);
    story.assert_told("4 members removed");
}

#[tokio::test]
async fn of_ten_the_one_who_left_meanwhile_is_found_and_named() {
    let (mut story, marked) = Story::of_marked(10).await;
    let ids: Vec<&str> = marked.iter().map(String::as_str).collect();
    let gone = ids[9];
    assert!(story.state().depart(CORRIDA, gone));
    story.type_keys("+ right enter").await;
    // Refused as a whole, and nothing says for whom: halved until it is one.
    story.assert_requests(&[
        promote(&ids),
        details(),
        promote(&ids[..5]),
        promote(&ids[5..]),
        details(),
        promote(&ids[5..8]),
        promote(&ids[8..]),
        details(),
        promote(&ids[8..9]),
        promote(&ids[9..]),
        details(),
    ]);
    story.assert_true(CORRIDA);
    let admins = story.truth(CORRIDA).admins;
    assert!(ids[..9].iter().all(|id| admins.contains(&(*id).to_owned())));
    let report = story.group(CORRIDA).report.as_ref().unwrap();
    assert_eq!((report.good(), report.results.len()), (9, 10));
    let bad: Vec<&WaId> = report.bad().map(|(id, _)| id).collect();
    assert_eq!(bad, [&wa(gone)]);
    let (level, text) = story.notice();
    assert_eq!(level, Level::Error);
    assert!(text.contains("9 of 10 promoted") && text.contains(&wa(gone).pretty()));
}

#[tokio::test]
async fn renaming() {
    let mut story = Story::of_corrida().await;
    story.type_keys("e").await;
    story.type_text("Praia às 7h").await;
    assert_eq!(story.requests(), [""; 0]);
    story.type_keys("enter").await;
    let body = r#"{"subject":"Praia às 7h"}"#;
    story.assert_requests(&[format!("PUT {GROUPS}/{CORRIDA} {body}"), details()]);
    assert_eq!(story.truth(CORRIDA).subject, "Praia às 7h");
    story.assert_true(CORRIDA);
    story.assert_told("Renamed to Praia às 7h");
    assert!(story.model.dialog.is_none());
}

#[tokio::test]
async fn creating_with_the_link_in_the_clipboard() {
    let mut story = Story::of_corrida().await;
    story.type_keys("esc n").await;
    story.type_text("Clube do Livro").await;
    story.type_keys("enter").await;
    story.calm().await;
    let id = format!("{OWN}-{NOW}");
    let mut requests = story.requests();
    let body = r#"{"subject":"Clube do Livro"}"#;
    assert_eq!(requests.remove(0), format!("POST {GROUPS} {body}"));
    requests.sort();
    let reads = [
        format!("GET {GROUPS}/{id}"),
        format!("GET {GROUPS}/{id}/icon"),
        format!("GET {GROUPS}/{id}/invite"),
    ];
    assert_eq!(requests, reads);
    let truth = story.truth(&id);
    assert_eq!(truth.participants, [OWN]);
    story.assert_true(&id);
    assert_eq!(story.chosen().id.as_str(), id);
    let link = format!("https://chat.whatsapp.com/{}", truth.invite.unwrap());
    assert_eq!(story.clips.len(), 1);
    assert_eq!(story.clips[0].text, link);
}

#[tokio::test]
async fn resetting_the_link() {
    let mut story = Story::of_corrida().await;
    story.type_keys("i y").await;
    let before = story.clips[0].text.clone();
    story.tell_from_here();
    story.type_keys("d right enter y").await;
    let invite = format!("{GROUPS}/{CORRIDA}/invite");
    story.assert_requests(&[format!("DELETE {invite}"), format!("GET {invite}")]);
    let after = story.clips[0].text.clone();
    assert_ne!(before, after);
    assert!(!story.state().join_by_link(&before, "5519911112222"));
    assert!(story.state().join_by_link(&after, "5519911112222"));
}

#[tokio::test]
async fn leaving_asks_for_the_name() {
    let mut story = Story::of_corrida().await;
    story.type_keys("d").await;
    story.type_text("Corrida").await;
    story.type_keys("enter").await;
    assert_eq!(story.requests(), [""; 0], "half a name leaves nothing");
    story.type_keys("esc d").await;
    story.type_word("Corrida Domingo 7h").await;
    let leave = format!("POST {GROUPS}/{CORRIDA}/leave");
    story.assert_requests(&[leave, format!("GET {GROUPS}")]);
    assert!(!story.truth(CORRIDA).participants.contains(&OWN.to_owned()));
    let id = GroupId::new(CORRIDA).unwrap();
    assert!(story.model.groups.get(&id).is_none());
    assert_eq!(story.model.groups.count(), 15);
    story.assert_told("You left Corrida Domingo 7h");
}

#[tokio::test]
async fn where_the_account_is_no_admin_any_more_a_change_is_refused_and_told() {
    let mut story = Story::of_member(CARLA).await;
    assert!(story.state().demote(CORRIDA, OWN));
    let before = story.truth(CORRIDA);
    story.type_keys("+ enter").await;
    assert_eq!(story.requests()[0], promote(&[CARLA]));
    assert_eq!(story.requests().len(), 2, "{:?}", story.requests());
    assert_eq!(story.truth(CORRIDA), before);
    story.assert_true(CORRIDA);
    let (level, text) = story.notice();
    assert_eq!(level, Level::Error, "{text}");
    assert!(text.contains("+55 19 90000-0004"), "{text}");
}
