//! A life of a few minutes, with times given.

use std::collections::HashMap;

use serde_json::Value;

use super::super::webhook::{Sender, Webhook};
use super::super::{Life, Settings};
use super::*;

const CORRIDA: &str = "5519900000000-1513616971";

fn settings() -> Settings {
    Settings {
        now: Some(1_700_000_000),
        life: Life::Alive,
        ..Settings::default()
    }
}

/// A world and what happens in it.
struct Stage {
    world: World,
    script: Script,
    /// When each item was posted, and the item.
    posted: Vec<(Duration, Value)>,
    /// Messages to groups of the account's by people who were not in them.
    intrusions: Vec<Value>,
}

impl Stage {
    fn set(settings: &Settings) -> Self {
        let mut world = World::new(settings);
        let webhook: Webhook = "http://127.0.0.1:1/".parse().unwrap();
        let sender = Sender::new(&webhook, Duration::from_secs(1)).unwrap();
        world.post().send_to(sender);
        Self {
            world,
            script: Script::new(settings.seed),
            posted: Vec::new(),
            intrusions: Vec::new(),
        }
    }

    /// Goes on from event to event.
    fn until(&mut self, end: Duration) {
        self.script.go_on(Duration::ZERO, &mut self.world);
        loop {
            let wakes = [self.script.wake(), self.world.post().wake()];
            let Some(now) = wakes.into_iter().flatten().min() else {
                return;
            };
            if now > end {
                return;
            }
            self.script.go_on(now, &mut self.world);
            if let Some(letter) = self.world.post().take(now) {
                let batch: Value = serde_json::from_slice(&letter.body).unwrap();
                let items = batch["data"].as_array().unwrap().clone();
                let intrusions = items.iter().filter(|item| self.is_intrusion(item));
                self.intrusions
                    .extend(intrusions.cloned().collect::<Vec<_>>());
                self.posted
                    .extend(items.into_iter().map(|item| (now, item)));
            }
        }
    }

    fn is_intrusion(&self, item: &Value) -> bool {
        let id = group(item).unwrap_or_default();
        let is_known = self.world.groups().any(|group| *group.id == *id);
        if !is_known || item["message"]["type"] == "SYSTEM" {
            return false;
        }
        let person = item["source"].as_str().unwrap().parse().unwrap();
        person == OWN || !self.world.is_member(id, person)
    }

    fn lived(settings: &Settings, end: Duration) -> Self {
        let mut stage = Self::set(settings);
        stage.until(end);
        stage
    }

    fn texts(&self) -> Vec<String> {
        let text = |item: &Value| item["message"]["messageText"].as_str().map(str::to_owned);
        self.posted
            .iter()
            .filter_map(|(_, item)| text(item))
            .collect()
    }
}

fn group(item: &Value) -> Option<&str> {
    let within = item["message"].get("waGroupId");
    within.or_else(|| item.get("waGroupId"))?.as_str()
}

const MINUTES: Duration = Duration::from_secs(15 * 60);

#[test]
fn within_two_seconds_there_is_something_to_read_in_several_groups() {
    let stage = Stage::lived(&settings(), Duration::from_millis(2_400));
    assert!(
        (10..=15).contains(&stage.posted.len()),
        "{}",
        stage.posted.len()
    );
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for (_, item) in &stage.posted {
        *counts.entry(group(item).unwrap()).or_default() += 1;
    }
    assert_eq!(counts.len(), 5, "{counts:?}");
    assert!(counts.values().all(|count| *count >= 2), "{counts:?}");
    let kinds: HashSet<&Value> = stage
        .posted
        .iter()
        .map(|(_, item)| &item["message"]["type"])
        .collect();
    assert_eq!(kinds.len(), 3, "texts, a picture and a voice: {kinds:?}");
}

#[test]
fn one_line_answers_the_other_in_the_first_group_of_the_list() {
    let stage = Stage::lived(&settings(), Duration::from_millis(2_400));
    let said = stage.posted.iter().filter_map(|(_, item)| {
        let is_here = group(item) == Some(CORRIDA);
        is_here.then(|| item["message"]["messageText"].as_str())?
    });
    assert_eq!(said.collect::<Vec<_>>(), words::LINES[..2]);
}

#[test]
fn after_that_life_is_calm() {
    let stage = Stage::lived(&settings(), MINUTES);
    let later: Vec<Duration> = stage
        .posted
        .iter()
        .map(|(at, _)| *at)
        .filter(|at| *at > Duration::from_secs(3))
        .collect();
    assert!((50..120).contains(&later.len()), "{}", later.len());
}

#[test]
fn the_same_seed_makes_the_same_life_and_another_one_another() {
    let life = |seed| {
        let settings = Settings { seed, ..settings() };
        let mut stage = Stage::lived(&settings, MINUTES);
        stage.posted.push((MINUTES, Value::from(stage.texts())));
        stage.posted
    };
    assert_eq!(life(1), life(1));
    assert_ne!(life(1), life(2));
}

#[test]
fn everything_that_can_come_comes_once_and_what_is_odd_no_oftener() {
    let stage = Stage::lived(&settings(), MINUTES);
    let items = || stage.posted.iter().map(|(_, item)| item);
    let count = |is: &dyn Fn(&Value) -> bool| items().filter(|item| is(item)).count();
    let kind = |kind: &'static str| count(&|item| item["message"]["type"] == kind);
    for common in ["TEXT", "IMAGE", "AUDIO", "DOCUMENT", "STICKER", "CONTACTS"] {
        assert!(kind(common) >= 1, "{common}");
    }
    assert!(count(&|item| item["message"].get("location").is_some()) >= 1);
    assert_eq!(kind("UNKNOWN"), 1);
    assert_eq!(kind("SYSTEM"), 2, "somebody leaves, a group is renamed");
    let reply = |of: &'static str| count(&|item| item["message"]["interactive"]["type"] == of);
    assert_eq!((reply("BUTTON_REPLY"), reply("LIST_REPLY")), (1, 1));
    assert_eq!(count(&|item| *item == "not an object"), 1);
    assert_eq!(
        count(&|item| !item.is_object()),
        1,
        "nothing else is malformed"
    );
    assert_eq!(count(&|item| item["message"]["waGroupId"] == ""), 1);
    assert_eq!(
        count(&|item| item.is_object() && group(item).is_none()),
        1,
        "one is direct"
    );
    let mut seen = HashMap::new();
    for item in items().filter(|item| item.is_object()) {
        *seen.entry(item["id"].as_str().unwrap()).or_insert(0) += 1;
    }
    let twice: Vec<_> = seen.values().filter(|count| **count > 1).collect();
    assert_eq!(twice, [&2], "one message comes twice");
    let texts = stage.texts();
    for hostile in [
        words::EMOJI,
        words::RIGHT_TO_LEFT,
        words::BIDI,
        words::ESCAPES,
    ] {
        assert!(texts.iter().any(|text| text == hostile), "{hostile:?}");
    }
    assert!(texts.iter().any(|text| text.chars().count() == 3_000));
}

#[test]
fn those_who_write_to_a_group_are_in_it() {
    let stage = Stage::lived(&settings(), MINUTES);
    assert_eq!(stage.intrusions, [] as [Value; 0]);
    let told = stage.posted.iter().filter_map(|(_, item)| group(item));
    let ours = World::new(&settings());
    let strange: HashSet<&str> = told
        .filter(|id| !id.is_empty() && ours.groups().all(|group| *group.id != **id))
        .collect();
    assert_eq!(strange.len(), 2, "two are unknown at the start");
    let joined: Vec<&str> = strange
        .into_iter()
        .filter(|id| stage.world.is_member(id, OWN))
        .collect();
    assert_eq!(joined.len(), 1, "the list gets one of them");
    let there = stage
        .posted
        .iter()
        .filter(|(_, item)| group(item) == Some(joined[0]));
    let times: Vec<Duration> = there.map(|(at, _)| *at).collect();
    assert!(
        times.len() >= 2 && times[1] > times[0] + Duration::from_secs(60),
        "{times:?}"
    );
}

#[test]
fn a_group_is_renamed_and_one_is_left() {
    let before = World::new(&settings());
    let stage = Stage::lived(&settings(), MINUTES);
    let changed = |differ: &dyn Fn(&Group, &Group) -> bool| {
        let both = before.groups().zip(stage.world.groups());
        both.filter(|(old, new)| differ(old, new)).count()
    };
    assert_eq!(changed(&|old, new| old.subject != new.subject), 1);
    let size = |group: &Group| group.people.roster().participants.len();
    assert_eq!(changed(&|old, new| size(old) == size(new) + 1), 1);
    for subject in stage.world.groups().map(|group| &group.subject) {
        assert!(subject.encode_utf16().count() <= 25, "{subject}");
    }
}

#[test]
fn people_come_by_a_link_that_was_read_say_so_and_greet() {
    let mut stage = Stage::set(&settings());
    stage.until(Duration::from_secs(3));
    let before = stage
        .world
        .info(CORRIDA)
        .unwrap()
        .people
        .roster()
        .participants
        .len();
    stage.world.invite(CORRIDA).unwrap();
    stage.world.invite(CORRIDA).unwrap();
    stage.posted.clear();
    stage.script.go_on(Duration::from_secs(3), &mut stage.world);
    stage.until(Duration::from_secs(90));
    let after = stage
        .world
        .info(CORRIDA)
        .unwrap()
        .people
        .roster()
        .participants
        .len();
    assert!((2..=4).contains(&(after - before)), "{before} {after}");
    let texts = stage.texts();
    let told = texts.iter().filter(|text| text.contains(" joined using"));
    assert_eq!(told.count(), after - before, "each came once");
    let greeted = texts
        .iter()
        .filter(|text| words::GREETINGS.contains(&text.as_str()));
    assert_eq!(greeted.count(), after - before);
}

#[test]
fn nobody_comes_by_a_link_that_was_reset() {
    let mut stage = Stage::set(&settings());
    stage.until(Duration::from_secs(3));
    stage.world.invite(CORRIDA).unwrap();
    stage.script.go_on(Duration::from_secs(3), &mut stage.world);
    stage.world.reset_invite(CORRIDA).unwrap();
    stage.until(Duration::from_secs(90));
    assert!(
        stage
            .texts()
            .iter()
            .all(|text| !text.contains(" joined using"))
    );
}

#[test]
fn somebody_answers_what_the_account_writes() {
    let mut stage = Stage::set(&settings());
    stage.until(Duration::from_secs(3));
    let to = super::super::state::Destination {
        to: CORRIDA.to_owned(),
        recipient_type: Some("group".to_owned()),
        correlation_id: None,
    };
    stage.world.send(vec![to], "Domingo às 7h?").unwrap();
    stage.posted.clear();
    stage.script.go_on(Duration::from_secs(3), &mut stage.world);
    stage.until(Duration::from_secs(20));
    let replies = stage.posted.iter().filter(|(_, item)| {
        let text = item["message"]["messageText"].as_str().unwrap_or_default();
        group(item) == Some(CORRIDA) && words::REPLIES.contains(&text)
    });
    assert!((1..=2).contains(&replies.count()));
}

#[test]
fn there_is_life_in_generated_worlds_of_any_size_and_in_empty_ones() {
    for (groups, members) in [
        (0, None),
        (1, Some(1)),
        (1, Some(2)),
        (2_000, Some(3)),
        (50_000, None),
    ] {
        let settings = Settings {
            groups: Some(groups),
            members,
            ..settings()
        };
        let stage = Stage::lived(&settings, MINUTES);
        let in_groups = stage.posted.iter().filter(|(_, item)| {
            group(item).is_some_and(|id| !id.is_empty() && !id.starts_with("1203639"))
        });
        let is_inhabited = groups > 1 || members == Some(2);
        assert_eq!(in_groups.count() > 20, is_inhabited, "{groups} {members:?}");
    }
}

#[test]
fn nothing_happens_before_there_is_somebody_to_tell() {
    let mut world = World::new(&settings());
    let mut script = Script::new(1);
    script.go_on(MINUTES, &mut world);
    assert_eq!(script.wake(), None);
}

#[test]
fn a_script_that_slept_does_not_catch_up() {
    let mut stage = Stage::set(&settings());
    stage.until(Duration::from_secs(3));
    let woken = Duration::from_secs(3 * 60 * 60);
    stage.script.go_on(woken, &mut stage.world);
    let next = stage.script.wake().unwrap();
    assert!(
        next > woken && next < woken + Duration::from_secs(21),
        "{next:?}"
    );
}
