//! Prints docs/cli.md: `npm run docs` runs it.

fn main() {
    print!("{}", runstore_cli::reference());
}
