//! Sending what was agreed to, one message at a time, and what is said about it.
//!
//! Nothing here repeats a message: who comes next is decided by [`Invitations`], which forgets nobody
//! who has it or may have it.
//!
//! [`Invitations`]: crate::app::invitations::Invitations

use crate::app::dialog::Dialog;
use crate::app::effect::{Call, Effects};
use crate::app::invitations::{InviteState, Plan, Run};
use crate::app::line::Line;
use crate::app::model::{Model, Origin, Read};
use crate::app::toasts::Level;
use crate::domain::{
    Accepted, CorrelationId, DeliveryState, Failure, FailureKind, GroupId, Invitation, InviteLink,
    Millis, WaId,
};
use crate::keymap::{Action, Context, Keymap};

use super::super::changes::{MOST_NAMES, not_connected};
use super::super::reads;
use super::{LinkState, PATIENCE, follow_form, link_of, show_results};

/// The question was answered with yes.
pub(in crate::app::update) fn begin(model: &mut Model, plan: Plan) -> Effects {
    let group = plan.group.clone();
    model.invitations.drafts.remove(&group);
    model.invitations.begin(plan);
    show_results(model, group);
    Effects::none()
}

/// Does what follows from every message: asks, sends the next one, stops, tells.
pub(in crate::app::update) fn go_on(model: &mut Model) -> Effects {
    follow_form(model);
    let mut effects = Effects::none();
    if !model.invitations.is_idle() {
        if let Some(why) = shut(model) {
            model.invitations.stop_all(&why);
        }
        while let Some(run) = model.invitations.up_next() {
            let (group, link) = (run.group.clone(), run.link.clone());
            match turn(model, &group, &link) {
                Turn::Now => {
                    effects.extend(send(model, &group, &link));
                    break;
                }
                Turn::Later => break,
                Turn::Never(why) => model.invitations.stop(&group, &why),
            }
        }
    }
    while let Some(run) = model.invitations.take_ended() {
        let told = summary(&model.session.keys, run);
        tell(model, told);
    }
    effects
}

/// Why nothing leaves at all now.
fn shut(model: &Model) -> Option<Failure> {
    match &model.line {
        Line::SignedOut => Some(not_connected()),
        Line::Offline { why, .. } | Line::Untrusted { why } => Some(why.clone()),
        Line::Throttled { until, .. } if *until > model.now => Some(Failure {
            kind: FailureKind::RateLimited(Some(until.since(model.now))),
            ..Failure::refused("")
        }),
        Line::Throttled { .. } | Line::Online => None,
    }
}

/// Whether the next message may leave.
enum Turn {
    Now,
    Later,
    Never(Failure),
}

/// Whether the agreed link may be sent to the next person: only while it is the group's link.
fn turn(model: &mut Model, group: &GroupId, agreed: &InviteLink) -> Turn {
    let never = |why: &str| Turn::Never(Failure::refused(why));
    let now = model.now;
    let asked_at = model.invitations.of(group).and_then(|run| run.asked_at);
    let late = asked_at.is_some_and(|at| model.age(at) > PATIENCE);
    match link_of(model, group) {
        _ if late => never("the link could not be read again in time"),
        LinkState::Ready(link) if link != agreed => never("the group has another link now"),
        LinkState::Ready(_) => {
            asked(model, None);
            match model.pacer.take(now) {
                Ok(()) => Turn::Now,
                Err(_) => Turn::Later,
            }
        }
        LinkState::Reading => {
            asked(model, asked_at.or(Some(now)));
            Turn::Later
        }
        LinkState::Old if asked_at.is_none() => {
            if let Some(slot) = model.groups.slot(group) {
                reads::want(model, Read::Invite(slot));
            }
            asked(model, Some(now));
            Turn::Later
        }
        LinkState::Old => never("the link was not read again"),
        LinkState::Failed(why) => Turn::Never(why.clone()),
        LinkState::Resetting => never("the link is being reset"),
        LinkState::NoAddress => never("the link is no web address"),
        LinkState::Gone => never("this group is no longer in the list"),
    }
}

/// Takes note of when the link was asked for, for the run whose turn it is.
fn asked(model: &mut Model, at: Option<Millis>) {
    if let Some(run) = model.invitations.up_next() {
        run.asked_at = at;
    }
}

fn send(model: &mut Model, group: &GroupId, link: &InviteLink) -> Effects {
    let name = CorrelationId::from_bits(model.random.u128(..));
    let words = model.invitations.of(group).map(|run| run.words.clone());
    let to = model.invitations.leaves(group, &name);
    let invitation = to
        .zip(words)
        .and_then(|(to, words)| Invitation::new(to, &words, link, name.clone()));
    let Some(invitation) = invitation else {
        // The question was about just this text, so it can be made; if not, nothing was sent.
        let why = Failure::refused("the message could not be made");
        model.invitations.replied(&name, &Err(why));
        return Effects::none();
    };
    let ticket = model.ticket();
    let call = Call::SendInvitation(group.clone(), invitation);
    reads::launch(model, ticket, call, Origin::User, 1)
}

/// The reply to a message; those that are no invitations are somebody else's.
pub(in crate::app::update) fn replied(
    model: &mut Model,
    name: &CorrelationId,
    result: &Result<Accepted, Failure>,
) {
    model.invitations.replied(name, result);
    // A report that was quicker than the answer.
    if let Some(fate) = model.received.fate(name) {
        model.invitations.reported(name, fate);
    }
}

/// The provider says that an invitation goes no further. Where the results are on the screen its row says
/// so.
pub(in crate::app::update) fn tell_failed(
    model: &mut Model,
    name: &CorrelationId,
    state: &DeliveryState,
) {
    let (Some((group, to)), Some(why)) = (model.invitations.to_whom(name), state.reason()) else {
        return;
    };
    let (group, number) = (group.clone(), to.pretty());
    let title = format!("Invitation to {number} was not delivered");
    let lines = vec![
        format!("to {}", model.name(&group)),
        super::super::copy::capital(&why) + ".",
    ];
    let is_shown = matches!(&model.dialog, Some(Dialog::Invited(shown)) if shown.group == group);
    if is_shown {
        let text = format!("{title} · {}", lines.join(" · "));
        model.activity.note(Level::Error, text, model.now);
    } else {
        model.tell(Level::Error, title, lines);
    }
}

/// What the notice about a run needs, taken out of it.
struct Summary {
    group: GroupId,
    level: Level,
    title: String,
    lines: Vec<String>,
    /// Everybody's result, for Activity.
    all: Option<String>,
}

/// A person's result, in words, with how far the message got where that was reported.
pub fn describe_to(model: &Model, run: &Run, to: &WaId, state: &InviteState) -> String {
    let name = model.invitations.name_of(&run.group, to);
    let fate = name.and_then(|name| model.received.fate(name));
    match (state, fate) {
        (InviteState::Accepted, Some(fate)) => fate.word().to_owned(),
        (_, _) => describe(state),
    }
}

/// A person's result, in words.
fn describe(state: &InviteState) -> String {
    match state {
        InviteState::Waiting => "waiting".to_owned(),
        InviteState::Sending(_) => "sending".to_owned(),
        InviteState::Accepted => "accepted".to_owned(),
        InviteState::Undelivered(why) => format!("not delivered: {why}"),
        InviteState::Refused(why) => format!("refused: {}", why.why()),
        InviteState::Doubtful(why) => format!("may have been delivered: {}", why.why()),
        // Why is the same for all of them, and said once.
        InviteState::NotSent(_) => "not sent".to_owned(),
    }
}

fn summary(keys: &Keymap, run: &Run) -> Summary {
    let counts = run.counts();
    let all = run.people.len();
    let bad = || {
        run.people
            .iter()
            .filter(|(_, state)| *state != InviteState::Accepted)
    };
    let line = |(id, state): &(WaId, InviteState)| format!("{}  {}", id.pretty(), describe(state));
    let title = match (counts.accepted, all) {
        (1, 1) => "1 invitation accepted".to_owned(),
        (good, all) if good == all => format!("{all} invitations accepted"),
        (good, all) => format!("{good} of {all} invitations accepted"),
    };
    let level = if counts.doubtful > 0 {
        Level::Warning
    } else if counts.accepted < all {
        Level::Error
    } else {
        Level::Done
    };
    let mut lines: Vec<String> = bad().take(MOST_NAMES).map(line).collect();
    let more = all - counts.accepted - lines.len();
    if more > 0 {
        let key = keys.way_to(Context::Invite, Action::InviteByMessage);
        lines.push(format!("and {more} more: {key} in Invite shows each"));
    }
    if let Some(why) = &run.stopped {
        lines.push(format!("Stopped: {}.", why.why()));
    }
    if counts.accepted == all {
        lines.push("By the platform: that is not delivered yet.".to_owned());
    }
    let whole = run.people.iter().map(line).collect::<Vec<_>>().join(" · ");
    Summary {
        group: run.group.clone(),
        level,
        title,
        lines,
        all: (all > 1).then_some(whole),
    }
}

fn tell(model: &mut Model, told: Summary) {
    let name = model.name(&told.group);
    if let Some(all) = told.all {
        let text = format!("Invitations to {name} · {all}");
        model.activity.note(told.level, text, model.now);
    }
    let mut lines = vec![format!("to {name}")];
    lines.extend(told.lines);
    model.tell(told.level, told.title, lines);
}
