//! What is received: kept once, in order, found again, and removed only when its time is over.

use super::*;
use crate::domain::journal::{End, EntryState};
use crate::domain::{
    Clean, Content, CorrelationId, Delivery, DeliveryState, Incoming, Item, Kept, Lane, Report,
    Sender, Seq,
};

on_both_databases!(
    a_batch_that_comes_again_adds_nothing_also_after_a_restart,
    news_are_everything_behind_a_place_in_pages,
    what_one_reader_has_read_another_may_not_have,
    the_newest_name_of_a_sender_stands_at_all_their_messages,
    reports_about_a_message_move_it_on_in_any_order,
    a_report_that_knows_only_the_providers_name_finds_its_message,
    a_report_settles_what_came_without_an_answer_and_nothing_else,
    a_message_in_flight_when_the_program_ended_is_settled_by_its_report,
    the_secret_of_the_address_stays_the_same,
    the_oldest_go_first_and_the_unread_not_without_a_warning,
    a_damaged_record_is_shown_as_such,
);

fn id(number: u8) -> CorrelationId {
    CorrelationId::from_bits(number.into())
}

fn lane(text: &str) -> Lane {
    Lane::Group(group(text))
}

fn item(key: &str, lane: Lane, text: &str) -> Item {
    Item {
        key: key.into(),
        report: Report::Message(Incoming {
            lane,
            sender: Sender::new("5511900000001"),
            name: Clean::default(),
            content: Content::Text(text.into()),
            received_at: Some(Millis(7)),
        }),
        raw: format!("{{\"id\":\"{key}\"}}"),
    }
}

fn named(item: Item, name: &str) -> Item {
    let Report::Message(message) = item.report else {
        panic!()
    };
    Item {
        report: Report::Message(Incoming {
            name: Clean::new(name),
            ..message
        }),
        ..item
    }
}

fn report(correlation: Option<CorrelationId>, state: DeliveryState) -> Item {
    Item {
        key: "any".into(),
        report: Report::Delivery(Delivery {
            provider_id: "p-1".into(),
            correlation,
            state,
            at: None,
        }),
        raw: "{}".into(),
    }
}

fn texts(messages: &[Kept]) -> Vec<String> {
    let lines = messages.iter().map(|kept| kept.message.content.line());
    lines.collect()
}

async fn a_batch_that_comes_again_adds_nothing_also_after_a_restart(site: Site) {
    let (store, _) = site.open().await;
    let batch = [
        item("1", lane("a"), "um"),
        item("2", Lane::Direct, "dois"),
        item("1", lane("a"), "um"),
    ];
    let first = store.receive(&batch, NOW).await.unwrap();
    assert_eq!((first.new, first.again), (2, 1));
    store.close().await;
    let (store, _) = site.open().await;
    let second = store.receive(&batch, NOW).await.unwrap();
    assert_eq!((second.new, second.again), (0, 3));
    let kept = store.lane(&lane("a"), None, 9).await.unwrap();
    assert_eq!(texts(&kept), ["um"]);
    assert_eq!(kept[0].times, 4);
    assert_eq!(
        texts(&store.lane(&Lane::Direct, None, 9).await.unwrap()),
        ["dois"]
    );
    assert_eq!(
        store.raw(kept[0].seq).await.unwrap().unwrap(),
        "{\"id\":\"1\"}"
    );
    assert_eq!(store.raw(Seq(99)).await.unwrap(), None);
}

async fn news_are_everything_behind_a_place_in_pages(site: Site) {
    let (store, _) = site.open().await;
    let batch: Vec<Item> = (0..5)
        .map(|n| item(&n.to_string(), lane("a"), &n.to_string()))
        .collect();
    store.receive(&batch, NOW).await.unwrap();
    store
        .receive(&[report(Some(id(1)), DeliveryState::Sent)], NOW)
        .await
        .unwrap();
    let first = store.news(Seq(0), 3).await.unwrap();
    assert_eq!(texts(&first.messages), ["0", "1", "2"]);
    assert!(first.is_partial && first.fates.is_empty());
    let second = store.news(first.last, 3).await.unwrap();
    assert_eq!(texts(&second.messages), ["3", "4"]);
    assert!(!second.is_partial);
    assert_eq!(second.fates[0].id, id(1));
    let third = store.news(second.last, 3).await.unwrap();
    assert_eq!((third.messages.len(), third.last), (0, second.last));
    let older = store.lane(&lane("a"), Some(Seq(4)), 2).await.unwrap();
    assert_eq!(texts(&older), ["1", "2"]);
}

async fn what_one_reader_has_read_another_may_not_have(site: Site) {
    let (store, _) = site.open().await;
    let batch = [
        item("1", lane("a"), "um"),
        item("2", lane("a"), "dois"),
        item("3", lane("b"), "três"),
    ];
    store.receive(&batch, NOW).await.unwrap();
    store.mark_read("ana", &lane("a"), Seq(1)).await.unwrap();
    store.mark_read("ana", &lane("a"), Seq(0)).await.unwrap();
    let of = |overview: &crate::domain::Overview, which: &Lane| {
        let lane = overview
            .lanes
            .iter()
            .find(|lane| lane.lane == *which)
            .unwrap();
        (lane.total, lane.unread, lane.first_unread.map(|seq| seq.0))
    };
    let ana = store.overview("ana").await.unwrap();
    assert_eq!(of(&ana, &lane("a")), (2, 1, Some(2)));
    assert_eq!(of(&ana, &lane("b")), (1, 1, Some(3)));
    assert_eq!(ana.last, Seq(3));
    let bia = store.overview("bia").await.unwrap();
    assert_eq!(of(&bia, &lane("a")), (2, 2, Some(1)));
    let newest = bia
        .lanes
        .iter()
        .map(|lane| lane.newest.message.content.line());
    assert_eq!(newest.collect::<Vec<_>>(), ["dois", "três"]);
}

async fn the_newest_name_of_a_sender_stands_at_all_their_messages(site: Site) {
    let (store, _) = site.open().await;
    let batch = [
        named(item("1", lane("a"), "um"), "Ana"),
        item("2", lane("a"), "dois"),
        named(item("3", lane("a"), "três"), "Ana\u{202e} P.\0"),
    ];
    store.receive(&batch, NOW).await.unwrap();
    let kept = store.lane(&lane("a"), None, 9).await.unwrap();
    let names = kept
        .iter()
        .map(|kept| kept.message.name.as_str().to_owned());
    assert!(
        names.clone().all(|name| name.starts_with("Ana P.")),
        "{names:?}"
    );
}

async fn reports_about_a_message_move_it_on_in_any_order(site: Site) {
    let (store, _) = site.open().await;
    let state = async |store: &Store| store.fates(&[id(1), id(2)]).await.unwrap()[0].state.clone();
    for (next, then) in [
        (DeliveryState::Delivered, DeliveryState::Delivered),
        (DeliveryState::Sent, DeliveryState::Delivered),
        (DeliveryState::Read, DeliveryState::Read),
        (DeliveryState::Delivered, DeliveryState::Read),
    ] {
        store
            .receive(&[report(Some(id(1)), next)], NOW)
            .await
            .unwrap();
        assert_eq!(state(&store).await, then);
    }
}

async fn a_report_that_knows_only_the_providers_name_finds_its_message(site: Site) {
    for early in [true, false] {
        let site = site.another();
        let (store, _) = site.open().await;
        if !early {
            store.note_provider_id("p-1", &id(1)).await.unwrap();
        }
        let batch = [report(None, DeliveryState::Delivered)];
        store.receive(&batch, NOW).await.unwrap();
        let before = store.news(Seq(0), 9).await.unwrap();
        assert_eq!(before.fates.is_empty(), early);
        if early {
            store.note_provider_id("p-1", &id(1)).await.unwrap();
        }
        assert_eq!(
            store.fates(&[id(1)]).await.unwrap()[0].state,
            DeliveryState::Delivered
        );
        let after = if early { before.last } else { Seq(0) };
        assert_eq!(store.news(after, 9).await.unwrap().fates.len(), 1);
    }
}

async fn a_report_settles_what_came_without_an_answer_and_nothing_else(site: Site) {
    let (store, _) = site.open().await;
    let send = |number| Intent {
        kind: ChangeKind::SendToGroup,
        correlation: Some(id(number)),
        ..rename("Corrida", "Bom dia")
    };
    let unknown = store.begin(&send(1), NOW).await.unwrap();
    let flying = store.begin(&send(2), NOW).await.unwrap();
    let refused = store.begin(&send(3), NOW).await.unwrap();
    store
        .settle(unknown, &End::Unknown("cut".into()), NOW)
        .await
        .unwrap();
    let end = End::NotApplied("no".into());
    store.settle(refused, &end, NOW).await.unwrap();
    let failed = || DeliveryState::Failed {
        code: Some(104),
        word: String::new(),
    };
    let batch = [1, 2, 3].map(|number| report(Some(id(number)), failed()));
    store.receive(&batch, NOW).await.unwrap();
    let state = async |id| store.entry(id).await.unwrap().unwrap().state;
    assert_eq!(state(unknown).await, EntryState::Ended(End::Applied));
    assert_eq!(state(flying).await, EntryState::InFlight);
    assert_eq!(state(refused).await, EntryState::Ended(end));
    assert!(store.recover(NOW).await.unwrap().is_empty());
}

async fn a_message_in_flight_when_the_program_ended_is_settled_by_its_report(site: Site) {
    let (store, _) = site.open().await;
    let send = Intent {
        kind: ChangeKind::SendToGroup,
        correlation: Some(id(1)),
        ..rename("Corrida", "Bom dia")
    };
    let entry = store.begin(&send, NOW).await.unwrap();
    let batch = [report(Some(id(1)), DeliveryState::Sent)];
    store.receive(&batch, NOW).await.unwrap();
    store.close().await;
    site.end(store).await;
    let (store, _) = site.open().await;
    assert!(store.recover(NOW).await.unwrap().is_empty());
    let state = store.entry(entry).await.unwrap().unwrap().state;
    assert_eq!(state, EntryState::Ended(End::Applied));
}

async fn the_secret_of_the_address_stays_the_same(site: Site) {
    let (store, _) = site.open().await;
    assert_eq!(store.receive_path("one").await.unwrap(), "one");
    assert_eq!(store.receive_path("two").await.unwrap(), "one");
}

async fn the_oldest_go_first_and_the_unread_not_without_a_warning(site: Site) {
    let (store, _) = site.open().await;
    let day = 24 * 60 * 60 * 1000;
    let at = |days: u64| Millis(NOW.0 + days * day);
    for n in 0..10_u64 {
        let batch = [item(&n.to_string(), lane("a"), &n.to_string())];
        store.receive(&batch, at(n)).await.unwrap();
    }
    store.mark_read("ana", &lane("a"), Seq(4)).await.unwrap();
    let keep = |days, messages| Retention { days, messages };
    let nothing = store.prune(keep(100, 100), at(10)).await.unwrap();
    assert_eq!(nothing, Pruned::default());
    // Of 10, 12 may stay: 0 go, and the two above 4/5 of 12 are read.
    let soon = store.prune(keep(100, 12), at(10)).await.unwrap();
    assert_eq!((soon.removed, soon.unread_next), (0, 0));
    let warned = store.prune(keep(100, 10), at(10)).await.unwrap();
    assert_eq!((warned.removed, warned.unread_next), (0, 0));
    let warned = store.prune(keep(100, 8), at(10)).await.unwrap();
    // Two read ones went; of the eight left, two read ones come next.
    assert_eq!(
        (warned.removed, warned.unread, warned.unread_next),
        (2, 0, 0)
    );
    let warned = store.prune(keep(7, 100), at(10)).await.unwrap();
    assert_eq!((warned.removed, warned.unread), (1, 0));
    assert_eq!(
        warned.unread_next, 1,
        "the fifth day's goes next, and nobody read it"
    );
    let gone = store.prune(keep(4, 100), at(10)).await.unwrap();
    assert_eq!((gone.removed, gone.unread), (3, 2));
    let left = store.lane(&lane("a"), None, 99).await.unwrap();
    assert_eq!(texts(&left), ["6", "7", "8", "9"]);
}

#[tokio::test]
async fn nobody_waits_until_all_messages_were_looked_at_for_old_ones() {
    let site = Site::file();
    let (store, _) = site.open().await;
    for table in ["received WHERE seq <= 1 OR", "deliveries WHERE"] {
        let plan = format!("EXPLAIN QUERY PLAN DELETE FROM {table} kept_at < 2");
        let rows = query::query(&plan).fetch_all(store.writer()).await.unwrap();
        let steps: Vec<String> = rows.iter().map(|row| row.try_get(3).unwrap()).collect();
        assert!(!steps.is_empty());
        let scans = steps.iter().any(|step| step.starts_with("SCAN"));
        assert!(!scans, "{table}: {steps:?}");
    }
}

async fn a_damaged_record_is_shown_as_such(site: Site) {
    let (store, _) = site.open().await;
    store
        .receive(&[item("1", lane("a"), "um")], NOW)
        .await
        .unwrap();
    query::query("UPDATE received SET content = '{', lane = 'odd'")
        .execute(store.writer())
        .await
        .unwrap();
    let kept = store.news(Seq(0), 9).await.unwrap().messages;
    assert_eq!(kept[0].message.lane, Lane::Unreadable);
    assert!(matches!(kept[0].message.content, Content::Unreadable(_)));
}
