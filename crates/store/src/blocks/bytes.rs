//! Numbers and texts one after another: numbers in LEB128, a text or bytes after their length.

use super::{Block, BlockError};

/// Appends a number.
pub(crate) fn put_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Appends bytes after their length.
pub(crate) fn put_bytes(bytes: &mut Vec<u8>, value: &[u8]) {
    put_number(bytes, value.len() as u64);
    bytes.extend_from_slice(value);
}

/// Stored bytes, taken from the front.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bytes<'b>(pub(crate) &'b [u8]);

impl<'b> Bytes<'b> {
    /// Whether nothing is left.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A single byte.
    pub(crate) fn byte(&mut self) -> Block<u8> {
        let (&byte, rest) = self.0.split_first().ok_or(BlockError)?;
        self.0 = rest;
        Ok(byte)
    }

    /// A number, which must fit its type.
    pub(crate) fn number<T: TryFrom<u64>>(&mut self) -> Block<T> {
        let mut number = 0u64;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return T::try_from(number).map_err(|_| BlockError);
            }
        }
        Err(BlockError)
    }

    /// The next `count` bytes.
    pub(crate) fn take(&mut self, count: usize) -> Block<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(BlockError)?;
        self.0 = rest;
        Ok(taken)
    }

    /// Bytes after their length.
    pub(crate) fn bytes(&mut self) -> Block<&'b [u8]> {
        let length = self.number()?;
        self.take(length)
    }

    /// A text after its length.
    pub(crate) fn text(&mut self) -> Block<&'b str> {
        std::str::from_utf8(self.bytes()?).map_err(|_| BlockError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts_read_back_and_what_is_cut_short_is_refused() {
        for number in [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX >> 1] {
            let mut bytes = Vec::new();
            put_number(&mut bytes, number);
            put_bytes(&mut bytes, "長い".as_bytes());
            let mut read = Bytes(&bytes);
            assert_eq!(
                (read.number(), read.text(), read.is_empty()),
                (Ok(number), Ok("長い"), true)
            );
            for length in 0..bytes.len() {
                let mut read = Bytes(&bytes[..length]);
                assert_eq!(read.number::<u64>().and_then(|_| read.text()), Err(BlockError));
            }
        }
    }

    #[test]
    fn numbers_that_do_not_fit_are_refused() {
        assert_eq!(Bytes(&[0x80, 0x02]).number::<u8>(), Err(BlockError));
        assert_eq!(Bytes(&[0xff; 12]).number::<u64>(), Err(BlockError));
    }
}
