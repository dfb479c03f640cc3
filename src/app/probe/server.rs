//! A server of a few lines for the tests of the core: groups, people and links in memory, and rules
//! by which it misbehaves. Not the simulator: no HTTP, no time, and it answers only when asked to.

use std::collections::HashSet;

use crate::app::{Call, Reply};
use crate::domain::{
    Accepted, Clean, Failure, FailureKind, GroupDetails, GroupId, IconAddress, IconFile, IconInfo,
    InviteLink, MemberVerb, Neighbourhood, Operation, Picture, Roster, Sent, Subject, Thumbnail,
    UnixSeconds, Unreachable, WaId,
};

/// Person number `n`: `+55 19 90000-000n`.
pub(crate) fn wa(n: u64) -> WaId {
    WaId::from_api(&(5_519_900_000_000 + n).to_string()).unwrap()
}

pub(crate) fn failure(kind: FailureKind, status: Option<u16>, sent: Sent) -> Failure {
    Failure {
        kind,
        status,
        sent,
        detail: Clean::default(),
    }
}

pub(crate) fn refused_token() -> Failure {
    failure(FailureKind::Unauthorized, Some(401), Sent::Answered)
}

pub(crate) fn unknown_number() -> Failure {
    failure(FailureKind::NumberNotFound, Some(400), Sent::Answered)
}

pub(crate) fn gone() -> Failure {
    failure(FailureKind::GroupGone, Some(404), Sent::Answered)
}

pub(crate) fn slow_down(seconds: Option<u64>) -> Failure {
    let pause = seconds.map(std::time::Duration::from_secs);
    failure(FailureKind::RateLimited(pause), Some(429), Sent::Answered)
}

pub(crate) fn broken() -> Failure {
    failure(FailureKind::Server(None), Some(500), Sent::Answered)
}

pub(crate) fn no_network() -> Failure {
    failure(
        FailureKind::Unreachable(Unreachable::Refused),
        None,
        Sent::Never,
    )
}

pub(crate) fn silence() -> Failure {
    failure(FailureKind::Timeout, None, Sent::Maybe)
}

pub(crate) fn cut() -> Failure {
    failure(FailureKind::Cut, None, Sent::Maybe)
}

pub(crate) fn no_icon() -> Failure {
    failure(FailureKind::NoIcon, Some(404), Sent::Answered)
}

/// A picture of one pixel that is told apart by its number.
pub(crate) fn picture(number: u32) -> Picture {
    let byte = u8::try_from(number % 256).unwrap();
    Picture {
        format: "JPEG",
        width: 640,
        height: 640,
        file: vec![byte].into(),
        thumbnail: Thumbnail::new(1, 1, vec![[byte; 3]]).unwrap(),
        restore: Some(IconFile::encoded(vec![byte], 640)),
    }
}

/// What happens to a call.
#[derive(Clone, Debug)]
pub(crate) enum Manner {
    /// It fails so, and nothing is applied.
    Fail(Failure),
    /// It is applied, and then no answer comes.
    ApplyThenCut,
    /// It stays open.
    Silent,
}

/// How long a rule holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Times {
    Once,
    Always,
}

/// One group on the server.
#[derive(Clone, Debug)]
pub(crate) struct ServerGroup {
    pub(crate) id: GroupId,
    pub(crate) subject: String,
    pub(crate) members: Vec<WaId>,
    pub(crate) admins: Vec<WaId>,
    /// When it was created, by person 0; `None` where the server does not tell.
    pub(crate) created: Option<UnixSeconds>,
    /// The code of its link; made of id and number where there is none.
    pub(crate) code: Option<&'static str>,
    pub(crate) link: u32,
    /// The number of its picture, new with each upload; `None` without one.
    pub(crate) icon: Option<u32>,
}

/// A group called like its id, with people 0 to 3 and person 0 as its admin.
pub(crate) fn group(id: &str) -> ServerGroup {
    ServerGroup {
        id: GroupId::new(id).unwrap(),
        subject: id.to_owned(),
        members: (0..4).map(wa).collect(),
        admins: vec![wa(0)],
        created: None,
        code: None,
        link: 1,
        icon: None,
    }
}

impl ServerGroup {
    pub(crate) fn subject(mut self, subject: &str) -> Self {
        self.subject = subject.into();
        self
    }

    pub(crate) fn people(mut self, people: impl IntoIterator<Item = u64>) -> Self {
        self.members = people.into_iter().map(wa).collect();
        self
    }

    pub(crate) fn admins(mut self, admins: impl IntoIterator<Item = u64>) -> Self {
        self.admins = admins.into_iter().map(wa).collect();
        self
    }

    pub(crate) fn icon(mut self, number: u32) -> Self {
        self.icon = Some(number);
        self
    }

    fn icon_info(&self) -> Option<IconInfo> {
        let written = format!("https://cdn.example.org/{}/{}.jpg", self.id, self.icon?);
        Some(IconInfo {
            address: IconAddress::new(&written, Neighbourhood::Remote),
            written: Clean::new(&written),
            mime: Some("image/jpeg".into()),
            file_name: None,
        })
    }

    pub(crate) fn url(&self) -> String {
        match self.code {
            Some(code) if self.link == 1 => format!("https://chat.whatsapp.com/{code}"),
            Some(_) | None => format!("https://chat.whatsapp.com/{}{}", self.id, self.link),
        }
    }

    pub(crate) fn details(&self) -> GroupDetails {
        GroupDetails {
            id: self.id.clone(),
            subject: Some(Clean::new(&self.subject)),
            creator: self.created.map(|_| wa(0)),
            created: self.created,
            roster: Some(Roster::new(self.members.clone(), self.admins.clone())),
        }
    }
}

/// The server.
#[derive(Debug, Default)]
pub(crate) struct Server {
    pub(crate) groups: Vec<ServerGroup>,
    /// Numbers for which every call that names them is refused as a whole.
    pub(crate) unknown: HashSet<WaId>,
    rules: Vec<(Operation, Manner, Times)>,
    /// Every change that was really applied.
    pub(crate) applied: Vec<Call>,
    created: u32,
}

impl Server {
    pub(crate) fn new(groups: impl IntoIterator<Item = ServerGroup>) -> Self {
        Self {
            groups: groups.into_iter().collect(),
            ..Self::default()
        }
    }

    /// The next call of that kind is treated so.
    pub(crate) fn once(&mut self, operation: Operation, manner: Manner) {
        self.rules.push((operation, manner, Times::Once));
    }

    /// Every call of that kind is treated so.
    pub(crate) fn always(&mut self, operation: Operation, manner: Manner) {
        self.rules.push((operation, manner, Times::Always));
    }

    /// Every call fails so.
    pub(crate) fn refuse_all(&mut self, why: &Failure) {
        for operation in Operation::ALL {
            self.always(operation, Manner::Fail(why.clone()));
        }
    }

    /// Back to good manners.
    pub(crate) fn behave(&mut self) {
        self.rules.clear();
        self.unknown.clear();
    }

    pub(crate) fn group(&mut self, id: &str) -> &mut ServerGroup {
        let mut groups = self.groups.iter_mut();
        groups
            .find(|group| group.id.as_str() == id)
            .expect("the server has that group")
    }

    /// The answer to a call; `None` while it stays open.
    pub(crate) fn answer(&mut self, call: &Call) -> Option<Reply> {
        let operation = call.operation();
        let rule = self.rules.iter().position(|(rule, ..)| *rule == operation);
        let Some(rule) = rule else {
            return Some(self.carry_out(call));
        };
        let (_, manner, times) = self.rules[rule].clone();
        if times == Times::Once {
            self.rules.remove(rule);
        }
        match manner {
            Manner::Silent => None,
            Manner::Fail(why) => Some(failed(call, why)),
            Manner::ApplyThenCut => {
                self.carry_out(call);
                Some(failed(call, cut()))
            }
        }
    }

    fn carry_out(&mut self, call: &Call) -> Reply {
        if call.operation().is_change() {
            self.applied.push(call.clone());
        }
        if let Call::Create(subject) = call {
            return self.create(subject);
        }
        let Some(id) = call.group() else {
            return match call {
                Call::TestAccount(_) => Reply::Tested(Ok(self.groups.len())),
                Call::Index
                | Call::Details(_)
                | Call::Invite(_)
                | Call::Icon(_)
                | Call::Picture(..)
                | Call::SetIcon(..)
                | Call::RemoveIcon(_)
                | Call::Create(_)
                | Call::Rename(..)
                | Call::Members(..)
                | Call::ResetInvite(_)
                | Call::Leave(_)
                | Call::Send(_)
                | Call::SendInvitation(..) => Reply::Index(Ok(self
                    .groups
                    .iter()
                    .map(|group| group.id.clone())
                    .collect())),
            };
        };
        let Some(group) = self.groups.iter_mut().find(|group| group.id == *id) else {
            self.applied.pop();
            return failed(call, gone());
        };
        match call {
            Call::Details(_) => return Reply::Details(id.clone(), Ok(group.details())),
            Call::Invite(_) => {
                return Reply::Invite(id.clone(), Ok(InviteLink::new(&group.url())));
            }
            Call::Icon(_) => return Reply::Icon(id.clone(), Ok(group.icon_info())),
            Call::Picture(..) => {
                let number = group.icon.unwrap_or_default();
                return Reply::Picture(id.clone(), Ok(Box::new(picture(number))));
            }
            Call::SetIcon(..) => group.icon = Some(group.icon.unwrap_or_default() + 1),
            Call::RemoveIcon(_) => {
                if group.icon.take().is_none() {
                    self.applied.pop();
                    return failed(call, no_icon());
                }
            }
            Call::Rename(_, subject) => group.subject = subject.to_string(),
            Call::ResetInvite(_) => group.link += 1,
            Call::Members(_, verb, ids) => {
                let refused = ids.iter().any(|id| self.unknown.contains(id));
                if refused {
                    self.applied.pop();
                    return failed(call, unknown_number());
                }
                for person in ids {
                    match verb {
                        MemberVerb::Promote => group.admins.push(person.clone()),
                        MemberVerb::Demote => group.admins.retain(|other| other != person),
                        MemberVerb::Remove => {
                            group.admins.retain(|other| other != person);
                            group.members.retain(|other| other != person);
                        }
                    }
                }
            }
            Call::Leave(_) => {
                let id = id.clone();
                self.groups.retain(|group| group.id != id);
            }
            Call::Send(message) => {
                return Reply::Sent(message.id.clone(), Ok(Accepted::default()));
            }
            Call::SendInvitation(_, invitation) => {
                if self.unknown.contains(invitation.to()) {
                    self.applied.pop();
                    return failed(
                        call,
                        failure(FailureKind::Rejected, Some(400), Sent::Answered),
                    );
                }
                return Reply::Sent(invitation.id().clone(), Ok(Accepted::default()));
            }
            Call::Index | Call::Create(_) | Call::TestAccount(_) => {}
        }
        Reply::Changed(id.clone(), Ok(()))
    }

    fn create(&mut self, subject: &Subject) -> Reply {
        self.created += 1;
        let new = group(&format!("new-{}", self.created))
            .subject(subject.as_str())
            .people([0]);
        let id = new.id.clone();
        self.groups.push(new);
        Reply::Created(subject.clone(), Ok(id))
    }
}

/// The reply that says so to that call.
pub(crate) fn failed(call: &Call, why: Failure) -> Reply {
    match call {
        Call::Index => Reply::Index(Err(why)),
        Call::Details(id) => Reply::Details(id.clone(), Err(why)),
        Call::Invite(id) => Reply::Invite(id.clone(), Err(why)),
        Call::Create(subject) => Reply::Created(subject.clone(), Err(why)),
        Call::TestAccount(_) => Reply::Tested(Err(why)),
        Call::Icon(id) => Reply::Icon(id.clone(), Err(why)),
        Call::Picture(id, _) => Reply::Picture(id.clone(), Err(why)),
        Call::Rename(id, _)
        | Call::Members(id, ..)
        | Call::ResetInvite(id)
        | Call::SetIcon(id, _)
        | Call::RemoveIcon(id)
        | Call::Leave(id) => Reply::Changed(id.clone(), Err(why)),
        Call::Send(message) => Reply::Sent(message.id.clone(), Err(why)),
        Call::SendInvitation(_, invitation) => Reply::Sent(invitation.id().clone(), Err(why)),
    }
}
