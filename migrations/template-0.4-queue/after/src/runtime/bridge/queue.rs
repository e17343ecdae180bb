//! The queue and its bell.

use super::notifier::Notifier;

struct State {
    notified: bool,
}

impl Queue {
    pub(super) fn set_notifier(&self, notifier: Notifier) {
        drop(self.notifier.set(notifier));
    }

    fn notify(&self) {
        if let Some(notifier) = self.notifier.get() {
            notifier.notify();
        }
    }
}
