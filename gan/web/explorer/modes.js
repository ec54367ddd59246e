// The ways of moving through latent space, in the order of their tabs. A mode has one name: that of its folder, of its
// file, of its class and of its style; in the address and on its tab. types.d.ts says what it can do. Not every network
// has all of them.

import { FilmMode } from "./film/film.js";
import { FindMode } from "./find/find.js";
import { MapMode } from "./map/map.js";
import { NoiseMode } from "./noise/noise.js";
import { PathMode } from "./path/path.js";
import { SlidersMode } from "./sliders/sliders.js";
import { SumMode } from "./sum/sum.js";

export const MODES = [FilmMode, NoiseMode, SlidersMode, MapMode, PathMode, SumMode, FindMode];
