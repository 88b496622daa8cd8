//! Small charts in one line each.

/// A range of numbers, drawn over a number of columns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    /// The number at the left end.
    pub low: f64,
    /// The number at the right end.
    pub high: f64,
    width: usize,
}

impl Axis {
    /// Returns the axis that covers all of the numbers; `None` without numbers.
    pub fn over(numbers: impl Iterator<Item = f64>, width: usize) -> Option<Self> {
        let ends = numbers.filter(|number| number.is_finite()).fold(None, |ends, number| {
            let (low, high): (f64, f64) = ends.unwrap_or((number, number));
            Some((low.min(number), high.max(number)))
        });
        let (low, high) = ends?;
        Some(Axis { low, high, width: width.max(3) })
    }

    /// Returns `├──●─┊┤` at its position, with marks at certain numbers; its ends and its middle are drawn over them.
    pub fn bar(&self, ends: Option<(f64, f64)>, middle: f64, marks: &[(f64, char)]) -> String {
        let mut line = vec![' '; self.width];
        if let Some((low, high)) = ends {
            let places = self.place(low)..=self.place(high);
            line.iter_mut()
                .enumerate()
                .filter(|(place, _)| places.contains(place))
                .for_each(|(_, letter)| *letter = '─');
        }
        for (number, mark) in marks {
            self.put(&mut line, *number, *mark);
        }
        if let Some((low, high)) = ends {
            self.put(&mut line, low, '├');
            self.put(&mut line, high, '┤');
        }
        self.put(&mut line, middle, '●');
        line.into_iter().collect()
    }

    fn put(&self, line: &mut [char], number: f64, character: char) {
        if let Some(place) = line.get_mut(self.place(number)) {
            *place = character;
        }
    }

    fn place(&self, number: f64) -> usize {
        // A single number is in the middle.
        let share = match self.is_flat() {
            true => 0.5,
            false => (number - self.low) / (self.high - self.low),
        };
        (share.clamp(0.0, 1.0) * (self.width - 1) as f64).round() as usize
    }

    fn is_flat(&self) -> bool {
        self.low == self.high
    }

    /// Returns a title as wide as the axis, with both ends; for a flat axis, with its one number.
    pub fn title(&self, told: impl Fn(f64) -> String) -> String {
        let (low, high) = (told(self.low), told(self.high));
        if self.is_flat() {
            return format!("{low:^width$}", width = self.width);
        }
        let space = self.width.saturating_sub(low.chars().count() + high.chars().count()).max(1);
        format!("{low}{}{high}", " ".repeat(space))
    }
}

const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Returns a bar character for each number.
pub fn sparkline(numbers: &[f64]) -> String {
    let Some(axis) = Axis::over(numbers.iter().copied(), HEIGHTS.len()) else {
        return String::new();
    };
    let height = |number: &f64| HEIGHTS.get(axis.place(*number)).copied().unwrap_or(' ');
    numbers.iter().map(height).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a failing test is meant to panic
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_drawn_at_its_numbers() {
        let axis = Axis::over([-1.0, 1.0].into_iter(), 11).unwrap();
        assert_eq!(axis.bar(Some((-0.6, 0.2)), -0.2, &[(0.0, '│')]), "  ├─●│┤    ");
        assert_eq!(axis.bar(Some((-0.6, 0.6)), 0.0, &[(0.4, '┊')]), "  ├──●─┊┤  ");
        assert_eq!(axis.bar(Some((0.4, 1.0)), 0.8, &[(0.0, '│')]), "     │ ├─●┤");
        assert_eq!(axis.bar(None, 1.0, &[]), "          ●");
        assert_eq!(axis.bar(Some((0.0, 0.0)), 0.0, &[]), "     ●     ");
        assert_eq!(axis.title(|number| format!("{number:+}")), "-1       +1");
    }

    #[test]
    fn without_numbers_there_is_no_axis() {
        assert_eq!(Axis::over([f64::NAN].into_iter(), 10), None);
        let single = Axis::over([3.0].into_iter(), 11).unwrap();
        assert_eq!(single.bar(None, 3.0, &[]), "     ●     ");
        assert_eq!(single.title(|number| format!("{number:.1}")), "    3.0    ");
    }

    #[test]
    fn a_sparkline_rises_with_its_numbers() {
        assert_eq!(sparkline(&[0.0, 0.5, 1.0]), "▁▅█");
        assert_eq!(sparkline(&[2.0, 2.0]), "▅▅");
        assert_eq!(sparkline(&[]), "");
    }
}
