use super::own_::Tool;

pub struct Node(pub i32);

impl Node {
    pub fn to_object(&self, depth: i32) -> i32 {
        self.0 + depth
    }
}

pub fn deep(node: &Node) -> i32 {
    node.to_object(3) + Tool.to_object() as i32
}
