/** Words that end the name of a street that follows its number, as in English. */
export const ENGLISH_ENDS =
  'Street|St|Avenue|Ave|Boulevard|Blvd|Road|Rd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Way|Terrace|Ter|Circle|Cir|Trail|Trl|Parkway|Pkwy|Highway|Hwy|Square|Sq|Close|Crescent|Cres|Gardens|Gdns|Grove|Mews|Alley|Turnpike|Expressway|Esplanade|Parade|Broadway|Quay|Wharf';

/** Words that begin the name of a street that follows its number, as in French. */
export const ROMANCE_BEGINS =
  '[Rr]ue|[Aa]venue|[Aa]v\\.|[Bb]oulevard|[Bb]d|[Pp]lace|[Aa]llées?|[Ii]mpasse|[Cc]hemin|[Rr]oute|[Qq]uai|[Cc]ours|[Pp]assage|[Rr]uelle|[Ff]aubourg';

/** Words that begin the name of a street that its number follows. */
export const BEGINS =
  'Calle|C/|Avenida|Avda\\.?|Av\\.?|Plaza|Paseo|Camino|Carrera|Via|Viale|Piazza|Piazzale|Corso|Largo|Vicolo|Strada|Rua|Travessa|Praça|Estrada|Alameda|Rodovia|ul\\.|ulica|al\\.|aleja|os\\.|pl\\.|Rue|Am|An der|An den|Auf der|Auf dem|Im|In der|Unter den|Zum|Zur|Alte|Alter|Große|Kleine|Straße|Platz|Strada|Bulevardul|Bd\\.|Boulevard|Karl-|Jalan|Jl\\.|Ulica|Trg|Via dei|Via della';

/** What the names of streets end in where their number follows. */
export const ENDS =
  'straße|strasse|str\\.|weg|gasse|allee|platz|ring|damm|ufer|chaussee|steig|stieg|pfad|graben|markt|berg|hof|straat|laan|plein|gracht|kade|dijk|singel|dreef|steeg|gata|gatan|gate|gaten|vägen|väg|vei|veien|vej|gade|allé|alléen|plads|stræde|torv|torg|torget|plass|katu|tie|kuja|polku|utca|út|tér|ulice|náměstí|třída|utcája|street|road|tänav|iela|gatvė';

/** Words that are the last of the name of a street of several words, where its number follows. */
export const STREET_WORDS = 'Straße|Strasse|Str\\.|Weg|Allee|Platz|gate|gata|gatan|vei|vej|utca|tér|gade';

/** Words right before the number of a box or a flat. */
export const LAST_WORDS = 'Box|Postfach|Apartado|Casilla|Postbus|Suite|SUITE|Apartment|Apt|APT|apt';

export const STATES =
  'A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|P[AR]|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]|A[AEP]|NSW|VIC|QLD|SA|TAS|ACT|NT|ON|QC|BC|AB|MB|SK|NS|NB|NL|PE';
