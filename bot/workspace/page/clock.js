// Times as the person reads them: their language, their time zone.

import { language, words } from "./words.js";

const DAY = 24 * 60 * 60 * 1000;

function zoneOf(person) {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: person.tz || undefined }).resolvedOptions().timeZone;
  } catch {
    return undefined; // a zone this browser does not know: its own is the better guess
  }
}

/** Formats seconds since 1970 (Slack's `ts` too) for one person, and knows the workspace's own time. */
export class Clock {
  constructor(person, { now, ahead }) {
    this.locale = language(person.locale) === "ja" ? "ja-JP" : "en-US";
    this.zone = zoneOf(person);
    this.words = words(person.locale);
    this.set({ now, ahead });
  }

  /** The workspace's time is `now`, `ahead` of the machine's; both in seconds. */
  set({ now, ahead }) {
    this.skew = now - Date.now() / 1000;
    this.ahead = ahead;
  }

  /** The workspace's time in seconds since 1970. */
  now() {
    return Date.now() / 1000 + this.skew;
  }

  /** Changes when something that is said relative to now may have become wrong. */
  get stamp() {
    return `${this.#today()} ${this.ahead}`;
  }

  #today() {
    return this.#dayKey(this.now() * 1000);
  }

  #format(seconds, options) {
    const format = new Intl.DateTimeFormat(this.locale, { timeZone: this.zone, ...options });
    return format.format(new Date(Number(seconds) * 1000));
  }

  #dayKey(milliseconds) {
    const format = new Intl.DateTimeFormat("en-CA", { timeZone: this.zone, dateStyle: "short" });
    return format.format(new Date(milliseconds));
  }

  time(ts) {
    return this.#format(ts, { hour: "numeric", minute: "2-digit" });
  }

  full(ts) {
    return this.#format(ts, { dateStyle: "full", timeStyle: "medium" });
  }

  /** A key that two moments of the same day share. */
  day(ts) {
    return this.#dayKey(Number(ts) * 1000);
  }

  dayName(ts) {
    return this.#near(ts) || this.#format(ts, { month: "long", day: "numeric", weekday: "short" });
  }

  /** A time alone today, with its day before that. */
  moment(ts) {
    return this.day(ts) === this.#today() ? this.time(ts) : `${this.dayName(ts)} ${this.time(ts)}`;
  }

  /** Date and time in full, whatever day it is. */
  dated(seconds) {
    const date = { month: "short", day: "numeric", weekday: "short" };
    return this.#format(seconds, { ...date, hour: "numeric", minute: "2-digit" });
  }

  /** A date (YYYY-MM-DD) at nine in the morning, in words. */
  dateName(date) {
    const format = { month: "short", day: "numeric", weekday: "short", hour: "numeric", minute: "2-digit" };
    return new Intl.DateTimeFormat(this.locale, { timeZone: "UTC", ...format }).format(new Date(`${date}T09:00Z`));
  }

  /** As a field for date and time wants it: YYYY-MM-DDTHH:MM in the person's zone. */
  local(seconds) {
    const format = { timeZone: this.zone, dateStyle: "short", timeStyle: "short" };
    return new Intl.DateTimeFormat("sv-SE", format).format(new Date(seconds * 1000)).replace(" ", "T");
  }

  /** The other way round: seconds since 1970, of a date and time in the person's zone. */
  seconds(local) {
    const asUtc = (text) => Date.parse(`${text}Z`) / 1000;
    const wanted = asUtc(local);
    const ahead = (moment) => asUtc(this.local(moment)) - moment + (moment % 60);
    const guess = wanted - ahead(wanted);
    return wanted - ahead(guess);
  }

  /** A length of time in its largest unit. */
  span(seconds) {
    const [unit, length] = [["day", 86400], ["hour", 3600]].find(([, one]) => seconds >= one) || ["minute", 60];
    const format = { style: "unit", unit, unitDisplay: "long" };
    return new Intl.NumberFormat(this.locale, format).format(Math.round(seconds / length));
  }

  #near(ts) {
    const day = this.day(ts);
    if (day === this.#today()) return this.words.today;
    if (day === this.#dayKey(this.now() * 1000 - DAY)) return this.words.yesterday;
    return null;
  }

  #ago(seconds) {
    const relative = new Intl.RelativeTimeFormat(this.locale, { numeric: "auto" });
    const past = seconds - this.now();
    for (const [unit, length] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
      if (Math.abs(past) >= length) return relative.format(Math.round(past / length), unit);
    }
    return relative.format(Math.round(past), "second");
  }

  /** A date text such as `{date_short} at {time}` (Slack: "Formatting message text", date formatting). */
  dateText(seconds, pattern) {
    const part = (options) => this.#format(seconds, options);
    const forms = {
      date_num: () => this.day(seconds),
      date: () => part({ year: "numeric", month: "long", day: "numeric" }),
      date_short: () => part({ year: "numeric", month: "short", day: "numeric" }),
      date_long: () => part({ year: "numeric", month: "long", day: "numeric", weekday: "long" }),
      time: () => this.time(seconds),
      time_secs: () => part({ hour: "numeric", minute: "2-digit", second: "2-digit" }),
      ago: () => this.#ago(Number(seconds)),
    };
    forms.date_long_full = forms.date_long;
    for (const name of ["date", "date_short", "date_long"]) {
      forms[`${name}_pretty`] = () => this.#near(seconds) || forms[name]();
    }
    forms.day_divider_pretty = forms.date_long_pretty;
    return pattern.replace(/\{(\w+)\}/g, (whole, name) => (name in forms ? forms[name]() : whole));
  }
}
