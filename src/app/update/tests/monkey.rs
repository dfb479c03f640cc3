//! Random events: nothing breaks, `esc` leads home, everything ends, and no grave change is sent
//! without its answer.

mod received;
mod rules;

use std::collections::BTreeSet;
use std::time::Duration;

use fastrand::Rng;

use super::letters::STARTS;
use super::*;
use crate::app::dialog::{Button, Dialog, Intent};
use crate::app::layout::{Layout, Size};
use crate::app::line::Line;
use crate::app::messages::Source;
use crate::app::messages::conversation::Conversation;
use crate::app::model::{Inverse, Origin, Pane};
use crate::app::msg::{Msg, Press, Route};
use crate::app::probe::server::{
    broken, cut, failed, failure, gone, no_network, refused_token, silence, slow_down,
    unknown_number,
};
use crate::app::remote::Ticket;
use crate::app::update::{action_lines, command_lines};
use crate::domain::{
    Access, CorrelationId, Failure, FailureKind, GroupId, Invitation, MemberVerb, MessageText,
    Millis, Mutation, Saved, Sent, TokenPlace, WaId,
};
use crate::keymap::{Action, Code, Context, Key, Keymap};

/// A program, a random world around it, and what was really answered so far.
struct Monkey {
    app: Probe,
    random: Rng,
    keys: Vec<Key>,
    pasted_at: Option<Millis>,
    /// Every intent that was answered with yes, in the documented way.
    answered: Vec<Intent>,
    /// Invitations that were answered with yes and did not leave: to each person one of each answer.
    agreed: Vec<(GroupId, WaId, String)>,
    /// Messages to people that left.
    invited: usize,
    /// Every message that was submitted, and confirmed where many people would read it.
    submitted: Vec<(GroupId, MessageText)>,
    /// The names of the messages that left.
    messages: BTreeSet<CorrelationId>,
    /// Who wrote from outside and was never typed by the user.
    strangers: BTreeSet<WaId>,
    /// Keys that were pressed in the Inbox.
    in_inbox: usize,
    /// Grave calls that were seen: the test would be worth nothing without any.
    grave: usize,
    /// How many requests only read, and how many changed something.
    sent: [usize; 2],
}

fn groups() -> Vec<ServerGroup> {
    let names = [
        "Corrida",
        "Mães da Escola",
        "TI",
        "Bairro Novo",
        "❤️ Família",
        "",
        "Entregas",
    ];
    let mut groups: Vec<ServerGroup> = names
        .iter()
        .enumerate()
        .map(|(n, name)| {
            let n = n as u64;
            group(&format!("5519{n}-151{n}"))
                .subject(name)
                .people(0..4 + 4 * n)
                .admins(0..=n % 3)
        })
        .collect();
    groups.push(group("odd").people([]).admins([]));
    groups.push(group("not-mine").people(1..6).admins([1]));
    groups
}

impl Monkey {
    fn new(seed: u64) -> Self {
        Self::with_access(seed, Access::Full)
    }

    fn with_access(seed: u64, access: Access) -> Self {
        let mut random = Rng::with_seed(seed);
        let mut session = session();
        session.access = access;
        session.seed = seed;
        session.confirm_send_over = 8;
        if random.bool() {
            session.own = None;
        }
        if random.u8(..8) == 0 {
            session.account = None;
        }
        let keymap = Keymap::default();
        let mut keys: BTreeSet<Key> = Context::ALL
            .iter()
            .flat_map(|context| keymap.bindings(*context))
            .flat_map(|(chord, _)| chord.keys())
            .collect();
        keys.extend("abcxyz0123456789 .é❤".chars().map(Key::char));
        keys.extend([Code::Backspace, Code::Delete, Code::Home, Code::F(9)].map(Key::plain));
        keys.extend(['a', 'e', 'k', 'w', 'r', 'q'].map(Key::ctrl));
        let mut app = Probe::new(session, groups());
        app.send(Msg::Started);
        Self {
            app,
            random,
            keys: keys.into_iter().collect(),
            pasted_at: None,
            answered: vec![],
            agreed: vec![],
            invited: 0,
            submitted: vec![],
            messages: BTreeSet::new(),
            strangers: BTreeSet::new(),
            in_inbox: 0,
            grave: 0,
            sent: [0; 2],
        }
    }

    fn event(&mut self) {
        let before = self.app.calls.len();
        match self.random.u8(..100) {
            0..38 => {
                let key = self.keys[self.random.usize(..self.keys.len())];
                self.key(key);
            }
            38..42 => self.key(Key::plain(Code::Esc)),
            42..46 => self.key(Key::plain(Code::Enter)),
            46..52 => self.go_on(),
            52..66 => self.set_out(),
            66..68 => self.paste(),
            68..70 => self.resize(),
            70..75 => {
                let most = [100, 3_000, 3_000, 100_000][self.random.usize(..4)];
                self.app.wait(self.random.u64(..most));
            }
            75..92 => self.reply(),
            92..94 => self.late_reply(),
            94 | 95 => self.world(),
            96 => self.hear(),
            97 => {
                let sick: Result<Route, String> = Err("none".into());
                self.app.clipboard =
                    [Ok(Route::System), Ok(Route::Terminal), sick][self.random.usize(..3)].clone();
            }
            98 => drop(self.app.send(Msg::Resumed)),
            _ => {
                self.app.send(Msg::Saved(Err("disk full".into())));
                let saved = Saved {
                    file: "config.toml".into(),
                    token: TokenPlace::File,
                    no_keyring: None,
                };
                self.app.send(Msg::AccountSaved(Ok(saved)));
            }
        }
        self.check(before);
    }

    /// Whether a key asks to undo: by itself, in the menu, or as the chosen line of the menu or the commands.
    fn undoes(&self, key: Key) -> bool {
        let model = &self.app.model;
        let letter = key == Key::char('u');
        let enter = key == Key::plain(Code::Enter);
        match &model.dialog {
            None => letter,
            Some(Dialog::Actions(menu)) => {
                let lines = action_lines(model);
                let chosen = lines.get(menu.row).map(|(_, line)| line.action);
                letter || enter && chosen == Some(Action::Undo)
            }
            Some(Dialog::Commands(commands)) => {
                let lines = command_lines(model, commands);
                let chosen = lines.get(commands.row).map(|line| line.action);
                enter && chosen == Some(Action::Undo)
            }
            Some(_) => false,
        }
    }

    fn key(&mut self, key: Key) {
        let press = if self.random.u8(..20) == 0 {
            Press::Repeat
        } else {
            Press::First
        };
        let in_inbox = self.before_inbox(key);
        let typed = self.numbers_typed();
        let answer = self.answer_of(key, press);
        self.submitted.extend(self.submitted_by(key, press));
        // What changes something by itself takes back what its notice names.
        if self.undoes(key)
            && let Some(undo) = &self.app.model.undo
            && undo.until > self.app.model.now
            && let Inverse::Change(mutation) = &undo.inverse
        {
            let id = self.app.model.groups.at(undo.slot).id.clone();
            self.answered.push(Intent::Change(id, mutation.clone()));
        }
        let exit = self.app.exit.take();
        assert!(exit.is_none());
        self.app.send(Msg::Key(key, press));
        self.check_plan(&typed);
        if let Some(before) = in_inbox {
            self.check_inbox(key, &before);
        }
        if let Some(Intent::Invite(plan)) = &answer {
            let text = Invitation::wording(&plan.words, &plan.link).unwrap();
            let agreed = plan.people.iter().map(|person| {
                let text = text.as_str().to_owned();
                (plan.group.clone(), person.clone(), text)
            });
            self.agreed.extend(agreed);
        }
        match answer {
            Some(Intent::Send(group, text, _)) => self.submitted.push((group, text)),
            Some(intent) => self.answered.push(intent),
            None => {}
        }
        if key.code == Code::Esc {
            assert!(self.app.exit.is_none(), "esc never quits");
        }
        self.app.exit = None;
    }

    /// The message to a few people that this key sends, by the documentation and not by the code.
    fn submitted_by(&self, key: Key, press: Press) -> Option<(GroupId, MessageText)> {
        let model = &self.app.model;
        let unseen = model.size.layout() == Layout::TooSmall;
        if key != Key::plain(Code::Enter) || model.dialog.is_some() || unseen {
            return None;
        }
        let group = model.thread_group()?.clone();
        let thread = model.messages.of(&group)?;
        let text = if model.messages.composing().is_some() {
            let after_paste = self
                .pasted_at
                .is_some_and(|at| model.now.since(at) < Duration::from_millis(300));
            let held = press == Press::Repeat;
            thread
                .draft
                .message()
                .ok()
                .filter(|_| !after_paste && !held)
        } else {
            let conversation = Conversation::of(model, &group);
            let message = conversation
                .current_own()
                .filter(|message| message.is_not_sent());
            message.map(|message| message.text.clone())
        };
        let people = model.groups.get(&group)?.roster()?.count();
        Some((group, text?)).filter(|_| people <= model.session.confirm_send_over)
    }

    /// What this key says yes to, by the documentation and not by the code.
    fn answer_of(&self, key: Key, press: Press) -> Option<Intent> {
        let model = &self.app.model;
        let after_paste = self
            .pasted_at
            .is_some_and(|at| model.now.since(at) < Duration::from_millis(300));
        let unseen = model.size.layout() == Layout::TooSmall;
        if key.code != Code::Enter || press == Press::Repeat || after_paste || unseen {
            return None;
        }
        match model.dialog.as_ref()? {
            Dialog::Line(question) if matches!(question.intent, Intent::Drop(..)) => {
                Some(question.intent.clone())
            }
            Dialog::Line(question) => {
                let Intent::Change(_, Mutation::Members(MemberVerb::Promote, ids)) =
                    &question.intent
                else {
                    panic!("a line asks for the promotion of one only: {question:?}");
                };
                assert_eq!(ids.count(), 1);
                Some(question.intent.clone())
            }
            Dialog::Confirm(confirm) => {
                let grave = match &confirm.intent {
                    Intent::Leave(_) | Intent::Send(_, _, Source::Unknown(_)) => true,
                    Intent::Change(_, Mutation::Members(verb, ids)) => {
                        *verb != MemberVerb::Promote && ids.count() >= 2
                    }
                    Intent::Change(..)
                    | Intent::Invite(_)
                    | Intent::Send(..)
                    | Intent::Drop(..)
                    | Intent::Quit
                    | Intent::GoTo => false,
                };
                assert!(
                    !grave || confirm.word.is_some(),
                    "{:?} without a word",
                    confirm.intent
                );
                let typed = confirm.input.text().trim();
                let right = confirm
                    .word
                    .as_ref()
                    .is_none_or(|word| word.expected == typed);
                (right && confirm.focus == Button::Act).then(|| confirm.intent.clone())
            }
            Dialog::Create(_)
            | Dialog::Rename(..)
            | Dialog::PickIcon(..)
            | Dialog::Invite(_)
            | Dialog::Invited(_)
            | Dialog::Menu(_)
            | Dialog::Help(_)
            | Dialog::Commands(_)
            | Dialog::Find(_)
            | Dialog::Actions(_)
            | Dialog::ByHand { .. }
            | Dialog::Connect(_) => None,
        }
    }

    /// Goes somewhere on purpose: random keys alone seldom get far.
    fn set_out(&mut self) {
        // What a command forbade would leave nothing to try; what the start forbade stays forbidden.
        self.app.model.access = Access::Full;
        for _ in 0..self.random.usize(..8) {
            self.key(Key::plain(Code::Esc));
        }
        for name in STARTS[self.random.usize(..STARTS.len())].split_whitespace() {
            self.key(key(name));
        }
        if matches!(self.app.model.dialog, Some(Dialog::Invite(_))) {
            self.paste_numbers();
        }
        if self.random.bool() {
            self.go_on();
        }
    }

    /// A form without numbers leads nowhere.
    fn paste_numbers(&mut self) {
        let first = self.random.u64(0..30);
        let numbers: Vec<String> = (first..first + self.random.u64(1..5))
            .map(|n| wa(n).pretty())
            .collect();
        self.app.paste(&numbers.join("\n"));
        self.app.wait(500);
        self.key(Key::plain(Code::Enter));
    }

    /// Answers the open question as the documentation says.
    fn go_on(&mut self) {
        match &self.app.model.dialog {
            Some(Dialog::Confirm(confirm)) if confirm.word.is_none() => {
                self.key(Key::plain(Code::Right));
            }
            Some(Dialog::Invited(_)) if self.random.bool() => self.key(Key::plain(Code::Right)),
            Some(_) | None => self.type_the_word(),
        }
        self.key(Key::plain(Code::Enter));
    }

    fn type_the_word(&mut self) {
        let word = match &self.app.model.dialog {
            Some(Dialog::Confirm(confirm)) => confirm.word.as_ref().map(|w| w.expected.clone()),
            Some(Dialog::Connect(_)) => Some("token".to_owned()),
            Some(_) | None => None,
        };
        for c in word.unwrap_or_default().chars() {
            self.key(Key::char(c));
        }
    }

    fn paste(&mut self) {
        let texts = [
            "2\n",
            "leave 2\r\n",
            "Corrida\n",
            "\u{202e}x\ty",
            "",
            "5519900000003",
            "é❤️",
            "+55 19 90000-0020\n+55 19 90000-0021, 5519900000003\n",
        ];
        let text = texts[self.random.usize(..texts.len())];
        self.pasted_at = Some(self.app.model.now);
        self.app.paste(text);
    }

    fn resize(&mut self) {
        let sizes = [
            (120, 36),
            (80, 24),
            (50, 16),
            (self.random.u16(..160), self.random.u16(..60)),
        ];
        let (width, height) = sizes[self.random.usize(..sizes.len())];
        self.app.send(Msg::Resized(Size { width, height }));
    }

    fn failure(&mut self) -> Failure {
        let forbidden = failure(FailureKind::Forbidden, Some(403), Sent::Answered);
        let malformed = failure(FailureKind::Malformed, Some(200), Sent::Answered);
        let not_in = failure(FailureKind::NotInGroup, Some(400), Sent::Answered);
        if self.random.u8(..40) == 0 {
            return refused_token();
        }
        let all = [
            broken(),
            cut(),
            silence(),
            no_network(),
            gone(),
            unknown_number(),
            forbidden,
            malformed,
            not_in,
            slow_down(None),
            slow_down(Some(3)),
            slow_down(Some(9_999)),
        ];
        all[self.random.usize(..all.len())].clone()
    }

    fn reply(&mut self) {
        if self.app.open.is_empty() {
            return;
        }
        let (ticket, call) = self.app.open[self.random.usize(..self.app.open.len())].clone();
        let reply = match self.random.u8(..10) {
            0 => failed(&call, self.failure()),
            1 => {
                // Carried out, and then no answer.
                drop(self.app.server.answer(&call));
                failed(&call, cut())
            }
            _ => self.app.server.answer(&call).unwrap(),
        };
        self.app.settled(ticket, &call, reply);
    }

    /// An answer that nobody waits for any more, or never did.
    fn late_reply(&mut self) {
        let (ticket, call) = if self.app.cancelled.is_empty() {
            (Ticket(self.random.u64(..1_000) + 1_000_000), Call::Index)
        } else {
            self.app.cancelled[self.random.usize(..self.app.cancelled.len())].clone()
        };
        let why = self.failure();
        let calls = self.app.calls.len();
        self.app.settled(ticket, &call, failed(&call, why));
        let changes = self.app.calls[calls..]
            .iter()
            .filter(|call| call.operation().is_change());
        assert_eq!(changes.count(), 0);
    }

    /// Other people do things.
    fn world(&mut self) {
        let server = &mut self.app.server;
        let n = self.random.u64(..30);
        match self.random.u8(..6) {
            0 if server.groups.len() > 4 => {
                server
                    .groups
                    .remove(self.random.usize(..server.groups.len()));
            }
            0 | 1 if server.groups.len() < 14 => {
                let id = format!("g{}", self.random.u8(..30));
                if server.groups.iter().all(|group| group.id.as_str() != id) {
                    server.groups.push(group(&id));
                }
            }
            2 => drop(server.unknown.insert(wa(n))),
            3 => server.unknown.clear(),
            _ if server.groups.is_empty() => server.groups = groups(),
            _ => {
                let at = self.random.usize(..server.groups.len());
                let group = &mut server.groups[at];
                group.members = (0..n).map(wa).collect();
                group.admins.retain(|id| group.members.contains(id));
                group.subject = format!("Grupo {n}");
            }
        }
    }

    /// The bad day is over: everything comes to its end, and `esc` leads home.
    fn end(&mut self) {
        let app = &mut self.app;
        app.send(Msg::Resized(Size {
            width: 120,
            height: 36,
        }));
        app.server.behave();
        app.clipboard = Ok(Route::System);
        app.calm();
        if app.model.line == Line::SignedOut {
            go_home(app);
            app.wait(1_000);
            app.press("R");
            app.type_text("token");
            app.press("enter");
            app.calm();
        }
        app.calm();
        assert_ne!(app.model.line, Line::SignedOut);
        assert!(!app.model.is_busy(), "{:?}", app.model.flying);
        assert!(!app.model.is_changing());
        assert_eq!(
            app.intents.len(),
            app.ends.len(),
            "every change has its end"
        );
        assert!(app.timers.is_empty(), "{:?}", app.timers);
        go_home(app);
        if app.model.session.account.is_some() {
            app.play("R");
            app.calm();
            let groups = app.server.groups.len();
            assert_eq!(
                (app.model.groups.count(), app.model.groups.named()),
                (groups, groups)
            );
        }
    }
}

#[test]
fn whatever_happens_nothing_breaks_and_no_grave_change_is_sent_without_its_answer() {
    let (mut grave, mut invited, mut messages, mut in_inbox) = (0, 0, 0, 0);
    for seed in 0..40 {
        let mut monkey = Monkey::new(seed);
        for round in 0..5 {
            for _ in 0..1_000 {
                monkey.event();
            }
            if round % 2 == 1 {
                monkey.end();
            }
        }
        monkey.end();
        grave += monkey.grave;
        invited += monkey.invited;
        messages += monkey.messages.len();
        in_inbox += monkey.in_inbox;
    }
    assert!(grave > 2_000, "the monkey gets that far: {grave}");
    assert!(invited > 100, "and invites people: {invited}");
    assert!(messages > 300, "and writes: {messages}");
    assert!(in_inbox > 2_000, "and looks into the Inbox: {in_inbox}");
}

#[test]
fn read_only_never_asks_the_server_for_anything_but_reading() {
    let mut reads = 0;
    for seed in 0..40 {
        let mut monkey = Monkey::with_access(seed, Access::ReadOnly);
        for _ in 0..5_000 {
            monkey.event();
        }
        assert_eq!(monkey.sent[1], 0, "seed {seed}");
        reads += monkey.sent[0];
    }
    assert!(reads > 2_000, "the monkey gets around: {reads}");
}
