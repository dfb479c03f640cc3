//! The whole program but for the terminal: keys into the core, its calls through the client over
//! HTTP to the simulator, and the answers back.
//!
//! Invariant: time passes only when nothing is left to answer; no test waits for a clock.

mod changes;
mod contract;
mod invitations;
mod messages;
mod reads;

use std::collections::VecDeque;
use std::time::Duration;

use wavedeck::api::Client;
use wavedeck::app::accounts::Accounts;
use wavedeck::app::dialog::Dialog;
use wavedeck::app::effect::{Clip, Effect};
use wavedeck::app::groups::GroupState;
use wavedeck::app::layout::Size;
use wavedeck::app::msg::{Press, Route, Timer};
use wavedeck::app::pointer::Mouse;
use wavedeck::app::remote::Ticket;
use wavedeck::app::session::{Pace, Session};
use wavedeck::app::toasts::Level;
use wavedeck::app::{Call, Model, Msg, update};
use wavedeck::domain::journal::EntryId;
use wavedeck::domain::{
    Access, Account, BaseUrl, Clean, GroupId, Masking, Millis, TokenPlace, WaId,
};
use wavedeck::keymap::{Code, Key, Keymap};
use wavedeck::runtime::calls::Caller;
use wavedeck::sim::{Settings, Simulator, Snapshot, State};

const OWN: &str = "5519900000000";
/// «Corrida Domingo 7h», with 24 people.
const CORRIDA: &str = "5519900000000-1513616971";
const BRUNA: &str = "5519900000001";
const TEO: &str = "5511900000002";
const CARLA: &str = "5519900000004";
const GROUPS: &str = "/v1/whatsapp/groups";
/// The time at which groups are created, in seconds.
const NOW: u64 = 1_700_000_000;
/// More rounds than this mean that two things answer each other for ever.
const ENDLESS: usize = 20_000;

/// The program and the provider.
struct Story {
    model: Model,
    client: Client,
    simulator: Simulator,
    /// Calls without an answer, oldest first.
    open: VecDeque<(Ticket, Call)>,
    timers: Vec<(Millis, Timer)>,
    /// Everything that was copied, oldest first.
    clips: Vec<Clip>,
    /// Requests before the part of the story that is told.
    told: usize,
    /// Changes that were written down.
    entries: i64,
}

impl Story {
    /// Started, and everything loaded.
    async fn begin(settings: Settings) -> Self {
        let mut story = Self::open(settings).await;
        story.send(Msg::Started);
        story.calm().await;
        story
    }

    /// With the demo's groups loaded, and the cursor on «Corrida Domingo 7h».
    async fn of_corrida() -> Self {
        let mut story = Self::begin(Settings::default()).await;
        story.type_keys("/ c o r r i d a enter").await;
        assert_eq!(story.chosen().id.as_str(), CORRIDA);
        story.tell_from_here();
        story
    }

    async fn open(settings: Settings) -> Self {
        let settings = Settings {
            latency: Some(Duration::ZERO),
            now: Some(NOW),
            ..settings
        };
        let simulator = Simulator::start(settings).await.unwrap();
        let base_url = BaseUrl::new(&simulator.base_url()).unwrap();
        let (user, token) = (simulator.user_name(), simulator.token());
        let account = Account::new(base_url.clone(), user, token).unwrap();
        let session = Session {
            account: Some(account.clone()),
            token_at: TokenPlace::default(),
            accounts: Accounts::only(None, base_url.clone(), "one is enough here"),
            base_url,
            badge: None,
            access: Access::Full,
            own: None,
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
        let size = Size {
            width: 120,
            height: 36,
        };
        Self {
            model: Model::new(session, size, Millis(NOW * 1000)),
            client: Client::new(&account).unwrap(),
            simulator,
            open: VecDeque::new(),
            timers: vec![],
            clips: vec![],
            told: 0,
            entries: 0,
        }
    }

    // ---- what happens

    fn send(&mut self, msg: Msg) {
        for effect in update(&mut self.model, msg) {
            match effect {
                Effect::Call(ticket, call) => self.open.push_back((ticket, call)),
                Effect::Change(ticket, call, _) => {
                    self.open.push_back((ticket, call));
                    self.entries += 1;
                    self.send(Msg::Begun(ticket, EntryId(self.entries)));
                }
                Effect::Settle(..)
                | Effect::SaveDraft { .. }
                | Effect::ReadDrafts(_)
                | Effect::NoteProviderId(..)
                | Effect::Remember(_) => {}
                Effect::ReadMessages { account, group, .. } => {
                    self.send(Msg::History(account, group, Ok(vec![])));
                }
                Effect::Cancel(ticket) => self.open.retain(|(open, _)| *open != ticket),
                Effect::Wake(after, timer) => {
                    self.timers.push((self.model.now.after(after), timer));
                }
                Effect::Copy(clip) => {
                    self.clips.push(clip.clone());
                    self.send(Msg::Copied(clip, Ok(Route::System)));
                }
                Effect::OpenLink(_)
                | Effect::SaveCode(..)
                | Effect::SavePicture(..)
                | Effect::LookAt(_)
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

    /// Makes the oldest call and hands its answer back; `false` when there is none.
    async fn answer(&mut self) -> bool {
        let Some((ticket, call)) = self.open.pop_front() else {
            return false;
        };
        let (reply, exchange) = Caller::new(self.client.clone(), 64).perform(&call).await;
        self.model.now = self.model.now.after(Duration::from_millis(5));
        self.send(Msg::Settled(ticket, reply, Box::new(exchange)));
        true
    }

    /// Answers everything and lets every timer run out.
    async fn calm(&mut self) {
        for _ in 0..ENDLESS {
            if self.answer().await {
                continue;
            }
            let next = (0..self.timers.len()).min_by_key(|i| self.timers[*i].0);
            let Some(next) = next else {
                return;
            };
            let (at, timer) = self.timers.remove(next);
            self.model.now = self.model.now.max(at);
            self.send(Msg::Woke(timer));
        }
        panic!("never calm: {:?} {:?}", self.timers, self.open);
    }

    /// Presses keys, named as in `docs/keys.md`; everything is answered before the next.
    async fn type_keys(&mut self, names: &str) {
        for name in names.split_whitespace() {
            self.press(key(name)).await;
        }
    }

    /// Types a text, letter by letter.
    async fn type_text(&mut self, text: &str) {
        for letter in text.chars() {
            self.press(Key::char(letter)).await;
        }
    }

    /// Pastes a text; then so much time passes that no key is taken for its rest.
    async fn paste(&mut self, text: &str) {
        self.send(Msg::Pasted(text.into()));
        while self.answer().await {}
        self.model.now = self.model.now.after(Duration::from_secs(1));
    }

    async fn press(&mut self, key: Key) {
        self.send(Msg::Key(key, Press::First));
        while self.answer().await {}
    }

    /// From now on [`Story::requests`] tells of what comes.
    fn tell_from_here(&mut self) {
        self.told = self.state().seen().len();
        self.clips.clear();
    }

    // ---- what is there

    fn state(&self) -> State {
        self.simulator.state()
    }

    /// A group as the provider knows it.
    fn truth(&self, id: &str) -> Snapshot {
        self.state().group(id).unwrap()
    }

    /// A group as the program knows it.
    fn group(&self, id: &str) -> &GroupState {
        let id = GroupId::new(id).unwrap();
        self.model.groups.get(&id).expect("the group is listed")
    }

    fn chosen(&self) -> &GroupState {
        self.model.group().expect("a group is chosen")
    }

    /// The requests since [`Story::tell_from_here`]: method, path and body.
    fn requests(&self) -> Vec<String> {
        let seen = self.state().seen();
        let told = seen.iter().skip(self.told);
        told.map(|seen| {
            format!("{} {} {}", seen.method, seen.path, seen.body)
                .trim_end()
                .to_owned()
        })
        .collect()
    }

    /// Exactly these requests left, in this order.
    fn assert_requests(&self, expected: &[String]) {
        assert_eq!(self.requests(), expected);
    }

    /// The program holds for true what the provider does.
    fn assert_true(&self, id: &str) {
        let (truth, group) = (self.truth(id), self.group(id));
        let details = group.details.value().expect("the group was read");
        let subject = details.subject.as_ref().map(Clean::raw);
        assert_eq!(subject, Some(truth.subject.as_str()));
        let roster = details.roster.as_ref().expect("its people were read");
        let mut known: Vec<String> = roster.members().map(|id| id.to_string()).collect();
        let mut there = truth.participants.clone();
        known.sort();
        there.sort();
        assert_eq!(known, there);
        let admins = truth.admins.iter();
        assert!(admins.into_iter().all(|id| roster.is_admin(&wa(id))));
        assert_eq!(roster.admin_count(), truth.admins.len());
    }

    /// The newest notice: its level and everything it says.
    fn notice(&self) -> (Level, String) {
        let toast = self.model.toasts.last().expect("there is a notice");
        let lines = std::iter::once(toast.title.clone()).chain(toast.lines.iter().cloned());
        (toast.level, lines.collect::<Vec<_>>().join("\n"))
    }

    /// The newest notice is of success and says this.
    fn assert_told(&self, words: &str) {
        let (level, text) = self.notice();
        assert_eq!(level, Level::Done, "{text}");
        assert!(text.contains(words), "{text}");
    }
}

fn wa(text: &str) -> WaId {
    WaId::from_api(text).unwrap()
}

/// The body that names people.
fn people(ids: &[&str]) -> String {
    serde_json::json!({ "waIds": ids }).to_string()
}

fn key(name: &str) -> Key {
    let code = match name {
        "enter" => Code::Enter,
        "esc" => Code::Esc,
        "tab" => Code::Tab,
        "right" => Code::Right,
        "space" => Code::Char(' '),
        letter => {
            let mut letters = letter.chars();
            let code = Code::Char(letters.next().unwrap());
            assert_eq!(letters.next(), None, "no key is called {letter}");
            code
        }
    };
    Key::plain(code)
}
