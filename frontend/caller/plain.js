// A page of ours on which nobody talks: the way out, and the way to the next page, as everywhere.
import { fromPage, use } from "../shared/text.js";
import { storage, TabMemory } from "./coming-back/tab-memory.js";
import { Leaving } from "./leaving/leaving.js";

use(fromPage(), document.documentElement.lang);
new Leaving(new TabMemory(storage()));
