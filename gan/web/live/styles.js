// The style sheet of what is drawn in place.

import { useStyles } from "../kit/notes.js";

useStyles(new URL("./live.css", import.meta.url));
