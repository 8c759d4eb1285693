//! How large something is, as people read it.

/// `16 GiB`, `1.5 GiB`, `900 MiB`: in the largest unit that it fills (IEC 80000-13), cut after one decimal.
pub fn in_words(bytes: u64) -> String {
    const UNITS: [(u32, &str); 3] = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    let Some((bits, unit)) = UNITS.into_iter().find(|(bits, _)| bytes >> bits > 0) else {
        return format!("{bytes} B");
    };
    let (whole, part) = (bytes >> bits, bytes & ((1 << bits) - 1));
    match (part * 10) >> bits {
        0 => format!("{whole} {unit}"),
        tenths => format!("{whole}.{tenths} {unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_said_in_the_largest_unit_that_it_fills() {
        for (bytes, said) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1 << 10, "1 KiB"),
            (900 << 20, "900 MiB"),
            (1 << 30, "1 GiB"),
            (3 << 29, "1.5 GiB"),
            (16 << 30, "16 GiB"),
            ((2 << 30) - 1, "1.9 GiB"),
            (u64::MAX, "17179869183.9 GiB"),
        ] {
            assert_eq!(in_words(bytes), said);
        }
    }
}
