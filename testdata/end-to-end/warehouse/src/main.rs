use rememo::cached;

#[cached]
fn quote(kilos: u32) -> u32 {
    println!("quote: computed");
    freight::rate(kilos)
}

#[cached]
fn pallets(kilos: u32) -> u32 {
    println!("pallets: computed");
    freight::weight::pallets(kilos)
}

/// Reaches nothing of the other package.
#[cached]
fn label(id: u32) -> String {
    println!("label: computed");
    format!("W-{id}")
}

fn main() {
    println!("quote = {}", quote(30));
    println!("pallets = {}", pallets(90));
    println!("label = {}", label(7));
    for handle in [quote_handle(), pallets_handle(), label_handle()] {
        println!("fingerprint {} {:?}", handle.path(), handle.fingerprint());
    }
}
