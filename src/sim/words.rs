//! What people in the simulated groups are called, and what they say.
//!
//! Only texts. Invariant: a number has the same name each time.

/// Those of the manual's group who say what they are called.
const REGULARS: [(u64, &str); 9] = [
    (5_519_900_000_001, "Bruna"),
    (5_511_900_000_002, "Téo"),
    (5_519_900_000_004, "Carla"),
    (5_519_900_000_007, "Ana"),
    (5_519_900_000_010, "Davi"),
    (5_519_900_000_013, "Elis"),
    (5_519_900_000_017, "Gil"),
    (5_519_900_000_020, "Hana"),
    (5_551_900_000_022, "Ivo"),
];
/// The last of them, as far as the end of the number tells.
const LAST_REGULAR: u64 = 23;
/// One in so many others has no name.
const NAMELESS_EVERY: u64 = 7;

const FIRST_NAMES: [&str; 24] = [
    "Adriana",
    "Beto",
    "Camila",
    "Diego",
    "Eduarda",
    "Fábio",
    "Graça",
    "Heitor",
    "Iara",
    "João",
    "Karina",
    "Luís",
    "Márcia",
    "Nelson",
    "Olívia",
    "Paulo",
    "Quitéria",
    "Rui",
    "Sônia",
    "Tiago",
    "Úrsula",
    "Vitor",
    "Yara",
    "Zeca",
];
const LAST_NAMES: [&str; 11] = [
    "Almeida",
    "Barros",
    "Conceição",
    "Duarte",
    "Esteves",
    "Freitas",
    "Gonçalves",
    "Lima",
    "Moraes",
    "Nunes",
    "Souza",
];

/// What is said in groups, in this order, from anywhere.
pub(super) const LINES: [&str; 41] = [
    "Bom dia, grupo!",
    "Alguém leva água amanhã?",
    "Eu levo 2 galões.",
    "Onde é o portão 3?",
    "Ao lado da banca de jornal.",
    "Chego em 10 minutos",
    "Que horas começa?",
    "Às 7h em ponto, como sempre.",
    "Quem vem hoje?",
    "Eu vou! Levo mais um.",
    "Hoje não consigo, fica para a próxima.",
    "Alguém tem o telefone da portaria?",
    "Mando no privado.",
    "Obrigada, pessoal!",
    "Vai chover?",
    "A previsão diz que só à tarde.",
    "Vi um cachorro perdido na praça, é de alguém daqui?",
    "É o Thor, da dona Lúcia. Já avisei.",
    "Ufa 😅",
    "A lista está na descrição do grupo.",
    "Faltam três nomes na lista.",
    "Pode pôr o meu.",
    "E o meu também, por favor.",
    "Feito.",
    "Quem fica com a chave?",
    "Ficou comigo.",
    "Boa tarde! Sou nova aqui, alguém me explica como funciona?",
    "Bem-vinda! As regras estão fixadas.",
    "Reunião na quinta às 19h30, no salão.",
    "Posso levar as crianças?",
    "Claro que sim.",
    "O estacionamento do lado está fechado.",
    "Melhor vir de ônibus: linha 332.",
    "Parabéns pelo evento de ontem, foi lindo!",
    "Alguém filmou?",
    "Tenho umas fotos, mando mais tarde.",
    "Preciso de duas pessoas para montar as mesas.",
    "Conta comigo.",
    "Comigo também.",
    "Não esqueçam: documento com foto.",
    "Até amanhã, gente. Boa noite!",
];
/// What comes back when the account wrote.
pub(super) const REPLIES: [&str; 10] = [
    "Combinado!",
    "👍",
    "Obrigado pelo aviso!",
    "Perfeito, estarei lá.",
    "Pode deixar.",
    "Boa!",
    "Anotado.",
    "E se chover?",
    "Vou avisar os outros.",
    "Show, valeu!",
];
/// What people say who just came.
pub(super) const GREETINGS: [&str; 5] = [
    "Oi, gente! Entrei pelo link.",
    "Olá a todos 👋",
    "Cheguei! Quem me mandou o link foi a Bruna.",
    "Bom dia! Posso participar?",
    "Oi! É aqui o grupo certo?",
];
/// What stands below pictures.
pub(super) const CAPTIONS: [&str; 4] = [
    "O portão 3 é este aqui",
    "Olhem que bonito hoje cedo",
    "capa",
    "A praça depois do mutirão",
];
/// Messages to the account alone.
pub(super) const DIRECT: [&str; 3] = [
    "Oi! Vi o grupo, ainda dá para entrar?",
    "Mensagem direta: qual o horário de atendimento?",
    "Me tira do grupo, por favor",
];
/// More pictures than letters: families, flags, skin and hearts made of several characters.
pub(super) const EMOJI: &str = "🎉🎉 Vamos! 👨‍👩‍👧‍👦🇧🇷👍🏽 ❤️‍🔥 1️⃣2️⃣3️⃣";
/// From right to left.
pub(super) const RIGHT_TO_LEFT: &str = "صباح الخير يا جيران، اللقاء الساعة 7 عند portão 3";
/// Turns what follows around on a screen that believes it.
pub(super) const BIDI: &str = "Olha: \u{202e}gpj.oiecros\u{202c} \u{2066}e \u{200f}isto\u{2069}";
/// Commands a terminal that believes them.
pub(super) const ESCAPES: &str =
    "\u{1b}[2J\u{1b}[31mvermelho\u{1b}]0;titulo\u{7} \u{9b}5A\u{8}\u{8}\u{0}fim\r\n\ttabela";
/// The subject of a group that somebody else made.
pub(super) const STRANGERS: &str = "Vizinhos da Rua 9";

/// A line without any blank, 3,000 letters long.
pub(super) fn endless() -> String {
    "kkkkk".repeat(600)
}

/// What somebody calls themselves; some do not.
pub(super) fn name(number: u64) -> Option<String> {
    let regular = REGULARS.iter().find(|(known, _)| *known == number);
    if let Some((_, name)) = regular {
        return Some((*name).to_owned());
    }
    if number % 1_000_000 <= LAST_REGULAR || number.is_multiple_of(NAMELESS_EVERY) {
        return None;
    }
    let pick = |names: &[&'static str], of: u64| {
        let place = of % names.len().max(1) as u64;
        names.get(usize::try_from(place).ok()?).copied()
    };
    let first = pick(&FIRST_NAMES, number)?;
    let last = pick(&LAST_NAMES, number / 24)?;
    Some(format!("{first} {last}"))
}

/// A subject that another admin makes of this one, of at most 25 UTF-16 units.
pub(super) fn renamed(subject: &str) -> String {
    const MARK: &str = " ✨";
    let fits = |text: &str| text.encode_utf16().count() + MARK.encode_utf16().count() <= 25;
    let mut shorter = subject;
    while !fits(shorter) {
        let Some((rest, _)) = shorter.rsplit_once(' ') else {
            return format!("Grupo{MARK}");
        };
        shorter = rest;
    }
    format!("{shorter}{MARK}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_name_or_none() {
        assert_eq!(name(5_519_900_000_001).as_deref(), Some("Bruna"));
        assert_eq!(name(5_519_900_000_003), None);
        let named = (5_519_900_000_100..5_519_900_000_800).filter_map(name);
        let named: Vec<String> = named.collect();
        assert_eq!(named.len(), 600, "one in seven has none");
        assert!(named.contains(&"João Lima".to_owned()));
    }

    #[test]
    fn another_subject_fits() {
        assert_eq!(renamed("Lançamento Produto X"), "Lançamento Produto X ✨");
        assert_eq!(
            renamed("Um assunto com palavras longas"),
            "Um assunto com palavras ✨"
        );
        assert_eq!(renamed(&"x".repeat(40)), "Grupo ✨");
    }

    #[test]
    fn an_endless_line_has_no_blank() {
        assert_eq!(endless().chars().count(), 3_000);
        assert!(!endless().contains(char::is_whitespace));
    }
}
