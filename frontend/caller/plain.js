// Starts a page without a conversation: its quick exit and its links.
import { fromPage, use } from "../shared/text.js";
import { storage, TabMemory } from "./coming-back/tab-memory.js";
import { Leaving } from "./leaving/leaving.js";

use(fromPage(), document.documentElement.lang);
new Leaving(new TabMemory(storage()));
