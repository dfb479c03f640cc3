//! What keys, answers and time lead to, told through the probe. One file for each topic.

mod budgets;

use crate::app::probe::*;
