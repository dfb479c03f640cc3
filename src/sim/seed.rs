//! The groups a simulator starts with: the demo's, or any number of generated ones.
//!
//! Only data: nothing here changes after the start. Invariant: ids are distinct, subjects have at
//! most 25 UTF-16 units, and the same settings give the same groups.

use std::sync::Arc;

use super::Settings;
use super::drawings::Motif;
use super::roster::{Draw, OWN, People, Population};
use super::state::{Group, Icon, own_id};

/// Days on which generated groups were created lie between these Unix times.
const FIRST_DAY: u64 = 1_400_000_000;
const LAST_DAY: u64 = 1_700_000_000;
/// Every so manieth generated group has an id of 18 digits, as groups have since November 2021.
const DIGITS_EVERY: u64 = 8;

/// A group of the demo.
struct Sketch {
    subject: &'static str,
    created: u64,
    members: usize,
    admins: usize,
    crowd: Crowd,
    /// Where it is not made of the account's number and the time.
    id: Option<&'static str>,
    /// The code of a link made before the demo began.
    invite: Option<&'static str>,
    /// What its icon shows.
    icon: Option<Motif>,
}

/// Who is in it.
enum Crowd {
    /// The people that the manual shows.
    Regulars,
    /// Drawn ones.
    Neighbours,
    /// Drawn ones, who took the admin's rights from the account.
    Ungrateful,
}

const fn sketch(subject: &'static str, created: u64, members: usize, admins: usize) -> Sketch {
    Sketch {
        subject,
        created,
        members,
        admins,
        crowd: Crowd::Neighbours,
        id: None,
        invite: None,
        icon: None,
    }
}

/// The demo, in the order of the list call.
const DEMO: [Sketch; 16] = [
    Sketch {
        crowd: Crowd::Regulars,
        invite: Some("Dm7QkTz4hYpLw2Xc8VbN1e"),
        icon: Some(Motif::Sun),
        ..sketch("Corrida Domingo 7h", 1_513_616_971, 24, 3)
    },
    Sketch {
        icon: Some(Motif::Book),
        ..sketch("Clube do Livro SP", 1_529_416_800, 41, 2)
    },
    sketch("Bairro Novo · Vizinhos", 1_541_030_400, 118, 4),
    sketch("Mães da Escola Aurora", 1_553_784_379, 32, 2),
    Sketch {
        icon: Some(Motif::House),
        ..sketch("Moradores Torre B", 1_561_982_400, 54, 3)
    },
    Sketch {
        icon: Some(Motif::Heart),
        ..sketch("❤️ Família Pai ❤️", 1_577_188_800, 11, 2)
    },
    Sketch {
        icon: Some(Motif::Ring),
        ..sketch("Voluntários Praça", 1_588_291_200, 38, 2)
    },
    sketch("أصدقاء الحي", 1_601_510_400, 27, 1),
    sketch("Entregas Zona Norte", 1_612_137_600, 63, 3),
    sketch("Equipe Suporte N2", 1_625_140_800, 9, 2),
    Sketch {
        id: Some("120363012345678901"),
        ..sketch("Promoções VIP", 1_637_798_400, 201, 5)
    },
    Sketch {
        crowd: Crowd::Ungrateful,
        ..sketch("Condomínio Sol Nascente", 1_651_363_200, 46, 3)
    },
    sketch("Treinamento Onboarding", 1_677_672_000, 15, 1),
    sketch("Lançamento Produto X", 1_709_294_400, 77, 3),
    sketch("Sorteio de Natal", 1_760_011_200, 1, 1),
    sketch("Feirão de Maio 2026", 1_764_547_200, 256, 6),
];

/// First, second and third word of a generated subject: at most 8, 8 and 7 characters.
const KINDS: [&str; 36] = [
    "Alunos",
    "Amigos",
    "Balé",
    "Bazar",
    "Bloco",
    "Brechó",
    "Canto",
    "Carona",
    "Clube",
    "Corrida",
    "Coral",
    "Dança",
    "Direção",
    "Entregas",
    "Equipe",
    "Escola",
    "Família",
    "Feira",
    "Festa",
    "Fotos",
    "Futsal",
    "Horta",
    "Igreja",
    "Judô",
    "Leitura",
    "Mães",
    "Mutirão",
    "Natação",
    "Ofertas",
    "Pedal",
    "Reforço",
    "Samba",
    "Turma",
    "Vendas",
    "Vôlei",
    "Xadrez",
];
const PLACES: [&str; 48] = [
    "Aurora", "Bangu", "Barra", "Belém", "Bosque", "Butantã", "Cambuí", "Campinas", "Canela",
    "Castelo", "Centro", "Cidreira", "Colina", "Cohab", "Glória", "Graça", "Guará", "Ibiúna",
    "Ilha", "Itaim", "Itu", "Jardim", "Lagoa", "Lapa", "Leblon", "Leste", "Mercês", "Moema",
    "Mooca", "Norte", "Oeste", "Olinda", "Osasco", "Paraíso", "Parque", "Penha", "Pompeia",
    "Porto", "Praça", "Recreio", "Santana", "Saúde", "Serra", "Sul", "Tatuapé", "Tijuca", "Urca",
    "Vila",
];
const DAYS: [&str; 7] = ["seg", "ter", "qua", "qui", "sex", "sáb", "dom"];
const HOURS: [&str; 11] = [
    "6h", "7h", "8h", "9h", "10h", "14h", "16h", "18h", "19h", "20h", "21h",
];

/// The groups these settings ask for.
pub(super) fn groups(settings: &Settings) -> Vec<Group> {
    let mut rng = fastrand::Rng::with_seed(settings.seed);
    if let Some(count) = settings.groups {
        return generated(&mut rng, count, settings.members);
    }
    let demo = |sketch| demo(&mut rng, settings.seed, sketch);
    DEMO.iter().map(demo).collect()
}

fn demo(rng: &mut fastrand::Rng, seed: u64, sketch: &Sketch) -> Group {
    let Sketch {
        members, admins, ..
    } = *sketch;
    let draw = Draw::new(rng, Population::of(1_000), members, admins);
    let people = match sketch.crowd {
        Crowd::Regulars => Draw::regulars(admins).into(),
        Crowd::Neighbours => draw.into(),
        Crowd::Ungrateful => {
            let mut people = People::from(draw);
            people.keep().demote(&[OWN]);
            people
        }
    };
    let id: Arc<str> = sketch
        .id
        .map_or_else(|| own_id(sketch.created).into(), Arc::from);
    Group {
        icon: sketch
            .icon
            .map(|motif| Icon::drawn(motif, seed, &id, sketch.created)),
        id,
        subject: sketch.subject.to_owned(),
        created: sketch.created,
        people,
        invite: sketch.invite.map(str::to_owned),
        codes: 0,
    }
}

/// `count` groups of `members` people each. Rosters are drawn when somebody looks, so that millions
/// of memberships cost nothing at the start.
fn generated(rng: &mut fastrand::Rng, count: usize, members: Option<usize>) -> Vec<Group> {
    let population = Population::of(count.saturating_mul(16).max(members.unwrap_or(256)));
    let apart = (LAST_DAY - FIRST_DAY) / (count as u64 + 1);
    let subjects = Subjects::new(rng);
    (0..count)
        .map(|place| {
            let number = place as u64;
            // Ids stay distinct even when more groups than seconds are asked for.
            let created = FIRST_DAY + number * apart.max(1);
            let id: Arc<str> = if number % DIGITS_EVERY == DIGITS_EVERY - 1 {
                format!("120363{number:012}").into()
            } else {
                own_id(created).into()
            };
            let members = members.unwrap_or_else(|| rng.usize(2..=256)).max(1);
            let admins = rng.usize(1..=4);
            Group {
                id,
                subject: subjects.at(place),
                created,
                people: Draw::new(rng, population, members, admins).into(),
                invite: None,
                codes: 0,
                icon: None,
            }
        })
        .collect()
}

/// A walk through all combinations of words, so that neighbours look different and none comes twice
/// before all have come.
struct Subjects {
    start: usize,
    stride: usize,
}

impl Subjects {
    const COUNT: usize = KINDS.len() * PLACES.len() * DAYS.len() * HOURS.len();
    /// Without a factor in common with the count.
    const STRIDES: [usize; 4] = [50_021, 60_013, 70_001, 80_021];

    fn new(rng: &mut fastrand::Rng) -> Self {
        let stride = rng.choice(Self::STRIDES);
        Self {
            start: rng.usize(0..Self::COUNT),
            stride: stride.unwrap_or(1),
        }
    }

    fn at(&self, place: usize) -> String {
        let rest = (self.start + place % Self::COUNT * self.stride) % Self::COUNT;
        let (rest, kind) = pick(rest, &KINDS);
        let (rest, place) = pick(rest, &PLACES);
        let (rest, day) = pick(rest, &DAYS);
        let (_, hour) = pick(rest, &HOURS);
        format!("{kind} {place} {day} {hour}")
    }
}

/// Takes one digit, in the base of the number of words, off `rest`.
fn pick<'a>(rest: usize, words: &[&'a str]) -> (usize, &'a str) {
    let word = words.get(rest % words.len()).copied();
    (rest / words.len(), word.unwrap_or_default())
}
