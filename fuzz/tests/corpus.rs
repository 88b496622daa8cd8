//! Every input of the corpus once more: what was found and repaired stays repaired, without a fuzzer.

use std::path::{Path, PathBuf};

/// Gives a target each file of its folder of the corpus.
fn replay(target: &str, run: fn(&[u8])) {
    let folder = corpus().join(target);
    let mut inputs = 0;
    for entry in std::fs::read_dir(&folder).expect("a folder of inputs") {
        let path = entry.expect("an input").path();
        println!("{}", path.display()); // shown when the input fails
        run(&std::fs::read(&path).expect("an input"));
        inputs += 1;
    }
    assert!(inputs > 0, "{} is empty", folder.display());
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

macro_rules! replay {
    ($($target:ident)*) => {
        $(
            #[test]
            fn $target() {
                replay(stringify!($target), runstore_fuzz::$target);
            }
        )*

        const REPLAYED: &[&str] = &[$(stringify!($target)),*];
    };
}

replay! { content create_table cursor database git jsonl packed packed_rows run_file text tinker }

#[test]
fn no_folder_of_the_corpus_is_left_out() {
    for entry in std::fs::read_dir(corpus()).expect("the corpus") {
        let name = entry.expect("a folder").file_name();
        // Those of the archive are replayed by its own tests: `crates/archive/src/fuzzing.rs`.
        let is_of_archive = name.to_string_lossy().starts_with("archive_");
        let is_replayed = is_of_archive || REPLAYED.iter().any(|replayed| name == *replayed);
        assert!(is_replayed, "{name:?} is not replayed");
    }
}
