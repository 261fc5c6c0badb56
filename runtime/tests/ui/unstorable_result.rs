use rememo::cached;

struct Model(f64);

#[cached]
fn train(rounds: u32) -> Model {
    Model(f64::from(rounds))
}

#[cached]
fn try_train(rounds: u32) -> Result<Model, String> {
    Ok(Model(f64::from(rounds)))
}

fn main() {}
