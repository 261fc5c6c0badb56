use rememo::cached;

mod inner;

#[cached]
pub fn wrap(items: u32) -> u32 {
    println!("wrap: computed");
    inner::layers() * items
}
