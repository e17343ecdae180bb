//! The queue and its bell.

use super::bell::Bell;

struct State {
    rung: bool,
}

impl Queue {
    pub(super) fn hang(&self, bell: Bell) {
        drop(self.bell.set(bell));
    }

    fn ring(&self) {
        if let Some(bell) = self.bell.get() {
            bell.ring();
        }
    }
}
