//! Carries effects out behind the loop: requests, timers, clipboard, files. Every result comes back
//! through the inbox; nothing here waits on the loop, and nothing here changes the model.

mod accounts;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc::{self, UnboundedSender};
use tokio::sync::{Notify, OnceCell, watch};
use tokio::task::{AbortHandle, JoinSet};

use super::calls::{Caller, refused, unsent};
use super::editor;
use super::files;
pub use super::files::Folders;
use super::following::Follower;
use super::ledger::{Ledger, Record, Unwritten};
use super::log;
use super::receiving;
use super::remembering::Remembering;
use super::rereading::{Configuration, Reread};
use crate::api::Client;
use crate::app::effect::{Call, Clip, CodeFormat};
use crate::app::msg::{Msg, Reply, Route, Timer};
use crate::app::remote::Ticket;
use crate::app::session::Session;
use crate::app::update::Recalled;
use crate::clipboard::{self, Clipboard};
use crate::domain::journal::{End, EntryId, EntryQuery, ExportFormat, Intent};
use crate::domain::{
    Access, Account, Contacts, CorrelationId, Exchange, Failure, GroupId, Keepsake, KeptDraft,
    Lane, Masking, Seq,
};
pub use accounts::{AccountKeeper, OpenAccount, SaveAccount};

/// How long the end of the program waits for what is being written down.
const WRITING: Duration = Duration::from_secs(1);

/// What comes back from a task.
#[derive(Debug)]
pub(super) enum Arrival {
    /// Something for the core.
    Msg(Msg),
    /// Bytes for the terminal, then something for the core.
    Terminal(Vec<u8>, Msg),
    /// The user's editor has ended: the terminal is ours again. Then something for the core.
    Edited(Msg),
    /// The configuration as it was read again.
    Reread(Box<Reread>),
}

/// A function that reads what the user calls people, and says what is wrong with some lines.
pub type ReadContacts = Arc<dyn Fn() -> Result<(Contacts, Vec<String>), String> + Send + Sync>;

/// A client that is built when it is needed first: loading the certificates of the system takes
/// longer than the first frame should.
#[derive(Clone)]
struct Connection {
    account: Account,
    access: Access,
    /// Pixels worth keeping of a picture.
    edge: u32,
    caller: Arc<OnceCell<Caller>>,
}

impl Connection {
    fn new(account: Account, access: Access, edge: u32) -> Self {
        Self {
            account,
            access,
            edge,
            caller: Arc::new(OnceCell::new()),
        }
    }

    async fn caller(&self) -> Result<&Caller, Failure> {
        self.caller
            .get_or_try_init(|| async {
                let account = self.account.clone();
                tokio::task::spawn_blocking(move || Client::new(&account))
                    .await
                    .map_err(|why| Failure::refused(&format!("the client could not start: {why}")))?
                    .map(|client| Caller::new(client.with_access(self.access), self.edge))
                    .map_err(|why| Failure::refused(&why.to_string()))
            })
            .await
    }
}

/// Everything that runs behind the loop.
pub(super) struct Tasks {
    running: JoinSet<()>,
    /// What is being written down: awaited at the end.
    writing: JoinSet<()>,
    ledger: Ledger,
    remembering: Remembering,
    /// Rung when something was received.
    received: Arc<Notify>,
    /// Whether somebody tells what is received.
    follows: bool,
    /// Rung to try once more to receive.
    receive_again: Arc<Notify>,
    /// Dropped at the end, which ends receiving.
    end: Option<watch::Sender<()>>,
    /// To whoever keeps drafts, from the first one on.
    drafts: Option<UnboundedSender<(String, GroupId, KeptDraft)>>,
    calls: HashMap<Ticket, AbortHandle>,
    inbox: UnboundedSender<Arrival>,
    access: Access,
    connection: Option<Connection>,
    clipboard: Arc<Mutex<Clipboard>>,
    keeper: AccountKeeper,
    configuration: Option<Configuration>,
    /// Whoever hears that it was written, once there is something to hear of.
    rereading: Option<AbortHandle>,
    folders: Folders,
    edge: u32,
}

impl Tasks {
    pub(super) fn new(
        inbox: UnboundedSender<Arrival>,
        session: &Session,
        record: Record,
        clipboard: Arc<Mutex<Clipboard>>,
        keeper: AccountKeeper,
        folders: Folders,
        edge: u32,
    ) -> Self {
        Self {
            running: JoinSet::new(),
            writing: JoinSet::new(),
            remembering: Remembering::new(&record.recalling),
            ledger: Ledger::new(record),
            received: Arc::new(Notify::new()),
            follows: false,
            receive_again: Arc::new(Notify::new()),
            end: Some(watch::Sender::new(())),
            drafts: None,
            calls: HashMap::new(),
            inbox,
            access: session.access,
            connection: session
                .account
                .clone()
                .map(|account| Connection::new(account, session.access, edge)),
            clipboard,
            keeper,
            configuration: None,
            rereading: None,
            folders,
            edge,
        }
    }

    /// Lets go of what ended, so that nothing piles up over a long day.
    pub(super) fn tidy(&mut self) {
        while self.running.try_join_next().is_some() {}
        while self.writing.try_join_next().is_some() {}
        self.calls.retain(|_, handle| !handle.is_finished());
    }

    pub(super) fn call(&mut self, ticket: Ticket, call: Call) {
        let connection = if let Call::TestAccount(account) = &call {
            Some(Connection::new(account.clone(), self.access, self.edge))
        } else {
            self.connection.clone()
        };
        let inbox = self.inbox.clone();
        let handle = self.running.spawn(async move {
            let (reply, exchange) = connect_and_perform(connection, ticket, &call).await;
            let msg = Msg::Settled(ticket, reply, Box::new(exchange));
            // The loop has ended: nobody wants to know any more.
            let _ = inbox.send(Arrival::Msg(msg));
        });
        self.calls.insert(ticket, handle);
    }

    /// What an earlier run knew of the groups, for the first frame.
    pub(super) fn recalled(&mut self) -> Option<Recalled> {
        self.remembering.early()
    }

    /// Begins to remember the groups, once there is an account.
    pub(super) fn open_cache(&mut self) {
        if let Some(connection) = &self.connection {
            let inbox = self.inbox.clone();
            (self.remembering).start(&connection.account, inbox, &mut self.writing);
        }
    }

    /// Keeps something for the next start.
    pub(super) fn remember(&self, keepsake: Keepsake) {
        self.remembering.keep(keepsake);
    }

    /// Reads on who was in the groups.
    pub(super) fn recall_more(&self) {
        self.remembering.more();
    }

    /// Opens the journal, once there is an account; nothing waits for it but changes.
    pub(super) fn open_journal(&mut self) {
        if self.connection.is_none() {
            return;
        }
        let (ledger, inbox) = (self.ledger.clone(), self.inbox.clone());
        self.writing.spawn(async move {
            for msg in ledger.open().await {
                let _ = inbox.send(Arrival::Msg(msg));
            }
        });
        if !std::mem::replace(&mut self.follows, true) {
            let follower = Follower::new(self.ledger.clone(), self.inbox.clone());
            self.running.spawn(follower.run(Arc::clone(&self.received)));
            self.start_receiving();
        }
    }

    fn start_receiving(&mut self) {
        let (Some(receive), Some(end)) = (&self.ledger.record().receive, &self.end) else {
            return;
        };
        let desk = receiving::Desk {
            ledger: self.ledger.clone(),
            inbox: self.inbox.clone(),
            received: Arc::clone(&self.received),
            again: Arc::clone(&self.receive_again),
            end: end.subscribe(),
        };
        self.writing.spawn(receiving::run(receive.clone(), desk));
    }

    /// Reads messages of a lane.
    pub(super) fn read_lane(&mut self, lane: Lane, before: Option<Seq>, most: u32) {
        let (ledger, inbox) = (self.ledger.clone(), self.inbox.clone());
        self.running.spawn(async move {
            let read = match ledger.store().await {
                Ok(store) => {
                    let read = store.lane(&lane, before, most).await;
                    read.map_err(|why| why.to_string())
                }
                Err(why) => Err(why),
            };
            let _ = inbox.send(Arrival::Msg(Msg::LaneRead(lane, before, most, read)));
        });
    }

    /// Reads a report as it came.
    pub(super) fn read_raw(&mut self, seq: Seq) {
        let (ledger, inbox) = (self.ledger.clone(), self.inbox.clone());
        self.running.spawn(async move {
            let read = match ledger.store().await {
                Ok(store) => store.raw(seq).await.map_err(|why| why.to_string()),
                Err(why) => Err(why),
            };
            let _ = inbox.send(Arrival::Msg(Msg::RawRead(seq, read)));
        });
    }

    /// Reads what the user calls people.
    pub(super) fn read_contacts(&mut self, read: ReadContacts) {
        self.blocking(move || Arrival::Msg(Msg::Contacts(read())));
    }

    /// Tries once more to receive.
    pub(super) fn receive(&self) {
        self.receive_again.notify_one();
    }

    /// Notes up to where the user has read. What cannot be noted is unread at the next start, no more.
    pub(super) fn mark_read(&mut self, lane: Lane, upto: Seq) {
        let ledger = self.ledger.clone();
        self.writing.spawn(async move {
            if let Ok(store) = ledger.store().await {
                let _ = store.mark_read(&ledger.record().person, &lane, upto).await;
            }
        });
    }

    /// Notes what the provider calls a message. Without it, only reports that repeat our own name for the
    /// message find it, which is what the document promises.
    pub(super) fn note_provider_id(&mut self, provider_id: String, id: CorrelationId) {
        let (ledger, received) = (self.ledger.clone(), Arc::clone(&self.received));
        self.writing.spawn(async move {
            if let Ok(store) = ledger.store().await
                && store.note_provider_id(&provider_id, &id).await.is_ok()
            {
                received.notify_one();
            }
        });
    }

    /// Sends a change once it is written down.
    pub(super) fn change(&mut self, ticket: Ticket, call: Call, intent: Box<Intent>) {
        let connection = self.connection.clone();
        let ledger = self.ledger.clone();
        let inbox = self.inbox.clone();
        let handle = self.running.spawn(async move {
            let (written, news) = ledger.begin(ticket, &intent).await;
            for msg in news {
                let _ = inbox.send(Arrival::Msg(msg));
            }
            let (reply, exchange) = match written {
                Ok(entry) => {
                    let _ = inbox.send(Arrival::Msg(Msg::Begun(ticket, entry)));
                    connect_and_perform(connection, ticket, &call).await
                }
                Err(Unwritten::Failed(why)) => {
                    let _ = inbox.send(Arrival::Msg(Msg::JournalRefused(why.clone())));
                    (refused(&call, not_recorded(&why)), unsent(&call))
                }
                // Nobody waits for a reply either.
                Err(Unwritten::Dropped) => return,
            };
            let msg = Msg::Settled(ticket, reply, Box::new(exchange));
            let _ = inbox.send(Arrival::Msg(msg));
        });
        self.calls.insert(ticket, handle);
    }

    /// Keeps a draft, after those that came before it.
    pub(super) fn save_draft(&mut self, account: String, group: GroupId, draft: KeptDraft) {
        let ledger = self.ledger.clone();
        let inbox = self.inbox.clone();
        let writing = &mut self.writing;
        let drafts = self.drafts.get_or_insert_with(|| {
            let (sender, mut drafts) = mpsc::unbounded_channel::<(String, GroupId, KeptDraft)>();
            // One after another: an older draft must not come after a newer one.
            writing.spawn(async move {
                while let Some((account, group, draft)) = drafts.recv().await {
                    if let Err(why) = ledger.save_draft(&account, &group, &draft).await {
                        let _ = inbox.send(Arrival::Msg(Msg::DraftNotKept(why)));
                    }
                }
            });
            sender
        });
        // Whoever receives ends with this program only.
        let _ = drafts.send((account, group, draft));
    }

    pub(super) fn read_drafts(&mut self, account: String) {
        let ledger = self.ledger.clone();
        let inbox = self.inbox.clone();
        self.running.spawn(async move {
            let read = ledger.drafts(&account).await;
            let _ = inbox.send(Arrival::Msg(Msg::Drafts(account, read)));
        });
    }

    pub(super) fn read_messages(&mut self, account: String, group: GroupId, most: u32) {
        let ledger = self.ledger.clone();
        let inbox = self.inbox.clone();
        self.running.spawn(async move {
            let read = ledger.messages_to(&account, &group, most).await;
            if let Ok(entries) = &read
                && let Ok(fates) = ledger.fates(entries).await
            {
                // First, so that what is shown is whole at once.
                let _ = inbox.send(Arrival::Msg(Msg::Reported(fates)));
            }
            let _ = inbox.send(Arrival::Msg(Msg::History(account, group, read)));
        });
    }

    /// Writes down what became of a change.
    pub(super) fn settle(&mut self, ticket: Ticket, end: End) {
        let ledger = self.ledger.clone();
        let inbox = self.inbox.clone();
        self.write(async move {
            if let Some(doubt) = ledger.settle(ticket, &end).await? {
                let _ = inbox.send(Arrival::Msg(Msg::Doubted(Box::new(doubt))));
            }
            Ok(())
        });
    }

    /// Reads entries of the journal.
    pub(super) fn read_journal(&mut self, query: EntryQuery) {
        let (ledger, inbox) = (self.ledger.clone(), self.inbox.clone());
        self.running.spawn(async move {
            let (page, news) = ledger.read(&query).await;
            for msg in news {
                let _ = inbox.send(Arrival::Msg(msg));
            }
            let _ = inbox.send(Arrival::Msg(Msg::JournalRead(query, page)));
        });
    }

    /// Writes the whole journal into a new file.
    pub(super) fn export_journal(&mut self, format: ExportFormat, masking: Masking) {
        let (ledger, inbox) = (self.ledger.clone(), self.inbox.clone());
        let folder = self.folders.downloads.clone();
        self.running.spawn(async move {
            let saved = match ledger.export(format, masking).await {
                Ok(text) => {
                    let ending = format.extension();
                    let save = move || {
                        files::save_private(&folder, "wavedeck-changes", ending, text.as_bytes())
                    };
                    let saved = tokio::task::spawn_blocking(save).await;
                    saved.unwrap_or_else(|why| Err(why.to_string()))
                }
                Err(why) => Err(why),
            };
            let _ = inbox.send(Arrival::Msg(Msg::Saved(saved)));
        });
    }

    /// Writes down what became of a change of an earlier run.
    pub(super) fn settle_entry(&mut self, entry: EntryId, end: End) {
        let ledger = self.ledger.clone();
        self.write(async move { ledger.settle_entry(entry, &end).await });
    }

    fn write(&mut self, work: impl Future<Output = Result<(), String>> + Send + 'static) {
        let inbox = self.inbox.clone();
        self.writing.spawn(async move {
            if let Err(why) = work.await {
                let _ = inbox.send(Arrival::Msg(Msg::NotNoted(why)));
            }
        });
    }

    /// Waits, but not for long, until everything is written down.
    pub(super) async fn close(&mut self) {
        // Nothing more comes: what is there is written.
        self.drafts = None;
        self.remembering.end();
        self.end = None;
        let written = async { while self.writing.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(WRITING, written).await;
        // A change that is still on its way is given up now: the next start finds it open.
        self.running.abort_all();
        self.ledger.close().await;
    }

    pub(super) fn cancel(&mut self, ticket: Ticket) {
        if let Some(handle) = self.calls.remove(&ticket) {
            handle.abort();
        }
    }

    pub(super) fn wake(&mut self, after: Duration, timer: Timer) {
        let inbox = self.inbox.clone();
        self.running.spawn(async move {
            tokio::time::sleep(after).await;
            let _ = inbox.send(Arrival::Msg(Msg::Woke(timer)));
        });
    }

    pub(super) fn copy(&mut self, clip: Clip) {
        let clipboard = Arc::clone(&self.clipboard);
        self.blocking(move || {
            let mut bytes = Vec::new();
            let mut clipboard = clipboard.lock().unwrap_or_else(PoisonError::into_inner);
            let route = clipboard.copy(&clip.text, &mut bytes);
            let route = route
                .map_err(|why| why.to_string())
                .map(|route| match route {
                    clipboard::Route::System => Route::System,
                    clipboard::Route::Terminal => Route::Terminal,
                });
            Arrival::Terminal(bytes, Msg::Copied(clip, route))
        });
    }

    /// Lets the user edit a text with a program of their own, which has the terminal meanwhile.
    pub(super) fn edit_outside(&mut self, command: String, group: GroupId, text: String) {
        let Some(end) = &self.end else { return };
        let (inbox, end) = (self.inbox.clone(), end.subscribe());
        // Among what is awaited at the end: two programs at one terminal would be one too many.
        self.writing.spawn(async move {
            let edited = editor::edit(&command, &text, end).await;
            let _ = inbox.send(Arrival::Edited(Msg::Edited(group, text, edited)));
        });
    }

    /// Says that there is no editor.
    pub(super) fn no_editor(&self, group: GroupId, text: String) {
        let why = Err(editor::UNNAMED.to_owned());
        let _ = self.inbox.send(Arrival::Msg(Msg::Edited(group, text, why)));
    }

    pub(super) fn open_link(&mut self, address: String) {
        let inbox = self.inbox.clone();
        self.running.spawn_blocking(move || {
            if let Err(why) = open::that_detached(&address) {
                let why = format!("no program for web addresses was found here: {why}");
                let _ = inbox.send(Arrival::Msg(Msg::NotOpened(address, why)));
            }
        });
    }

    pub(super) fn save_code(&mut self, address: String, format: CodeFormat) {
        let folder = self.folders.downloads.clone();
        self.blocking(move || {
            Arrival::Msg(Msg::Saved(files::save_code(&folder, &address, format)))
        });
    }

    pub(super) fn save_picture(&mut self, bytes: Arc<[u8]>, ending: &'static str) {
        let folder = self.folders.downloads.clone();
        self.blocking(move || {
            Arrival::Msg(Msg::Saved(files::save_new(&folder, "icon", ending, &bytes)))
        });
    }

    pub(super) fn look_at(&mut self, path: String) {
        let (folders, edge) = (self.folders.clone(), self.edge);
        self.blocking(move || {
            let found = files::look_at(&folders, &path, edge);
            Arrival::Msg(Msg::LookedAt(path, found))
        });
    }

    pub(super) fn complete(&mut self, text: String) {
        let folders = self.folders.clone();
        self.blocking(move || {
            let (completed, names) = files::complete(&folders, &text);
            Arrival::Msg(Msg::Completed(text, completed, names))
        });
    }

    pub(super) fn use_account(&mut self, account: Account) {
        let inbox = self.inbox.clone();
        (self.remembering).turn_to(&account, inbox, &mut self.writing);
        self.connection = Some(Connection::new(account, self.access, self.edge));
        self.open_journal();
    }

    fn blocking(&mut self, work: impl FnOnce() -> Arrival + Send + 'static) {
        let inbox = self.inbox.clone();
        self.running.spawn_blocking(move || {
            let _ = inbox.send(work());
        });
    }
}

/// Why a change was not sent that could not be written down.
fn not_recorded(why: &str) -> Failure {
    Failure::refused(&format!(
        "this cannot be recorded, so it was not sent: {why}"
    ))
}

/// Makes one call; none leaves when there is no client to make it.
async fn connect_and_perform(
    connection: Option<Connection>,
    ticket: Ticket,
    call: &Call,
) -> (Reply, Exchange) {
    #[cfg(debug_assertions)]
    super::fault::strike(super::fault::Fault::Task);
    let connection = connection.ok_or_else(|| Failure::refused("no account is connected"));
    let caller = match &connection {
        Ok(connection) => connection.caller().await,
        Err(why) => Err(why.clone()),
    };
    tracing::debug!(ticket = ticket.0, call = ?call.operation(), "begins");
    let (reply, exchange) = match caller {
        Ok(caller) => caller.perform(call).await,
        Err(why) => (refused(call, why), unsent(call)),
    };
    log::request(ticket, call, &exchange);
    (reply, exchange)
}
