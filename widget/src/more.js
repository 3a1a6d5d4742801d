/** All that no first vote needs. It is fetched when the reader reaches out for the first time. */
import { offer } from "./extras.js";
import { begin } from "./notices.js";
import { counted, dealt, delayed, pressed, refused, welcome } from "./turns.js";

offer({ begin, counted, dealt, delayed, pressed, refused, welcome });
