//! A simulator of the provider: the calls of its document, over real HTTP on loopback, and the other
//! side: people who write, come and go, told to a webhook.
//!
//! Its JSON is written by hand from the document and shares no type with the client, so that a
//! misspelt field cannot be right on both sides. It answers as documented, and as `docs/api-notes.md`
//! assumes where the document is silent; what a network and a tired server make of that is in
//! [`faults`].
//!
//! Invariant: for the same [`Settings`], with a time given, the same calls get the same answers, but
//! for the port in the address of a picture.

mod attachments;
mod control;
mod drawings;
pub mod faults;
mod items;
mod pictures;
mod post;
mod pusher;
mod roster;
mod routes;
mod script;
mod seed;
mod state;
mod webhook;
mod words;

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::server::Server;

use faults::FaultServer;
use pusher::Pusher;
use roster::number;
use script::Script;
use state::{Format, Group, World};

pub use faults::Chaos;
pub use post::{Pushed, Pushing};
pub use state::{Fate, Sent};
pub use webhook::{Webhook, WebhookError};

/// The user name that is let in.
const USER_NAME: &str = "demo";
/// The token that goes with it.
const TOKEN: &str = "demo-token";

/// Any free port of this computer.
const ANY_PORT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// Time between two bytes of a slow answer on a bad day: short ones come, long ones take too long.
const CHAOS_DRIP: Duration = Duration::from_millis(100);

/// What to simulate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How many generated groups; `None` is the demo with its 16 hand-made ones.
    pub groups: Option<usize>,
    /// Participants of each generated group with the account, at least 1; `None` varies them
    /// between 2 and 256. There are 999,982 people to choose from. Says nothing about the demo's groups.
    pub members: Option<usize>,
    /// How long every answer takes. `None` draws from the demo's ranges: lists 80 to 200 ms, other
    /// reads 60 to 180 ms, changes 150 to 450 ms.
    pub latency: Option<Duration>,
    /// What generated data, invite codes and drawn latencies follow from.
    pub seed: u64,
    /// The time at which groups are created, in Unix seconds; `None` asks the system.
    pub now: Option<u64>,
    /// Where to listen; port 0 is any free one. Pictures come from another port of this computer.
    pub listen: SocketAddr,
    /// The faults that some requests meet, and what is posted, too; `None` is a day on which all goes
    /// well.
    pub chaos: Option<Chaos>,
    /// Where what happens is posted. Can be told later: [`Simulator::push_to`]. Without one, nobody is
    /// told anything.
    pub webhook: Option<Webhook>,
    /// How batches are posted.
    pub pushing: Pushing,
    /// Whether other people do anything by themselves.
    pub life: Life,
    /// What becomes of a message to somebody who did not write within the last day.
    pub fallback: Fallback,
}

/// Whether other people do anything by themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Life {
    /// Nothing happens but what is asked for.
    #[default]
    Quiet,
    /// From the first webhook on people write, come through links that were read, answer, and go.
    Alive,
}

/// What becomes of a direct message outside a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fallback {
    /// A template goes in its place, and has to be paid for.
    #[default]
    Template,
    /// It is refused: status 210.
    Nothing,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            groups: None,
            members: None,
            latency: None,
            seed: 1_513_616_971,
            now: None,
            listen: ANY_PORT,
            chaos: None,
            webhook: None,
            pushing: Pushing::default(),
            life: Life::default(),
            fallback: Fallback::default(),
        }
    }
}

/// A running simulator. Dropping it cuts every connection.
#[derive(Debug)]
pub struct Simulator {
    /// The API as documented.
    server: Server,
    /// What stands before it when there is chaos.
    faults: Option<FaultServer>,
    pictures: Server,
    pusher: Pusher,
    state: State,
}

impl Simulator {
    /// Makes the groups and starts to answer.
    ///
    /// # Errors
    /// When the address cannot be listened on, or nothing can be posted to the webhook.
    pub async fn start(settings: Settings) -> io::Result<Self> {
        let state = State::new(&settings);
        let host = pictures::router(state.clone(), &settings);
        let pictures = Server::start(ANY_PORT, host).await?;
        let here = format!("http://{}", pictures.local_addr());
        state.world().settle_host(here);
        if let Some(webhook) = &settings.webhook {
            state.set_webhook(webhook).map_err(io::Error::other)?;
        }
        let router = routes::router(state.clone(), &settings, pictures.local_addr());
        let (server, faults) = match settings.chaos {
            None => (Server::start(settings.listen, router).await?, None),
            Some(chaos) => {
                let server = Server::start(ANY_PORT, router).await?;
                let options = faults::Options {
                    listen: settings.listen,
                    upstream: Some(server.local_addr()),
                    drip: CHAOS_DRIP,
                    ..faults::Options::default()
                };
                let play = move |asked: &faults::Asked<'_>| {
                    if asked.path.starts_with(routes::control::PREFIX) {
                        return faults::Play::Forward;
                    }
                    chaos.decide(asked)
                };
                let faults = FaultServer::start_with(options, play).await?;
                (server, Some(faults))
            }
        };
        let script = match settings.life {
            Life::Quiet => None,
            Life::Alive => Some(Script::new(settings.seed)),
        };
        Ok(Self {
            server,
            faults,
            pictures,
            pusher: Pusher::start(state.clone(), script),
            state,
        })
    }

    /// Where it listens, with the port it got.
    pub fn local_addr(&self) -> SocketAddr {
        let faults = self.faults.as_ref().map(FaultServer::local_addr);
        faults.unwrap_or_else(|| self.server.local_addr())
    }

    /// What a client puts before `/v1/…`, e.g. `http://127.0.0.1:40123`.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.local_addr())
    }

    /// The `userName` that is let in.
    pub fn user_name(&self) -> &'static str {
        USER_NAME
    }

    /// Its `authenticationToken`. Not a secret.
    pub fn token(&self) -> &'static str {
        TOKEN
    }

    /// A look behind the API.
    pub fn state(&self) -> State {
        self.state.clone()
    }

    /// Stops listening and finishes the requests that run, at most 2 s. Chaos just stops, and so does
    /// what is being posted.
    pub async fn stop(self) {
        drop(self.faults);
        self.pusher.stop().await;
        self.server.stop().await;
        self.pictures.stop().await;
    }
}

/// What the simulated provider knows, seen and changed past the API: what other people do, which the
/// account is not told. Cheap to clone; usable after the simulator stopped.
#[derive(Clone, Debug)]
pub struct State(Arc<Mutex<World>>);

/// A group as the provider knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Its id.
    pub id: String,
    /// Its subject.
    pub subject: String,
    /// When it was created, in Unix seconds.
    pub created: u64,
    /// Everybody in it, admins included. Without the account's number after it left.
    pub participants: Vec<String>,
    /// The admins.
    pub admins: Vec<String>,
    /// The code of the invite link that works now.
    pub invite: Option<String>,
}

/// The icon of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Icon {
    /// `image/jpeg` or `image/png`.
    pub mime_type: &'static str,
    /// The picture, as it was uploaded.
    pub bytes: Vec<u8>,
    /// Its path at the picture host.
    pub path: String,
}

/// A request as it arrived, let in or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The method, e.g. `PATCH`.
    pub method: String,
    /// The path and query as sent, percent-encoded.
    pub path: String,
    /// `Content-Type`, if there was one.
    pub content_type: Option<String>,
    /// `Content-Length`, if there was one.
    pub content_length: Option<String>,
    /// The body; empty when it was over the limit, or a picture: see [`State::icon`].
    pub body: String,
}

impl State {
    fn new(settings: &Settings) -> Self {
        Self(Arc::new(Mutex::new(World::new(settings))))
    }

    /// All groups in the order of the list call, with those the account left. Writes out every
    /// roster: not for many thousands of groups.
    pub fn groups(&self) -> Vec<Snapshot> {
        self.world().groups().map(snapshot).collect()
    }

    /// One group, also after the account left it.
    pub fn group(&self, id: &str) -> Option<Snapshot> {
        self.world().meddle(id, |group| snapshot(group))
    }

    /// The requests so far, oldest first; the last 10,000.
    pub fn seen(&self) -> Vec<Seen> {
        self.world().seen().cloned().collect()
    }

    /// The icon of a group, if there are both.
    pub fn icon(&self, id: &str) -> Option<Icon> {
        let icon = |group: &mut Group| {
            let icon = group.icon.as_mut()?;
            Some(Icon {
                mime_type: icon.format.mime_type(),
                bytes: icon.bytes().to_vec(),
                path: icon.path.clone(),
            })
        };
        self.world().meddle(id, icon)?
    }

    /// The messages taken so far, one for each destination, oldest first; the last 10,000.
    pub fn outbox(&self) -> Vec<Sent> {
        self.world().sent().cloned().collect()
    }

    /// How many messages had to be paid for: direct ones, which nobody had asked for.
    pub fn hsm_charged(&self) -> u64 {
        self.world().charged()
    }

    /// What clients did that they must never do, oldest first: credentials shown to the picture host.
    pub fn violations(&self) -> Vec<String> {
        self.world().violations().to_vec()
    }

    /// Another admin sets an icon. False when there is no such group, or the bytes do not begin as
    /// JPEG or PNG.
    pub fn set_icon(&self, id: &str, bytes: Vec<u8>) -> bool {
        let picture = Format::of(&bytes).map(|format| (format, bytes.into()));
        picture.is_some() && self.world().replace_icon(id, picture)
    }

    /// Another admin removes the icon. False when there is none.
    pub fn remove_icon(&self, id: &str) -> bool {
        self.icon(id).is_some() && self.world().replace_icon(id, None)
    }

    /// Another admin sets a subject, of any length: phones may. False when there is no such group.
    pub fn rename(&self, id: &str, subject: &str) -> bool {
        let rename = |group: &mut Group| subject.clone_into(&mut group.subject);
        self.world().meddle(id, rename).is_some()
    }

    /// Somebody joins. False when the group is unknown, full, or has them.
    pub fn join(&self, id: &str, wa_id: &str) -> bool {
        self.meddle(id, wa_id, Group::let_in)
    }

    /// Somebody follows an invite link, or a bare code, as [`Self::join`] does. False also when the
    /// link is dead.
    pub fn join_by_link(&self, link: &str, wa_id: &str) -> bool {
        let id = self
            .world()
            .groups()
            .find_map(|group| group.is_reached_by(link).then(|| Arc::clone(&group.id)));
        id.is_some_and(|id| self.join(&id, wa_id))
    }

    /// Somebody goes, or is removed by another admin: the account, too. False when they are not in it.
    pub fn depart(&self, id: &str, wa_id: &str) -> bool {
        self.meddle(id, wa_id, |group, person| {
            let is_there = group.people.roster().contains(person);
            group.people.keep().remove(&[person]);
            is_there
        })
    }

    /// Another admin makes an admin of a participant. False when they are none, or are admin already.
    pub fn promote(&self, id: &str, wa_id: &str) -> bool {
        self.meddle(id, wa_id, |group, person| {
            let roster = group.people.keep();
            let is_promotable = roster.contains(person) && !roster.is_admin(person);
            roster.promote(&[person]);
            is_promotable
        })
    }

    /// Another admin makes an admin a plain participant: the account, too. False when they are no admin.
    pub fn demote(&self, id: &str, wa_id: &str) -> bool {
        self.meddle(id, wa_id, |group, person| {
            let roster = group.people.keep();
            let is_admin = roster.is_admin(person);
            roster.demote(&[person]);
            is_admin
        })
    }

    fn meddle(&self, id: &str, wa_id: &str, change: fn(&mut Group, u64) -> bool) -> bool {
        let Some(person) = number(wa_id) else {
            return false;
        };
        let change = |group: &mut Group| change(group, person);
        self.world().meddle(id, change).unwrap_or_default()
    }

    /// The world. Calls change it in one step each, so one that panicked has left it whole.
    fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn snapshot(group: &Group) -> Snapshot {
    let roster = group.people.roster();
    let texts = |people: &[u64]| people.iter().map(u64::to_string).collect();
    Snapshot {
        id: group.id.to_string(),
        subject: group.subject.clone(),
        created: group.created,
        participants: texts(&roster.participants),
        admins: texts(&roster.admins),
        invite: group.invite.clone(),
    }
}
