import { PiiScanner } from '../pii-scanner.ts';

const scanner = new PiiScanner({ types: ['PERSON'] });

function found(text: string): string[] {
  return scanner.scanText(text).map(({ start, end }) => text.slice(start, end));
}

describe('a name', () => {
  it.each([
    ['I am ⟦Oluwadamilare Vintra⟧, born on 07.04.1961.'],
    ['Kind regards, ⟦Domas Falkenried⟧'],
    ['Sehr geehrter Herr ⟦Dahlrose⟧,'],
    ['Le professeur ⟦Amélie Castellon⟧ enseigne à Lyon.'],
    ['my name is ⟦maria rossi⟧ and i would like to have it back'],
    ['Name: ⟦Marta Grant⟧\nCity: Omaha'],
    ['We met ⟦Jean-Luc Moreau⟧ and ⟦Ann McDonald⟧ there.'],
    ['The contract with ⟦Hana Birkholm⟧ ends. ⟦Birkholm⟧ will not renew it.'],
  ])('is found in %s', (marked) => {
    const names = [...marked.matchAll(/⟦(.*?)⟧/gu)].map(([, name]) => name);
    expect(found(marked.replaceAll(/[⟦⟧]/g, ''))).toEqual(names);
  });

  it.each([
    'The train from Hamburg to Bremen is late.',
    'Northwind Holdings Ltd. bought Bluewharf GmbH for 12 million.',
    'Project Manager and Head of Sales wanted',
    'MAC: d8:79:b3:17:1e:fb, VIN and IBAN on file',
    'const child: ChildProcess = new XMLHttpRequest();',
    'Die Rechnung und die Lieferung sind am Montag gekommen.',
    '# Getting Started\n\nInstall the package first.',
    'lat,lon,station,temp',
    'Dear Sir or Madam, the parcel is here.',
  ])('is nowhere in %s', (text) => {
    expect(found(text)).toEqual([]);
  });

  it('is believed more when more speaks for it', () => {
    const [sure] = scanner.scanText('My name is Maria Rossi.');
    const [unsure] = scanner.scanText('The plan of Falkenried was good.');
    expect(sure?.confidence).toBeGreaterThan(0.9);
    expect(unsure?.confidence ?? 0).toBeLessThan(0.9);
  });
});

describe('a place', () => {
  const places = new PiiScanner({ types: ['PERSON', 'LOCATION'] });

  function placesIn(text: string): string[] {
    const found = places.scanText(text).filter(({ type }) => type === 'LOCATION');
    return found.map(({ start, end }) => text.slice(start, end));
  }

  it.each([
    ['Flights from ⟦New York⟧ to ⟦Kuala Lumpur⟧ are late.'],
    ['She was born in ⟦Quellmoor⟧ and works in ⟦Paris⟧.'],
    ['City: ⟦Oberwiesbach⟧\nCountry: ⟦Czech Republic⟧'],
    ['She came to ⟦Rio de Janeiro⟧ by ship.'],
    ['is anybody going to ⟦costa rica⟧ or to ⟦lisbon⟧ with me'],
    ['Mieszkam w ⟦Kędzierzyn-Koźle⟧.'],
  ])('is found in %s', (marked) => {
    const names = [...marked.matchAll(/⟦(.*?)⟧/gu)].map(([, name]) => name);
    expect(placesIn(marked.replaceAll(/[⟦⟧]/g, ''))).toEqual(names);
  });

  it.each(['We met in March.', 'Ask us, and tell Maria Lopez.', 'She lives in a house.'])(
    'is nowhere in %s',
    (text) => {
      expect(placesIn(text)).toEqual([]);
    },
  );
});
