// Lists the sites and apps that links lead to, known by their hosts, and where anybody can report something.

/** @typedef {{code: string, name: string, hosts: string[], form: string}} Platform  code: as it is counted (chat/cases/results.py); form: where anybody reports without an account, "" where we know none */

/** @type {Platform[]} */
export const PLATFORMS = [
  platform("snapchat", "Snapchat", ["snapchat.com"], "https://help.snapchat.com/hc/requests/new"),
  platform("instagram", "Instagram", ["instagram.com"], "https://help.instagram.com/contact/383679321740945"),
  platform("tiktok", "TikTok", ["tiktok.com"], "https://www.tiktok.com/legal/report/feedback"),
  platform("whatsapp", "WhatsApp", ["whatsapp.com", "wa.me"]),
  platform("telegram", "Telegram", ["telegram.org", "telegram.me", "t.me"]),
  platform("x", "X", ["x.com", "twitter.com"], "https://help.x.com/forms/safety-and-sensitive-content"),
  platform("facebook", "Facebook", ["facebook.com", "fb.com", "messenger.com"]),
  platform("discord", "Discord", ["discord.com", "discord.gg", "discordapp.com"]),
  platform("youtube", "YouTube", ["youtube.com", "youtu.be"]),
  platform("reddit", "Reddit", ["reddit.com"]),
  platform("twitch", "Twitch", ["twitch.tv"]),
  platform("roblox", "Roblox", ["roblox.com"]),
  platform("onlyfans", "OnlyFans", ["onlyfans.com"]),
  platform("pornhub", "Pornhub", ["pornhub.com"]),
  platform("google", "Google", ["google.com", "google.nl"]),
];

/** @param {string} code @param {string} name @param {string[]} hosts @returns {Platform} */
function platform(code, name, hosts, form = "") {
  return { code, name, hosts, form };
}

/** Returns the platform of a link; undefined for an unknown site. @param {string} url */
export function platformOf(url) {
  const { hostname } = new URL(url);
  return PLATFORMS.find(({ hosts }) => hosts.some((host) => `.${hostname}`.endsWith(`.${host}`)));
}
