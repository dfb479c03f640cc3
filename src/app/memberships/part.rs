//! Part of a number, ready to be found in millions of them.
//!
//! A number is spread into one hexadecimal digit for each of its own, without a loop; then all places are
//! compared at once. Invariant: what is found has these digits side by side.

/// The lowest bit of each digit.
const ONES: u64 = 0x1111_1111_1111_1111;

/// Digits of which there is room.
const PLACES: usize = 16;

/// Digits that stand side by side in a number.
#[derive(Debug)]
pub(super) struct Part {
    digits: String,
    /// Each digit in all places, the last one first.
    everywhere: Vec<u64>,
}

impl Part {
    pub(super) fn new(digits: &str) -> Self {
        let last_first = digits.chars().rev();
        let values = last_first.filter_map(|digit| digit.to_digit(10));
        Self {
            digits: digits.to_owned(),
            everywhere: values
                .map(|digit| u64::from(digit) * ONES)
                .take(PLACES)
                .collect(),
        }
    }

    /// Whether they stand in a number of at most 15 digits.
    pub(super) fn is_in(&self, number: u64) -> bool {
        let digits = spread(number);
        let mut ends = ONES;
        let mut shift = 0;
        for digit in &self.everywhere {
            ends &= zeros(digits ^ digit) >> shift;
            shift += 4;
        }
        // Before its first digit a number has zeros here.
        ends != 0 && self.is_in_text(&number.to_string())
    }

    /// The same of any id.
    pub(super) fn is_in_text(&self, id: &str) -> bool {
        id.contains(&self.digits)
    }
}

/// The lowest bit of each digit that is zero.
fn zeros(digits: u64) -> u64 {
    let any = digits | digits >> 1;
    let any = any | any >> 2;
    !any & ONES
}

/// Each decimal digit in four bits.
fn spread(number: u64) -> u64 {
    const HALF: u64 = 100_000_000;
    half(number % HALF) | half(number / HALF) << 32
}

/// The same of eight digits: halved into numbers of four, two and one digits, all at once; a division by
/// 100 or by 10 is a multiplication that is exact in this range.
fn half(number: u64) -> u64 {
    let fours = (number % 10_000) | (number / 10_000) << 32;
    let high = ((fours * 10_486) >> 20) & 0x0000_007f_0000_007f;
    let twos = (fours - high * 100) | high << 16;
    let high = ((twos * 103) >> 10) & 0x000f_000f_000f_000f;
    let ones = (twos - high * 10) | high << 8;
    let ones = (ones | ones >> 4) & 0x00ff_00ff_00ff_00ff;
    let ones = (ones | ones >> 8) & 0x0000_ffff_0000_ffff;
    (ones | ones >> 16) & 0xffff_ffff
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_number_of_four_digits_is_spread_right() {
        for number in 0..10_000 {
            let spelt = u64::from_str_radix(&format!("{number}"), 16).unwrap();
            assert_eq!(spread(number), spelt);
            assert_eq!(spread(number * 10_000), spelt << 16);
            assert_eq!(spread(number * 100_000_000), spelt << 32);
        }
    }

    proptest! {
        #[test]
        fn digits_are_found_where_they_are(number in 1u64..1_000_000_000_000_000, part in "[0-9]{1,18}", at in 0usize..12) {
            let text = number.to_string();
            prop_assert_eq!(Part::new(&part).is_in(number), text.contains(&part));
            let own: String = text.chars().skip(at).take(5).collect();
            prop_assert!(Part::new(&own).is_in(number));
        }
    }
}
