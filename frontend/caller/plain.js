// Runs a page without a conversation, with the exit and the links of every page.
import { fromPage, use } from "../shared/text.js";
import { storage, TabMemory } from "./coming-back/tab-memory.js";
import { Leaving } from "./leaving/leaving.js";

use(fromPage(), document.documentElement.lang);
new Leaving(new TabMemory(storage()));
