//! The life of other people: they write, come, go, and answer.
//!
//! Scenes follow each other by themselves; links that went round and messages of the account bring
//! people of their own. No clock here: times come in, counted from the start of the simulator. Invariant:
//! everything follows from the seed and from what the account did, and one scene costs the same in any
//! number of groups.

mod scene;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::attachments::Attachment;
use super::items::{Content, Place, phone};
use super::post::Item;
use super::roster::{OWN, newcomer};
use super::state::{Group, Heard, World, rng_for};
use super::words;

use scene::{OPENING, Scene, pause};

/// Most that is planned at once; who would come or answer beyond that does not.
const MAX_PLANNED: usize = 1_000;
/// A script that is further behind goes on from now, instead of catching up.
const BEHIND: Duration = Duration::from_secs(60);
/// How soon a message that comes twice comes again.
const AGAIN: Duration = Duration::from_secs(2);
/// How soon the list has the group whose message came early.
const ADOPTED: Duration = Duration::from_secs(25);
/// How long after that somebody writes there again: late enough for a reader that looks at the list once
/// a minute to look again.
const HEARD_AGAIN: Duration = Duration::from_secs(45);
/// Smaller groups are not left.
const WORTH_STAYING: usize = 5;
/// How often somebody else is drawn when the first choice will not do.
const DRAWS: usize = 8;

/// Something that is going to happen.
#[derive(Clone, Debug, PartialEq)]
enum Deed {
    /// The scene with this number.
    Play(usize),
    /// Somebody follows a link, if it still leads somewhere.
    Arrive {
        group: Arc<str>,
        code: String,
        person: u64,
    },
    /// Somebody writes, if they are still there.
    Say {
        group: Arc<str>,
        person: u64,
        text: &'static str,
    },
    /// An item is delivered once more.
    Repeat(Item),
    /// The list gets a group of somebody else's.
    Adopt(String),
}

/// All that is going to happen.
#[derive(Debug)]
pub(super) struct Script {
    seed: u64,
    /// Begins when there is somebody to tell.
    began: Option<Duration>,
    plan: BTreeMap<(Duration, u64), Deed>,
    planned: u64,
    /// Where people write most, each with the line that comes next.
    lively: Vec<(Arc<str>, usize)>,
    /// Codes of links that people came by.
    followed: HashSet<String>,
    /// How many messages of the account were answered.
    answered: u64,
}

impl Script {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            seed,
            began: None,
            plan: BTreeMap::new(),
            planned: 0,
            lively: Vec::new(),
            followed: HashSet::new(),
            answered: 0,
        }
    }

    /// When something is going to happen next.
    pub(super) fn wake(&self) -> Option<Duration> {
        self.plan.first_key_value().map(|((due, _), _)| *due)
    }

    /// Lets happen what is due.
    pub(super) fn go_on(&mut self, now: Duration, world: &mut World) {
        if self.began.is_none() {
            if !world.post().has_reader() {
                return;
            }
            self.began = Some(now);
            let lively = world.lively(&mut rng_for(self.seed, "lively", 0));
            let apart = words::LINES.len() / lively.len().max(1);
            self.lively = lively.into_iter().zip((0..).step_by(apart)).collect();
            self.plan(now + pause(self.seed, 0), Deed::Play(0));
        }
        while let Some(heard) = world.heard() {
            self.react(now, heard, world);
        }
        while let Some(next) = self.plan.first_entry() {
            let (due, _) = *next.key();
            if due > now {
                break;
            }
            let deed = next.remove();
            let is_behind = now.saturating_sub(due) > BEHIND;
            self.happen(if is_behind { now } else { due }, deed, world);
        }
    }

    fn plan(&mut self, due: Duration, deed: Deed) {
        self.plan.insert((due, self.planned), deed);
        self.planned += 1;
    }

    fn react(&mut self, now: Duration, heard: Heard, world: &World) {
        if self.plan.len() >= MAX_PLANNED {
            return;
        }
        match heard {
            Heard::Link { group, code } => {
                if !self.followed.insert(code.clone()) {
                    return;
                }
                let mut rng = rng_for(self.seed, &code, 0);
                let mut due = now;
                for _ in 0..rng.usize(2..=4) {
                    due += Duration::from_millis(rng.u64(4_000..=11_000));
                    let draw = (0..DRAWS).map(|_| newcomer(&mut rng));
                    let person = draw.into_iter().find(|it| !world.is_member(&group, *it));
                    if let Some(person) = person {
                        let (group, code) = (Arc::clone(&group), code.clone());
                        self.plan(
                            due,
                            Deed::Arrive {
                                group,
                                code,
                                person,
                            },
                        );
                    }
                }
            }
            Heard::Wrote { group } => {
                let mut rng = rng_for(self.seed, "answer", self.answered);
                self.answered += 1;
                let mut due = now;
                for _ in 0..rng.usize(1..=2) {
                    due += Duration::from_millis(rng.u64(2_500..=6_500));
                    let Some(person) = world.speaker(&group, &mut rng) else {
                        return;
                    };
                    let group = Arc::clone(&group);
                    let text = rng.choice(words::REPLIES).unwrap_or_default();
                    self.plan(
                        due,
                        Deed::Say {
                            group,
                            person,
                            text,
                        },
                    );
                }
            }
        }
    }

    fn happen(&mut self, due: Duration, deed: Deed, world: &mut World) {
        match deed {
            Deed::Play(number) => {
                let next = number + 1;
                self.plan(due + pause(self.seed, next), Deed::Play(next));
                self.play(due, number, world);
            }
            Deed::Arrive {
                group,
                code,
                person,
            } => {
                let come = |group: &mut Group| group.is_reached_by(&code) && group.let_in(person);
                if world.meddle(&group, come) != Some(true) {
                    return;
                }
                let text = format!("{} joined using this group's invite link", phone(person));
                self.write(due, world, person, &group, Content::System(text));
                let mut rng = rng_for(self.seed, &code, person);
                let due = due + Duration::from_millis(rng.u64(2_000..=6_000));
                let text = rng.choice(words::GREETINGS).unwrap_or_default();
                self.plan(
                    due,
                    Deed::Say {
                        group,
                        person,
                        text,
                    },
                );
            }
            Deed::Say {
                group,
                person,
                text,
            } => {
                if world.is_member(&group, person) && world.is_member(&group, OWN) {
                    self.write(due, world, person, &group, Content::Text(text.to_owned()));
                }
            }
            Deed::Repeat(item) => {
                world.post().put(due, item);
            }
            Deed::Adopt(id) => {
                world.adopt(&id, words::STRANGERS);
                let mut rng = rng_for(self.seed, &id, 0);
                if let Some(person) = world.speaker(&id, &mut rng) {
                    let text = rng.choice(words::LINES).unwrap_or_default();
                    let group = id.into();
                    self.plan(
                        due + HEARD_AGAIN,
                        Deed::Say {
                            group,
                            person,
                            text,
                        },
                    );
                }
            }
        }
    }

    /// Somebody writes to a group.
    fn write(
        &self,
        due: Duration,
        world: &mut World,
        from: u64,
        group: &str,
        content: Content,
    ) -> Option<Item> {
        self.write_to(due, world, from, Place::Group(group), content)
    }

    fn write_to(
        &self,
        due: Duration,
        world: &mut World,
        from: u64,
        place: Place<'_>,
        content: Content,
    ) -> Option<Item> {
        let at = world.moment(due.saturating_sub(self.began.unwrap_or_default()));
        world.write(due, at, from, place, content)
    }

    fn play(&mut self, due: Duration, number: usize, world: &mut World) {
        let rng = &mut rng_for(self.seed, "scene", number as u64);
        let scene = Scene::at(number);
        if self.play_outside(due, scene, rng, world) {
            return;
        }
        let Some((group, person)) = self.stage(number, rng, world) else {
            return;
        };
        let url = |attachment| world.attached(attachment);
        let content = match scene {
            Scene::Image => Content::Image {
                url: url(rng
                    .choice(Attachment::PICTURES)
                    .unwrap_or(Attachment::Sticker)),
                caption: rng.choice(words::CAPTIONS).unwrap_or_default().to_owned(),
            },
            Scene::Audio => Content::Audio {
                url: url(Attachment::Voice),
            },
            Scene::Document => Content::Document {
                url: url(Attachment::Paper),
                caption: "Ata da reunião".to_owned(),
            },
            Scene::Sticker => Content::Sticker {
                url: url(Attachment::Sticker),
            },
            Scene::Location => Content::Location,
            Scene::Contact => Content::Contact {
                name: "Portaria Lúcia".to_owned(),
                number: newcomer(rng),
            },
            Scene::Unknown => Content::Unknown,
            Scene::Button => Content::Button("Sim".to_owned()),
            Scene::ListEntry => Content::ListEntry("Domingo, 7h".to_owned()),
            Scene::Emoji => Content::Text(words::EMOJI.to_owned()),
            Scene::RightToLeft => Content::Text(words::RIGHT_TO_LEFT.to_owned()),
            Scene::Bidi => Content::Text(words::BIDI.to_owned()),
            Scene::Escapes => Content::Text(words::ESCAPES.to_owned()),
            Scene::Endless => Content::Text(words::endless()),
            Scene::Leave => return self.leave(due, &group, rng, world),
            Scene::Rename => return self.rename(due, &group, person, world),
            Scene::Text
            | Scene::Twice
            | Scene::Direct
            | Scene::Unaddressed
            | Scene::Early
            | Scene::Stranger
            | Scene::Malformed => Content::Text(self.line(&group, number).to_owned()),
        };
        let written = self.write(due, world, person, &group, content);
        if let (Scene::Twice, Some(item)) = (scene, written) {
            self.plan(due + AGAIN, Deed::Repeat(item));
        }
    }

    /// Plays a scene that needs no group of the account's; false for all the others.
    fn play_outside(
        &mut self,
        due: Duration,
        scene: Scene,
        rng: &mut fastrand::Rng,
        world: &mut World,
    ) -> bool {
        let person = newcomer(rng);
        let direct = rng.choice(words::DIRECT).unwrap_or_default();
        let text = |text: &str| Content::Text(text.to_owned());
        match scene {
            Scene::Direct => {
                self.write_to(due, world, person, Place::Direct, text(direct));
            }
            Scene::Unaddressed => {
                self.write_to(due, world, person, Place::Blank, text("grupo ou direta?"));
            }
            Scene::Early | Scene::Stranger => {
                let id = format!("120363{:012}", rng.u64(900_000_000_000..999_999_999_999));
                let said = text("Já criaram o grupo novo?");
                self.write(due, world, person, &id, said);
                if scene == Scene::Early {
                    self.plan(due + ADOPTED, Deed::Adopt(id));
                }
            }
            Scene::Malformed => {
                let item = Item::message(json!("not an object"));
                world.post().put(due, item);
            }
            Scene::Text
            | Scene::Image
            | Scene::Audio
            | Scene::Document
            | Scene::Location
            | Scene::Contact
            | Scene::Sticker
            | Scene::Unknown
            | Scene::Button
            | Scene::ListEntry
            | Scene::Emoji
            | Scene::RightToLeft
            | Scene::Bidi
            | Scene::Escapes
            | Scene::Endless
            | Scene::Twice
            | Scene::Leave
            | Scene::Rename => return false,
        }
        true
    }

    /// Where a scene is played, and by whom.
    fn stage(
        &self,
        number: usize,
        rng: &mut fastrand::Rng,
        world: &World,
    ) -> Option<(Arc<str>, u64)> {
        let usual = if number < OPENING.len() {
            self.lively.get(number % self.lively.len().max(1))
        } else if rng.u8(..4) > 0 {
            rng.choice(&self.lively)
        } else {
            None
        };
        let on = |group: Arc<str>, rng: &mut fastrand::Rng| {
            let person = world.speaker(&group, rng)?;
            Some((group, person))
        };
        // The account may have left, or be alone by now.
        usual
            .and_then(|(group, _)| on(Arc::clone(group), rng))
            .or_else(|| world.any_group(rng).and_then(|group| on(group, rng)))
    }

    /// What is said next in a lively group, so that one line answers the other; elsewhere anything.
    fn line(&mut self, group: &str, number: usize) -> &'static str {
        let lively = self.lively.iter_mut().find(|(id, _)| **id == *group);
        let line = match lively {
            Some((_, next)) => {
                *next += 1;
                *next - 1
            }
            None => number,
        };
        let line = words::LINES.get(line % words::LINES.len());
        line.copied().unwrap_or_default()
    }

    /// Somebody goes who is no admin.
    fn leave(&self, due: Duration, group: &str, rng: &mut fastrand::Rng, world: &mut World) {
        let go = |group: &mut Group| {
            let person = (0..DRAWS).find_map(|_| {
                let person = group.people.another(rng)?;
                let roster = group.people.roster();
                let may_go = !roster.is_admin(person) && roster.participants.len() >= WORTH_STAYING;
                may_go.then_some(person)
            })?;
            group.people.keep().remove(&[person]);
            Some(person)
        };
        if let Some(person) = world.meddle(group, go).flatten() {
            let text = format!("{} left", phone(person));
            self.write(due, world, person, group, Content::System(text));
        }
    }

    /// An admin gives the group another subject, or somebody does when the account is the only admin.
    fn rename(&self, due: Duration, group: &str, somebody: u64, world: &mut World) {
        let rename = |group: &mut Group| {
            let roster = group.people.roster();
            let admin = roster.admins.iter().copied().find(|admin| *admin != OWN);
            let old = std::mem::take(&mut group.subject);
            group.subject = words::renamed(&old);
            (admin.unwrap_or(somebody), old, group.subject.clone())
        };
        if let Some((admin, old, new)) = world.meddle(group, rename) {
            let who = phone(admin);
            let text = format!("{who} changed the subject from “{old}” to “{new}”");
            self.write(due, world, admin, group, Content::System(text));
        }
    }
}

#[cfg(test)]
mod tests;
