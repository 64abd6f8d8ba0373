/** What stands before a place and seldom before a person: where a listed name may be either. */
export const IN_BEFORE =
  /(?:^|[\s"'([>])(?:in|near|inside|across|throughout|around|outside|visit|visits|visited|visiting|via|nach|bei|dans|près de|en|em|perto de|vicino a|w|we)\s(?:the\s)?$/iu;

const VERBS =
  'originally|come|comes|came|hail|hails|basée?s?|située?s?|installée?s?|live|lives|lived|living|reside|resides|residing|resident|born|raised|grew up|grown up|based|located|situated|headquartered|arrive|arrives|arrived|arriving|landed|stationed|moved|move|moving|relocated|relocating|travel|travels|travelled|traveled|travelling|traveling|flew|flying|flight|flights|trip|trips|wohne|wohnt|wohnen|wohnhaft|lebt|lebe|geboren|habite|habitent|vit|vis|née?|vivo|vive|viven|nacido|nacida|resido|abito|abita|vivono|nato a|nata a|moro|mora|nascido|nascida|woon|woont|geboren|mieszkam|mieszka|urodzony|urodzona';
const WORDS_OF =
  'city|town|village|capital|province|region|county|mayor|suburb|suburbs|outskirts|port|municipality|Stadt|ville|ciudad|città|cidade';
const LABELS =
  'city|town|country|state|province|region|city of birth|place of birth|birthplace|hometown|location|ort|stadt|wohnort|geburtsort|land|ville|pays|lieu de naissance|ciudad|país|lugar de nacimiento|città|paese|luogo di nascita|cidade|plaats|woonplaats|stad|miasto|kraj|miejscowość';

/** What is said before a place alone: then the word behind it is one, whether a list has it or not. */
export const LIVES_BEFORE = new RegExp(
  `(?:(?<![\\p{L}])(?:${VERBS})\\s(?:in|at|to|from|near|outside|nach|aus|à|a|en|em|w|we|do)\\s|(?<![\\p{L}])(?:${WORDS_OF})\\s(?:of|von|de|di)\\s|(?:^|[\\n,;|({"'>\\t])\\s?(?:${LABELS})["']?\\s?[:=]\\s?["']?|(?<![\\p{L}])(?:apt|apartment|suite|unit|flat)\\.?\\s#?\\d{1,5}(?:,\\s|\\s?\\n[>?*\\s]{0,6}))$`,
  'iu',
);

/** Not where something is but when. */
export const MONTHS =
  /^(?:january|february|march|april|may|june|july|august|september|october|november|december|januar|februar|märz|mai|juni|juli|oktober|dezember|janvier|février|mars|avril|juin|juillet|août|octobre|novembre|décembre|spring|summer|autumn|winter|monday|tuesday|wednesday|thursday|friday|saturday|sunday|christmas|easter)$/i;
