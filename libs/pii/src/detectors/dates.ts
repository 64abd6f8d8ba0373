import { isDay } from '../checks/digit-sums.ts';

export const MONTHS =
  '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|august|september|october|november|december|januar|februar|märz|mai|juni|juli|oktober|dezember|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro|stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia|januari|februari|maart|mei|augustus|desember|marts)';
const YEAR = '(?:1[89]\\d{2}|20[0-2]\\d)';
/** A whole day, as it is written in many countries; source of an expression. */
export const DATE = [
  `${YEAR}[-/.](?:0?[1-9]|1[0-2])[-/.](?:[12]\\d|3[01]|0?[1-9])`,
  `(?:[12]\\d|3[01]|0?[1-9])[-/.](?:[12]\\d|3[01]|0?[1-9])[-/.](?:${YEAR}|\\d{2})`,
  `(?:[12]\\d|3[01]|0?[1-9])\\.?(?:st|nd|rd|th|er|º|°)?[ -](?:of |de |di |d')?${MONTHS}\\.?,?[ -](?:de |del )?${YEAR}`,
  `${MONTHS}\\.? (?:[12]\\d|3[01]|0?[1-9])(?:st|nd|rd|th)?,? ${YEAR}`,
  `${YEAR}年\\d{1,2}月\\d{1,2}日`,
  `(?:19|20)\\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\\d|3[01])`,
].join('|');

/** Of days written in numbers: that there is such a day. */
export function isDate(value: string): boolean {
  const numbers = /^(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})$/.exec(value);
  if (!numbers) return true;
  const [first, second, third] = numbers.slice(1).map(Number);
  if (first === undefined || second === undefined || third === undefined) return false;
  return first > 31 ? isDay(second, third) : isDay(second, first) || isDay(first, second);
}
