/** Labels of metadata in the page's language. The emulated org has the standard tables' labels in
 * English only; their Persian, as a Persian organisation would show them, is here. */

import { language } from "./language.js";

const LCIDS = { en: 1033, fa: 1065 };

/** The text of a label; its Persian from the organisation, else from the list. */
export function titledLabel(label, otherwise) {
  const texts = label?.LocalizedLabels ?? [];
  const own = texts.find((item) => item.LanguageCode === LCIDS[language()])?.Label;
  const any = label?.UserLocalizedLabel?.Label ?? otherwise;
  return own ?? (language() === "fa" ? PERSIAN[any] : null) ?? any;
}

const PERSIAN = {
  Accounts: "مشتریان", Appointments: "قرارها", Cases: "درخواست‌های خدمات", Contacts: "اشخاص",
  "Email Messages": "ایمیل‌ها", Goals: "اهداف", "Invoice Products": "اقلام فاکتور", Invoices: "فاکتورها",
  Leads: "سرنخ‌ها", Opportunities: "فرصت‌های فروش", Orders: "سفارش‌ها", "Phone Calls": "تماس‌ها",
  Quotes: "پیش‌فاکتورها", Users: "کاربران",

  "Account Name": "نام", Name: "نام", Topic: "موضوع", Subject: "موضوع", "Case Title": "موضوع",
  "Full Name": "نام", Status: "وضعیت", "Activity Status": "وضعیت", "Status Reason": "علت وضعیت",
  "Created On": "تاریخ ایجاد", Owner: "مالک", Customer: "مشتری", "Company Name": "شرکت",
  Category: "رده", "Relationship Type": "نوع ارتباط", "Parent Account": "مشتری بالادست",
  "Annual Revenue": "درآمد سالانه", "Actual End": "پایان واقعی", "Start Time": "آغاز", Direction: "خروجی",
  "Date Sent": "تاریخ ارسال", "Parent Activity Id": "در پاسخ به", "Actual (Decimal)": "تحقق (اعشاری)",
  "Actual (Integer)": "تحقق (عدد)", "Actual (Money)": "تحقق (مبلغ)", "Target (Decimal)": "هدف (اعشاری)",
  "Target (Integer)": "هدف (عدد)", "Target (Money)": "هدف (مبلغ)", From: "از", To: "تا",
  Satisfaction: "رضایت", IsEscalated: "ارجاع‌شده", Priority: "اولویت", "Resolve By": "مهلت",
  "Total Amount": "مبلغ کل", "Existing Product": "محصول", "Product Description": "شرح محصول",
  Budget: "بودجه", Email: "ایمیل", "Lead Source": "منبع سرنخ", "No. of Employees": "شمار کارکنان",
  "Purchase Timeframe": "زمان خرید", "Business Phone": "تلفن", "Actual Close Date": "بسته شدن",
  "Actual Revenue": "مبلغ واقعی", Probability: "احتمال", "Est. Close Date": "بسته شدن برآوردی",
  "Est. Revenue": "مبلغ برآوردی", "Originating Lead": "سرنخ", Opportunity: "فرصت فروش",
  "Requested Delivery Date": "تحویل درخواستی", Manager: "مدیر",

  Active: "فعال", Inactive: "غیرفعال", Open: "باز", Completed: "انجام‌شده", Canceled: "لغوشده",
  Scheduled: "زمان‌بندی‌شده", Paid: "پرداخت‌شده", "Closed (deprecated)": "بسته", Closed: "بسته",
  Draft: "پیش‌نویس", Won: "برنده", Lost: "از دست رفته", Submitted: "ارسال‌شده", Fulfilled: "تحویل‌شده",
  Invoiced: "فاکتورشده", Resolved: "حل‌شده", Qualified: "تأییدشده", Disqualified: "ردشده",
  No: "خیر", Yes: "بله", High: "زیاد", Normal: "عادی", Low: "کم",
  "Preferred Customer": "ویژه", Standard: "عادی", "Very Dissatisfied": "بسیار ناراضی",
  Dissatisfied: "ناراضی", Neutral: "بی‌نظر", Satisfied: "راضی", "Very Satisfied": "بسیار راضی",
  Competitor: "رقیب", Consultant: "مشاور", Investor: "سرمایه‌گذار", Partner: "شریک",
  Influencer: "تأثیرگذار", Press: "رسانه", Prospect: "مشتری احتمالی", Reseller: "نماینده",
  Supplier: "تأمین‌کننده", Vendor: "پیمانکار", Other: "دیگر", "No Committed Budget": "بدون بودجه",
  "May Buy": "شاید بخرد", "Can Buy": "می‌تواند بخرد", "Will Buy": "می‌خرد", Advertisement: "آگهی",
  "Employee Referral": "معرفی کارکنان", "External Referral": "معرفی دیگران", "Public Relations": "روابط عمومی",
  Seminar: "همایش", "Trade Show": "نمایشگاه", Web: "وب", "Word of Mouth": "دهان به دهان",
  Immediate: "فوری", "This Quarter": "این فصل", "Next Quarter": "فصل بعد", "This Year": "امسال", Unknown: "نامشخص",
};
