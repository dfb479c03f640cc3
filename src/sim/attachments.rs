//! What people send in chats, as files that can be fetched from the picture host.
//!
//! Made, not stored. Invariant: an attachment gives the same bytes each time.

use std::f64::consts::TAU;
use std::fmt::Write as _;

use super::drawings::Motif;

/// Samples of sound in a second, one byte each.
const RATE: u32 = 8_000;
/// The text of the document, in the 128 letters that every reader of PDF knows.
const MINUTES: &str = "Ata da reuniao: tudo combinado para domingo.";

/// One file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attachment {
    Picture(Motif),
    Sticker,
    /// A second of one note.
    Voice,
    /// One page.
    Paper,
}

impl Attachment {
    /// All there are.
    pub(super) const ALL: [Self; 7] = [
        Self::Picture(Motif::Sun),
        Self::Picture(Motif::Book),
        Self::Picture(Motif::House),
        Self::Picture(Motif::Ring),
        Self::Sticker,
        Self::Voice,
        Self::Paper,
    ];
    /// Those that are pictures.
    pub(super) const PICTURES: [Self; 4] = [
        Self::Picture(Motif::Sun),
        Self::Picture(Motif::Book),
        Self::Picture(Motif::House),
        Self::Picture(Motif::Ring),
    ];

    pub(super) fn mime_type(self) -> &'static str {
        match self {
            Self::Picture(_) | Self::Sticker => "image/png",
            Self::Voice => "audio/wav",
            Self::Paper => "application/pdf",
        }
    }

    pub(super) fn file_name(self) -> &'static str {
        match self {
            Self::Picture(Motif::Sun) => "nascer-do-sol.png",
            Self::Picture(Motif::Book) => "capa.png",
            Self::Picture(Motif::House) => "foto-do-portao.png",
            Self::Picture(Motif::Heart) => "coracao.png",
            Self::Picture(Motif::Ring) => "praca.png",
            Self::Sticker => "figurinha.png",
            Self::Voice => "audio.wav",
            Self::Paper => "ata.pdf",
        }
    }

    pub(super) fn bytes(self) -> Vec<u8> {
        match self {
            Self::Picture(motif) => motif.png(),
            Self::Sticker => Motif::Heart.png(),
            Self::Voice => note(),
            Self::Paper => page(),
        }
    }
}

/// A second of 440 Hz that dies away, as WAVE.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the samples lie between 28 and 228"
)]
fn note() -> Vec<u8> {
    let samples = (0..RATE).map(|place| {
        let time = f64::from(place) / f64::from(RATE);
        (128.0 + 100.0 * (1.0 - time) * (TAU * 440.0 * time).sin()) as u8
    });
    let mut bytes = Vec::new();
    bytes.extend_from_slice(b"RIFF");
    bytes.extend_from_slice(&(36 + RATE).to_le_bytes());
    bytes.extend_from_slice(b"WAVEfmt ");
    // The length of what follows; samples without compression; one channel.
    bytes.extend_from_slice(&16_u32.to_le_bytes());
    bytes.extend_from_slice(&[1, 0, 1, 0]);
    // Samples and bytes in a second; bytes and bits of a sample.
    bytes.extend_from_slice(&RATE.to_le_bytes());
    bytes.extend_from_slice(&RATE.to_le_bytes());
    bytes.extend_from_slice(&[1, 0, 8, 0]);
    bytes.extend_from_slice(b"data");
    bytes.extend_from_slice(&RATE.to_le_bytes());
    bytes.extend(samples);
    bytes
}

/// One page with one line, as PDF.
fn page() -> Vec<u8> {
    let line = format!("BT /F1 18 Tf 60 720 Td ({MINUTES}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{line}\nendstream", line.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut text = String::from("%PDF-1.4\n");
    let mut places = String::new();
    // Writing to a string cannot fail.
    for (object, number) in objects.iter().zip(1..) {
        let _ = writeln!(places, "{:010} 00000 n ", text.len());
        let _ = write!(text, "{number} 0 obj\n{object}\nendobj\n");
    }
    let table = text.len();
    let _ = write!(
        text,
        "xref\n0 6\n0000000000 65535 f \n{places}trailer\n<< /Size 6 /Root 1 0 R >>\n\
         startxref\n{table}\n%%EOF\n"
    );
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_attachment_is_what_it_says() {
        for attachment in Attachment::ALL {
            let bytes = attachment.bytes();
            let start: &[u8] = match attachment.mime_type() {
                "image/png" => b"\x89PNG\r\n\x1A\n",
                "audio/wav" => b"RIFF",
                "application/pdf" => b"%PDF-1.4\n",
                other => panic!("{other}"),
            };
            assert!(bytes.starts_with(start), "{attachment:?}");
            assert_eq!(attachment.bytes(), bytes);
        }
        for picture in Attachment::PICTURES {
            image::load_from_memory(&picture.bytes()).unwrap();
            assert!(Attachment::ALL.contains(&picture));
        }
    }

    #[test]
    fn the_note_has_the_length_it_announces() {
        let note = Attachment::Voice.bytes();
        assert_eq!(note.len(), 44 + RATE as usize);
        let announced = u32::from_le_bytes(note[4..8].try_into().unwrap());
        assert_eq!(announced as usize, note.len() - 8);
    }

    #[test]
    fn the_table_of_the_page_leads_to_its_objects() {
        let page = String::from_utf8(Attachment::Paper.bytes()).unwrap();
        let at = |place: usize| page.get(place..).unwrap();
        let (_, rest) = page.split_once("0000000000 65535 f \n").unwrap();
        for (line, number) in rest.lines().take(5).zip(1..) {
            let place = line.split(' ').next().unwrap().parse().unwrap();
            assert!(
                at(place).starts_with(&format!("{number} 0 obj\n")),
                "{line}"
            );
        }
        let (_, table) = page.split_once("startxref\n").unwrap();
        let place: usize = table.lines().next().unwrap().parse().unwrap();
        assert!(at(place).starts_with("xref\n"));
    }
}
