//! One cell, played: the real core and the real client, with one call led into trouble.
//!
//! All other calls go straight to a simulator in good order. Invariant: time passes only when
//! nothing is left to answer.

mod messages;
mod seen;

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use wavedeck::api::{Client, Limits};
use wavedeck::app::accounts::Accounts;
use wavedeck::app::dialog::Dialog;
use wavedeck::app::effect::Effect;
use wavedeck::app::layout::Size;
use wavedeck::app::line::Line;
use wavedeck::app::msg::{Press, Route, Timer};
use wavedeck::app::pointer::Mouse;
use wavedeck::app::remote::Ticket;
use wavedeck::app::session::{Pace, Session};
use wavedeck::app::{Call, Model, Msg, update};
use wavedeck::domain::journal::{EntryId, Intent};
use wavedeck::domain::{
    Access, Account, BaseUrl, CorrelationId, Exchange, Failure, GroupId, IconAddress, IconFile,
    Masking, Millis, Neighbourhood, Operation, Picture, Thumbnail, TokenPlace, WaId,
};
use wavedeck::keymap::{Code, Key, Keymap};
use wavedeck::runtime::calls::Caller;
use wavedeck::sim::faults::{Asked, Fault, FaultServer, Options, Play};
use wavedeck::sim::{Settings, Simulator, Snapshot};

use super::cell::{Cell, Moment, Trouble};
use super::expect::{Draft, JournalEnd, Outcome, Shown, written};
use super::hosts::Hosts;

/// The time at which groups are created, in seconds.
const NOW: u64 = 1_700_000_000;
const OWN: &str = "5519900000000";
/// How long a cell is watched: an outage would be looked at for ever.
const WATCHED: Duration = Duration::from_secs(20);
/// More rounds than this mean that two things answer each other for ever.
const ENDLESS: usize = 5_000;

/// As patient as a busy computer needs it.
const PATIENT: Limits = Limits {
    connect: Duration::from_secs(20),
    read: Duration::from_secs(25),
    total: Duration::from_secs(30),
    upload: Duration::from_secs(30),
    picture: Duration::from_secs(30),
    idle: Duration::from_secs(30),
    list_bytes: 2 * 1024 * 1024,
    details_bytes: 1024 * 1024,
    json_bytes: 1024 * 1024,
    picture_bytes: 1024 * 1024,
    error_bytes: 64 * 1024,
};
/// Gives up soon on whoever is silent or slow.
const IMPATIENT: Limits = Limits {
    read: Duration::from_secs(2),
    total: Duration::from_secs(3),
    upload: Duration::from_secs(3),
    picture: Duration::from_secs(3),
    ..PATIENT
};
/// Gives up soon on whoever is not there.
const HURRIED: Limits = Limits {
    connect: Duration::from_secs(1),
    ..PATIENT
};
/// With this, the shortest answer takes longer than a call may.
const DRIP: Duration = Duration::from_millis(120);

/// Short where something is waited for that never comes, and nowhere else, so that a busy computer
/// is not taken for a silent host.
fn limits(trouble: Trouble) -> Limits {
    match trouble {
        Trouble::Meets(Fault::StallAfterRequest | Fault::HeaderStall | Fault::Drip) => IMPATIENT,
        Trouble::Blackhole | Trouble::HandshakeStall | Trouble::NoSuchName => HURRIED,
        Trouble::NobodyListens
        | Trouble::SelfSigned
        | Trouble::Expired
        | Trouble::WrongHost
        | Trouble::Meets(_) => PATIENT,
    }
}

/// A picture that groups have: small, so that decoding costs nothing.
static ICON: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let image = image::RgbImage::from_pixel(8, 8, image::Rgb([7, 130, 90]));
    image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
});

/// What was seen of a cell.
#[derive(Debug)]
pub(super) struct Observed {
    pub(super) outcome: Outcome,
    /// The ends of changes that were written down.
    pub(super) journal: Vec<JournalEnd>,
    pub(super) wire: usize,
    /// Everything the user was told, one text each.
    pub(super) told: Vec<String>,
    pub(super) shown: Shown,
    pub(super) draft: Draft,
    /// For a change: whether it happened, as the server knows.
    pub(super) happened: Option<bool>,
    /// How often it happened.
    pub(super) times: usize,
    /// Connections to where redirects lead.
    pub(super) strayed: u64,
    /// Whether the screen shows at a glance that something is not as it should be.
    pub(super) marked: bool,
}

impl Observed {
    /// How often a change may have been done, as far as requests tell.
    pub(super) fn done_at_most(&self) -> usize {
        self.happened.map_or(0, |_| self.wire)
    }
}

/// The program, the provider, and what stands between them.
struct Rig<'h> {
    cell: Cell,
    hosts: &'h Hosts,
    model: Model,
    simulator: Simulator,
    good: Caller,
    /// Answers the call that is led into trouble, once there is one.
    faults: Option<FaultServer>,
    bad: Option<Caller>,
    armed: bool,
    open: VecDeque<(Ticket, Call)>,
    timers: Vec<(Millis, Timer)>,
    copied: Vec<String>,
    /// The changes that were written down.
    intents: Vec<Intent>,
    /// Those without an end so far.
    begun: Vec<Ticket>,
    /// The ends that were written down.
    ends: Vec<JournalEnd>,
    /// The drafts that were kept.
    drafts: BTreeMap<GroupId, String>,
    /// Notices before the trouble.
    noticed: usize,
    /// Requests that only warmed a connection up.
    warm: usize,
}

/// Plays a cell.
pub(super) async fn play(cell: Cell, hosts: &Hosts) -> Observed {
    Rig::start(cell, hosts).await.drive().await
}

impl<'h> Rig<'h> {
    async fn start(cell: Cell, hosts: &'h Hosts) -> Self {
        let settings = Settings {
            groups: Some(2),
            members: Some(5),
            latency: Some(Duration::ZERO),
            now: Some(NOW),
            ..Settings::default()
        };
        let simulator = Simulator::start(settings).await.unwrap();
        let state = simulator.state();
        for group in state.groups() {
            // Somebody to promote and to remove, and somebody to demote.
            let [plain, admin] = people(&group);
            state.demote(&group.id, plain);
            state.promote(&group.id, admin);
            assert!(state.set_icon(&group.id, ICON.clone()));
        }
        let base_url = BaseUrl::new(&simulator.base_url()).unwrap();
        let account =
            Account::new(base_url.clone(), simulator.user_name(), simulator.token()).unwrap();
        let session = Session {
            account: Some(account.clone()),
            token_at: TokenPlace::default(),
            accounts: Accounts::only(None, base_url.clone(), "one is enough here"),
            base_url,
            badge: None,
            access: Access::Full,
            own: Some(WaId::from_api(OWN).unwrap()),
            confirm_send_over: 100,
            send_delay: Duration::from_secs(3),
            pace: Pace::Unlimited,
            masking: Masking::default(),
            keys: Keymap::default(),
            mouse: Mouse::default(),
            time_zone: jiff::tz::TimeZone::UTC,
            config_path: "config.toml".into(),
            saved: None,
            warnings: vec![],
            seed: 7,
        };
        // Without a card, so that nothing reads an icon by itself.
        let size = Size {
            width: 100,
            height: 30,
        };
        Self {
            cell,
            hosts,
            model: Model::new(session, size, Millis(NOW * 1000)),
            good: Caller::new(Client::new(&account).unwrap(), 8),
            simulator,
            faults: None,
            bad: None,
            armed: false,
            open: VecDeque::new(),
            timers: vec![],
            copied: vec![],
            intents: vec![],
            begun: vec![],
            ends: vec![],
            drafts: BTreeMap::new(),
            noticed: 0,
            warm: 0,
        }
    }

    // ---- the trouble

    /// Leads the call of this cell into trouble from now on.
    async fn arm(&mut self) {
        self.armed = true;
        self.noticed = self.notices().count();
        let upstream = self.simulator.local_addr();
        // Where pictures are is told by an answer: see `perform`.
        if self.cell.operation == Operation::FetchPicture {
            self.bad = Some(Caller::new(self.client(&self.simulator.base_url()), 8));
        } else {
            let base = self.bad_base(upstream).await;
            let client = self.client(&base);
            if self.cell.trouble == Trouble::Meets(Fault::StaleKeepAlive) {
                assert!(client.list_groups().await.result.is_ok());
                self.warm = 1;
            }
            self.bad = Some(Caller::new(client, 8));
        }
    }

    /// The base URL of the host that is trouble, in front of this one where it is one that answers.
    async fn bad_base(&mut self, upstream: SocketAddr) -> String {
        if let Some(base) = self.hosts.base_url(self.cell.trouble) {
            return base;
        }
        let Trouble::Meets(fault) = self.cell.trouble else {
            panic!("{:?} has a host of its own", self.cell.trouble);
        };
        let play = match self.cell.moment {
            Moment::Before => Play::Instead(fault),
            Moment::After => Play::AfterApplying(fault),
        };
        let is_warming = fault == Fault::StaleKeepAlive;
        let script = move |asked: &Asked<'_>| {
            if is_warming && asked.before == 0 {
                Play::Forward
            } else {
                play.clone()
            }
        };
        let options = Options {
            upstream: Some(upstream),
            drip: DRIP,
            ..Options::default()
        };
        let server = FaultServer::start_with(options, script).await.unwrap();
        let base = server.base_url();
        self.faults = Some(server);
        base
    }

    fn client(&self, base: &str) -> Client {
        let base = BaseUrl::new(base).unwrap();
        let (user, token) = (self.simulator.user_name(), self.simulator.token());
        let account = Account::new(base, user, token).unwrap();
        Client::with_limits(&account, limits(self.cell.trouble)).unwrap()
    }

    async fn perform(&mut self, call: &Call) -> (wavedeck::app::Reply, Exchange) {
        if !self.armed || !self.is_led_astray(call.operation()) {
            return self.good.perform(call).await;
        }
        if let Call::Picture(id, address) = call {
            let url = address.url();
            let upstream = url.socket_addrs(|| None).unwrap()[0];
            let base = self.bad_base(upstream).await;
            let here = format!("{base}{}", url.path());
            let here = IconAddress::new(&here, Neighbourhood::Loopback).unwrap();
            let call = Call::Picture(id.clone(), here);
            return self.bad.as_ref().unwrap().perform(&call).await;
        }
        self.bad.as_ref().unwrap().perform(call).await
    }

    /// A host that cannot be reached cannot be reached by any call; pictures have another one.
    fn is_led_astray(&self, operation: Operation) -> bool {
        let unreached = !matches!(self.cell.trouble, Trouble::Meets(_));
        let same_host = ![operation, self.cell.operation].contains(&Operation::FetchPicture);
        operation == self.cell.operation || unreached && same_host
    }

    fn wire(&self) -> usize {
        let requests = self
            .faults
            .as_ref()
            .map_or(0, |faults| faults.requests().len() - self.warm);
        requests + self.hosts.requests()
    }

    fn strayed(&self) -> u64 {
        self.faults
            .as_ref()
            .map_or(0, FaultServer::stray_connections)
    }

    // ---- the core

    /// Drives the core as a user would, and looks at what is left.
    async fn drive(mut self) -> Observed {
        self.send(Msg::Started);
        self.calm().await;
        let before = self.truth();
        let groups = self.simulator.state().groups().len();
        let (first, then) = self.keys(&before);
        self.type_all(&first).await;
        self.type_word().await;
        self.calm().await;
        // Asking for a link may have made one.
        let before = self.simulator.state().group(&before.id).unwrap();
        let read_at = self.model.now;
        self.arm().await;
        self.type_all(&then).await;
        if self.cell.operation == Operation::SendToGroup {
            // It can still be taken back: only time lets it leave.
            assert!(self.is_leaving() && self.wire() == 0);
        }
        self.calm().await;
        let after = self.simulator.state().group(&before.id).unwrap();
        let created = self.simulator.state().groups().len() - groups;
        let happened = self.happened(&before, &after, created);
        let mut told = self.told();
        let outcome = self.outcome(&told, read_at);
        let (shown, marked) = (
            shown(&self.model.line, self.model.now),
            self.screen().contains(['✗', '!']),
        );
        if self.cell.writes_to_people() {
            // What counts is what stands there, not what Activity keeps.
            told = self.read_screen().await;
        }
        Observed {
            outcome,
            draft: self.draft().await,
            journal: self.ends.clone(),
            wire: self.wire(),
            shown,
            happened,
            times: if self.cell.operation == Operation::CreateGroup {
                created
            } else if self.cell.writes_to_people() {
                self.sent()
            } else {
                usize::from(happened == Some(true))
            },
            strayed: self.strayed(),
            marked,
            told,
        }
    }

    /// What is typed before the trouble, and what leads into it.
    fn keys(&self, group: &Snapshot) -> (String, String) {
        let [plain, admin] = people(group);
        let member = |id: &str| format!("2 / {} enter", spaced(id));
        let (first, then) = match self.cell.operation {
            Operation::ListGroups => (String::new(), "R"),
            Operation::GroupDetails => ("2".into(), "r"),
            Operation::CreateGroup => (format!("n {}", spaced("Turma")), "enter"),
            Operation::RenameGroup => (format!("e {}", spaced("Beta")), "enter"),
            Operation::GetInvite => (String::new(), "y"),
            Operation::ResetInvite => ("3".into(), "d right enter"),
            Operation::RemoveParticipants => (member(plain), "d right enter"),
            Operation::AddAdmins => (member(plain), "+ enter"),
            Operation::RemoveAdmins => (member(admin), "- right enter"),
            Operation::LeaveGroup => ("d".into(), "enter"),
            Operation::GetIcon | Operation::FetchPicture => (String::new(), "4"),
            Operation::SetIcon => (format!("4 e {}", spaced("icon.jpg")), "enter"),
            Operation::RemoveIcon => ("4".into(), "d right enter"),
            Operation::SendToGroup => (format!("m {}", spaced(messages::TEXT)), "enter"),
            Operation::SendInvitation => {
                let number = spaced(messages::PERSON);
                (format!("3 i {number} enter"), "right enter")
            }
        };
        (first, then.to_owned())
    }

    async fn type_all(&mut self, names: &str) {
        for name in names.split_whitespace() {
            let code = match name {
                "enter" => Code::Enter,
                "esc" => Code::Esc,
                "tab" => Code::Tab,
                "right" => Code::Right,
                "space" => Code::Char(' '),
                letter => Code::Char(letter.chars().next().unwrap()),
            };
            self.send(Msg::Key(Key::plain(code), Press::First));
            while self.answer().await {}
        }
    }

    /// Types the word that a question asks for, if it does.
    async fn type_word(&mut self) {
        let word = match &self.model.dialog {
            Some(Dialog::Confirm(confirm)) => confirm.word.as_ref(),
            Some(_) | None => None,
        };
        let word = word.map(|word| word.expected.clone()).unwrap_or_default();
        self.type_all(&spaced(&word)).await;
    }

    fn send(&mut self, msg: Msg) {
        for effect in update(&mut self.model, msg) {
            match effect {
                Effect::Call(ticket, call) => self.open.push_back((ticket, call)),
                Effect::Change(ticket, call, intent) => {
                    self.open.push_back((ticket, call));
                    self.begun.push(ticket);
                    self.intents.push(*intent);
                    let entry = i64::try_from(self.intents.len()).unwrap();
                    self.send(Msg::Begun(ticket, EntryId(entry)));
                }
                Effect::Settle(ticket, end) => {
                    let begun = self.begun.iter().position(|begun| *begun == ticket);
                    self.begun
                        .remove(begun.expect("what ends began, and ends once"));
                    self.ends.push(written(&end));
                }
                Effect::SaveDraft { group, draft, .. } => {
                    // As it would be read again: what stands in the journal is left out.
                    let begun = |id: &CorrelationId| {
                        let named = |intent: &Intent| intent.correlation.as_ref() == Some(id);
                        self.intents.iter().any(named)
                    };
                    let waiting = draft.waiting.into_iter().filter(|(id, _)| !begun(id));
                    let texts: Vec<String> = waiting
                        .map(|(_, text)| text)
                        .chain((!draft.text.trim().is_empty()).then_some(draft.text))
                        .collect();
                    let text = texts.join("\n");
                    if text.is_empty() {
                        self.drafts.remove(&group);
                    } else {
                        self.drafts.insert(group, text);
                    }
                }
                Effect::ReadDrafts(account) => self.send(Msg::Drafts(account, Ok(vec![]))),
                Effect::ReadMessages { account, group, .. } => {
                    self.send(Msg::History(account, group, Ok(vec![])));
                }
                Effect::NoteProviderId(..) | Effect::Remember(_) => {}
                Effect::Cancel(ticket) => self.open.retain(|(open, _)| *open != ticket),
                Effect::Wake(after, timer) => {
                    self.timers.push((self.model.now.after(after), timer));
                }
                Effect::Copy(clip) => {
                    self.copied.push(clip.what.clone());
                    self.send(Msg::Copied(clip, Ok(Route::System)));
                }
                Effect::LookAt(path) => {
                    self.send(Msg::LookedAt(path, Ok(Box::new(chosen()))));
                }
                Effect::OpenLink(_)
                | Effect::SaveCode(..)
                | Effect::SavePicture(..)
                | Effect::Complete(_)
                | Effect::UseAccount(_)
                | Effect::SaveAccount(_)
                | Effect::EditOutside(..)
                | Effect::Open(_)
                | Effect::ReadConfiguration
                | Effect::Suspend
                | Effect::RecallMore
                | Effect::Redraw
                | Effect::SetMouse(_)
                | Effect::SettleEntry(..)
                | Effect::ReadLane(..)
                | Effect::ReadRaw(_)
                | Effect::MarkRead(..)
                | Effect::Receive
                | Effect::ReadJournal(_)
                | Effect::ExportJournal(..)
                | Effect::Exit(_) => panic!("nobody asked for {effect:?}"),
            }
        }
    }

    async fn answer(&mut self) -> bool {
        let Some((ticket, call)) = self.open.pop_front() else {
            return false;
        };
        let (reply, exchange) = self.perform(&call).await;
        self.model.now = self.model.now.after(Duration::from_millis(5));
        self.send(Msg::Settled(ticket, reply, Box::new(exchange)));
        true
    }

    /// Answers everything and lets timers run out, as far as this is watched.
    async fn calm(&mut self) {
        let until = self.model.now.after(WATCHED);
        for _ in 0..ENDLESS {
            if self.answer().await {
                continue;
            }
            let next = (0..self.timers.len()).min_by_key(|i| self.timers[*i].0);
            let Some(next) = next.filter(|next| self.timers[*next].0 <= until) else {
                return;
            };
            let (at, timer) = self.timers.remove(next);
            self.model.now = self.model.now.max(at);
            self.send(Msg::Woke(timer));
        }
        panic!("never calm: {:?} {:?}", self.timers, self.open);
    }
}

/// A text as the names of keys.
fn spaced(text: &str) -> String {
    let letters = text.chars().map(|letter| match letter {
        ' ' => "space".to_owned(),
        other => other.to_string(),
    });
    letters.collect::<Vec<_>>().join(" ")
}

/// Two people who are not the account.
fn people(group: &Snapshot) -> [&str; 2] {
    let mut others = group.participants.iter().filter(|id| *id != OWN);
    [others.next().unwrap(), others.next().unwrap()]
}

fn shown(line: &Line, now: Millis) -> Shown {
    match line {
        Line::Online => Shown::Online,
        Line::Throttled { until, .. } => {
            assert!(*until <= now, "still slowed down");
            Shown::Online
        }
        Line::Offline { .. } => Shown::Offline,
        Line::Untrusted { .. } => Shown::Untrusted,
        Line::SignedOut => Shown::SignedOut,
    }
}

/// A file that was looked at. The beginning of a JPEG is all that the simulator wants to see.
fn chosen() -> (IconFile, Picture) {
    let file = IconFile::encoded(vec![0xff, 0xd8, 0xff, 0xe0], 640);
    let picture = Picture {
        format: "JPEG",
        width: 640,
        height: 640,
        file: Arc::from([0xff_u8, 0xd8]),
        thumbnail: thumbnail(),
        restore: None,
    };
    (file, picture)
}

fn thumbnail() -> Thumbnail {
    wavedeck::thumbnail::look(&ICON, 8).unwrap().thumbnail
}
