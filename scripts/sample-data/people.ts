const list = (text: string): string[] => text.split(' ');

/** Parts of names of people who do not exist; drawn apart, so that a pair is nobody. */
export const FIRST_NAMES: readonly string[] = list(
  'Ada Amelie Anton Aylin Bao Björn Carla Chidi Clara Dario Elif Emil Enzo Esra Fatou Felipe Greta Hana Hugo Ines Ivo Jana Jonas Kaito Kofi Lea Leïla Levi Lina Luca Mara Marek Mei Milo Mira Nadia Nils Noor Olga Omar Paula Pavel Priya Quinn Rafael Rosa Ruben Sanna Selim Sofia Tariq Teo Thea Uma Vera Viktor Wren Yara Yusuf Zoë',
);

export const LAST_NAMES: readonly string[] = list(
  'Abend Ackerly Albrook Amsel Bachmeier Balthen Barrowick Bellweather Birkholm Blankwater Brennfield Castellon Cedergaard Dahlrose Delacourbe Dornick Eichwald Elmsford Fairgrove Falkenried Ferrantes Finkbeiner Gallowmere Gertsen Glaswerk Haverlund Heidenau Hollowell Iversholm Jarrowby Kaltenbrun Kestrelton Kirschner Lindqvist Lorimont Marschall Meadowcroft Montvallon Nachtigall Nordby Oakhanger Oleander Pemberlake Pfeilstern Quellmann Ravensmoor Reinfelder Rosenquist Sandrini Seewald Sommerfeldt Steinacker Talvitie Thornbury Ulmenstein Valcourt Vantongeren Wetherlam Winterhalder Zimmerling',
);

/** Names kept for documents (RFC 2606), and made-up ones, since a detector may leave the former out. */
export const DOMAINS: readonly string[] = list(
  'example.org example.com mail.example nordwind.example brightfjord-mail.com kastanienhof-post.de papierkranich.net lumenarch-labs.io courrier-vallon.fr buzon-alameda.es blauwgras-post.nl correio-serrano.pt hollowoak-letters.co.uk quietharbour-mail.org zweiquellen-it.de ateliers-morvane.fr tallgrass-robotics.com inkandember.net',
);
