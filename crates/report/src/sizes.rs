//! Reads and writes sizes of files.

use bytesize::ByteSize;

/// Returns a number of bytes with a decimal unit: `1.2 MB`.
pub fn bytes(number: u64) -> String {
    ByteSize::b(number).display().si().to_string()
}

/// Parses `1GB`, `500MB` (decimal) or `1GiB` (binary); without a unit, bytes.
pub fn parse_bytes(text: &str) -> Option<u64> {
    text.trim().parse::<ByteSize>().ok().map(|size| size.as_u64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_parsed_with_decimal_and_binary_units() {
        let sizes = ["1GB", "500MB", "1GiB", "1.5 kB", "4096", "0"].map(parse_bytes);
        assert_eq!(sizes, [1_000_000_000, 500_000_000, 1_073_741_824, 1500, 4096, 0].map(Some));
        for text in ["", "-1GB", "many", "1 zebra", "GB", "1e9", "NaN", "0x10"] {
            assert_eq!(parse_bytes(text), None, "{text}");
        }
    }

    #[test]
    fn sizes_have_a_unit_that_fits() {
        let told = [0, 999, 4096, 1_234_567, 5_000_000_000].map(bytes);
        assert_eq!(told, ["0 B", "999 B", "4.1 kB", "1.2 MB", "5.0 GB"]);
    }
}
