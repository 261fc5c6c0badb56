//! Calls through trait objects: the methods of what was made into one.

pub trait Play {
    fn play(&self) -> u32;
}

pub trait Tune {
    fn tune(&self) -> u32 {
        440
    }
}

pub trait Record<T> {
    fn record(&self) -> T;
}

pub struct Flute(u32);

pub struct Drum;

/// Never made into a trait object.
pub struct Bell;

impl Play for Flute {
    // reaches: nothing
    fn play(&self) -> u32 {
        self.0
    }
}

impl Play for Drum {
    fn play(&self) -> u32 {
        2
    }
}

impl Play for Bell {
    fn play(&self) -> u32 {
        3
    }
}

impl Tune for Flute {
    fn tune(&self) -> u32 {
        442
    }
}

impl Tune for Drum {}

impl Record<u32> for Drum {
    fn record(&self) -> u32 {
        5
    }
}

impl Record<u32> for Bell {
    fn record(&self) -> u32 {
        6
    }
}

/// Any implementation may come in from a caller.
// reaches: <Bell as Play>::play, <Drum as Play>::play, <Flute as Play>::play
pub fn hear(player: &dyn Play) -> u32 {
    player.play()
}

// reaches: <Bell as Play>::play, <Drum as Play>::play, <Flute as Play>::play
pub fn hear_by_path(player: &dyn Play) -> u32 {
    Play::play(player)
}

// reaches: <Flute as Tune>::tune, Tune::tune
pub fn pitch(of: &dyn Tune) -> u32 {
    of.tune()
}

fn keep<T>(of: &dyn Record<T>) -> T {
    of.record()
}

// reaches: <Flute as Play>::play, hear
pub fn one_type_is_coerced() -> u32 {
    hear(&Flute(1))
}

// reaches: <Flute as Play>::play, hear_by_path
pub fn one_type_is_cast() -> u32 {
    let flute = Flute(1);
    hear_by_path(&flute as &dyn Play)
}

// reaches: <Flute as Tune>::tune, pitch
pub fn a_default_is_overridden() -> u32 {
    pitch(&Flute(1))
}

// reaches: Tune::tune, pitch
pub fn a_default_is_not_overridden() -> u32 {
    pitch(&Drum)
}

// reaches: <Drum as Record<u32>>::record, keep
pub fn a_generic_trait() -> u32 {
    keep(&Drum as &dyn Record<u32>)
}

// reaches: <Drum as Play>::play, <Flute as Play>::play
pub fn elements_of_a_vector() -> u32 {
    let (flute, drum) = (Flute(1), Drum);
    let band: Vec<&dyn Play> = vec![&flute, &drum];
    let mut sum = 0;
    for player in band.iter() {
        sum += player.play();
    }
    sum
}

// reaches: <Drum as Play>::play
pub fn in_a_box() -> u32 {
    let player: Box<dyn Play> = Box::new(Drum);
    player.play()
}

// reaches: nothing
pub fn made_into_no_trait_object() -> u32 {
    let Flute(number) = Flute(1);
    number
}
