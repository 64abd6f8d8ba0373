/** In front of a name, and no part of it. */
export const TITLES =
  'mr mrs ms miss mx dr prof professor sir madam dame lord lady rev reverend fr sr sra srta don doña señor señora herr herrn frau m mm mme mlle me maître monsieur madame mademoiselle docteur doctor doktor dott dottssa sig signor signora senhor senhora dhr mevr meneer mevrouw pan pani hr fru capt captain col gen lt sgt pres sen rep gov judge nurse officer agent detective inspecteur inspector commissaire capitaine professeur juge roi reine princesse prince queen king pope saint uncle aunt tante oncle';

/** Endings of last names in the languages that have such. */
export const LAST_NAME_ENDS =
  'ov ova ev eva enko chuk ski ska sky wicz czyk vić vic ić sson dóttir sen escu yan ian idze shvili nen ström berg mann stein oğlu oglu poulos akis ides quist lund strand gaard ez elli ini etti veld sma stra inga eau eux ault ier bauer meier meyer huber moto mura yama gawa saki';

/** What only persons do. */
export const AFTER_WORDS =
  'had given|said|says|asked|told|lives|lived|works|worked|spent|wants|wanted|thinks|thought|wrote|replied|explained|added|admitted|married|déclare|explique|raconte|affirme|souligne|décide|rencontre|a déclaré|a expliqué|sagte|sagt|erklärte|dijo|disse|ha detto';

/** What stands before a name, up to it. */
export const BEFORE =
  /(?:\b(?:name(?:'s)?(?: is)?|i'?m|i am|named|called|dear|hi|hello|hey|regards|sincerely|cheers|thanks|yours|love|signed|author|contact|patient|client|customer|employee|attn|attention|from|cc|by|nombre es|llamo|llama|m'appelle|s'appelle|nommée?|heiße|heißt|name ist|ich bin|chiamo|nome é|nome è|jeg heter|heter|naam is|kollege|kollegin|nazywam się|à l'attention de|rédigé par|signataire|kind regards|best regards|holder|beneficiary|recipient|passenger|driver|fahrer|applicant|tenant|owner|manager|assignee|reviewer|owner|speaker|interviewer|participant|titulaire|cliente|paciente|with|and|et|und|y|klant|kunde|kyc|wife|husband|son|daughter|friend|colleague|boss)\b|[-–—*•])[\s:,"'*_]{0,4}$/i;

/** Of those the ones that say it is a name whatever comes. */
export const SURE_PHRASES =
  "my name|my name's|my name is|my name's is|named|called|dear|regards|sincerely|signed|patient|nombre es|wife|husband|son|daughter|brother|sister|kid|child|girlfriend|boyfriend|femme|mari|compagne|frère|sœur|épouse|klant|kyc|employee|holder|me llamo|m'appelle|s'appelle|nommé|nommée|ich heiße|mein name ist|mi chiamo|nome é|jeg heter|naam is|nazywam się|à l'attention de|attn";

/** Behind or at the end of a name these make it the name of something else. */
export const ORGANIZATIONS =
  'inc llc ltd plc corp corporation co company gmbh ag kg ug sa sas sarl srl spa bv nv ab as oy group holding holdings industries foundation university institute college school hospital clinic bank street st avenue ave road rd lane drive court boulevard blvd place square park bridge river lake mount mountain hill valley beach bay island islands airport station county city town village church museum theatre theater stadium arena center centre hotel award awards prize cup league fc club press times post news magazine journal act law theorem algorithm effect syndrome disease day week month systems solutions technologies services partners associates consulting software labs studio studios records pictures entertainment airlines motors project framework library api floor suite room apartment department';
