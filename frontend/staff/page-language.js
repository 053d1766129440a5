// Which of the two languages a staff page speaks.

/** @returns {"nl" | "en"} */
export const languageOfPage = () => (globalThis.document?.documentElement.lang === "en" ? "en" : "nl");
