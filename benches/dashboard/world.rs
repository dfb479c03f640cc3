//! The core with an account of any size, without a network: what it asks for is written down, and answered when
//! a benchmark wants to.

use std::collections::VecDeque;
use std::time::Duration;

use wavedeck::app::accounts::Accounts;
use wavedeck::app::layout::Size;
use wavedeck::app::msg::{Press, Reply};
use wavedeck::app::pointer::Mouse;
use wavedeck::app::remote::Ticket;
use wavedeck::app::session::Pace;
use wavedeck::app::{Call, Effect, Model, Msg, Session, update};
use wavedeck::domain::{
    Access, Account, BaseUrl, Clean, Exchange, GroupDetails, GroupId, Keepsake, Masking, Millis,
    Roster, TokenPlace, UnixSeconds, WaId,
};
use wavedeck::keymap::{Code, Key, Keymap};

/// Cells of the window.
pub(crate) const SIZE: Size = Size {
    width: 120,
    height: 36,
};
/// The time at the start, in milliseconds since 1970.
const START: Millis = Millis(1_779_028_320_000);
/// Where the groups were created, in seconds since 1970.
const CREATED: usize = 1_400_000_000;
/// The first number of all.
const NUMBERS: usize = 5_519_900_000_000;
/// Between two messages to the core.
const MOMENT: Duration = Duration::from_millis(1);

/// The core, and what it waits for.
pub(crate) struct World {
    pub(crate) model: Model,
    groups: usize,
    members: usize,
    /// Calls without an answer.
    open: VecDeque<(Ticket, Call)>,
}

impl World {
    /// An account with so many groups, all of them read.
    pub(crate) fn loaded(groups: usize) -> anyhow::Result<Self> {
        let base_url = BaseUrl::new(BaseUrl::DEFAULT)?;
        let session = Session {
            access: Access::Full,
            account: Some(Account::new(base_url.clone(), "ana@example.org", "token")?),
            token_at: TokenPlace::default(),
            accounts: Accounts::only(None, base_url.clone(), "a benchmark goes nowhere"),
            base_url,
            badge: None,
            own: None,
            confirm_send_over: 100,
            send_delay: Duration::from_secs(3),
            pace: Pace::Unlimited,
            masking: Masking::default(),
            keys: Keymap::default(),
            mouse: Mouse::default(),
            time_zone: jiff::tz::TimeZone::UTC,
            config_path: String::new(),
            saved: None,
            warnings: Vec::new(),
            seed: 1,
        };
        let mut world = Self {
            model: Model::new(session, SIZE, START),
            groups,
            // More would measure the memory of the computer.
            members: if groups > 10_000 { 16 } else { 256 },
            open: VecDeque::new(),
        };
        world.happen(Msg::Started);
        while let Some(answer) = world.answer()? {
            world.happen(answer);
        }
        anyhow::ensure!(world.model.groups.named() == groups, "names are missing");
        Ok(world)
    }

    /// Hands a message to the core, and takes note of what it asks the server for; nobody is there for anything
    /// else.
    pub(crate) fn happen(&mut self, msg: Msg) {
        self.model.now = self.model.now.after(MOMENT);
        for effect in update(&mut self.model, msg) {
            if let Effect::Call(ticket, call) = effect {
                self.open.push_back((ticket, call));
            } else if let Effect::Cancel(ticket) = effect {
                self.open.retain(|(open, _)| *open != ticket);
            }
        }
    }

    /// A key.
    pub(crate) fn press(&mut self, code: Code) {
        self.happen(key(code));
    }

    /// The answer to the oldest call that has none.
    pub(crate) fn answer(&mut self) -> anyhow::Result<Option<Msg>> {
        let Some((ticket, call)) = self.open.pop_front() else {
            return Ok(None);
        };
        self.reply(ticket, &call).map(Some)
    }

    /// The same for the call of the list, behind a wish to read everything again.
    pub(crate) fn fresh_list(&mut self) -> anyhow::Result<Msg> {
        self.press(Code::Char('R'));
        let list = self
            .open
            .iter()
            .position(|(_, call)| *call == Call::Index)
            .and_then(|at| self.open.remove(at));
        let (ticket, call) = list.ok_or_else(|| anyhow::anyhow!("no list is asked for"))?;
        self.reply(ticket, &call)
    }

    /// The answer to some call for details; everything is read again when all were answered.
    pub(crate) fn next_details(&mut self) -> anyhow::Result<Msg> {
        loop {
            if let Some((ticket, call)) = self.open.pop_front() {
                return self.reply(ticket, &call);
            }
            let list = self.fresh_list()?;
            self.happen(list);
        }
    }

    fn reply(&self, ticket: Ticket, call: &Call) -> anyhow::Result<Msg> {
        let reply = if let Call::Details(id) = call {
            Reply::Details(id.clone(), Ok(self.details(id)?))
        } else if let Call::Icon(id) = call {
            Reply::Icon(id.clone(), Ok(None))
        } else {
            anyhow::ensure!(*call == Call::Index, "nobody answers {call:?}");
            Reply::Index(Ok(self.ids()?))
        };
        let exchange = Exchange {
            operation: call.operation(),
            path: "/v1/whatsapp/groups".to_owned(),
            body: None,
            status: Some(200),
            took: Duration::from_millis(20),
            answer: Clean::default(),
        };
        Ok(Msg::Settled(ticket, reply, Box::new(exchange)))
    }

    /// Everything that is known, as it is kept for the next start.
    pub(crate) fn keepsakes(&self) -> anyhow::Result<Vec<Keepsake>> {
        let told = self.ids()?.into_iter().map(|id| {
            let details = self.details(&id)?;
            Ok(Keepsake::Told(Box::new(details), self.model.now))
        });
        told.collect()
    }

    fn ids(&self) -> anyhow::Result<Vec<GroupId>> {
        let ids = (0..self.groups).map(|n| GroupId::new(&format!("{NUMBERS}-{}", CREATED + n)));
        Ok(ids.collect::<Result<_, _>>()?)
    }

    fn details(&self, id: &GroupId) -> anyhow::Result<GroupDetails> {
        let text = id.to_string();
        let created: i64 = text.rsplit('-').next().unwrap_or_default().parse()?;
        let n = usize::try_from(created)? - CREATED;
        let people = (0..self.members).map(|member| NUMBERS + n % 1_000 * 256 + member);
        let people = people.filter_map(|number| WaId::from_api(&number.to_string()));
        let people: Vec<WaId> = people.collect();
        Ok(GroupDetails {
            id: id.clone(),
            subject: Some(Clean::new(&name(n))),
            creator: people.first().cloned(),
            created: Some(UnixSeconds(created)),
            roster: Some(Roster::new(people, Vec::new())),
        })
    }
}

/// The subject of a group. Neighbours in the list of ids are far apart in the alphabet.
fn name(n: usize) -> String {
    const WORDS: [&str; 8] = [
        "Corrida", "Mães", "Vizinhos", "Livros", "Futebol", "Alunos", "Bazar", "Feirão",
    ];
    let word = WORDS.get(n % WORDS.len()).unwrap_or(&"Grupo");
    format!("{word} {}", n * 7_919 % 1_000_003)
}

/// A key that is pressed.
pub(crate) fn key(code: Code) -> Msg {
    Msg::Key(Key::plain(code), Press::First)
}
