/** Building blocks of sentences in one language: any combination is a sentence. No quotes or backslashes: they go into JSON as they are. */
export interface Phrases {
  lang: string;
  /** How many of a thousand conversations are in this language. */
  share: number;
  openers: readonly string[];
  subjects: readonly string[];
  verbs: readonly string[];
  objects: readonly string[];
  endings: readonly string[];
  questions: readonly string[];
  /** Things are made of two parts as well: any of the first with any of the second. */
  things: readonly [firsts: readonly string[], glue: string, seconds: readonly string[]];
  /** Stand before a thing at the end of a clause; where there are none, things are objects only. */
  links: readonly string[];
  /** Stand before a number. */
  labels: readonly string[];
  /** Stands between the parts of a sentence, at its end, and before what is given as a list. */
  joint: string;
  stop: string;
  lead: readonly string[];
}

const list = (text: string): string[] => text.split('|').map((entry) => entry.trim().replaceAll(/\s+/g, ' '));

const english: Phrases = {
  lang: 'en',
  share: 520,
  joint: ' ',
  stop: '.',
  openers:
    list(`As far as I can see,|In practice,|To be honest,|For most teams,|On a good day,|After the last release,|Before you start,|
    In my experience,|Most of the time,|By design,|Strictly speaking,|At the moment,|In other words,|On closer inspection,|Without warning,|
    Surprisingly often,|For a start,|When in doubt,|Over the weekend,|During the review,|At this scale,|Once a quarter,|Given the deadline,|
    Despite the noise,|Behind the scenes,|Somewhat unexpectedly,|From the outside,|According to the plan,|For historical reasons,|As a rule of thumb,`),
  subjects:
    list(`the nightly job|our billing service|a careful reader|the warehouse team|this recipe|the second chapter|a small garden|the new parser|
    everyone on the rota|the old bridge|my neighbour|the compiler|a patient teacher|the mobile app|the regional office|this dataset|the orchestra|
    the courier|a cheap sensor|the import wizard|the translation|the quarterly report|a warm scarf|the night train|our test suite|the gardener|
    the scheduler|a junior developer|the museum|the coffee machine|the search index|the landlord|a sudden storm|the choir|the invoice layout|
    the weather station|a retired engineer|the loading dock|the spare key|this paragraph|the backup plan|a curious student|the river path|
    the help desk|the firmware|a handwritten note|the bakery|the committee|the cache|a long holiday`),
  verbs:
    list(`rarely explains|quietly replaces|always checks|seems to ignore|has just finished|will need|keeps asking for|barely covers|often postpones|
    can describe|should not depend on|carefully measures|prefers|mentions|has never seen|wants to simplify|usually delivers|tries to avoid|
    depends on|clearly improves|sometimes forgets|counts|would like to rename|cannot find|openly criticises|compares|already supports|slowly fills|
    politely declines|ends with|hides|sorts|is waiting for|almost doubled|recommends|reopened|merely repeats|turns into|is famous for|
    will soon retire|gave away|took over|made room for|was built around|outgrew|still enjoys|is responsible for|relies on|draws|protects`),
  objects:
    list(`the shipping label|a second opinion|the missing column|fresh bread|every open ticket|the left-hand menu|a shorter summary|the rounding error|
    three empty boxes|the original wording|a better index|the spring timetable|some good advice|an older laptop|the wrong branch|two spare batteries|
    the entire archive|a quiet afternoon|the final draft|last year's budget|the customer survey|an unusual melody|the water pump|a list of names|
    the memory limit|several old maps|the refund policy|half the cupboard|a clear example|the error message|the seating plan|its own documentation|
    a bicycle pump|the safety margin|a bowl of soup|the front garden|a colour palette|the import queue|an honest answer|the time zone|
    a printed receipt|the lower shelf|a narrow corridor|the opening hours|the training schedule|a pair of gloves|the release notes|a blank page|
    the night shift|a reliable witness|the fallback route|a bag of cement|the unit price|a simple diagram|the old password rules|the delivery window`),
  endings:
    list(`before lunch|without any delay|for the third time|in the next sprint|under normal load|with a little patience|as described above|on Tuesday morning|
    next to the window|in plain language|after the meeting|at no extra cost|for a whole week|with great care|in both directions|until further notice|
    because of the rain|on the second attempt|in less than an hour|as if nothing had happened|beyond any doubt|between two holidays|once the light turns green|
    with the help of a friend|whenever the disk is full|at the end of the road|in a slightly different order|unless somebody objects|by the end of March|
    from the very beginning|through the side entrance|over a cup of tea|in spite of everything|during the summer|one step at a time|for good reasons|
    on a rainy evening|against all advice|in the upper left corner|like last year`),
  questions:
    list(`Could you explain why|I would like to know how|Can you tell me whether it is true that|Please write a short story in which|Summarise in two sentences how|
    Help me phrase an answer that says|What does it mean when|Give me three reasons why|Is there a way to check that|Draft an announcement that says|
    Rewrite this so that a child understands it:|Translate the idea that|List the steps after which|I am not sure I understand why|Let us assume that|How likely is it that`),
  links: list(`near|behind|without|after|under|beside|against|before|inside|beyond|despite|instead of`),
  labels: list(`ticket|row|page|step|order|build|room|line|shelf|batch|lot|section|gate|bin|task|issue`),
  things: [
    list(`the able|the amber|the ancient|the annual|the awkward|the basic|the bitter|the blunt|the bold|the brave|the brief|the bright|the broad|the broken|the busy|the calm|the cheap|the clean|
      the clever|the cold|the common|the costly|the crisp|the crowded|the curved|the daily|the damp|the dark|the deep|the dense|the dull|the dusty|the early|the eager|the empty|the equal|the exact|
      the faded|the faint|the famous|the fancy|the fast|the final|the fine|the flat|the formal|the fragile|the frozen|the full|the gentle|the giant|the golden|the grand|the green|the grey|the hasty|
      the heavy|the hidden|the hollow|the honest|the humble|the idle|the inner|the joint|the keen|the large|the lazy|the light|the little|the local|the lonely|the long|the loose|the loud|the lucky|
      the major|the mild|the minor|the mixed|the modern|the modest|the narrow|the native|the neat|the noisy|the northern|the odd|the open|the outer|the pale|the plain|the polite|the proud|the pure|
      the quick|the quiet|the rapid|the rare|the raw|the remote|the rigid|the ripe|the rough|the round|the royal|the rural|the rusty|the sandy|the secret|the serious|the shallow|the sharp|the shiny|
      the short|the shy|the silent|the simple|the sleepy|the slim|the slow|the small|the smooth|the soft|the solid|the sour|the square|the stable|the steady|the steep|the sticky|the stiff|the strict|
      the strong|the subtle|the sudden|the sunny|the sweet|the tall|the tame|the tender|the thick|the thin|the tidy|the tight|the tiny|the tired|the urban|the vague|the valid|the vast|the violet|
      the warm|the weak|the weekly|the wet|the white|the whole|the wide|the wild|the wise|the wooden|the young`),
    ' ',
    list(`account|actor|agenda|alarm|album|anchor|angle|apple|apron|arch|arrow|atlas|attic|author|axle|badge|bakery|balcony|ballot|banner|barge|barrel|basket|beacon|beaker|bell|bench|berry|bishop|
      blanket|blossom|bottle|boulder|branch|brick|broom|bucket|buffer|bundle|button|cabin|cable|camera|canal|candle|canvas|captain|carpet|castle|catalogue|cellar|century|chain|chamber|channel|chart|
      chef|chimney|circle|circuit|cliff|clock|cloud|cluster|coach|coast|collar|column|comet|compass|concert|copper|cotton|counter|cousin|cradle|crane|crate|creek|cricket|crystal|curtain|cushion|
      dairy|dancer|debate|delta|desert|desk|diary|dinner|doctor|domain|donkey|drawer|driver|eagle|editor|elbow|engine|envelope|evening|factory|falcon|farmer|fence|ferry|festival|field|filter|finger|
      flame|flute|forest|fork|fossil|fountain|frame|funnel|furnace|galaxy|gallery|garage|garlic|gate|ginger|glacier|goat|grammar|grape|gravel|guitar|hammer|harbour|harvest|hedge|helmet|herald|hinge|
      honey|horizon|hotel|island|jacket|jewel|journal|judge|jungle|kettle|kitchen|kitten|ladder|lagoon|lantern|laser|lawyer|leather|lemon|letter|lever|library|lizard|locker|logic|lotus|magnet|mailbox|
      mantle|marble|market|marsh|mason|meadow|melody|member|mentor|mirror|mitten|model|module|monkey|motor|muffin|mustard|napkin|needle|nephew|notebook|novel|nurse|oasis|object|ocean|olive|onion|
      option|orange|orchard|otter|oven|oyster|packet|paddle|palace|panel|parade|parcel|parrot|pastry|patrol|pebble|pencil|pepper|piano|pigeon|pillow|pilot|planet|plaza|pocket|poem|pond|poster|potato|
      prism|puzzle|quarry|queue|quilt|rabbit|radar|radio|railway|raisin|ranger|ratio|reader|record|reef|ribbon|river|robin|rocket|router|saddle|salad|salmon|sample|sandal|satchel|saucer|scale|scarf|
      school|script|season|server|shadow|shelter|shovel|signal|singer|sketch|socket|spider|spoon|stadium|station|statue|stream|studio|suburb|summit|supper|surface|swallow|switch|symbol|table|tailor|
      teapot|temple|tenant|theatre|thread|throne|ticket|timber|tomato|torch|tower|tractor|trail|treaty|tunnel|turnip|uncle|valley|vector|velvet|verse|vessel|village|violin|visitor|volcano|wagon|walnut|
      warden|weaver|wheel|whistle|widow|willow|window|winter|wizard|worker|writer|yard|zebra`),
  ],
  lead: list(
    `Here is what I would do:|Three things stand out:|In short:|Step by step:|The main points are:|You could try this:|My suggestion:|It comes down to this:`,
  ),
};

const german: Phrases = {
  lang: 'de',
  share: 140,
  joint: ' ',
  stop: '.',
  openers:
    list(`Wie man sieht:|Ganz ehrlich:|Kurz gesagt:|Aus Erfahrung:|Zum Vergleich:|Genau genommen:|Zur Erinnerung:|Nebenbei bemerkt:|Noch einmal in Ruhe:|Für den Anfang:|
    Im Zweifel gilt:|Zur Sicherheit:|Vorab:|Das Ergebnis:|Mein Eindruck:|Der Reihe nach:`),
  subjects:
    list(`die neue Schnittstelle|der Hausmeister|das zweite Kapitel|unsere Buchhaltung|der Nachtzug|die Lieferantin|das alte Fahrrad|der Übersetzer|die Prüfstelle|mein Nachbar|
    das Rezept|die Bäckerei an der Ecke|der Wetterbericht|die Testumgebung|das Orchester|der Kühlschrank|die Gärtnerin|das Formular|der Vorstand|die Werkstatt|das Lager|
    die Vertretung|der Bericht vom Mai|die Kaffeemaschine|das Museum|der Suchindex|die Vermieterin|ein junger Entwickler`),
  verbs:
    list(`erklärt selten|ersetzt stillschweigend|prüft immer|übersieht gern|braucht bald|vermeidet|bestellt|vergleicht sorgfältig|verschiebt oft|beschreibt|misst genau|empfiehlt|
    verspricht|kennt|sucht vergeblich|vereinfacht|liefert meistens|ordnet|wiederholt nur|überarbeitet|verlangt|schützt|zählt|vermisst|begrüßt|verdoppelt fast|übernimmt|erwähnt`),
  objects:
    list(`das Etikett|die fehlende Spalte|frisches Brot|jede offene Frage|eine kürzere Fassung|den Rundungsfehler|drei leere Kisten|den ursprünglichen Wortlaut|einen besseren Weg|
    den Fahrplan|die Rechnung vom Vormonat|zwei Ersatzteile|das ganze Archiv|den letzten Entwurf|die Umfrage|eine ungewöhnliche Melodie|die Wasserpumpe|mehrere alte Karten|
    die Öffnungszeiten|ein klares Beispiel|die Fehlermeldung|den Sitzplan|eine Schüssel Suppe|den Vorgarten|eine ehrliche Antwort|die Zeitzone|das untere Regal|den Dienstplan`),
  endings:
    list(`vor dem Mittagessen|ohne Verzögerung|zum dritten Mal|in der nächsten Woche|mit etwas Geduld|wie oben beschrieben|am Dienstagmorgen|neben dem Fenster|in einfacher Sprache|
    nach der Besprechung|ohne Aufpreis|mit großer Sorgfalt|bis auf Weiteres|wegen des Regens|beim zweiten Versuch|in weniger als einer Stunde|zwischen den Feiertagen|
    am Ende der Straße|in anderer Reihenfolge|bis Ende März|von Anfang an|bei einer Tasse Tee|trotz allem|im Sommer|Schritt für Schritt|aus gutem Grund`),
  questions:
    list(`Kannst du erklären, was es heißt:|Schreibe eine kurze Geschichte zu dem Satz:|Fasse zusammen:|Wie formuliere ich höflich:|Ist das richtig:|Was bedeutet es, wenn gilt:|
    Bitte übersetze:|Nenne drei Gründe für den Satz:|Hilf mir mit dieser Antwort:|Stimmt die Aussage:`),
  links: list(`für|ohne|gegen|durch|um`),
  labels: list(`Zeile|Seite|Auftrag|Schritt|Vorgang|Raum|Regal|Abschnitt`),
  things: [
    list(`das Abend|das Alten|das Berg|das Blumen|das Boots|das Brief|das Brot|das Brücken|das Dach|das Dorf|das Eis|das Fabrik|das Familien|das Feld|das Fenster|das Feuer|das Fluss|das Garten|das Gast|
      das Glas|das Hafen|das Haupt|das Haus|das Herbst|das Holz|das Insel|das Jahres|das Kartoffel|das Kinder|das Kirchen|das Kloster|das Korn|das Kranken|das Küchen|das Küsten|das Land|das Licht|
      das Markt|das Meer|das Messe|das Milch|das Mond|das Morgen|das Mühlen|das Nacht|das Nebel|das Nord|das Obst|das Papier|das Pferde|das Rad|das Rat|das Regen|das Reise|das Sand|das Schiff|
      das Schnee|das Schul|das See|das Silber|das Sommer|das Sonnen|das Spiel|das Stadt|das Stein|das Stern|das Sturm|das Tage|das Tal|das Tee|das Theater|das Tier|das Ufer|das Vogel|das Wald|
      das Wasser|das Wein|das Wetter|das Winter|das Wochen|das Zeit|das Zug`),
    '',
    list(`amt|archiv|band|bild|blatt|boot|buch|dach|dorf|fach|fass|feld|fenster|fest|feuer|gebäude|geld|geschäft|gerät|gericht|gesetz|gespräch|getreide|glas|gut|haus|heft|holz|kleid|konzert|labor|lager|
      land|leben|licht|lied|lokal|magazin|material|modell|museum|netz|ohr|paket|papier|pferd|rad|recht|register|rohr|rätsel|schiff|schild|schloss|seil|signal|spiel|stück|studio|system|tal|teil|tier|tor|
      treffen|tuch|ufer|viertel|wasser|werk|wetter|wort|wunder|zelt|zeugnis|ziel|zimmer`),
  ],
  lead: list(
    `Ich würde so vorgehen:|Drei Punkte fallen auf:|Kurz gesagt:|Schritt für Schritt:|Mein Vorschlag:|Das Wichtigste:`,
  ),
};

const french: Phrases = {
  lang: 'fr',
  share: 110,
  joint: ' ',
  stop: '.',
  openers:
    list(`En pratique,|À vrai dire,|En général,|Pour commencer,|Le plus souvent,|À première vue,|En d’autres termes,|Depuis la mise à jour,|Par prudence,|En fin de compte,|
    Sans surprise,|Au besoin,|Pour mémoire,|De l’extérieur,|À notre échelle,`),
  subjects:
    list(`le service de facturation|la boulangère|le deuxième chapitre|notre équipe|le train de nuit|la traductrice|le vieux pont|ma voisine|le compilateur|l’application mobile|
    le bureau régional|ce jeu de données|l’orchestre|le livreur|la machine à café|le rapport trimestriel|le jardinier|un jeune développeur|le musée|la météo|le propriétaire|la chorale|
    le comité|la bibliothèque|un ingénieur à la retraite|le plan de secours`),
  verbs:
    list(`explique rarement|remplace discrètement|vérifie toujours|semble ignorer|vient de terminer|réclame encore|couvre à peine|repousse souvent|décrit|mesure avec soin|préfère|
    mentionne|n’a jamais vu|veut simplifier|livre en général|essaie d’éviter|améliore nettement|oublie parfois|compte|ne trouve plus|critique|compare|accepte déjà|remplit lentement|recommande|protège`),
  objects:
    list(`l’étiquette d’envoi|un deuxième avis|la colonne manquante|du pain frais|chaque demande ouverte|un résumé plus court|l’erreur d’arrondi|trois cartons vides|
    la formulation d’origine|un meilleur index|les horaires de printemps|quelques bons conseils|un vieil ordinateur|deux piles de rechange|toutes les archives|un après-midi calme|
    la version finale|le budget de l’an dernier|l’enquête auprès des clients|la pompe à eau|plusieurs cartes anciennes|un exemple clair|le message d’erreur|le plan de table|
    un bol de soupe|une réponse honnête|le fuseau horaire|l’étagère du bas`),
  endings:
    list(`avant le déjeuner|sans délai|pour la troisième fois|la semaine prochaine|avec un peu de patience|comme décrit plus haut|mardi matin|près de la fenêtre|en langage simple|
    après la réunion|sans frais|avec grand soin|jusqu’à nouvel ordre|à cause de la pluie|au deuxième essai|en moins d’une heure|entre deux jours fériés|au bout de la rue|
    dans un autre ordre|d’ici fin mars|depuis le début|autour d’un thé|malgré tout|pendant l’été|pas à pas`),
  questions: list(
    `Peux-tu expliquer pourquoi|J’aimerais savoir si|Est-il vrai que|Écris une courte histoire où|Résume en deux phrases comment|Que veut dire la phrase :|Traduis l’idée que|Donne trois raisons pour lesquelles`,
  ),
  links: list(`avec|sans|pour|devant|derrière|sous|sur|contre|après|avant`),
  labels: list(`page|ligne|étape|commande|salle|tâche|section|dossier`),
  things: [
    list(`le balcon|le banc|le bateau|le bâtiment|le billet|le bois|le bouton|le bureau|le cadre|le canal|le carnet|le cercle|le chapeau|le château|le chemin|le chien|le ciel|le colis|le concert|le conte|
      le contrat|le costume|le courrier|le couteau|le dessin|le dîner|le drap|le fauteuil|le feu|le filtre|le fleuve|le foulard|le fromage|le gant|le gâteau|le gel|le jardin|le jeu|le journal|le lac|
      le lapin|le lit|le livre|le logiciel|le magasin|le manteau|le marché|le mât|le meuble|le miroir|le modèle|le moteur|le moulin|le mur|le navire|le nid|le panier|le papier|le parc|le passage|le pays|
      le piano|le plafond|le plat|le poème|le port|le portail|le projet|le puits|le quai|le rapport|le rideau|le rocher|le roman|le ruban|le sac|le savon|le sentier|le serveur|le signal|le sol|le tableau|
      le tapis|le théâtre|le timbre|le tiroir|le toit|le train|le vélo|le verger|le verre|le village|le vin|le voyage`),
    ' ',
    list(`amer|ancien|bas|blanc|bleu|brun|calme|carré|chaud|clair|commun|complet|court|creux|discret|doux|droit|dur|épais|étroit|exact|fermé|fin|fragile|frais|froid|gris|humide|joyeux|large|léger|lent|libre|
      local|long|lourd|mince|moderne|mouillé|mûr|neuf|noir|nu|officiel|ouvert|ovale|pâle|plat|plein|pointu|pratique|privé|profond|propre|public|rapide|rare|récent|rond|rouge|rural|sage|sec|secret|simple|
      solide|sombre|souple|stable|strict|tiède|triste|utile|vaste|vert|vide|vif|violet|voisin|vrai`),
  ],
  lead: list(`Voici ce que je ferais :|Trois choses ressortent :|En bref :|Étape par étape :|Ma proposition :`),
};

const spanish: Phrases = {
  lang: 'es',
  share: 110,
  joint: ' ',
  stop: '.',
  openers:
    list(`En la práctica,|A decir verdad,|Por lo general,|Para empezar,|A primera vista,|En otras palabras,|Desde la última versión,|Por precaución,|Al final,|Como siempre,|
    Si hay dudas,|Desde fuera,|Por suerte,|Según el plan,`),
  subjects:
    list(`el servicio de facturación|la panadera|el segundo capítulo|nuestro equipo|el tren nocturno|la traductora|el puente viejo|mi vecina|el compilador|la aplicación móvil|
    la oficina regional|este conjunto de datos|la orquesta|el repartidor|la cafetera|el informe trimestral|el jardinero|una joven programadora|el museo|el casero|el coro|el comité|
    la biblioteca|un ingeniero jubilado|el plan alternativo`),
  verbs:
    list(`rara vez explica|sustituye en silencio|siempre comprueba|parece ignorar|acaba de terminar|vuelve a pedir|apenas cubre|suele aplazar|describe|mide con cuidado|prefiere|
    menciona|nunca ha visto|quiere simplificar|entrega casi siempre|intenta evitar|mejora claramente|a veces olvida|cuenta|no encuentra|critica|compara|ya admite|llena poco a poco|recomienda|protege`),
  objects:
    list(`la etiqueta de envío|una segunda opinión|la columna que falta|pan recién hecho|cada consulta abierta|un resumen más corto|el error de redondeo|tres cajas vacías|
    la redacción original|un índice mejor|el horario de primavera|algunos buenos consejos|un portátil viejo|dos pilas de repuesto|todo el archivo|una tarde tranquila|
    el borrador final|el presupuesto del año pasado|la encuesta|una melodía extraña|la bomba de agua|varios mapas antiguos|un ejemplo claro|el mensaje de error|
    un plato de sopa|una respuesta sincera|la zona horaria|el estante de abajo`),
  endings:
    list(`antes de comer|sin demora|por tercera vez|la semana que viene|con un poco de paciencia|como se explica arriba|el martes por la mañana|junto a la ventana|con palabras sencillas|
    después de la reunión|sin coste adicional|con mucho cuidado|hasta nuevo aviso|a causa de la lluvia|al segundo intento|en menos de una hora|entre dos festivos|al final de la calle|
    en otro orden|antes de abril|desde el principio|con una taza de té|a pesar de todo|durante el verano|paso a paso`),
  questions: list(
    `¿Puedes explicar por qué|Me gustaría saber si|Escribe un cuento en el que|Resume en dos frases cómo|Traduce la idea de que|Da tres razones por las que|¿Es verdad que|¿Qué significa que`,
  ),
  links: list(`con|sin|para|contra|sobre|tras|ante|bajo`),
  labels: list(`página|línea|pedido|paso|sala|tarea|sección|asunto`),
  things: [
    list(`el abrigo|el archivo|el arroyo|el asiento|el balcón|el banco|el barco|el barrio|el billete|el bosque|el botón|el caballo|el café|el camino|el campo|el canal|el carro|el castillo|el cielo|el círculo|
      el coche|el concierto|el contrato|el correo|el cuaderno|el cuadro|el cuchillo|el cuento|el desierto|el dibujo|el espejo|el faro|el filtro|el fuego|el gato|el guante|el hilo|el horno|el huerto|el jabón|
      el jardín|el juego|el lago|el lápiz|el libro|el mapa|el mar|el martillo|el mercado|el modelo|el molino|el motor|el muelle|el mueble|el muro|el museo|el nido|el palacio|el pan|el papel|el parque|
      el pasillo|el patio|el piano|el plato|el poema|el pozo|el proyecto|el pueblo|el puerto|el queso|el reloj|el rincón|el río|el sendero|el servidor|el sombrero|el suelo|el taller|el teatro|el tejado|
      el tren|el túnel|el valle|el vaso|el viaje|el viento|el vino|el zapato`),
    ' ',
    list(`abierto|alto|amargo|amarillo|ancho|antiguo|azul|bajo|barato|blanco|blando|bravo|breve|bueno|caliente|cansado|caro|cerrado|claro|común|corto|débil|delgado|discreto|dulce|duro|entero|escaso|estable|
      estrecho|exacto|fácil|famoso|feliz|fijo|fino|firme|frágil|fresco|frío|fuerte|gordo|grande|grave|gris|hondo|hueco|húmedo|joven|justo|largo|lejano|lento|libre|ligero|limpio|liso|listo|local|maduro|
      mojado|moderno|negro|nuevo|oscuro|oval|pálido|pequeño|pesado|plano|pobre|propio|público|puro|rápido|raro|recto|redondo|rico|rojo|roto|rural|seco|secreto|sencillo|serio|sordo|suave|sucio|tierno|
      útil|vacío|vecino|verde|viejo|vivo`),
  ],
  lead: list(`Yo haría lo siguiente:|Destacan tres cosas:|En resumen:|Paso a paso:|Mi propuesta:`),
};

const portuguese: Phrases = {
  lang: 'pt',
  share: 70,
  joint: ' ',
  stop: '.',
  openers: list(
    `Na prática,|Para ser sincero,|Em geral,|Para começar,|À primeira vista,|Por outras palavras,|Desde a última versão,|Por precaução,|No fim de contas,|Por sorte,`,
  ),
  subjects:
    list(`o serviço de faturação|a padeira|o segundo capítulo|a nossa equipa|o comboio noturno|a tradutora|a ponte velha|a minha vizinha|o compilador|a aplicação móvel|
    o escritório regional|a orquestra|o estafeta|a máquina de café|o relatório trimestral|o jardineiro|o museu|o senhorio|o coro|a biblioteca`),
  verbs:
    list(`raramente explica|substitui em silêncio|verifica sempre|parece ignorar|acabou de terminar|volta a pedir|mal cobre|costuma adiar|descreve|mede com cuidado|prefere|menciona|
    nunca viu|quer simplificar|entrega quase sempre|tenta evitar|melhora claramente|às vezes esquece|conta|não encontra|compara|recomenda|protege`),
  objects:
    list(`a etiqueta de envio|uma segunda opinião|a coluna em falta|pão fresco|cada pedido aberto|um resumo mais curto|o erro de arredondamento|três caixas vazias|a redação original|
    um índice melhor|o horário da primavera|alguns bons conselhos|um portátil antigo|duas pilhas|o arquivo inteiro|uma tarde calma|a versão final|o inquérito|vários mapas antigos|
    um exemplo claro|a mensagem de erro|um prato de sopa|uma resposta honesta|o fuso horário`),
  endings:
    list(`antes do almoço|sem demora|pela terceira vez|na próxima semana|com alguma paciência|como descrito acima|na terça-feira de manhã|junto à janela|em linguagem simples|
    depois da reunião|sem custos|com muito cuidado|até novo aviso|por causa da chuva|à segunda tentativa|em menos de uma hora|ao fundo da rua|noutra ordem|até ao fim de março|desde o início`),
  questions: list(
    `Podes explicar porque é que|Gostava de saber se|Escreve um conto em que|Resume em duas frases como|Traduz a ideia de que|Dá três razões pelas quais`,
  ),
  links: list(`com|sem|para|contra|sobre|sob|perante`),
  labels: list(`página|linha|pedido|passo|sala|tarefa|secção|assunto`),
  things: [
    list(`o anel|o armário|o arquivo|o balcão|o banco|o barco|o bilhete|o bolo|o bosque|o botão|o caderno|o café|o caminho|o campo|o canal|o carro|o castelo|o cavalo|o céu|o círculo|o concerto|o conto|
      o contrato|o copo|o correio|o deserto|o desenho|o espelho|o farol|o filtro|o fogo|o forno|o gato|o jardim|o jogo|o jornal|o lago|o lápis|o livro|o mapa|o mar|o martelo|o mercado|o modelo|o moinho|
      o motor|o muro|o museu|o navio|o ninho|o palácio|o pão|o papel|o parque|o passeio|o pátio|o piano|o poço|o poema|o porto|o prato|o projeto|o queijo|o quintal|o relógio|o rio|o sapato|o servidor|
      o teatro|o telhado|o túnel|o vale|o vento|o vinho`),
    ' ',
    list(`aberto|alto|amarelo|antigo|azul|baixo|barato|branco|breve|calmo|caro|claro|comum|curto|discreto|doce|duro|escuro|estável|estreito|exato|fácil|famoso|fechado|feliz|fino|firme|forte|frágil|fresco|
      frio|fundo|grande|grave|húmido|inteiro|jovem|justo|largo|lento|leve|limpo|liso|livre|local|longo|maduro|moderno|molhado|morno|negro|novo|oval|pálido|pequeno|pesado|plano|pobre|próprio|público|puro|
      quente|raro|redondo|rico|roxo|rural|seco|secreto|sério|simples|suave|triste|útil|vazio|velho|verde|vivo`),
  ],
  lead: list(`Eu faria o seguinte:|Destacam-se três pontos:|Em resumo:|Passo a passo:`),
};

const japanese: Phrases = {
  lang: 'ja',
  share: 50,
  joint: '',
  stop: '。',
  openers: list(`実は、|一般的に、|正直に言うと、|まず、|念のため、|結局、|計画では、|最近、`),
  subjects: list(
    `新しい検索機能は|夜行列車は|隣の人は|翻訳者は|私たちのチームは|図書館は|庭師は|第二章は|請求システムは|オーケストラは|若い開発者は|古い橋は|委員会は|天気予報は`,
  ),
  verbs: list(`いつも丁寧に|静かに|めったに|何度も|ゆっくりと|はっきりと|できるだけ|時々|もう一度|しばらくの間`),
  objects: list(
    `配送ラベルを|二つ目の意見を|足りない列を|焼きたてのパンを|短い要約を|丸め誤差を|空の箱を三つ|春の時刻表を|良い例を|エラーメッセージを|古い地図を|正直な答えを|時間帯を|下の棚を`,
  ),
  endings: list(
    `確認します|説明します|比べます|探しています|並べ替えます|覚えています|後回しにします|勧めます|直しました|忘れました|書き直しました|守ります`,
  ),
  questions: list(
    `教えてください。|次の文を要約してください。|短い物語を書いてください。|どういう意味ですか。|英語に訳してください。`,
  ),
  links: [],
  labels: list(`第|項目|注文|行|棚|頁`),
  things: [
    list(
      `赤い|青い|白い|黒い|古い|新しい|長い|短い|高い|低い|広い|狭い|明るい|暗い|重い|軽い|静かな|丈夫な|小さな|大きな|丸い|細い|深い|浅い|珍しい|温かい|冷たい|便利な|大切な|不思議な`,
    ),
    '',
    list(
      `鍵を|傘を|机を|窓を|箱を|本を|手紙を|地図を|写真を|時計を|椅子を|庭を|橋を|船を|駅を|店を|歌を|絵を|靴を|帽子を|皿を|鞄を|新聞を|切符を|石を|花を|木を|灯りを|台所を|部屋を|機械を|記録を|表を|式を|図を`,
    ),
  ],
  lead: list(`手順は次の通りです。|要点は三つです。|私なら、こうします。`),
};

export const LANGUAGES: readonly Phrases[] = [english, german, french, spanish, portuguese, japanese];
