use crate::runtime::spawn;

pub struct Held;

pub fn held() -> Held {
    let _ = spawn;
    Held
}
