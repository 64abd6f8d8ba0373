const list = (text: string): string[] => text.split(' ');
const lines = (text: string): string[] => text.split(', ');

export const DAYS = list('Monday Tuesday Wednesday Thursday Friday Saturday Sunday');
export const TAGE = list('Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag');
export const JOURS = list('lundi mardi mercredi jeudi vendredi samedi dimanche');
export const DIAS = list('lunes martes miércoles jueves viernes sábado domingo');
export const DAGEN = list('maandag dinsdag woensdag donderdag vrijdag zaterdag zondag');
export const MONTHS = list('January February March April May June July August September October November December');
export const MONATE = list('Januar Februar März April Mai Juni Juli August September Oktober November Dezember');
export const TITLES = list('Mr Mrs Ms Dr Prof Mr. Mrs. Ms. Dr. Prof. Judge Captain Sir Lady Officer Professor Miss');
export const KIN = list(
  'wife husband son daughter brother sister boss colleague friend uncle aunt cousin neighbour mother father',
);
export const JOBS = lines(
  'Project Manager, Software Engineer, Head of Sales, nurse, Chief Executive, Data Analyst, Account Manager, Senior Consultant, teacher, Sales Director, Product Owner, Marketing Lead, director, Security Officer, Cloud Architect, Legal Counsel, driver, Financial Controller, Support Agent, Research Fellow, Directeur Commercial, Responsable Achats, Leiter Einkauf, Geschäftsführer, Chef de Projet, Team Lead, secretary',
);
export const LANGS = list(
  'Python Java JavaScript Rust Ruby Perl Go Kotlin Swift Scala Haskell Julia Pascal Ada Basic TypeScript',
);
export const LANGUAGES = list(
  'English French German Spanish Italian Dutch Polish Latin Greek Turkish Russian Arabic Japanese Chinese',
);
export const NATIONS = list(
  'American British French German Italian Spanish Norwegian Swedish Danish Finnish Czech Polish Russian Turkish Greek Canadian Mexican Brazilian Chinese Japanese Korean Indian Nigerian Kenyan Australian Belgian Slovenian Iranian Armenian Ukrainian',
);
export const COMPANY_ENDS = lines(
  'Inc, Inc., LLC, Ltd, Ltd., GmbH, AG, Group, Holdings, Partners, Solutions, Systems, Technologies, Consulting, Bank, Media, Energy, Foods, Logistics, Software, Labs, Industries, and Sons, & Co, Corporation, SA, SARL, S.p.A.',
);
export const BRANDS = list(
  'Northwind Lumenarch Brightfjord Papercrane Bluewharf Quantafell Redglass Oakline Silverpine Datamoor Skyforge Hyperlane Nimbusware Greenfold Ironleaf Cloudmesh Solvanta Vitrolux Medinova Textura Fintrove Agrilux Novabyte Zentrix Optiplan Corvanta Polymath Stratoform Rivermark Stonebridge Interlink Globex Initrode Umbracore Velocitek Ecolane Aeroquip Cyberdyne Omnicorp Starfield',
);
export const THINGS = list(
  'Chair Table Lamp Phone Watch Camera Keyboard Mouse Monitor Bottle Jacket Shoes Backpack Blender Kettle Sofa Mixer Drill Router Tablet Speaker Headset Printer Bike Tent Grill Fan Heater Pump Filter',
);
export const QUALITIES = list(
  'Velvet Smart Classic Ultra Mini Deluxe Premium Royal Golden Silver Nordic Turbo Eco Pro Urban Vintage Crystal Magic Super Happy Black White Red Blue Green Rose Amber Ruby Jade Pearl Grace Hope Faith Olive Ivory Scarlet Violet',
);
export const SACHEN = list(
  'Rechnung Bestellung Lieferung Straße Küche Schule Zeitung Regierung Sitzung Wohnung Versicherung Maschine Werkstatt Anleitung Prüfung Abteilung Steuer Meldung Zahlung Tür Fenster Garten Wagen Schlüssel Vertrag Antrag Termin Bericht Beschluss Haushalt Markt Betrieb Verein Lehrer Arzt Kunde Fahrer Nachbar Richter Förster Müller Schäfer Jäger Koch Bauer Weber Schmied Kaiser König Winter Sommer Berg Wald Stein Bach Feld Haus Baum Blume Vogel Fuchs Wolf Hirsch Lamm Brot Milch Suppe Fahrrad Zug Bahnhof Kapitel Buch Archiv Museum Brücke Lampe Tisch Stuhl Teller Löffel Kaffee Wasser Feuer Raum Zimmer Gebäude Papier Material Stoff Zeugnis Ergebnis Angebot Gesetz Land Stadt Insel Fluss Wetter Sonne Mond Stern Himmel Strom Gerät Programm Datei Fehler Lösung Frage Antwort Thema Beispiel Unterschied Zweck Anfang Ende Mitte Seite Zahl Menge Gruppe Kleid Hut Schuh Brief Karte Bild Ton Licht Schatten Teppich Dach Keller Treppe Kiste Flasche Glas Gabel Messer Pfanne Topf Kuchen Käse Apfel Birne Nuss Pilz Ernte Wiese Acker Pferd Kuh Schaf Ziege Biene Ameise',
);
export const STREETS = lines(
  'Main Street, Oak Avenue, Mill Lane, Church Road, Park Drive, Station Road, Elm Court, Maple Way, King Street, Hauptstraße, Lindenweg, Rue de la Gare, Avenue Foch, Calle Mayor, Via Roma, Kerkstraat, Storgatan',
);
export const KEYS = list(
  'MAC VIN IBAN SSN BSN DNI PIN IMEI BIC SWIFT NHS EIN TIN CVV IP URL API ID VAT PLZ ZIP DOB MRN NPI SKU ISBN FYI ASAP RSVP CEO CTO DPO PDF SQL JSON HTTP GPS SIM USB KYC NIF NIE CPF PESEL AHV USt-ID',
);
export const ROLES = list(
  'Fahrer Kunde Kundin Kollege Kollegin Patientin Mieter Eigentümer Halter Inhaber Zeuge Zeugin Richter Anwältin Ärztin Lehrerin Bürgermeister Kanzler Minister Sänger Autorin Trainer Präsident',
);
export const MEN_OF_FRANCE = list(
  'psychologue scientifique ministre docteur professeur peintre avocat avocate médecin chanteuse acteur actrice président écrivain journaliste chercheuse détective inspecteur philosophe auteure cinéaste ambassadeur',
);
export const MEN_OF_SPAIN = list(
  'escritor médica ministro abogada periodista alcalde profesora cantante pintor juez directora',
);
export const MEN_OF_ENGLAND = list(
  'singer actor author painter doctor detective senator captain professor scientist engineer manager neighbour striker goalkeeper coach novelist king queen driver tenant witness client customer patient passenger',
);
