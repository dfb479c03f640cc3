# Lists the recipes.
default:
    @just --list

# Everything a change must pass.
check:
    cargo fmt --check
    cargo clippy --all-targets --locked -- -D warnings
    INSTA_UPDATE=no cargo test --locked
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --locked

# Formats, and mends what clippy can mend.
fix:
    cargo clippy --fix --allow-dirty --all-targets
    cargo fmt

# Runs the tests, all or those whose name holds a word.
test *filter:
    cargo test --locked {{ filter }}

# Runs the tests and shows changed pictures for review.
snap:
    cargo insta test --review

# The dashboard against the simulator inside it.
demo:
    cargo run --release -- demo

# Writes docs/keys.md from the key table, and the template into docs/configuration.md.
keys:
    WAVEDECK_WRITE_KEYS=1 cargo test --lib the_key_page_is_what_the_table_generates
    WAVEDECK_WRITE_KEYS=1 cargo test --lib the_page_about_the_configuration_shows_the_template

# Draws the pictures of the README anew.
screens:
    cargo run --example screens

# Measures the dashboard beside the least program that looks like it: `just perf --quick`, `just perf --markdown`.
perf *options:
    cargo build --release --bin wavedeck --example bare
    cargo run --release --example perf -- {{ options }}

# Measures the core, the drawing and the reading of answers: all, or those whose name holds a word.
bench *filter:
    cargo bench -- {{ filter }}
