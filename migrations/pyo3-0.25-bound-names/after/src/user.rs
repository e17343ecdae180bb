use super::own_::PyBox;

pub fn area(a: i64, b: i64) -> i64 {
    let area = PyBox::new_bound(a, b);
    area.traceback_bound()
}
