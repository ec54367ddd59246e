// The ways of moving through latent space, in the order of their tabs. Each is a class with
//
//   id, title             in the address, and on the tab
//   element               what its panel shows
//   build()               called once the network is known, its z and digit not yet
//   refresh(changed)      called for the one that is shown; see explorer.js
//   enter(), leave()      when it is shown and hidden
//   spell(), follow(text) what of it belongs in the address, and back; throws AddressError
//   close()               at the end
//
// All but the first three are optional.

import { Find } from "./find/find.js";
import { Pad } from "./map/map.js";
import { Path } from "./path/path.js";
import { Sliders } from "./sliders/sliders.js";
import { Sums } from "./sum/sum.js";

export const MODES = [Sliders, Pad, Path, Sums, Find];
