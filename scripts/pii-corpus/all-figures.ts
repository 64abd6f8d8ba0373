import { PiiScanner } from '#pii';
import { chats } from './chat.ts';
import { heldOut } from './held-out.ts';
import { measure, measureChats, measureSlices, type Quality, type SliceQuality } from './quality.ts';
import { slices } from './slices.ts';

export interface AllFigures extends Quality {
  slices: Record<string, SliceQuality>;
}

/** All that docs/pii/quality.json records. In the slices places are looked for too. */
export function allFigures(): AllFigures {
  const scanner = new PiiScanner();
  const withPlaces = new PiiScanner({ types: [...scanner.types, 'LOCATION'] });
  const bySlice = {
    ...measureSlices(withPlaces, slices()),
    'chat JSON': measureChats(withPlaces, chats()),
  };
  return { ...measure(scanner, heldOut()), slices: bySlice };
}
