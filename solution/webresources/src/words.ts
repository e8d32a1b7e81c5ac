/** Every word that the button and the form script say, in both languages. */

import type { Language } from "./language";

const ENGLISH = {
  recomputing: "Recomputing…",
  progress: "Recomputing: {done} of {total}",
  recomputed: "Recomputed.",
  recomputedAs: "Recomputed: {verdict}",
  recomputedMany: "Recomputed: {done} of {total}, changed: {written}",
  recomputedSome: "Recomputed: {done} of {total}, changed: {written}. The rules leave the others out.",
  saveFirst: "The record was not saved, so it was not recomputed. Complete it and save, then press again.",
  saveToSee: "The fields of this form show it after saving.",
  late: "This takes longer than usual. It goes on in the background; the result appears by itself.",
  unseen:
    "The scoring service has not begun yet. Nothing is lost: it goes on in the background. If nothing happens for " +
    "minutes, ask an administrator to run gradesys doctor.",
  leftRunning: "All records are being recomputed in the background: {done} so far. You can go on working.",
  showRun: "Show progress",

  selectFirst: "Select one or more records first.",
  confirmTitle: "Recompute all",
  confirmAll: "All records of this table are recomputed ({count}). It goes on in the background; you can go on working.",
  confirmUncounted: "All records of this table are recomputed. It goes on in the background; you can go on working.",
  moreThan: "more than {count}",
  start: "Recompute all",
  cancel: "Cancel",

  grade: "grade {grade}",
  score: "score {score}",
  up: "rising",
  steady: "steady",
  down: "falling",
  reasons: "lowered most by: {reasons}",
  asOf: "as of {moment}",
  unscored: "not scored (the rules leave this record out, or have not come to it yet)",
  parked: "scoring of this record is stopped; an administrator sees why with gradesys parked list",
  comma: ", ",

  forbidden:
    "You may not recompute scores. Ask an administrator for a security role that may create and read scoring runs " +
    "(table gs_run), then press again.",
  missing:
    "The recompute function is not set up in this environment. Ask an administrator to run gradesys deploy apply.",
  busy: "Dataverse has too much to do right now. Wait a few minutes, then press again.",
  unavailable: "Dataverse or the scoring service cannot be reached right now. Nothing was changed; press again in a minute.",
  offline: "There is no connection. Check your network, then press again.",
  signedOut: "Your sign-in has ended. Reload the page, sign in, then press again.",
  noRules: "No active rules score this table. Ask an administrator to activate a rule file for it.",
  runFailed: "The recomputation stopped. Hand the details to an administrator; gradesys doctor says what to do.",
  partial:
    "Recomputed: {done} of {total}. Not written: {failed}. Press again for these; if they fail once more, an " +
    "administrator sees why with gradesys parked list.",
  broken:
    "Recomputed: {done} of {total}, then this happened: {problem}",
  other: "That did not work. Press again in a minute; if it fails once more, hand the details to an administrator.",
};

export type Word = keyof typeof ENGLISH;

const PERSIAN: Record<Word, string> = {
  recomputing: "در حال محاسبه…",
  progress: "در حال محاسبه: {done} از {total}",
  recomputed: "محاسبه شد.",
  recomputedAs: "محاسبه شد: {verdict}",
  recomputedMany: "محاسبه شد: {done} از {total}، تغییرکرده: {written}",
  recomputedSome: "محاسبه شد: {done} از {total}، تغییرکرده: {written}. قواعد بقیه را در بر نمی‌گیرند.",
  saveFirst: "رکورد ذخیره نشد، پس محاسبه هم نشد. آن را کامل و ذخیره کنید، سپس دوباره دکمه را بزنید.",
  saveToSee: "فیلدهای این فرم پس از ذخیره آن را نشان می‌دهند.",
  late: "این بار بیشتر از معمول طول می‌کشد. محاسبه در پس‌زمینه ادامه دارد و نتیجه خودبه‌خود دیده می‌شود.",
  unseen:
    "سرویس امتیازدهی هنوز آغاز نکرده است. چیزی از دست نمی‌رود و محاسبه در پس‌زمینه ادامه دارد. اگر تا چند دقیقه خبری نشد، " +
    "از مدیر سیستم بخواهید gradesys doctor را اجرا کند.",
  leftRunning: "همهٔ رکوردها در پس‌زمینه محاسبه می‌شوند؛ تاکنون {done}. می‌توانید به کار خود ادامه دهید.",
  showRun: "نمایش پیشرفت",

  selectFirst: "نخست یک یا چند رکورد را انتخاب کنید.",
  confirmTitle: "محاسبهٔ دوبارهٔ همه",
  confirmAll: "همهٔ رکوردهای این جدول ({count}) دوباره محاسبه می‌شوند. کار در پس‌زمینه پیش می‌رود و می‌توانید به کار خود ادامه دهید.",
  confirmUncounted: "همهٔ رکوردهای این جدول دوباره محاسبه می‌شوند. کار در پس‌زمینه پیش می‌رود و می‌توانید به کار خود ادامه دهید.",
  moreThan: "بیش از {count}",
  start: "محاسبهٔ دوبارهٔ همه",
  cancel: "انصراف",

  grade: "درجهٔ {grade}",
  score: "امتیاز {score}",
  up: "رو به بالا",
  steady: "بی‌تغییر",
  down: "رو به پایین",
  reasons: "بیشترین امتیاز از دست رفته: {reasons}",
  asOf: "در {moment}",
  unscored: "بدون امتیاز (قواعد این رکورد را در بر نمی‌گیرند یا هنوز به آن نرسیده‌اند)",
  parked: "امتیازدهی این رکورد متوقف شده است؛ مدیر سیستم با gradesys parked list علت را می‌بیند",
  comma: "، ",

  forbidden:
    "اجازهٔ محاسبهٔ دوباره را ندارید. از مدیر سیستم نقشی امنیتی بخواهید که ساختن و خواندن اجراهای امتیازدهی (جدول gs_run) " +
    "را مجاز می‌کند، سپس دوباره دکمه را بزنید.",
  missing: "محاسبهٔ دوباره در این محیط راه‌اندازی نشده است. از مدیر سیستم بخواهید gradesys deploy apply را اجرا کند.",
  busy: "Dataverse اکنون بیش از اندازه کار دارد. چند دقیقه صبر کنید، سپس دوباره دکمه را بزنید.",
  unavailable: "Dataverse یا سرویس امتیازدهی اکنون در دسترس نیست. چیزی تغییر نکرد؛ یک دقیقهٔ دیگر دوباره دکمه را بزنید.",
  offline: "ارتباط برقرار نیست. شبکه را بررسی کنید، سپس دوباره دکمه را بزنید.",
  signedOut: "ورود شما به پایان رسیده است. صفحه را تازه کنید و وارد شوید، سپس دوباره دکمه را بزنید.",
  noRules: "هیچ قاعدهٔ فعالی به این جدول امتیاز نمی‌دهد. از مدیر سیستم بخواهید برای آن قاعده‌ای فعال کند.",
  runFailed: "محاسبه متوقف شد. جزئیات را به مدیر سیستم بدهید؛ gradesys doctor می‌گوید چه باید کرد.",
  partial:
    "محاسبه شد: {done} از {total}. نوشته نشد: {failed}. برای این‌ها دوباره دکمه را بزنید؛ اگر باز هم نشد، مدیر سیستم " +
    "با gradesys parked list علت را می‌بیند.",
  broken: "محاسبه شد: {done} از {total}، سپس این پیش آمد: {problem}",
  other: "انجام نشد. یک دقیقهٔ دیگر دوباره دکمه را بزنید؛ اگر باز هم نشد، جزئیات را به مدیر سیستم بدهید.",
};

export const WORDS: Record<Language, Record<Word, string>> = { en: ENGLISH, fa: PERSIAN };
