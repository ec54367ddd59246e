// All tasks of a worker, by the names under which the page asks for them.

import { film } from "./film.js";
import { sampleDigits } from "./rejection.js";
import { find } from "./search.js";
import { draw, drawMany, effects, judge, open, strips } from "./tasks.js";

/** @import { TaskList } from "./protocol" */

/** @type {TaskList} */
export const TASKS = { open, draw, drawMany, judge, effects, strips, sampleDigits, find, film };
