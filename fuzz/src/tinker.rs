//! The files of an EvalStore.

use runstore_formats::fuzzing::read_twice;

pub fn tinker(data: &[u8]) {
    for [first, second] in read_twice(&String::from_utf8_lossy(data)) {
        assert_eq!(first, second, "what was written is not what was read");
    }
}
