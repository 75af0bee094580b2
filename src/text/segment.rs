//! What two parts of a text, cut at white space, have to do with each other.
//!
//! A *segment* is what stands between two runs of ASCII white space. Normalization looks across such a border for
//! two things alone: letters that are spaced out are joined, and the third of three equal symbols is left out. A
//! text in which neither can happen has the words of its segments, one after the other.

use super::normalized::{Token, TokenKind};

/// What a segment shows to its neighbours: how many tokens at its ends could be part of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Edges {
    letters: Ends,
    symbols: Ends,
}

/// Members of a run at the two ends of a segment; counts stop at [`ENOUGH`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Ends {
    first: u8,
    last: u8,
    /// Whether the run goes through the whole segment, so that both counts are that of all its members.
    through: bool,
}

/// Members of a run from which on normalization touches it.
const ENOUGH: u8 = 3;

impl Edges {
    /// The edges of a segment of these tokens, before spaced letters are joined; `single` tells single letters.
    pub(super) fn of(tokens: &[Token], single: impl Fn(&Token) -> bool) -> Self {
        let is_symbol = |token: &Token| token.kind == TokenKind::Symbol;
        Self {
            letters: Ends::of(tokens, &single, is_symbol),
            symbols: Ends::of(tokens, is_symbol, |_| false),
        }
    }
}

impl Ends {
    /// Counts `member` tokens from both ends, up to a token that is neither a member nor to be `skipped`.
    fn of(tokens: &[Token], member: impl Fn(&Token) -> bool, skipped: impl Fn(&Token) -> bool) -> Self {
        let ends_run = |token: &Token| !member(token) && !skipped(token);
        let count = |tokens: &[Token]| {
            let members = tokens
                .iter()
                .filter(|token| member(token))
                .take(usize::from(ENOUGH));
            members.count() as u8
        };
        match tokens.iter().position(ends_run) {
            None => Self {
                first: count(tokens),
                last: count(tokens),
                through: true,
            },
            Some(first) => {
                let last = tokens.iter().rposition(ends_run).unwrap_or(first);
                Self {
                    first: count(&tokens[..first]),
                    last: count(&tokens[last..]),
                    through: false,
                }
            }
        }
    }
}

/// The runs that reach the end of the segments read so far.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Runs {
    letters: u8,
    symbols: u8,
}

impl Runs {
    /// Reads the next segment; whether its words are the same as if it stood alone. Errs on the side of no.
    pub(crate) fn goes_on(&mut self, edges: Edges) -> bool {
        let letters = goes_on(&mut self.letters, edges.letters);
        goes_on(&mut self.symbols, edges.symbols) && letters
    }
}

fn goes_on(run: &mut u8, ends: Ends) -> bool {
    let before = *run;
    *run = if ends.through {
        (before + ends.first).min(ENOUGH)
    } else {
        ends.last
    };
    before == 0 || ends.first == 0 || before + ends.first < ENOUGH
}
