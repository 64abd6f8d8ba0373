import { IDEOGRAPH, KIND } from './characters.ts';
import { type Context, contextNumber } from './context.ts';
import type { Reading } from './reading.ts';

/** Words of scripts without spaces between words; looked for right before a value. */
const WORDS: readonly (readonly [string, Context])[] = [
  ['身份证', 'ric'],
  ['身份證', 'ric'],
  ['证件号', 'ric'],
  ['身分證', 'twid'],
  ['统一编号', 'twid'],
  ['電話', 'phone'],
  ['电话', 'phone'],
  ['手机', 'phone'],
  ['手機', 'phone'],
  ['携帯', 'phone'],
  ['联系', 'phone'],
  ['联络', 'phone'],
  ['전화', 'phone'],
  ['연락처', 'phone'],
  ['휴대폰', 'phone'],
  ['핸드폰', 'phone'],
  ['โทร', 'phone'],
  ['เบอร์', 'phone'],
  ['マイナンバー', 'mynumber'],
  ['個人番号', 'mynumber'],
  ['주민등록', 'rrn'],
  ['주민번호', 'rrn'],
  ['외국인등록', 'rrn'],
  ['บัตรประชาชน', 'thai'],
  ['ประจำตัว', 'thai'],
  ['护照', 'passport'],
  ['護照', 'passport'],
  ['パスポート', 'passport'],
  ['旅券', 'passport'],
  ['여권', 'passport'],
  ['银行卡', 'card'],
  ['信用卡', 'card'],
  ['カード', 'card'],
  ['카드', 'card'],
  ['账号', 'bank'],
  ['帳號', 'bank'],
  ['口座', 'bank'],
  ['계좌', 'bank'],
  ['番号', 'negative'],
  ['订单', 'negative'],
  ['車牌', 'plate'],
  ['车牌', 'plate'],
  ['ナンバー', 'plate'],
];
const REACH = 14;
const byFirst = new Map<number, { word: string; context: number }[]>();
for (const [word, name] of WORDS) {
  const first = word.charCodeAt(0);
  const words = byFirst.get(first) ?? [];
  byFirst.set(first, words);
  words.push({ word, context: contextNumber(name) });
}

/** Notes the contexts of the characters before `at`. Called for values right behind such characters only. */
export function hearIdeographs(reading: Reading, at: number): void {
  const { codes, text } = reading;
  for (let start = Math.max(reading.from, at - REACH); start < at; start += 1) {
    const code = codes[start] ?? 0;
    const words = KIND[code] === IDEOGRAPH ? byFirst.get(code) : undefined;
    if (!words) continue;
    for (const { word, context } of words) {
      if (start + word.length <= at && text.startsWith(word, start)) reading.hear(context, at);
    }
  }
}
