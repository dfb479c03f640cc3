//! The loop: one message at a time into the core, its effects out, one frame for all that was
//! pending.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::mpsc::{self, UnboundedReceiver};
use tokio::time::Instant;

use super::clock;
use super::events::{Input, Reader};
#[cfg(debug_assertions)]
use super::fault::{self, Fault};
use super::graphics::Graphics;
use super::keys::translate;
use super::log;
use super::mouse;
use super::signals::{Signal, Signals};
use super::tasks::{Arrival, Tasks};
use super::terminal::Screen;
use crate::app::effect::{Effect, Effects, Exit};
use crate::app::layout::Size;
use crate::app::{Model, Msg, Session, update};
use crate::clipboard::Clipboard;
use crate::domain::Contacts;
use crate::theme::Theme;
use crate::thumbnail;
use crate::ui::{self, Regions};

pub use super::ledger::{Place, Record};
pub use super::rereading::{Configuration, Occasion, ReadAgain, Reread};
pub use super::tasks::{AccountKeeper, Folders, OpenAccount, ReadContacts, SaveAccount};

/// Longest time between two frames while messages keep coming.
const LONGEST_BATCH: Duration = Duration::from_millis(50);
/// Shortest time between two frames that differ by the size of the window only: a window that is being
/// dragged tells hundreds of sizes.
const BETWEEN_SIZES: Duration = Duration::from_millis(50);
/// Shortest time between two frames that differ by answers only: names may arrive by the thousand a second.
const BETWEEN_ANSWERS: Duration = Duration::from_millis(16);
/// How long an end from outside waits for the answer to a change that was sent.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// What the loop needs of the world.
pub struct World {
    /// The terminal, taken over.
    pub screen: Screen,
    /// Keys and pastes.
    pub input: Reader,
    /// The command of the user's editor, if one is named.
    pub editor: Option<String>,
    /// Signals.
    pub signals: Signals,
    /// The clipboard, kept until the program ends.
    pub clipboard: Arc<Mutex<Clipboard>>,
    /// The look.
    pub theme: Theme,
    /// Real pictures, where the terminal shows them.
    pub graphics: Option<Graphics>,
    /// Where files are found and saved.
    pub folders: Folders,
    /// What stands where on the last frame.
    pub regions: Regions,
    /// Reads what the user calls people, if there is a file of that.
    pub contacts: Option<ReadContacts>,
    /// The file of settings, if it is followed.
    pub configuration: Option<Configuration>,
}

impl World {
    /// Pixels worth keeping of a picture: real ones deserve more than blocks.
    fn picture_edge(&self) -> u32 {
        if self.graphics.is_some() {
            thumbnail::GRAPHICS
        } else {
            thumbnail::BLOCKS
        }
    }
}

/// How the dashboard ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The user left.
    Quit,
    /// The user wants the demo.
    Demo,
    /// The user goes to what was opened last.
    GoTo,
    /// A signal, with the exit code that belongs to it.
    Signal(Signal),
    /// The terminal is gone.
    TerminalGone,
}

/// Runs the dashboard until it ends. A terminal that cannot be drawn on any more is gone: whoever
/// notices first, the drawing or the reader of the keys, the end is the same.
pub async fn run(
    world: &mut World,
    session: Session,
    record: Record,
    keeper: AccountKeeper,
) -> Ending {
    let size = size_of(&world.screen);
    let (sender, mut inbox) = mpsc::unbounded_channel();
    let clipboard = Arc::clone(&world.clipboard);
    let mut tasks = Tasks::new(
        sender,
        &session,
        record,
        clipboard,
        keeper,
        world.folders.clone(),
        world.picture_edge(),
    );
    let mut model = Model::new(session, size, clock::now());
    if let Some(recalled) = tasks.recalled() {
        model.recall(recalled);
    }

    let attended = attend(world, &mut model, &mut tasks, &mut inbox).await;
    let ending = if let Ok(ending) = attended {
        if let Some(graphics) = &mut world.graphics {
            // A terminal that is gone keeps nothing either.
            let _ = world.screen.send(&graphics.farewell());
            // Whatever is shown next in it sends its pictures anew.
            graphics.forget();
        }
        ending
    } else {
        last_words(&mut model, &mut tasks, &mut inbox).await;
        Ending::TerminalGone
    };
    tasks.close().await;
    ending
}

/// The loop.
async fn attend(
    world: &mut World,
    model: &mut Model,
    tasks: &mut Tasks,
    inbox: &mut UnboundedReceiver<Arrival>,
) -> io::Result<Ending> {
    world.screen.set_mouse(model.session.mouse)?;
    // The first frame stands before anything else happens.
    draw(world, model)?;
    // Of many groups only those in front are on it.
    if let Some(recalled) = tasks.recalled() {
        model.recall(recalled);
    }
    tasks.open_journal();
    tasks.open_cache();
    if let Some(read) = &world.contacts {
        tasks.read_contacts(Arc::clone(read));
    }
    if let Some(configuration) = &world.configuration {
        tasks.follow_configuration(configuration.clone());
    }
    let mut ending = handle(world, model, tasks, Msg::Started)?;
    let mut drawn = Instant::now();
    let mut patience = Duration::ZERO;
    loop {
        if let Some(ending) = ending {
            return Ok(ending);
        }
        let rest = patience.saturating_sub(drawn.elapsed());
        let waits = !rest.is_zero();
        if !waits {
            draw(world, model)?;
            drawn = Instant::now();
            patience = Duration::MAX;
        }
        let next = tokio::select! {
            biased; // an end first; then answers, so that keys meet the newest truth
            signal = world.signals.next() => Next::Signal(signal),
            Some(arrival) = inbox.recv() => Next::Arrival(Box::new(arrival)),
            input = world.input.next() => Next::Input(input),
            () = tokio::time::sleep(rest), if waits => Next::Frame,
        };
        patience = patience.min(next.patience());
        ending = take(world, model, tasks, inbox, next).await?;
        // Everything that is already there is taken before the next frame is drawn.
        let start = clock::now();
        while ending.is_none() && clock::now().since(start) < LONGEST_BATCH {
            let next = match inbox.try_recv() {
                Ok(arrival) => Next::Arrival(Box::new(arrival)),
                Err(_) => match world.input.try_next() {
                    Some(input) => Next::Input(input),
                    None => break,
                },
            };
            patience = patience.min(next.patience());
            ending = take(world, model, tasks, inbox, next).await?;
        }
        tasks.tidy();
    }
}

/// What the loop was woken by.
enum Next {
    Signal(Signal),
    Arrival(Box<Arrival>),
    Input(Input),
    /// A frame is due.
    Frame,
}

impl Next {
    /// How old the frame on the screen must be before it makes another one worth while. What the user does
    /// shows at once.
    fn patience(&self) -> Duration {
        match self {
            Self::Signal(Signal::Resized) | Self::Input(Input::Resized { .. }) => BETWEEN_SIZES,
            Self::Arrival(_) => BETWEEN_ANSWERS,
            Self::Signal(_) | Self::Input(_) | Self::Frame => Duration::ZERO,
        }
    }
}

async fn take(
    world: &mut World,
    model: &mut Model,
    tasks: &mut Tasks,
    inbox: &mut UnboundedReceiver<Arrival>,
    next: Next,
) -> io::Result<Option<Ending>> {
    match next {
        Next::Arrival(arrival) => {
            let msg = match *arrival {
                Arrival::Msg(msg) => msg,
                Arrival::Reread(reread) => {
                    world.theme = reread.theme;
                    world.contacts = reread.contacts;
                    tasks.read_contacts(contacts_or_none(world));
                    Msg::Reread(Ok(Box::new(reread.preferences)))
                }
                Arrival::Terminal(bytes, msg) => {
                    if !bytes.is_empty() {
                        world.screen.send(&bytes)?;
                    }
                    msg
                }
                Arrival::Edited(msg) => {
                    take_back(world)?;
                    msg
                }
            };
            handle(world, model, tasks, msg)
        }
        Next::Input(Input::Key(event)) => match translate(&event) {
            Some((key, press)) => handle(world, model, tasks, Msg::Key(key, press)),
            None => Ok(None),
        },
        Next::Input(Input::Mouse(event)) => match mouse::translate(event, &world.regions) {
            Some(msg) => handle(world, model, tasks, msg),
            None => Ok(None),
        },
        Next::Input(Input::Pasted(text)) => {
            #[cfg(debug_assertions)]
            fault::arm();
            handle(world, model, tasks, Msg::Pasted(text))
        }
        Next::Input(Input::Resized { columns, rows }) => {
            let size = Size {
                width: columns,
                height: rows,
            };
            measure(world);
            handle(world, model, tasks, Msg::Resized(size))
        }
        Next::Frame => Ok(None),
        Next::Input(Input::Gone) => {
            last_words(model, tasks, inbox).await;
            Ok(Some(Ending::TerminalGone))
        }
        Next::Signal(signal) => {
            tracing::debug!(?signal, "signal");
            match signal {
                Signal::Suspend => {
                    world.screen.suspend()?;
                    Ok(None)
                }
                Signal::Continue => {
                    resume(world)?;
                    let size = size_of(&world.screen);
                    let ending = handle(world, model, tasks, Msg::Resized(size))?;
                    Ok(ending.or(handle(world, model, tasks, Msg::Resumed)?))
                }
                Signal::Resized => {
                    measure(world);
                    let size = size_of(&world.screen);
                    handle(world, model, tasks, Msg::Resized(size))
                }
                // The keys for these go to every program in front, and this one is not in front.
                Signal::Interrupt | Signal::Quit if world.screen.is_lent() => Ok(None),
                Signal::Interrupt | Signal::Terminate | Signal::HangUp | Signal::Quit => {
                    last_words(model, tasks, inbox).await;
                    Ok(Some(Ending::Signal(signal)))
                }
            }
        }
    }
}

/// Drafts are kept, and a change that was sent gets a moment to be answered; nothing new leaves
/// meanwhile.
async fn last_words(model: &mut Model, tasks: &mut Tasks, inbox: &mut UnboundedReceiver<Arrival>) {
    model.now = clock::now();
    last_effects(update(model, Msg::Terminated), tasks);
    let waits = |model: &Model| {
        model
            .flying
            .values()
            .any(|flying| flying.call.operation().is_change())
    };
    let wait = async {
        while waits(model) {
            let msg = match inbox.recv().await {
                Some(Arrival::Msg(msg) | Arrival::Terminal(_, msg) | Arrival::Edited(msg)) => msg,
                // Nobody looks any more.
                Some(Arrival::Reread(_)) => continue,
                None => break,
            };
            last_effects(update(model, msg), tasks);
        }
    };
    // Past the limit the change is left to itself; the user sees the truth at the next start.
    let _ = tokio::time::timeout(LAST_WORDS, wait).await;
}

fn last_effects(effects: Effects, tasks: &mut Tasks) {
    for effect in effects {
        // Reads that verify are worth starting; a new change is not.
        match effect {
            Effect::Call(ticket, call) => tasks.call(ticket, call),
            Effect::Settle(ticket, end) => tasks.settle(ticket, end),
            Effect::SettleEntry(entry, end) => tasks.settle_entry(entry, end),
            Effect::SaveDraft {
                account,
                group,
                draft,
            } => tasks.save_draft(account, group, draft),
            Effect::MarkRead(lane, upto) => tasks.mark_read(lane, upto),
            Effect::NoteProviderId(provider_id, id) => tasks.note_provider_id(provider_id, id),
            Effect::Remember(keepsake) => tasks.remember(keepsake),
            Effect::RecallMore
            | Effect::Change(..)
            | Effect::ReadLane(..)
            | Effect::ReadRaw(_)
            | Effect::Receive
            | Effect::ReadDrafts(_)
            | Effect::ReadMessages { .. }
            | Effect::ReadJournal(_)
            | Effect::ExportJournal(..)
            | Effect::Cancel(_)
            | Effect::Wake(..)
            | Effect::Copy(_)
            | Effect::OpenLink(_)
            | Effect::LookAt(_)
            | Effect::Complete(_)
            | Effect::SavePicture(..)
            | Effect::SaveCode(..)
            | Effect::UseAccount(_)
            | Effect::SaveAccount(_)
            | Effect::EditOutside(..)
            | Effect::Open(_)
            | Effect::ReadConfiguration
            | Effect::Suspend
            | Effect::Redraw
            | Effect::SetMouse(_)
            | Effect::Exit(_) => {}
        }
    }
}

fn handle(
    world: &mut World,
    model: &mut Model,
    tasks: &mut Tasks,
    msg: Msg,
) -> io::Result<Option<Ending>> {
    model.now = clock::now();
    log::message(&msg);
    #[cfg(debug_assertions)]
    for fault in [Fault::Update, Fault::Hook] {
        fault::strike(fault);
    }
    let mut ending = None;
    for effect in update(model, msg) {
        match effect {
            Effect::Call(ticket, call) => tasks.call(ticket, call),
            Effect::Change(ticket, call, intent) => tasks.change(ticket, call, intent),
            Effect::Settle(ticket, end) => tasks.settle(ticket, end),
            Effect::SettleEntry(entry, end) => tasks.settle_entry(entry, end),
            Effect::ReadJournal(query) => tasks.read_journal(query),
            Effect::ExportJournal(format, masking) => tasks.export_journal(format, masking),
            Effect::SaveDraft {
                account,
                group,
                draft,
            } => tasks.save_draft(account, group, draft),
            Effect::ReadDrafts(account) => tasks.read_drafts(account),
            Effect::ReadMessages {
                account,
                group,
                most,
            } => tasks.read_messages(account, group, most),
            Effect::ReadLane(lane, before, most) => tasks.read_lane(lane, before, most),
            Effect::ReadRaw(seq) => tasks.read_raw(seq),
            Effect::MarkRead(lane, upto) => tasks.mark_read(lane, upto),
            Effect::NoteProviderId(provider_id, id) => tasks.note_provider_id(provider_id, id),
            Effect::Remember(keepsake) => tasks.remember(keepsake),
            Effect::RecallMore => tasks.recall_more(),
            Effect::Receive => tasks.receive(),
            Effect::Cancel(ticket) => tasks.cancel(ticket),
            Effect::Wake(after, timer) => tasks.wake(after, timer),
            Effect::Copy(clip) => tasks.copy(clip),
            Effect::OpenLink(address) => tasks.open_link(address),
            Effect::LookAt(path) => tasks.look_at(path),
            Effect::Complete(text) => tasks.complete(text),
            Effect::SavePicture(bytes, ending) => tasks.save_picture(bytes, ending),
            Effect::SaveCode(address, format) => tasks.save_code(address, format),
            Effect::UseAccount(account) => tasks.use_account(account),
            Effect::SaveAccount(account) => tasks.save_account(account),
            Effect::EditOutside(group, text) => match world.editor.clone() {
                Some(command) => {
                    lend(world)?;
                    tasks.edit_outside(command, group, text);
                }
                None => tasks.no_editor(group, text),
            },
            Effect::Open(goal) => tasks.open(goal),
            Effect::ReadConfiguration => tasks.read_configuration(),
            Effect::Suspend => world.screen.suspend()?,
            Effect::Redraw => resume(world)?,
            Effect::SetMouse(mouse) => world.screen.set_mouse(mouse)?,
            Effect::Exit(Exit::Quit) => ending = Some(Ending::Quit),
            Effect::Exit(Exit::Demo) => ending = Some(Ending::Demo),
            Effect::Exit(Exit::GoTo) => ending = Some(Ending::GoTo),
        }
    }
    Ok(ending)
}

/// How the file of contacts is read; without one, nobody has a name.
fn contacts_or_none(world: &World) -> ReadContacts {
    let nobody = || -> ReadContacts { Arc::new(|| Ok((Contacts::default(), Vec::new()))) };
    world.contacts.clone().unwrap_or_else(nobody)
}

fn draw(world: &mut World, model: &Model) -> io::Result<()> {
    let theme = world.theme;
    let (graphics, regions) = (&mut world.graphics, &mut world.regions);
    tracing::trace!("frame");
    world.screen.draw(|frame| {
        let shown = ui::view(model, &theme, frame);
        #[cfg(debug_assertions)]
        fault::strike(Fault::Draw);
        if let Some(graphics) = graphics {
            graphics.draw(shown.place.as_ref(), frame.buffer_mut());
        }
        *regions = shown.regions;
    })
}

/// The terminal again, whatever was done to it meanwhile.
fn resume(world: &mut World) -> io::Result<()> {
    if let Some(graphics) = &mut world.graphics {
        graphics.forget();
    }
    measure(world);
    world.screen.resume()
}

/// The terminal to another program: it gets every key from now on.
fn lend(world: &mut World) -> io::Result<()> {
    world.input.pause();
    world.screen.lend()
}

/// The terminal from the other program, which has ended.
fn take_back(world: &mut World) -> io::Result<()> {
    if !world.screen.is_lent() {
        return Ok(());
    }
    world.screen.take_back()?;
    world.input.go_on();
    resume(world)
}

/// Letters of another size make another size of the window.
fn measure(world: &mut World) {
    if let Some(graphics) = &mut world.graphics
        && let Ok(window) = crossterm::terminal::window_size()
    {
        graphics.measure(&window);
    }
}

/// The size now; a terminal that does not know its size is taken for the usual one.
fn size_of(screen: &Screen) -> Size {
    screen.size().map_or(
        Size {
            width: 80,
            height: 24,
        },
        |size| Size {
            width: size.width,
            height: size.height,
        },
    )
}
