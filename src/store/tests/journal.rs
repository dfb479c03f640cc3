//! What is written down, found again, settled and recovered; and drafts.

use super::*;
use crate::domain::journal::{End, EntryId, EntryState, PersonEnd, Verdict};
use crate::domain::{CorrelationId, Role};

on_both_databases!(
    what_was_begun_and_ended_is_there_after_a_restart,
    what_was_in_flight_when_the_program_ended_is_unknown_and_not_pending,
    what_another_running_program_has_in_flight_is_left_to_it,
    an_end_is_final_but_may_be_said_twice,
    why_it_was_unknown_stays_readable_after_the_user_settled_it,
    entries_are_found_by_any_of_their_words,
    entries_come_in_pages_newest_first,
    messages_of_one_account_to_one_group_are_found_newest_first,
    a_message_whose_text_became_a_draft_again_is_not_found_among_the_sent_ones,
    a_message_that_stands_in_the_journal_is_no_draft_whenever_the_program_was_killed,
    a_draft_survives_and_a_blank_one_is_forgotten,
    two_programs_write_into_one_store_without_losing_anything,
    a_change_is_overtaken_by_a_later_one_of_the_same_and_by_no_other,
);

fn intents() -> Vec<Intent> {
    let people = vec![wa("5511900000001"), wa("5511900000002")];
    let members = |kind, before| Intent {
        kind,
        people: people.clone(),
        before,
        after: String::new(),
        ..rename("Corrida", "")
    };
    vec![
        Intent {
            group: None,
            group_name: String::new(),
            kind: ChangeKind::Create,
            before: Before::Unknown,
            ..rename("", "Novo grupo")
        },
        rename("Corrida Domingo 7h", "Corrida 🏃"),
        Intent {
            kind: ChangeKind::SetIcon,
            before: Before::Icon(Some(vec![0xff, 0xd8, 0, 1, 2])),
            ..rename("a", "")
        },
        Intent {
            kind: ChangeKind::RemoveIcon,
            before: Before::Icon(None),
            ..rename("a", "")
        },
        Intent {
            kind: ChangeKind::ResetInvite,
            before: Before::Invite("https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv".into()),
            ..rename("a", "")
        },
        members(
            ChangeKind::Remove,
            Before::Roles(vec![
                (people[0].clone(), Some(Role::Admin)),
                (people[1].clone(), None),
            ]),
        ),
        members(
            ChangeKind::Promote,
            Before::Roles(vec![(people[0].clone(), Some(Role::Member))]),
        ),
        members(ChangeKind::Demote, Before::Unknown),
        Intent {
            kind: ChangeKind::Leave,
            before: Before::Unknown,
            ..rename("It's \"50%\" \\ _me_; DROP TABLE journal", "")
        },
        Intent {
            kind: ChangeKind::SendToGroup,
            correlation: Some(CorrelationId::from_bits(u128::MAX - 7)),
            ..rename("a", "Bom dia!\nsegunda linha\u{0}fim")
        },
        Intent {
            kind: ChangeKind::SendInvitation,
            people: vec![wa("not a number")],
            correlation: Some(CorrelationId::from_bits(1)),
            ..rename("a", "Entre")
        },
    ]
}

fn ends() -> Vec<End> {
    vec![
        End::Applied,
        End::NotApplied("403: only admins can".into()),
        End::Unknown("no answer within 10 seconds".into()),
        End::Mixed(vec![
            (wa("5511900000001"), PersonEnd::Done),
            (wa("5511900000002"), PersonEnd::Refused("no".into())),
            (wa("5511900000003"), PersonEnd::NotSent("later".into())),
            (wa("5511900000004"), PersonEnd::AlreadySo),
        ]),
        End::Mixed(vec![(
            wa("5511900000001"),
            PersonEnd::NotConfirmed(String::new()),
        )]),
        End::SettledByUser(Verdict::Happened),
        End::SettledByUser(Verdict::DidNotHappen),
    ]
}

/// An intent as it comes back: PostgreSQL keeps no zero in a text.
fn kept(site: &Site, mut intent: Intent) -> Intent {
    if let Site::Server(_) = site {
        intent.after = intent.after.replace('\0', "\u{fffd}");
    }
    intent
}

async fn what_was_begun_and_ended_is_there_after_a_restart(site: Site) {
    let (store, _) = site.open().await;
    let mut written = Vec::new();
    for (number, intent) in intents().iter().cycle().take(22).enumerate() {
        let id = store.begin(intent, NOW).await.unwrap();
        let end = ends()[number % ends().len()].clone();
        store.settle(id, &end, Millis(NOW.0 + 5)).await.unwrap();
        written.push((id, intent.clone(), end));
    }
    store.close().await;
    site.end(store).await;
    let (store, opened) = site.open().await;
    assert_eq!(opened.start, Start::Existing);
    let mut read = store.whole_entries(&all()).await.unwrap();
    read.reverse();
    assert_eq!(read.len(), written.len());
    for (entry, (id, intent, end)) in read.into_iter().zip(written) {
        assert_eq!(entry.id, id);
        assert_eq!(entry.intent, Some(kept(&site, intent)));
        assert_eq!(entry.state, EntryState::Ended(end));
        assert_eq!(
            (entry.begun, entry.ended),
            (NOW, Some(Millis(NOW.0 + 5))),
            "{id:?}"
        );
    }
}

async fn what_was_in_flight_when_the_program_ended_is_unknown_and_not_pending(site: Site) {
    let (store, _) = site.open().await;
    let lost = store.begin(&rename("a", "b"), NOW).await.unwrap();
    let done = store.begin(&rename("c", "d"), NOW).await.unwrap();
    store.settle(done, &End::Applied, NOW).await.unwrap();
    let doubtful = store.begin(&rename("e", "f"), NOW).await.unwrap();
    let doubt = End::Unknown("the connection broke".into());
    store.settle(doubtful, &doubt, NOW).await.unwrap();
    assert_eq!(
        store.recover(NOW).await.unwrap().len(),
        1,
        "what this program has in flight is left alone"
    );
    site.end(store).await;
    let (store, _) = site.open().await;
    let later = Millis(NOW.0 + 60_000);
    let open = store.recover(later).await.unwrap();
    let ids: Vec<EntryId> = open.iter().map(|entry| entry.id).collect();
    assert_eq!(ids, [doubtful, lost]);
    assert!(
        matches!(&open[1].state, EntryState::Ended(End::Unknown(why)) if why.contains("ended before"))
    );
    assert_eq!(open[1].ended, Some(later));
    assert_eq!(open[0].state, EntryState::Ended(doubt));
    let verdict = End::SettledByUser(Verdict::Happened);
    store.settle(lost, &verdict, later).await.unwrap();
    store.settle(doubtful, &End::Applied, later).await.unwrap();
    assert_eq!(store.recover(later).await.unwrap(), []);
    let kept = store.entries(&found("c d")).await.unwrap();
    assert_eq!(kept[0].state, EntryState::Ended(End::Applied));
}

async fn what_another_running_program_has_in_flight_is_left_to_it(site: Site) {
    let (one, _) = site.open().await;
    let (two, _) = site.open().await;
    let id = one.begin(&rename("a", "b"), NOW).await.unwrap();
    assert_eq!(two.recover(NOW).await.unwrap(), []);
    assert_eq!(
        two.entries(&all()).await.unwrap()[0].state,
        EntryState::InFlight
    );
    site.end(one).await;
    assert_eq!(two.recover(NOW).await.unwrap()[0].id, id);
}

async fn an_end_is_final_but_may_be_said_twice(site: Site) {
    let (store, _) = site.open().await;
    for end in ends() {
        let id = store.begin(&rename("a", "b"), NOW).await.unwrap();
        store.settle(id, &end, NOW).await.unwrap();
        store.settle(id, &end, NOW).await.unwrap();
        let other = store.settle(id, &End::NotApplied("late".into()), NOW).await;
        if end.is_final() {
            assert!(
                matches!(other, Err(StoreError::AlreadySettled(_))),
                "{end:?}"
            );
        } else {
            assert!(other.is_ok(), "{end:?}");
        }
    }
    let nobody = store.settle(EntryId(999), &End::Applied, NOW).await;
    assert!(matches!(nobody, Err(StoreError::NoSuchEntry(_))));
}

async fn why_it_was_unknown_stays_readable_after_the_user_settled_it(site: Site) {
    let (store, _) = site.open().await;
    let id = store.begin(&rename("a", "b"), NOW).await.unwrap();
    let end = End::Unknown("no answer within 10 seconds".into());
    store.settle(id, &end, NOW).await.unwrap();
    let verdict = End::SettledByUser(Verdict::DidNotHappen);
    store.settle(id, &verdict, NOW).await.unwrap();
    let entry = store.entries(&found("10 seconds")).await.unwrap().remove(0);
    assert_eq!(entry.state, EntryState::Ended(verdict));
    assert_eq!(entry.doubt, "no answer within 10 seconds");
}

async fn entries_are_found_by_any_of_their_words(site: Site) {
    let (store, _) = site.open().await;
    for intent in intents() {
        store.begin(&intent, NOW).await.unwrap();
    }
    let id = store.begin(&rename("ÉGUA_100%", "x"), NOW).await.unwrap();
    let no = End::NotApplied("403: Só ADMINS podem".into());
    store.settle(id, &no, NOW).await.unwrap();
    for (words, count) in [
        ("", 12),
        ("domingo CORRIDA", 1),
        ("corrida marte", 0),
        ("ana@api", 12),
        ("1513616971", 11),
        ("5511900000002", 3),
        ("90000-0002", 3),
        ("égua", 1),
        ("_100%", 1),
        ("%", 2),
        ("a_a", 0),
        ("\\", 1),
        ("só admins", 1),
        ("send invitation", 1),
    ] {
        let hits = store.entries(&found(words)).await.unwrap();
        assert_eq!(hits.len(), count, "{words:?}");
    }
    let long = "x".repeat(100_000);
    assert_eq!(store.entries(&found(&long)).await.unwrap(), []);
}

async fn entries_come_in_pages_newest_first(site: Site) {
    let (store, _) = site.open().await;
    for number in 0..7 {
        let name = number.to_string();
        store.begin(&rename(&name, "x"), NOW).await.unwrap();
    }
    let mut query = EntryQuery { limit: 3, ..all() };
    let mut pages = Vec::new();
    loop {
        let page = store.entries(&query).await.unwrap();
        let Some(last) = page.last() else { break };
        query.before = Some(last.id);
        pages.push(page.iter().map(|entry| entry.id.0).collect::<Vec<_>>());
    }
    assert_eq!(pages, [vec![7, 6, 5], vec![4, 3, 2], vec![1]]);
}

async fn messages_of_one_account_to_one_group_are_found_newest_first(site: Site) {
    let (store, _) = site.open().await;
    let message = |account: &str, to: &str, text: &str| Intent {
        account: account.into(),
        group: Some(group(to)),
        kind: ChangeKind::SendToGroup,
        before: Before::Unknown,
        correlation: Some(CorrelationId::from_bits(1)),
        ..rename("Corrida", text)
    };
    for intent in [
        message("ana", "a", "um"),
        message("rui", "a", "de outro"),
        message("ana", "b", "para outro"),
        Intent {
            account: "ana".into(),
            group: Some(group("a")),
            ..rename("Corrida", "outro nome")
        },
        message("ana", "a", "dois"),
        message("ana", "a", "três"),
    ] {
        store.begin(&intent, NOW).await.unwrap();
    }
    let found = store.messages_to("ana", &group("a"), 2).await.unwrap();
    let texts = found.into_iter().map(|entry| entry.intent.unwrap().after);
    assert_eq!(texts.collect::<Vec<_>>(), ["três", "dois"]);
}

async fn a_message_whose_text_became_a_draft_again_is_not_found_among_the_sent_ones(site: Site) {
    let (store, _) = site.open().await;
    let mut begun = Vec::new();
    for text in ["um", "dois"] {
        let intent = Intent {
            kind: ChangeKind::SendToGroup,
            ..rename("Corrida", text)
        };
        begun.push(store.begin(&intent, NOW).await.unwrap());
    }
    let intent = rename("Corrida", "");
    let (account, to) = (intent.account, intent.group.unwrap());
    let kept = KeptDraft {
        put_away: vec![begun[1]],
        ..draft("dois")
    };
    for _ in 0..2 {
        store.save_draft(&account, &to, &kept).await.unwrap();
    }
    site.end(store).await;
    let (store, _) = site.open().await;
    let found = store.messages_to(&account, &to, 9).await.unwrap();
    let found: Vec<EntryId> = found.iter().map(|entry| entry.id).collect();
    assert_eq!(found, [begun[0]]);
    assert_eq!(
        store.entries(&all()).await.unwrap().len(),
        2,
        "the journal forgets nothing"
    );
}

async fn a_message_that_stands_in_the_journal_is_no_draft_whenever_the_program_was_killed(
    site: Site,
) {
    let (store, _) = site.open().await;
    let message = |number: u8, text: &str| Intent {
        kind: ChangeKind::SendToGroup,
        correlation: Some(CorrelationId::from_bits(number.into())),
        ..rename("Corrida", text)
    };
    let intent = message(1, "um");
    let (account, to) = (intent.account.clone(), intent.group.clone().unwrap());
    let waits = |numbers: &[u8], texts: &[&str], behind: &str| KeptDraft {
        waiting: numbers
            .iter()
            .zip(texts)
            .map(|(number, text)| (CorrelationId::from_bits((*number).into()), (*text).into()))
            .collect(),
        ..draft(behind)
    };
    let kept = waits(&[1, 2], &["um", "dois"], "três");
    store.save_draft(&account, &to, &kept).await.unwrap();
    let drafts = store.drafts(&account).await.unwrap();
    assert_eq!(drafts, [(to.clone(), "um\ndois\ntrês".to_owned())]);
    let id = store.begin(&intent, NOW).await.unwrap();
    // Killed here: what waited is kept as it was before.
    for _ in 0..2 {
        let (next, _) = site.open().await;
        let drafts = next.drafts(&account).await.unwrap();
        assert_eq!(drafts, [(to.clone(), "dois\ntrês".to_owned())]);
        let arrived = End::SettledByUser(Verdict::Happened);
        next.settle(id, &arrived, NOW).await.unwrap();
    }
    // The same words once more, and not sent: they are another message.
    for kept in [draft("um"), waits(&[3], &["um"], "")] {
        store.save_draft(&account, &to, &kept).await.unwrap();
        let drafts = store.drafts(&account).await.unwrap();
        assert_eq!(drafts, [(to.clone(), "um".to_owned())]);
    }
    let all_sent = waits(&[1], &["um"], " ");
    store.save_draft(&account, &to, &all_sent).await.unwrap();
    assert_eq!(store.drafts(&account).await.unwrap(), []);
}

async fn a_draft_survives_and_a_blank_one_is_forgotten(site: Site) {
    let (store, _) = site.open().await;
    let (a, b) = (group("a"), group("b"));
    store
        .save_draft("ana", &b, &draft("Olá\n  mundo "))
        .await
        .unwrap();
    store.save_draft("ana", &a, &draft("um")).await.unwrap();
    store.save_draft("ana", &a, &draft("dois")).await.unwrap();
    store.save_draft("rui", &a, &draft("três")).await.unwrap();
    site.end(store).await;
    let (store, _) = site.open().await;
    assert_eq!(
        store.drafts("ana").await.unwrap(),
        [
            (a.clone(), "dois".to_owned()),
            (b, "Olá\n  mundo ".to_owned())
        ]
    );
    let behind = KeptDraft {
        waiting: vec![(CorrelationId::from_bits(1), "zero".into())],
        is_behind: true,
        ..draft("e mais")
    };
    for text in [
        behind,
        KeptDraft {
            is_behind: true,
            ..draft("")
        },
    ] {
        store.save_draft("ana", &a, &text).await.unwrap();
    }
    assert_eq!(
        store.drafts("ana").await.unwrap()[0].1,
        "zero\ndois\ne mais"
    );
    store.save_draft("ana", &a, &draft(" \n")).await.unwrap();
    assert_eq!(store.drafts("ana").await.unwrap().len(), 1);
    assert_eq!(store.drafts("rui").await.unwrap().len(), 1);
    assert_eq!(store.drafts("eva").await.unwrap(), []);
}

async fn two_programs_write_into_one_store_without_losing_anything(site: Site) {
    let (one, _) = site.open().await;
    let (two, _) = site.open().await;
    let mut tasks = tokio::task::JoinSet::new();
    for store in [one.clone(), two.clone(), one.clone(), two.clone()] {
        tasks.spawn(async move {
            let mut ids = Vec::new();
            for number in 0..40 {
                let name = number.to_string();
                let id = store.begin(&rename(&name, "x"), NOW).await.unwrap();
                store.settle(id, &End::Applied, NOW).await.unwrap();
                ids.push(id.0);
            }
            ids
        });
    }
    let mut given: Vec<i64> = tasks.join_all().await.into_iter().flatten().collect();
    given.sort_unstable();
    assert_eq!(given, (1..=160).collect::<Vec<_>>());
    for store in [one, two] {
        let entries = store.entries(&all()).await.unwrap();
        assert_eq!(entries.len(), 160);
        assert!(entries.iter().all(|entry| entry.state.is_final()));
    }
}

async fn a_change_is_overtaken_by_a_later_one_of_the_same_and_by_no_other(site: Site) {
    let (store, _) = site.open().await;
    let unknown = End::Unknown("cut".into());
    let promote = |people: &[&str]| Intent {
        kind: ChangeKind::Promote,
        people: people.iter().map(|id| wa(id)).collect(),
        ..rename("Corrida", "")
    };
    let (ana, eva) = ("5511900000001", "5511900000002");
    let first = [rename("Corrida", "B"), promote(&[ana]), promote(&[eva])];
    for intent in &first {
        let id = store.begin(intent, NOW).await.unwrap();
        store.settle(id, &unknown, NOW).await.unwrap();
    }
    for later in [
        promote(&[eva]),
        Intent {
            group: Some(group("other")),
            ..rename("Corrida", "B")
        },
    ] {
        let id = store.begin(&later, NOW).await.unwrap();
        store.settle(id, &End::Applied, NOW).await.unwrap();
    }
    let doubts = store.recover(NOW).await.unwrap();
    let overtaken: Vec<(i64, bool)> = doubts.iter().map(|d| (d.id.0, d.is_overtaken)).collect();
    assert_eq!(overtaken, [(3, true), (2, false), (1, false)]);
    let third = store.doubt(EntryId(3)).await.unwrap().unwrap();
    assert!(third.is_overtaken);
}
