//! Drives [`update`] in tests with keys and sentences: performs the effects on paper, keeps the time,
//! and lets a [`Server`] of a few lines answer, late or badly if it is told to.
//!
//! Not a terminal and not a network: what the runtime would do is written down, never done.

mod recalled;
mod received;
mod record;
pub(crate) mod server;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

pub(crate) use server::{Manner, Server, ServerGroup, group, wa};

use crate::app::accounts::Accounts;
use crate::app::activity::{RowId, What};
use crate::app::dialog::{Confirm, Dialog, SubjectForm};
use crate::app::effect::{Clip, Exit};
use crate::app::groups::{GroupState, Slot};
use crate::app::layout::Size;
use crate::app::msg::{Press, Route, Timer};
use crate::app::people::People;
use crate::app::pointer::Mouse;
use crate::app::remote::Ticket;
use crate::app::session::{Pace, Session};
use crate::app::toasts::{Level, Toast};
use crate::app::{Call, Effect, Model, Msg, Reply, update};
use crate::domain::journal::{End, Entry, EntryId, Intent};
use crate::domain::{
    Access, Account, BaseUrl, Clean, Exchange, Failure, GroupId, Keepsake, Kept, Lane, Masking,
    Millis, Operation, Seq, TokenPlace, WaId,
};
use crate::keymap::{Code, Key, Keymap};

/// More rounds than this mean that two things answer each other for ever.
const ENDLESS: usize = 20_000;

/// The program under test and the world around it.
pub(crate) struct Probe {
    pub(crate) model: Model,
    pub(crate) server: Server,
    /// Keys pressed since [`Probe::count_from_here`].
    pub(crate) keys: usize,
    /// Calls made since [`Probe::count_from_here`], oldest first.
    pub(crate) calls: Vec<Call>,
    /// Calls without an answer, oldest first.
    pub(crate) open: Vec<(Ticket, Call)>,
    /// Calls nobody waits for any more: their answers may still be delivered by hand.
    pub(crate) cancelled: Vec<(Ticket, Call)>,
    /// Running timers.
    pub(crate) timers: Vec<(Millis, Timer)>,
    /// Everything that reached the clipboard, oldest first.
    pub(crate) clips: Vec<Clip>,
    /// What the clipboard says about the next text.
    pub(crate) clipboard: Result<Route, String>,
    /// The program asked to end, in this way.
    pub(crate) exit: Option<Exit>,
    /// Effects of other kinds.
    pub(crate) other: Vec<Effect>,
    /// What is kept for the next start, oldest first.
    pub(crate) kept: Vec<Keepsake>,
    /// Changes as they were written down, oldest first.
    pub(crate) intents: Vec<(Ticket, Intent)>,
    /// Since when those stand in the journal that could be written down.
    pub(crate) begun: BTreeMap<Ticket, Millis>,
    /// What was written down of their ends.
    pub(crate) ends: Vec<(Ticket, End)>,
    /// Changes can be written down.
    pub(crate) records: bool,
    /// Drafts as they are kept, each with its account.
    pub(crate) drafts: BTreeMap<(String, GroupId), String>,
    /// Why drafts cannot be read.
    pub(crate) unread_drafts: Option<String>,
    /// What the journal holds of messages is asked for in vain.
    pub(crate) silent_history: bool,
    /// What was received is asked for in vain.
    pub(crate) silent_lanes: bool,
    /// Everything that was received.
    pub(crate) received: Vec<Kept>,
    /// Up to where lanes were read.
    pub(crate) read: Vec<(Lane, Seq)>,
    /// What the journal holds of messages of earlier runs, newest first; or why it cannot be read.
    pub(crate) history: Result<Vec<Entry>, String>,
    /// Entries of messages that were taken up again or dropped.
    pub(crate) put_away: BTreeSet<EntryId>,
    /// What was written down later of changes whose end nobody knew.
    pub(crate) settled: Vec<(EntryId, End)>,
    /// What the journal holds of other runs, newest first.
    pub(crate) past: Vec<Entry>,
    /// Why the journal cannot be read.
    pub(crate) unreadable: Option<String>,
}

pub(crate) fn session() -> Session {
    let base_url = BaseUrl::new(BaseUrl::DEFAULT).unwrap();
    Session {
        account: Some(Account::new(base_url.clone(), "ana@example.org", "token").unwrap()),
        token_at: TokenPlace::default(),
        base_url,
        accounts: Accounts {
            profiles: vec!["home".into(), "work".into()],
            profile: Some("work".into()),
            fixed: None,
            new_at: BaseUrl::new(BaseUrl::DEFAULT).unwrap(),
        },
        badge: None,
        access: Access::Full,
        own: Some(wa(0)),
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
    }
}

pub(crate) fn id(text: &str) -> GroupId {
    GroupId::new(text).unwrap()
}

impl Probe {
    /// Before the first message.
    pub(crate) fn new(session: Session, groups: impl IntoIterator<Item = ServerGroup>) -> Self {
        let size = Size {
            width: 120,
            height: 36,
        };
        let start = Millis(1_000_000);
        Self {
            model: Model::new(session, size, start),
            server: Server::new(groups),
            keys: 0,
            calls: vec![],
            open: vec![],
            cancelled: vec![],
            timers: vec![],
            clips: vec![],
            clipboard: Ok(Route::System),
            exit: None,
            other: vec![],
            kept: vec![],
            intents: vec![],
            begun: BTreeMap::new(),
            ends: vec![],
            records: true,
            drafts: BTreeMap::new(),
            unread_drafts: None,
            silent_history: false,
            silent_lanes: false,
            received: Vec::new(),
            read: Vec::new(),
            history: Ok(vec![]),
            put_away: BTreeSet::new(),
            settled: vec![],
            past: vec![],
            unreadable: None,
        }
    }

    /// The dashboard with all groups loaded, one's own number being `wa(0)`, and nothing running.
    pub(crate) fn with(groups: impl IntoIterator<Item = ServerGroup>) -> Self {
        let mut probe = Self::new(session(), groups);
        probe.send(Msg::Started);
        probe.calm();
        probe.count_from_here();
        probe
    }

    /// One group `a` called `Corrida` with people 0 to 9, of whom 0 and 1 are admins; Members open.
    pub(crate) fn in_members() -> Self {
        let mut probe = Self::with([group("a").subject("Corrida").people(0..10).admins([0, 1])]);
        probe.play("2");
        probe.count_from_here();
        probe
    }

    /// As if no icon had been read yet.
    pub(crate) fn fresh_icons(mut model: Model) -> Model {
        let slots: Vec<Slot> = model.groups.iter().map(|(slot, _)| slot).collect();
        for slot in slots {
            let group = model.groups.at_mut(slot);
            group.icon = crate::app::remote::Remote::default();
            group.picture = crate::app::remote::Remote::default();
        }
        model
    }

    pub(crate) fn count_from_here(&mut self) {
        self.keys = 0;
        self.calls.clear();
        self.cancelled.clear();
        self.clips.clear();
        self.other.clear();
        self.kept.clear();
    }

    // ---- what happens

    /// Hands one message to the program and performs what follows, but answers no call.
    pub(crate) fn send(&mut self, msg: Msg) -> Vec<Effect> {
        let effects: Vec<Effect> = update(&mut self.model, msg).into_iter().collect();
        for effect in effects.clone() {
            self.perform(effect);
        }
        effects
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Call(ticket, call) => {
                assert!(!call.operation().is_change(), "not written down: {call:?}");
                self.calls.push(call.clone());
                self.open.push((ticket, call));
            }
            Effect::Change(ticket, call, intent) => {
                assert!(call.operation().is_change(), "{call:?}");
                self.intents.push((ticket, *intent));
                self.calls.push(call.clone());
                self.open.push((ticket, call));
                if self.records {
                    self.begun.insert(ticket, self.model.now);
                    self.send(Msg::Begun(ticket, Self::entry(ticket)));
                }
            }
            Effect::SaveDraft {
                account,
                group,
                draft,
            } => self.keep(account, group, draft),
            Effect::ReadDrafts(account) => self.tell_drafts(account),
            Effect::ReadMessages { .. } if self.silent_history => {}
            Effect::ReadMessages { account, group, .. } => {
                let read = self.messages_to(&account, &group);
                self.send(Msg::History(account, group, read));
            }
            Effect::Settle(ticket, end) => {
                let known = self.intents.iter().any(|(begun, _)| *begun == ticket);
                assert!(known, "{ticket:?} ends but never began");
                let again = self.ends.iter().any(|(ended, _)| *ended == ticket);
                assert!(!again, "{ticket:?} ends twice");
                self.ends.push((ticket, end.clone()));
                if !end.is_final() {
                    self.doubt(ticket, end);
                }
            }
            Effect::SettleEntry(entry, end) => {
                assert!(end.is_final(), "{end:?} tells nothing");
                let again = self.settled.iter().any(|(settled, _)| *settled == entry);
                assert!(!again, "{entry:?} is settled twice");
                self.settled.push((entry, end));
            }
            Effect::ReadJournal(query) => {
                let page = match &self.unreadable {
                    Some(why) => Err(why.clone()),
                    None => Ok(self.page(&query)),
                };
                self.send(Msg::JournalRead(query, page));
            }
            Effect::ReadLane(..) if self.silent_lanes => {}
            Effect::ReadLane(lane, before, most) => {
                let page = self.lane(&lane, before, most);
                self.send(Msg::LaneRead(lane, before, most, Ok(page)));
            }
            Effect::MarkRead(lane, upto) => self.read.push((lane, upto)),
            Effect::NoteProviderId(..) => {}
            Effect::Remember(keepsake) => self.kept.push(keepsake),
            Effect::Cancel(ticket) => {
                let at = self.open.iter().position(|(open, _)| *open == ticket);
                let at = at.expect("only what is in flight is cancelled");
                let (ticket, call) = self.open.remove(at);
                assert!(
                    !call.operation().is_change(),
                    "a change is never cancelled: {call:?}"
                );
                self.cancelled.push((ticket, call));
            }
            Effect::Wake(after, timer) => {
                self.timers.push((self.model.now.after(after), timer));
            }
            Effect::Copy(clip) => {
                let taken = self.clipboard.is_ok().then(|| clip.clone());
                self.clips.extend(taken);
                let route = self.clipboard.clone();
                self.send(Msg::Copied(clip, route));
            }
            Effect::Exit(exit) => self.exit = Some(exit),
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
            | Effect::SetMouse(_)
            | Effect::ExportJournal(..)
            | Effect::ReadRaw(_)
            | Effect::Receive
            | Effect::RecallMore
            | Effect::Redraw => self.other.push(effect),
        }
    }

    fn tell_drafts(&mut self, account: String) {
        let own = self.drafts.iter().filter(|((who, _), _)| *who == account);
        let drafts = own.map(|((_, group), text)| (group.clone(), text.clone()));
        let drafts = drafts.collect();
        let read = self.unread_drafts.clone().map_or(Ok(drafts), Err);
        self.send(Msg::Drafts(account, read));
    }

    /// Presses one key, named as in `docs/keys.md`.
    pub(crate) fn press(&mut self, name: &str) -> Vec<Effect> {
        self.key(key(name))
    }

    pub(crate) fn key(&mut self, key: Key) -> Vec<Effect> {
        self.keys += 1;
        self.send(Msg::Key(key, Press::First))
    }

    /// Presses keys one after another; no call is answered meanwhile.
    pub(crate) fn press_all(&mut self, names: &str) {
        for name in names.split_whitespace() {
            self.press(name);
        }
    }

    /// Presses keys, and every call is answered before the next key.
    pub(crate) fn play(&mut self, names: &str) {
        for name in names.split_whitespace() {
            self.press(name);
            self.answer_all();
        }
    }

    /// Types a text, letter by letter.
    pub(crate) fn type_text(&mut self, text: &str) {
        for c in text.chars() {
            self.key(Key::char(c));
        }
    }

    pub(crate) fn paste(&mut self, text: &str) {
        self.send(Msg::Pasted(text.into()));
    }

    /// Delivers an answer, whoever still waits for it.
    pub(crate) fn settled(&mut self, ticket: Ticket, call: &Call, reply: Reply) -> Vec<Effect> {
        self.open.retain(|(open, _)| *open != ticket);
        let exchange = Exchange {
            operation: call.operation(),
            path: "/".into(),
            body: None,
            status: reply.failure().map_or(Some(200), |why| why.status),
            took: Duration::from_millis(5),
            answer: Clean::default(),
        };
        self.send(Msg::Settled(ticket, reply, Box::new(exchange)))
    }

    /// The server answers the oldest open call of that kind.
    pub(crate) fn answer(&mut self, operation: Operation) {
        let (ticket, call) = self.find(operation);
        let reply = self
            .server
            .answer(&call)
            .expect("the server was told to stay silent");
        self.settled(ticket, &call, reply);
    }

    /// The oldest open call of that kind fails, whatever the server would say; nothing is applied.
    pub(crate) fn fail(&mut self, operation: Operation, why: &Failure) {
        let (ticket, call) = self.find(operation);
        self.settled(ticket, &call, server::failed(&call, why.clone()));
    }

    fn find(&self, operation: Operation) -> (Ticket, Call) {
        self.open
            .iter()
            .find(|(_, call)| call.operation() == operation)
            .cloned()
            .unwrap_or_else(|| panic!("no {operation:?} is open, only {:?}", self.open))
    }

    /// The server answers until it has nothing left to answer.
    pub(crate) fn answer_all(&mut self) {
        for _ in 0..ENDLESS {
            let answered = self
                .open
                .clone()
                .into_iter()
                .find_map(|(ticket, call)| Some((ticket, self.server.answer(&call)?, call)));
            match answered {
                Some((ticket, reply, call)) => drop(self.settled(ticket, &call, reply)),
                None => return,
            }
        }
        panic!("endless");
    }

    /// Chooses the newest request in Activity that fits.
    pub(crate) fn in_activity(&mut self, fits: impl Fn(&Call) -> bool) {
        let activity = &self.model.activity;
        let at = activity.rows().iter().position(|row| {
            let RowId::Now(id) = row else { return false };
            let entry = activity.get(*id).unwrap();
            matches!(&entry.what, What::Request { call, .. } if fits(call))
        });
        self.model.activity.move_to(at.expect("Activity lists it"));
    }

    /// Time passes; timers run out in their order. No call is answered meanwhile.
    pub(crate) fn wait(&mut self, millis: u64) {
        let until = self.model.now.after(Duration::from_millis(millis));
        while self.next_timer(until) {}
        self.model.now = until;
    }

    /// Lets the next timer run out, if there is one before `until`.
    fn next_timer(&mut self, until: Millis) -> bool {
        let next = (0..self.timers.len()).min_by_key(|i| self.timers[*i].0);
        match next {
            Some(i) if self.timers[i].0 <= until => {
                let (at, timer) = self.timers.remove(i);
                self.model.now = self.model.now.max(at);
                self.send(Msg::Woke(timer));
                true
            }
            Some(_) | None => false,
        }
    }

    /// Answers everything and lets timers run out until none is left.
    pub(crate) fn calm(&mut self) {
        for _ in 0..ENDLESS {
            self.answer_all();
            if !self.next_timer(Millis(u64::MAX)) {
                return;
            }
        }
        panic!("never calm: {:?} {:?}", self.timers, self.open);
    }

    // ---- what is seen

    pub(crate) fn operations(&self) -> Vec<Operation> {
        self.calls.iter().map(Call::operation).collect()
    }

    pub(crate) fn changes(&self) -> Vec<Call> {
        let changes = self
            .calls
            .iter()
            .filter(|call| call.operation().is_change());
        changes.cloned().collect()
    }

    pub(crate) fn operations_that_change(&self) -> Vec<Operation> {
        self.changes().iter().map(Call::operation).collect()
    }

    pub(crate) fn slot(&self, group: &str) -> Slot {
        self.model
            .groups
            .slot(&id(group))
            .expect("the group is listed")
    }

    pub(crate) fn state(&self, group: &str) -> &GroupState {
        self.model.groups.at(self.slot(group))
    }

    pub(crate) fn people(&self) -> &People {
        self.model.members().expect("members are shown")
    }

    /// The numbers of the rows of Members, last digits only.
    pub(crate) fn rows(&self) -> Vec<String> {
        self.people().rows.all().iter().map(WaId::short).collect()
    }

    /// The names of the rows of Groups.
    pub(crate) fn names(&self) -> Vec<String> {
        let rows = self.model.list.rows.all();
        rows.iter()
            .map(|slot| self.model.groups.at(*slot).name())
            .collect()
    }

    pub(crate) fn toasts(&self) -> Vec<&Toast> {
        self.model.toasts.iter().collect()
    }

    /// The newest notice, with its level and everything it says.
    pub(crate) fn notice(&self) -> (Level, String) {
        let toast = self.model.toasts.last().expect("there is a notice");
        let text = [vec![toast.title.clone()], toast.lines.clone()]
            .concat()
            .join("\n");
        (toast.level, text)
    }

    pub(crate) fn says(&self, words: &str) -> bool {
        let mut toasts = self.model.toasts.iter();
        toasts.any(|t| t.title.contains(words) || t.lines.iter().any(|l| l.contains(words)))
    }

    pub(crate) fn confirm(&self) -> &Confirm {
        match &self.model.dialog {
            Some(Dialog::Confirm(confirm)) => confirm,
            other => panic!("no question in a box, but {other:?}"),
        }
    }

    pub(crate) fn form(&self) -> &SubjectForm {
        match &self.model.dialog {
            Some(Dialog::Create(form) | Dialog::Rename(_, form)) => form,
            other => panic!("no form, but {other:?}"),
        }
    }

    pub(crate) fn clip(&self) -> &str {
        &self.clips.last().expect("something was copied").text
    }
}

/// A key by its name: `j`, `enter`, `ctrl-c`, `space`, `f2`.
pub(crate) fn key(name: &str) -> Key {
    if let Some(letter) = name.strip_prefix("ctrl-") {
        return Key::ctrl(letter.chars().next().unwrap());
    }
    let code = match name {
        "enter" => Code::Enter,
        "esc" => Code::Esc,
        "tab" => Code::Tab,
        "shift-tab" => Code::BackTab,
        "backspace" => Code::Backspace,
        "up" => Code::Up,
        "down" => Code::Down,
        "left" => Code::Left,
        "right" => Code::Right,
        "home" => Code::Home,
        "end" => Code::End,
        "pgup" => Code::PageUp,
        "pgdn" => Code::PageDown,
        "space" => Code::Char(' '),
        "shift-up" => return Key::shift(Code::Up),
        "shift-down" => return Key::shift(Code::Down),
        one => {
            let mut chars = one.chars();
            let c = chars.next().unwrap();
            assert!(chars.next().is_none(), "no key is called {one}");
            Code::Char(c)
        }
    };
    Key::plain(code)
}
