//! What is kept comes back as it was, and damage costs what is damaged.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::domain::{
    BaseUrl, Clean, GroupDetails, GroupId, Keepsake, Remembered, Roster, Told, UnixSeconds, WaId,
};

fn account(user: &str) -> Account {
    let base_url = BaseUrl::new("https://api.example.org").unwrap();
    Account::new(base_url, user, "token").unwrap()
}

fn id(text: &str) -> GroupId {
    GroupId::new(text).unwrap()
}

fn wa(number: u64) -> WaId {
    WaId::from_number(number).unwrap()
}

fn details(n: usize, people: usize) -> GroupDetails {
    let first = 5_519_900_000_000 + n as u64 * 1000;
    let members: Vec<WaId> = (first..).take(people).map(wa).collect();
    GroupDetails {
        id: id(&format!("5519900000000-{n:010}")),
        subject: Some(Clean::new(&format!("Turma {n}"))),
        creator: Some(wa(first)),
        created: Some(UnixSeconds(1_600_000_000 + i64::try_from(n).unwrap())),
        roster: Some(Roster::new(members, vec![wa(first)])),
    }
}

fn told(details: &GroupDetails, at: u64) -> Keepsake {
    Keepsake::Told(Box::new(details.clone()), Millis(at))
}

/// What is known last of each group, with its people.
type Known = BTreeMap<GroupId, (Option<Told>, Option<Roster>)>;

/// What the next start knows: `None` where it cannot even look.
fn known(cache: &Cache) -> Known {
    let mut known = Known::new();
    for remembered in cache.recall().groups {
        match remembered {
            Remembered::Came(id) => {
                known.entry(id).or_default();
            }
            Remembered::Told(id, told) => known.entry(id).or_default().0 = Some(told),
            Remembered::Went(id) => {
                known.remove(&id);
            }
        }
    }
    let (_, rosters) = cache.open(Millis(99)).unwrap();
    for (id, as_of, roster) in rosters {
        if let Some((Some(told), people)) = known.get_mut(&id)
            && told.as_of == as_of
        {
            *people = Some(roster);
        }
    }
    known
}

fn expected(all: &[(GroupDetails, u64)]) -> Known {
    let one = |(details, at): &(GroupDetails, u64)| {
        let people = details
            .roster
            .as_ref()
            .map(|roster| crate::domain::Headcount {
                members: u32::try_from(roster.count()).unwrap(),
                admins: u32::try_from(roster.admin_count()).unwrap(),
            });
        let told = Told {
            as_of: Millis(*at),
            subject: details.subject.clone(),
            creator: details.creator.clone(),
            created: details.created,
            people,
        };
        (details.id.clone(), (Some(told), details.roster.clone()))
    };
    all.iter().map(one).collect()
}

struct Place {
    folder: tempfile::TempDir,
    cache: Cache,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::of(&folder.path().join("wavedeck"), &account("ana"));
        Self { folder, cache }
    }

    fn keep(&self, keepsakes: &[Keepsake]) {
        let (mut memory, _) = self.cache.open(Millis(1)).unwrap();
        memory.keep(keepsakes).unwrap();
    }

    fn names(&self) -> BTreeSet<String> {
        let files = fs::read_dir(self.folder.path().join("wavedeck")).unwrap();
        let names = files.map(|file| file.unwrap().file_name().to_string_lossy().into_owned());
        names.filter(|name| !name.contains(".lock")).collect()
    }

    fn aside(&self) -> usize {
        let corrupt = |name: &&String| name.contains(".corrupt-");
        self.names().iter().filter(corrupt).count()
    }
}

#[test]
fn what_is_kept_is_there_at_the_next_start_and_belongs_to_the_user_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    let all: Vec<_> = (0..600).map(|n| (details(n, n % 40), n as u64)).collect();
    let keepsakes: Vec<_> = all.iter().map(|(details, at)| told(details, *at)).collect();
    assert_eq!(place.cache.recall(), Recollection::default());
    place.keep(&keepsakes);
    assert_eq!(known(&place.cache), expected(&all));
    for file in [place.cache.names(), place.cache.rosters()] {
        assert_eq!(
            fs::metadata(file).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    assert_eq!(place.aside(), 0);
    let other = Cache::of(&place.folder.path().join("wavedeck"), &account("bob"));
    assert_eq!(other.recall(), Recollection::default(), "of somebody else");
}

#[test]
fn groups_that_went_are_gone_and_those_that_came_are_there_without_a_name() {
    let place = Place::new();
    let [one, two] = [details(1, 2), details(2, 2)];
    place.keep(&[
        Keepsake::Listed {
            came: vec![one.id.clone(), two.id.clone()],
            went: vec![],
            at: Millis(5),
        },
        told(&one, 6),
    ]);
    assert_eq!(known(&place.cache)[&two.id], (None, None));
    place.keep(&[Keepsake::Listed {
        came: vec![id("new")],
        went: vec![one.id.clone()],
        at: Millis(7),
    }]);
    let known = known(&place.cache);
    let ids: Vec<_> = known.keys().cloned().collect();
    assert_eq!(ids, [two.id, id("new")]);
    assert_eq!(place.cache.recall().listed, Some(Millis(7)));
}

#[test]
fn a_file_that_ends_within_a_frame_is_no_damage_and_is_written_on() {
    let place = Place::new();
    place.keep(&[told(&details(1, 3), 1)]);
    // Put in order by the next start.
    place.cache.open(Millis(1)).unwrap();
    let (first_names, first_people) = (
        fs::read(place.cache.names()).unwrap(),
        fs::read(place.cache.rosters()).unwrap(),
    );
    place.keep(&[told(&details(2, 3), 2)]);
    let (names, people) = (
        fs::read(place.cache.names()).unwrap(),
        fs::read(place.cache.rosters()).unwrap(),
    );
    for cut in first_names.len() + 1..names.len() {
        fs::write(place.cache.names(), &names[..cut]).unwrap();
        fs::write(place.cache.rosters(), &people).unwrap();
        assert_eq!(
            known(&place.cache),
            expected(&[(details(1, 3), 1)]),
            "{cut}"
        );
    }
    for cut in (first_people.len() + 1..people.len()).step_by(3) {
        fs::write(place.cache.names(), &names).unwrap();
        fs::write(place.cache.rosters(), &people[..cut]).unwrap();
        place.keep(&[told(&details(3, 3), 3)]);
        let known = known(&place.cache);
        assert_eq!(known.len(), 3);
        assert_eq!(
            known[&details(2, 3).id].1,
            None,
            "they were not written whole"
        );
        assert!(known[&details(3, 3).id].1.is_some());
    }
    assert_eq!(place.aside(), 0);
}

#[test]
fn a_file_of_another_version_is_dropped_without_a_word() {
    let place = Place::new();
    place.keep(&[told(&details(1, 3), 1)]);
    for file in [place.cache.names(), place.cache.rosters()] {
        let mut bytes = frames::head(VERSION + 1);
        bytes.extend(b"whatever comes later");
        fs::write(file, bytes).unwrap();
    }
    assert_eq!(place.cache.recall(), Recollection::default());
    let (memory, rosters) = place.cache.open(Millis(1)).unwrap();
    assert_eq!((memory.set_aside(), rosters.count()), (None, 0));
    place.keep(&[told(&details(2, 3), 2)]);
    assert_eq!(known(&place.cache), expected(&[(details(2, 3), 2)]));
    assert_eq!(place.aside(), 0);
}

#[test]
fn a_file_that_is_none_of_ours_is_renamed_and_only_the_newest_of_those_stays() {
    let place = Place::new();
    for at in 1..4 {
        place.keep(&[told(&details(1, 3), 1)]);
        fs::write(place.cache.names(), "something else entirely").unwrap();
        assert_eq!(place.cache.recall(), Recollection::default());
        let (memory, rosters) = place.cache.open(Millis(at)).unwrap();
        let aside = memory.set_aside().unwrap().to_owned();
        assert_eq!(
            fs::read_to_string(&aside).unwrap(),
            "something else entirely"
        );
        assert!(
            aside
                .to_string_lossy()
                .ends_with(&format!(".names.corrupt-{at}"))
        );
        assert_eq!((place.aside(), rosters.count()), (1, 0));
    }
}

#[test]
fn a_group_that_is_read_again_and_again_takes_no_more_room() {
    let place = Place::new();
    let (mut memory, _) = place.cache.open(Millis(1)).unwrap();
    let mut largest = 0;
    for round in 0..60 {
        let all: Vec<_> = (0..100)
            .map(|n| {
                let mut details = details(n, 200);
                details.subject = Some(Clean::new(&format!("Turma {n} round {round}")));
                let extra = wa(7_000_000 + round);
                let members = details.roster.as_ref().unwrap().members().chain([extra]);
                details.roster = Some(Roster::new(members.collect(), vec![]));
                told(&details, round)
            })
            .collect();
        memory.keep(&all).unwrap();
        largest = largest.max(place.cache.size().unwrap());
    }
    // A hundred groups of two hundred people take 170 kB.
    assert!(largest < 2_000_000, "{largest}");
    let (_, rosters) = place.cache.open(Millis(1)).unwrap();
    let all: Vec<_> = rosters.collect();
    assert_eq!(all.len(), 100);
    assert!(
        all.iter()
            .all(|(_, at, roster)| *at == Millis(59) && roster.count() == 201)
    );
    assert_eq!(place.aside(), 0);
}

#[test]
fn people_who_are_known_already_are_not_written_once_more() {
    let place = Place::new();
    place.keep(&[told(&details(1, 500), 1)]);
    let before = fs::read(place.cache.rosters()).unwrap();
    place.keep(&[told(&details(1, 500), 2)]);
    assert_eq!(fs::read(place.cache.rosters()).unwrap(), before);
    assert_eq!(known(&place.cache), expected(&[(details(1, 500), 2)]));
}

#[test]
fn two_programs_that_remember_at_the_same_time_lose_nothing() {
    let place = Place::new();
    std::thread::scope(|threads| {
        for half in 0..2 {
            let cache = &place.cache;
            threads.spawn(move || {
                let (mut memory, _) = cache.open(Millis(1)).unwrap();
                for round in 0..12 {
                    // So much that each of them writes the files anew more than once.
                    let all: Vec<_> = (0..150)
                        .map(|n| told(&details(half * 150 + n, 20 + round), round as u64))
                        .collect();
                    memory.keep(&all).unwrap();
                }
            });
        }
    });
    let all: Vec<_> = (0..300).map(|n| (details(n, 31), 11)).collect();
    assert_eq!(known(&place.cache), expected(&all));
    assert_eq!(place.aside(), 0);
}

#[test]
fn of_many_groups_those_in_front_are_known_first_in_the_order_of_the_list() {
    let place = Place::new();
    let (mut memory, _) = place.cache.open(Millis(1)).unwrap();
    let names = ["Zoo", "água", "❤ Bola", "Casa", "Árvore"];
    let all: Vec<_> = (0..6_000)
        .map(|n| {
            let mut details = details(n, 1);
            details.subject = Some(Clean::new(&format!("{} {n:05}", names[n % 5])));
            told(&details, 1)
        })
        .collect();
    for some in all.chunks(1000) {
        memory.keep(some).unwrap();
    }
    memory.tidy().unwrap();
    let first = place.cache.recall_first().unwrap();
    assert_eq!(first.more, Some(6_000));
    let whole = place.cache.recall();
    assert_eq!(whole.groups.len(), 6_000);
    assert_eq!(first.groups[..], whole.groups[..names::IN_A_FRAME]);
    let shown = first.groups.iter().filter_map(|one| {
        if let Remembered::Told(_, told) = one {
            told.subject.clone()
        } else {
            None
        }
    });
    let shown: Vec<Clean> = shown.collect();
    assert_eq!(shown.len(), names::IN_A_FRAME);
    assert!(shown.is_sorted_by_key(Clean::sort_name));
    assert_eq!(shown[0].as_str(), "água 00001");
    // A small file is read whole, and so is one that nobody put in order.
    let place = Place::new();
    place.keep(&[told(&details(1, 3), 1)]);
    assert_eq!(place.cache.recall_first(), None);
}

#[test]
fn where_nothing_can_be_written_that_is_an_error_and_what_was_there_stays() {
    let folder = tempfile::tempdir().unwrap();
    let in_the_way = folder.path().join("file");
    fs::write(&in_the_way, "").unwrap();
    let cache = Cache::of(&in_the_way, &account("ana"));
    assert_eq!(cache.recall(), Recollection::default());
    assert!(cache.open(Millis(1)).is_err());
}

/// What is done to a file.
#[derive(Clone, Debug)]
enum Harm {
    Flip(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    Zeros(prop::sample::Index, usize),
}

impl Harm {
    fn any() -> impl Strategy<Value = Self> {
        let place = any::<prop::sample::Index>;
        prop_oneof![
            (place(), 1_u8..).prop_map(|(at, bits)| Self::Flip(at, bits)),
            place().prop_map(Self::Cut),
            (place(), 1_usize..9_000).prop_map(|(at, length)| Self::Zeros(at, length)),
        ]
    }

    fn to(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Flip(at, bits) => {
                let at = at.index(bytes.len());
                bytes[at] ^= bits;
            }
            Self::Cut(at) => bytes.truncate(at.index(bytes.len())),
            Self::Zeros(at, length) => {
                let at = at.index(bytes.len());
                let end = (at + length).min(bytes.len());
                bytes[at..end].fill(0);
            }
        }
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{0,30}", "[a-z\u{202e}\u{200b} ]{0,12}"]
}

fn person() -> impl Strategy<Value = WaId> {
    prop_oneof!["[1-9][0-9]{5,17}", "0[0-9]{6}", "[a-z]{1,8}@lid"]
        .prop_map(|text| WaId::from_api(&text).unwrap())
}

fn any_details() -> impl Strategy<Value = GroupDetails> {
    let people = || prop::collection::vec(person(), 0..12);
    (
        "[0-9a-zA-Z=-]{1,40}",
        prop::option::of(text()),
        prop::option::of(person()),
        prop::option::of(any::<i64>()),
        prop::option::of((people(), people())),
    )
        .prop_map(|(group, subject, creator, created, roster)| GroupDetails {
            id: id(&group),
            subject: subject.map(|text| Clean::new(&text)),
            creator,
            created: created.map(UnixSeconds),
            roster: roster.map(|(members, admins)| Roster::new(members, admins)),
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_kept_comes_back_as_it_was(
        all in prop::collection::vec((any_details(), 0_u64..50), 1..20),
    ) {
        let place = Place::new();
        for (details, at) in &all {
            place.keep(&[told(details, *at)]);
        }
        let mut last: BTreeMap<GroupId, (GroupDetails, u64)> = BTreeMap::new();
        for (details, at) in all {
            if last.get(&details.id).is_none_or(|(_, before)| *before <= at) {
                last.insert(details.id.clone(), (details, at));
            }
        }
        let last: Vec<_> = last.into_values().collect();
        // Whoever reads only the names has to weigh ages too; written anew, the newest alone are there.
        let (names, _) = names::Names::read(&place.cache.names()).unwrap();
        fs::write(place.cache.names(), names.file()).unwrap();
        prop_assert_eq!(known(&place.cache), expected(&last));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Source: «reliability» S3.
    #[test]
    fn damage_costs_what_is_damaged_and_never_shows_anything_wrong(
        in_names in prop::collection::vec(Harm::any(), 0..3),
        in_people in prop::collection::vec(Harm::any(), 0..3),
    ) {
        let place = Place::new();
        let all: Vec<_> = (0..300).map(|n| (details(n, 8), 7)).collect();
        let keepsakes: Vec<_> = all.iter().map(|(details, at)| told(details, *at)).collect();
        place.keep(&keepsakes);
        let length = fs::read(place.cache.rosters()).unwrap().len();
        let files = [(place.cache.names(), &in_names), (place.cache.rosters(), &in_people)];
        for (path, harms) in &files {
            let mut bytes = fs::read(path).unwrap();
            for harm in *harms {
                if !bytes.is_empty() {
                    harm.to(&mut bytes);
                }
            }
            fs::write(path, bytes).unwrap();
        }
        let expected = expected(&all);
        let after = known(&place.cache);
        for (id, (told, people)) in &after {
            prop_assert_eq!(told, &expected[id].0);
            prop_assert!(people.is_none() || people == &expected[id].1);
        }
        if let ([], [Harm::Flip(at, _)]) = (in_names.as_slice(), in_people.as_slice())
            && at.index(length) >= 16
        {
            let lost = after.values().filter(|(_, people)| people.is_none()).count();
            prop_assert!(lost <= 1, "{lost} groups for one byte");
        }
        // What is left is sound, and is written on.
        let (memory, _) = place.cache.open(Millis(100)).unwrap();
        prop_assert_eq!(memory.set_aside(), None);
        place.keep(&[told(&details(300, 8), 9)]);
        let more = known(&place.cache);
        prop_assert_eq!(more.len(), after.len() + 1);
        prop_assert!(place.aside() <= 2);
    }
}
