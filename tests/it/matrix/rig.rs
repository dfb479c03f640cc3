//! One cell, played: the real core and the real client, with one call led into trouble.
//!
//! All other calls go straight to a simulator in good order. Invariant: time passes only when
//! nothing is left to answer.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use wavedeck::api::{Client, Limits};
use wavedeck::app::activity::What;
use wavedeck::app::dialog::{Dialog, FormState};
use wavedeck::app::effect::Effect;
use wavedeck::app::groups::GroupState;
use wavedeck::app::layout::Size;
use wavedeck::app::line::Line;
use wavedeck::app::msg::{Press, Route, Timer};
use wavedeck::app::outcome::{self, Fate};
use wavedeck::app::remote::Ticket;
use wavedeck::app::session::{Pace, Session};
use wavedeck::app::toasts::Level;
use wavedeck::app::{Call, Model, Msg, update};
use wavedeck::domain::{
    Access, Account, BaseUrl, CorrelationId, Exchange, Failure, GroupId, GroupMessage, IconAddress,
    IconFile, Invitation, InviteLink, Masking, Millis, Neighbourhood, Operation, Picture,
    Thumbnail, WaId,
};
use wavedeck::keymap::{Code, Key};
use wavedeck::runtime::calls::Caller;
use wavedeck::sim::faults::{Asked, Fault, FaultServer, Options, Play};
use wavedeck::sim::{Settings, Simulator, Snapshot};
use wavedeck::theme::{Depth, Mood, Theme};
use wavedeck::ui;

use super::cell::{Cell, Moment, Trouble};
use super::expect::{Draft, Outcome, Shown};
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

/// The words of a message's end. The one place to fill in when messages have a screen.
pub(super) fn words_of_a_message(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Applied
        | Outcome::NotApplied
        | Outcome::Unknown
        | Outcome::Read
        | Outcome::Failed
        | Outcome::Waits => "",
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
    /// Notices before the trouble.
    noticed: usize,
    /// Requests that only warmed a connection up.
    warm: usize,
}

/// Plays a cell.
pub(super) async fn play(cell: Cell, hosts: &Hosts) -> Observed {
    let rig = Rig::start(cell, hosts).await;
    match cell.operation {
        Operation::SendToGroup | Operation::SendInvitation => rig.write().await,
        Operation::ListGroups
        | Operation::GroupDetails
        | Operation::CreateGroup
        | Operation::RenameGroup
        | Operation::GetInvite
        | Operation::ResetInvite
        | Operation::RemoveParticipants
        | Operation::AddAdmins
        | Operation::RemoveAdmins
        | Operation::LeaveGroup
        | Operation::GetIcon
        | Operation::SetIcon
        | Operation::RemoveIcon
        | Operation::FetchPicture => rig.drive().await,
    }
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
            base_url,
            badge: None,
            access: Access::Full,
            own: Some(WaId::from_api(OWN).unwrap()),
            pace: Pace::Unlimited,
            masking: Masking::default(),
            time_zone: jiff::tz::TimeZone::UTC,
            config_path: "config.toml".into(),
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

    // ---- messages, which have no screen yet

    /// Writes with the client alone, and lets the classifier judge.
    async fn write(mut self) -> Observed {
        self.arm().await;
        let base = self.bad_base_again();
        let client = self.client(&base);
        let group = self.simulator.state().groups().remove(0);
        let id = CorrelationId::from_bits(7);
        let result = if self.cell.operation == Operation::SendToGroup {
            let message = GroupMessage {
                group: GroupId::new(&group.id).unwrap(),
                text: "Bom dia!".parse().unwrap(),
                id,
            };
            client.send_to_group(&message).await.result
        } else {
            let link = InviteLink::new("https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv");
            let to = WaId::from_api("5511900000009").unwrap();
            let invitation = Invitation::new(to, "Entre no grupo:", &link, id).unwrap();
            client.send_invitation(&invitation).await.result
        };
        let fate = outcome::of_change(self.cell.operation, result.as_ref().map(|_| ()));
        let outcome = match fate {
            Fate::Claimed => Outcome::Applied,
            Fate::NotApplied => Outcome::NotApplied,
            Fate::Contested | Fate::InDoubt => Outcome::Unknown,
        };
        let mut line = Line::Online;
        if let Err(why) = &result {
            wavedeck::app::line::judge(&mut line, self.cell.operation, why, 1, 0.5, self.model.now);
        }
        let sent = self.simulator.state().outbox().len();
        Observed {
            outcome,
            wire: self.wire(),
            told: result.err().iter().map(Failure::why).collect(),
            // A wish to slow down is over by the time a core would look again.
            shown: shown(&line, self.model.now.after(WATCHED)),
            draft: Draft::None,
            happened: Some(sent > 0),
            times: sent,
            strayed: self.strayed(),
            // There is no screen for it yet.
            marked: outcome != Outcome::Applied,
        }
    }

    fn bad_base_again(&self) -> String {
        let faults = self.faults.as_ref().map(FaultServer::base_url);
        faults.unwrap_or_else(|| self.hosts.base_url(self.cell.trouble).unwrap())
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
        self.calm().await;
        let after = self.simulator.state().group(&before.id).unwrap();
        let created = self.simulator.state().groups().len() - groups;
        let happened = self.happened(&before, &after, created);
        let told = self.told();
        Observed {
            outcome: self.outcome(&told, read_at),
            wire: self.wire(),
            shown: shown(&self.model.line, self.model.now),
            draft: self.draft(),
            happened,
            times: if self.cell.operation == Operation::CreateGroup {
                created
            } else {
                usize::from(happened == Some(true))
            },
            strayed: self.strayed(),
            marked: self.screen().contains(['✗', '!']),
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
            Operation::SendToGroup | Operation::SendInvitation => {
                panic!("messages have no screen yet")
            }
        };
        (first, then.to_owned())
    }

    async fn type_all(&mut self, names: &str) {
        for name in names.split_whitespace() {
            let code = match name {
                "enter" => Code::Enter,
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
                Effect::Call(ticket, call) | Effect::Change(ticket, call, _) => {
                    self.open.push_back((ticket, call));
                }
                Effect::Settle(..) => {}
                Effect::Cancel(ticket) => self.open.retain(|(open, _)| *open != ticket),
                Effect::Wake(after, timer) => {
                    self.timers.push((self.model.now.after(after), timer));
                }
                Effect::Copy(clip) => {
                    self.copied.push(clip.what.clone());
                    self.send(Msg::Copied(clip, Ok(Route::System)));
                }
                Effect::LookAt(path) => self.send(Msg::LookedAt(path, Ok(chosen()))),
                Effect::OpenLink(_)
                | Effect::SaveCode(..)
                | Effect::SavePicture(..)
                | Effect::Complete(_)
                | Effect::UseAccount(_)
                | Effect::SaveAccount(_)
                | Effect::Suspend
                | Effect::Redraw
                | Effect::SettleEntry(..)
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

    // ---- what is left

    /// The chosen group as the provider knows it.
    fn truth(&self) -> Snapshot {
        let id = self.model.group().expect("a group is chosen").id.clone();
        self.simulator.state().group(id.as_str()).unwrap()
    }

    fn notices(&self) -> impl Iterator<Item = (Level, &str)> {
        // Newest first.
        self.model
            .activity
            .iter()
            .filter_map(|entry| match &entry.what {
                What::Notice(level, text) => Some((*level, text.as_str())),
                What::Request { .. } => None,
            })
    }

    fn new_notices(&self) -> impl Iterator<Item = (Level, &str)> {
        let new = self.notices().count() - self.noticed;
        self.notices().take(new)
    }

    /// The form that is open, also behind the one for credentials: its state and what was typed.
    fn form(&self) -> Option<(&FormState, String)> {
        let dialog = match self.model.dialog.as_ref()? {
            Dialog::Connect(connect) => connect.behind.as_deref()?,
            dialog => dialog,
        };
        match dialog {
            Dialog::Create(form) | Dialog::Rename(_, form) => {
                Some((&form.state, form.input.text().to_owned()))
            }
            Dialog::PickIcon(_, form) => Some((&form.state, form.input.text().to_owned())),
            Dialog::Line(_)
            | Dialog::Confirm(_)
            | Dialog::Menu(_)
            | Dialog::Help(_)
            | Dialog::ByHand { .. }
            | Dialog::Connect(_) => None,
        }
    }

    /// What the terminal shows.
    fn screen(&self) -> String {
        let backend = TestBackend::new(self.model.size.width, self.model.size.height);
        let mut terminal = Terminal::new(backend).unwrap();
        let theme = Theme::new(Mood::Dark, Depth::Mono);
        terminal
            .draw(|frame| {
                ui::view(&self.model, &theme, frame);
            })
            .unwrap();
        terminal.backend().to_string()
    }

    fn chosen(&self) -> Option<&GroupState> {
        self.model.group()
    }

    /// Why the read of this cell is not there, as its pane shows it.
    fn failure(&self) -> Option<&Failure> {
        match self.cell.operation {
            Operation::ListGroups => self.model.groups.index.failure(),
            Operation::GroupDetails => self.chosen()?.details.failure(),
            Operation::GetInvite => self.chosen()?.invite.failure(),
            Operation::GetIcon => self.chosen()?.icon.failure(),
            Operation::FetchPicture => self.chosen()?.picture.failure(),
            Operation::CreateGroup
            | Operation::RenameGroup
            | Operation::ResetInvite
            | Operation::RemoveParticipants
            | Operation::AddAdmins
            | Operation::RemoveAdmins
            | Operation::LeaveGroup
            | Operation::SetIcon
            | Operation::RemoveIcon
            | Operation::SendToGroup
            | Operation::SendInvitation => None,
        }
    }

    /// Everything the user can read about it: notices, the form, the pane and the header.
    fn told(&self) -> Vec<String> {
        let mut told: Vec<String> = self
            .new_notices()
            .map(|(_, text)| text.to_owned())
            .collect();
        if let Some((FormState::Refused(why), _)) = self.form() {
            told.push(format!("form: {}", why.why()));
        }
        told.extend(self.failure().map(Failure::why));
        if let Line::Offline { why, .. } | Line::Untrusted { why } = &self.model.line {
            told.push(why.why());
        }
        told
    }

    fn outcome(&self, told: &[String], read_at: Millis) -> Outcome {
        let is_known = |known: Option<Millis>| known.is_some_and(|at| at > read_at);
        let group = self.chosen();
        let known = match self.cell.operation {
            Operation::ListGroups => self.model.groups.index.known().map(|known| known.as_of),
            Operation::GroupDetails => group.and_then(|g| Some(g.details.known()?.as_of)),
            Operation::GetInvite => group.and_then(|g| Some(g.invite.known()?.as_of)),
            Operation::GetIcon => group.and_then(|g| Some(g.icon.known()?.as_of)),
            Operation::FetchPicture => group.and_then(|g| Some(g.picture.known()?.as_of)),
            Operation::CreateGroup
            | Operation::RenameGroup
            | Operation::ResetInvite
            | Operation::RemoveParticipants
            | Operation::AddAdmins
            | Operation::RemoveAdmins
            | Operation::LeaveGroup
            | Operation::SetIcon
            | Operation::RemoveIcon
            | Operation::SendToGroup
            | Operation::SendInvitation => return self.end(told),
        };
        if is_known(known) {
            Outcome::Read
        } else if self.failure().is_some() || self.new_notices().any(|(l, _)| l == Level::Error) {
            Outcome::Failed
        } else {
            Outcome::Waits
        }
    }

    /// How the core says that the change ended. To be read from the journal's record as soon as
    /// there is one.
    fn end(&self, told: &[String]) -> Outcome {
        assert!(!self.model.is_changing(), "still under way: {told:?}");
        let has = |wanted: Level| self.new_notices().any(|(level, _)| level == wanted);
        let in_doubt = told.iter().any(|text| text.contains("not seen so far"));
        if has(Level::Warning) || in_doubt {
            Outcome::Unknown
        } else if has(Level::Done) {
            Outcome::Applied
        } else if has(Level::Error) || told.iter().any(|text| text.starts_with("form: ")) {
            Outcome::NotApplied
        } else {
            panic!("nobody said how it ended: {told:?}")
        }
    }

    fn draft(&self) -> Draft {
        let typed = match self.cell.operation {
            Operation::CreateGroup => "Turma",
            Operation::RenameGroup => "Beta",
            Operation::SetIcon => "icon.jpg",
            Operation::ListGroups
            | Operation::GroupDetails
            | Operation::GetInvite
            | Operation::ResetInvite
            | Operation::RemoveParticipants
            | Operation::AddAdmins
            | Operation::RemoveAdmins
            | Operation::LeaveGroup
            | Operation::GetIcon
            | Operation::RemoveIcon
            | Operation::FetchPicture
            | Operation::SendToGroup
            | Operation::SendInvitation => return Draft::None,
        };
        match self.form() {
            Some((state, text)) if text == typed => {
                assert_ne!(*state, FormState::Sending, "the form is locked for ever");
                Draft::Kept
            }
            Some(_) | None => Draft::Gone,
        }
    }

    /// Whether a change happened; `None` for a read.
    fn happened(&self, before: &Snapshot, after: &Snapshot, created: usize) -> Option<bool> {
        let [plain, admin] = people(before).map(str::to_owned);
        let address = |group: &Snapshot| {
            let icon = self.simulator.state().icon(&group.id);
            icon.map(|icon| icon.bytes)
        };
        Some(match self.cell.operation {
            Operation::CreateGroup => created > 0,
            Operation::RenameGroup => after.subject == "Beta",
            Operation::ResetInvite => after.invite != before.invite,
            Operation::RemoveParticipants => !after.participants.contains(&plain),
            Operation::AddAdmins => after.admins.contains(&plain),
            Operation::RemoveAdmins => !after.admins.contains(&admin),
            Operation::LeaveGroup => !after.participants.contains(&OWN.to_owned()),
            Operation::SetIcon => address(after).is_some_and(|bytes| bytes != *ICON),
            Operation::RemoveIcon => address(after).is_none(),
            Operation::ListGroups
            | Operation::GroupDetails
            | Operation::GetInvite
            | Operation::GetIcon
            | Operation::FetchPicture
            | Operation::SendToGroup
            | Operation::SendInvitation => return None,
        })
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
fn chosen() -> Box<(IconFile, Picture)> {
    let file = IconFile::encoded(vec![0xff, 0xd8, 0xff, 0xe0], 640);
    let picture = Picture {
        format: "JPEG",
        width: 640,
        height: 640,
        file: Arc::from([0xff_u8, 0xd8]),
        thumbnail: thumbnail(),
        restore: None,
    };
    Box::new((file, picture))
}

fn thumbnail() -> Thumbnail {
    wavedeck::thumbnail::look(&ICON, 8).unwrap().thumbnail
}
