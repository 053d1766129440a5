"""Finds what is too wide on a page."""

# Nothing is wider than the window, no control is cut off, and none covers another one.
TOO_WIDE = """() => {
  const wide = [...document.querySelectorAll('button, a, label, summary, p, h1, h2, h3, li')].filter((one) =>
    one.checkVisibility() && !one.matches('.unseen, .skip') && getComputedStyle(one).display !== 'inline'
      && one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1);
  const page = document.documentElement.scrollWidth;
  return [
    ...(page > innerWidth ? [`the page is ${page} wide`] : []),
    ...wide.map((one) => `${one.tagName} ${one.className} ${one.textContent.slice(0, 30)}`),
  ];
}"""
