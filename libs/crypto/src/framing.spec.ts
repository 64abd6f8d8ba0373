import { frame, frameContext } from './framing.ts';

describe('framing', () => {
  it('keeps parts apart that joining would confuse', () => {
    expect(frame(['ab', 'c'])).not.toEqual(frame(['a', 'bc']));
    expect(frame(['a', ''])).not.toEqual(frame(['a']));
    expect(frame(['ä', Buffer.of(7)])).toEqual(Buffer.from('00000002c3a40000000107', 'hex'));
  });

  it('does not depend on the order in which a context is written down', () => {
    expect(frameContext('x', { a: '1', b: '2' })).toEqual(frameContext('x', { b: '2', a: '1' }));
    expect(frameContext('x', { a: '1', b: '2' })).not.toEqual(frameContext('x', { a: '2', b: '1' }));
  });
});
