//! Rows of a result, filled block by block on several threads.

use std::sync::{Mutex, PoisonError};
use std::thread;

/// How many draws a block should hold: enough to outweigh the jump to its place in the stream.
const BLOCK_DRAWS: usize = 1 << 18;

/// Returns how many rows of this many draws make a block.
pub(super) fn rows_per_block(draws_per_row: usize) -> usize {
    (BLOCK_DRAWS / draws_per_row.max(1)).max(1)
}

/// Calls `fill` with every block of `rows_per_block` rows and the number of its first row, on up to
/// `threads` threads.
///
/// The calling thread works as well, so a thread that the system refuses to start only makes it
/// slower.
pub(in crate::stats) fn fill_blocks<T: Send>(
    rows: &mut [T],
    rows_per_block: usize,
    threads: usize,
    fill: impl Fn(usize, &mut [T]) + Sync,
) {
    let workers = threads.min(rows.len().div_ceil(rows_per_block));
    let queue = Mutex::new(rows.chunks_mut(rows_per_block).enumerate());
    let work = || {
        loop {
            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some((number, block)) = next else { break };
            fill(number * rows_per_block, block);
        }
    };
    thread::scope(|scope| {
        for _ in 1..workers {
            if thread::Builder::new().spawn_scoped(scope, work).is_err() {
                break;
            }
        }
        work();
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_filled_once_whatever_the_threads() {
        for threads in [1, 2, 7] {
            let mut rows = vec![0usize; 103];
            fill_blocks(&mut rows, 10, threads, |first, block| {
                for (offset, row) in block.iter_mut().enumerate() {
                    *row += first + offset;
                }
            });
            assert_eq!(rows, (0..103).collect::<Vec<_>>());
        }
    }
}
